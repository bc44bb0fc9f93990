"""The exact Reading of a simulated heart, in the taxonomy's words, and what its page cannot show."""

from __future__ import annotations

from einthoven.ecg.patient import FEMALE
from einthoven.ecg.reading import Reading
from einthoven.ecg.simulator.parameters import INFERIOR, Parameters

__all__ = ["reading"]

_SINUS = {"normal": "sinus_rhythm", "bradycardia": "sinus_bradycardia", "tachycardia": "sinus_tachycardia"}
_AXIS = {"left": "left_axis_deviation", "right": "right_axis_deviation", "extreme": "extreme_axis_deviation"}


def reading(parameters: Parameters) -> tuple[Reading, dict[str, str]]:
    """Read the parameters as a cardiologist who knows them would.

    Limits: rate below 60 and above 100 a minute; axis -30 to 90 degrees normal, to -90 left, to 180 right, else
    extreme; PR above 200 ms (Surawicz et al. 2009, AHA/ACCF/HRS part III, and usual practice); QTc by Fridericia from
    450 ms in men and 460 ms in women long (Rautaharju et al. 2009, part IV), up to 360 ms short.

    Parameters
    ----------
    parameters : Parameters
        The heart.

    Returns
    -------
    reading : Reading
        Complete over the eight axes.
    masks : dict of str to str
        Axes whose truth no page of this heart can show, with the reason.
    """
    rate = _rate(parameters.heart_rate)
    axis = _axis(parameters.qrs_axis)
    conduction = frozenset(_conduction(parameters))
    other = frozenset(_other(parameters))
    infarctions = [] if parameters.ischemia is None else [_infarction(parameters)]
    statements = {*infarctions, *conduction, *other}
    if axis != "normal":
        statements.add(_AXIS[axis])
    if parameters.rhythm == "sinus":
        if not statements and rate == "normal":
            statements.add("normal_ecg")
        statements.add(_SINUS[rate])
    else:
        statements.add("paced_rhythm" if parameters.rhythm == "paced" else parameters.rhythm)
    full = Reading(
        rate=rate,
        rhythm=parameters.rhythm,
        axis=axis,
        conduction=conduction,
        ischemia=frozenset() if parameters.ischemia is None else frozenset({parameters.ischemia}),
        other_findings=other,
        diagnosis=frozenset(statements),
    )
    return full, _masks(parameters)


def _rate(heart_rate: float) -> str:
    if heart_rate < 60.0:
        return "bradycardia"
    return "tachycardia" if heart_rate > 100.0 else "normal"


def _axis(degrees: float) -> str:
    if -30.0 <= degrees <= 90.0:
        return "normal"
    if -90.0 <= degrees < -30.0:
        return "left"
    return "right" if degrees > 90.0 else "extreme"


def _conduction(parameters: Parameters) -> list[str]:
    labels = [] if parameters.conduction == "none" else [str(parameters.conduction)]
    if parameters.pr is not None and parameters.pr > 200.0:
        labels.append("first_degree_av_block")
    return labels


def _other(parameters: Parameters) -> list[str]:
    labels = ["left_ventricular_hypertrophy", "lv_strain"] if parameters.lvh else []
    if parameters.qtc >= (460.0 if parameters.sex == FEMALE else 450.0):
        labels.append("long_qt")
    if parameters.qtc <= 360.0:
        labels.append("short_qt")
    return labels


def _infarction(parameters: Parameters) -> str:
    assert parameters.ischemia is not None
    wall = "inferior" if parameters.ischemia.walls == INFERIOR else "anterior"
    return f"{wall}_myocardial_infarction"


def _masks(parameters: Parameters) -> dict[str, str]:
    if parameters.rhythm == "paced":
        # Voltage, Q waves and QT of a paced beat say nothing of hypertrophy, scars or repolarization.
        hidden = ("conduction", "ischemia_stage", "ischemia_territory", "other_findings")
        return dict.fromkeys(hidden, "ventricular pacing hides it")
    if parameters.conduction == "lbbb":
        return dict.fromkeys(("ischemia_stage", "ischemia_territory"), "a left bundle branch block hides it")
    return {}
