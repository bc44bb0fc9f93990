"""The measurements as an ECG cart prints them above the trace; what is unknown is printed as dashes."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from string import Template

from einthoven.ecg.measurements import Measurements
from einthoven.ecg.patient import FEMALE, OLDEST_STATED_AGE, Patient

__all__ = ["measurement_template", "measurement_text"]

_UNKNOWN = "--"


@cache
def measurement_template() -> str:
    """Return the template; it is part of a task's version."""
    return files("einthoven.tasks").joinpath("prompts", "measurements.txt").read_text(encoding="utf-8").rstrip("\n")


def _whole(value: float | None) -> str:
    return _UNKNOWN if value is None else f"{round(value)}"


def _with_unit(value: float | None, unit: str) -> str:
    return _UNKNOWN if value is None else f"{round(value)} {unit}"


def _age(age: float | None) -> str:
    if age is not None and age > OLDEST_STATED_AGE:
        return f"over {OLDEST_STATED_AGE} years"
    return _with_unit(age, "years")


def measurement_text(measurements: Measurements, patient: Patient) -> str:
    """Return the text, one line a measurement.

    Parameters
    ----------
    measurements : Measurements
        Beats a minute, milliseconds, degrees; printed as whole numbers, as carts do.
    patient : Patient
        Age in years and sex.
    """
    m = measurements
    qt_family = "/".join(map(_whole, (m.qt, m.qtc_fridericia, m.qtc_bazett)))
    axes = " ".join(map(_whole, (m.p_axis, m.qrs_axis, m.t_axis)))
    return Template(measurement_template()).substitute(
        age=_age(patient.age),
        sex=_UNKNOWN if patient.sex is None else "female" if patient.sex == FEMALE else "male",
        heart_rate=_with_unit(m.heart_rate, "bpm"),
        pr=_with_unit(m.pr, "ms"),
        qrs=_with_unit(m.qrs, "ms"),
        qt_family=f"{qt_family} ms",
        axes=f"{axes} degrees",
    )
