"""The clinical rules on beats made to meet them, or not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from einthoven.adapters.digitiser.beats import Beats
from einthoven.adapters.digitiser.conduction_rule import conduction
from einthoven.adapters.digitiser.ischemia_rule import ischemia, q_walls
from einthoven.adapters.digitiser.reading import reading
from einthoven.adapters.digitiser.rhythm_rule import rhythm
from einthoven.adapters.digitiser.shape import Shape
from einthoven.adapters.digitiser.voltage_rule import low_voltage, voltage_criteria
from einthoven.ecg.measure import Measured, Rhythm
from einthoven.ecg.measurements import Measurements
from einthoven.ecg.reading import Ischemia
from einthoven.ecg.recording import LEADS
from einthoven.tasks.dense import Dense

FLAT = Shape(0.0, 0.8, 0.1, 0.0, 0.0, 40.0, 20.0, 0.0, 0.0, 0.2, 15.0)
NORMAL = dict.fromkeys(LEADS, FLAT) | {
    "aVR": replace(FLAT, q=0.8, r=0.0, t=-0.2, area=-15.0),
    "V1": replace(FLAT, r=0.2, s=0.9, area=-15.0),
    "V2": replace(FLAT, r=0.4, s=1.0, area=-15.0),
}


def beats(
    rate: float = 70.0, pr: float | None = 160.0, qrs: float = 90.0, axis: float = 40.0, **seen: object
) -> Beats:
    rr = np.full(10, 60e3 / rate)
    numbers = Measurements(heart_rate=rate, pr=pr, qrs=qrs, qrs_axis=axis)
    about = {"rr": rr, "irregularity": 0.01, "variation": 0.01, "p_height": 0.1} | seen
    measured = Measured(numbers, rhythm=Rhythm(**about))  # type: ignore[arg-type]
    return Beats(measured, measured, np.ones(12, dtype=np.bool_))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (beats(), "sinus"),
        (beats(pr=None, irregularity=0.2, variation=0.2), "atrial_fibrillation"),
        (beats(irregularity=0.2, variation=0.2, p_height=0.01), "atrial_fibrillation"),
        (beats(rr=np.array([800.0, 1000.0, 850.0, 1050.0, 900.0]), variation=0.11), "sinus_arrhythmia"),
        (beats(rr=np.array([800.0, 1000.0, 850.0, 1050.0, 900.0]), variation=0.11, ectopic=0.2), "sinus"),
        (beats(rate=140.0, irregularity=0.004, atrial_rate=280.0, atrial_peak=0.6), "atrial_flutter"),
        (beats(rate=180.0, pr=None), "supraventricular_tachycardia"),
        (beats(spikes=8), "paced"),
    ],
)
def test_rhythm(found: Beats, expected: str) -> None:
    assert rhythm(found) == expected


def test_conduction() -> None:
    assert conduction(beats(), NORMAL, "sinus") == frozenset()
    assert conduction(beats(pr=240.0), NORMAL, "sinus") == {"first_degree_av_block"}
    assert conduction(beats(pr=240.0), NORMAL, "atrial_fibrillation") == frozenset()
    left = NORMAL | {
        "V1": replace(FLAT, r=0.1, s=1.5, area=-80.0),
        "I": replace(FLAT, s=0.0, area=60.0),
        "V6": replace(FLAT, s=0.0, area=60.0),
    }
    assert conduction(beats(qrs=150.0), left, "sinus") == {"lbbb"}
    assert conduction(beats(qrs=150.0), left, "paced") == frozenset()
    right = NORMAL | {"V1": replace(FLAT, r=0.2, s=0.3, r2=0.6), "V6": replace(FLAT, s=0.4, s_ms=50.0)}
    assert conduction(beats(qrs=140.0), right, "sinus") == {"rbbb"}
    assert conduction(beats(qrs=108.0), right, "sinus") == {"incomplete_rbbb"}
    neither = NORMAL | {"V1": replace(FLAT, r=0.5, s=0.6, area=-5.0)}
    assert conduction(beats(qrs=140.0), neither, "sinus") == {"ivcd"}
    anterior = NORMAL | {lead: replace(FLAT, r=0.2, s=0.9) for lead in ("II", "aVF")}
    assert conduction(beats(axis=-55.0), anterior, "sinus") == {"lafb"}
    assert conduction(beats(axis=-10.0), anterior, "sinus") == frozenset()


def test_infarction_by_wall() -> None:
    q = replace(FLAT, q=0.4, q_ms=40.0)
    inferior = NORMAL | dict.fromkeys(("II", "III", "aVF"), q)
    assert q_walls(NORMAL) == frozenset()
    assert ischemia(NORMAL, frozenset(), "sinus") == frozenset()
    assert ischemia(inferior, frozenset(), "sinus") == {Ischemia("infarct_age_undetermined", frozenset({"inferior"}))}
    raised = inferior | {lead: replace(q, j=0.2, st=0.2) for lead in ("II", "III", "aVF")}
    assert {one.stage for one in ischemia(raised, frozenset(), "sinus")} == {"recent"}
    opposite = raised | {lead: replace(FLAT, st=-0.1) for lead in ("I", "aVL")}
    assert {one.stage for one in ischemia(opposite, frozenset(), "sinus")} == {"acute"}
    assert ischemia(opposite, frozenset({"lbbb"}), "sinus") == frozenset()
    anteroseptal = NORMAL | {lead: replace(FLAT, q=1.0, r=0.0, s=0.0) for lead in ("V1", "V2", "V3")}
    assert q_walls(anteroseptal) == {"anterior", "septal"}
    lowered = NORMAL | {lead: replace(FLAT, st=-0.08, t=-0.2) for lead in ("V5", "V6")}
    assert ischemia(lowered, frozenset(), "sinus") == {Ischemia("ischemia", frozenset({"lateral"}))}


def test_voltage() -> None:
    assert voltage_criteria(NORMAL) == 0
    tall = NORMAL | {"V1": replace(FLAT, r=0.1, s=2.0), "V5": replace(FLAT, r=2.2), "aVL": replace(FLAT, r=1.3)}
    assert voltage_criteria(tall) == 2
    small = {lead: replace(FLAT, r=0.2, s=0.1) for lead in LEADS}
    assert low_voltage(small) and not low_voltage(NORMAL)


@pytest.mark.parametrize("rate", [40.0, 70.0, 130.0])
def test_every_reading_is_an_answer_in_the_taxonomy(rate: float) -> None:
    dense = Dense()
    found = reading(beats(rate=rate, axis=-60.0, pr=260.0, ectopic=0.2))
    assert dense.parse(dense.target(found)) == found
    assert found.rate == {40.0: "bradycardia", 70.0: "normal", 130.0: "tachycardia"}[rate]
