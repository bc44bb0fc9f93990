"""The clinical rules on beats made to meet them, or not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from einthoven.adapters.digitiser.atrial_rule import atria
from einthoven.adapters.digitiser.beats import Beats
from einthoven.adapters.digitiser.conduction_rule import conduction
from einthoven.adapters.digitiser.ectopy_rule import ectopy
from einthoven.adapters.digitiser.ischemia_rule import ischemia, q_walls
from einthoven.adapters.digitiser.reading import reading, statements
from einthoven.adapters.digitiser.repolarization_rule import repolarization
from einthoven.adapters.digitiser.rhythm_rule import rhythm
from einthoven.adapters.digitiser.shape import Shape
from einthoven.adapters.digitiser.voltage_rule import hypertrophy, low_voltage, tall
from einthoven.ecg.measure import Boundaries, Measured, Rhythm
from einthoven.ecg.measurements import Measurements
from einthoven.ecg.reading import Ischemia
from einthoven.ecg.recording import LEADS
from einthoven.tasks.dense import Dense
from einthoven.tasks.taxonomy import axes

FLAT = Shape(0.0, 0.8, 0.1, 0.0, 0.0, 40.0, 20.0, 0.0, 0.0, 0.2, 15.0)
NORMAL = dict.fromkeys(LEADS, FLAT) | {
    "aVR": replace(FLAT, q=0.8, r=0.0, t=-0.2, area=-15.0),
    "V1": replace(FLAT, r=0.2, s=0.9, area=-15.0),
    "V2": replace(FLAT, r=0.4, s=1.0, area=-15.0),
}
RATE = 500.0


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
        (beats(irregularity=0.08, variation=0.2, p_height=0.02), "atrial_fibrillation"),
        (beats(irregularity=0.08, variation=0.2, p_height=0.02, ectopic=0.2), "sinus"),
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
    scar = NORMAL | {lead: replace(FLAT, q=0.9, r=0.0, s=0.0) for lead in ("II", "aVF")}
    assert conduction(beats(axis=-55.0), scar, "sinus") == frozenset()
    both = right | {lead: replace(FLAT, r=0.2, s=0.9) for lead in ("II", "aVF")}
    assert conduction(beats(qrs=140.0, axis=-110.0), both, "sinus") == {"rbbb", "lafb"}
    narrow_s = right | {"V6": replace(FLAT, s=0.4, s_ms=30.0)}
    assert conduction(beats(qrs=128.0), narrow_s, "sinus") == {"incomplete_rbbb"}


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
    injured = NORMAL | {lead: replace(FLAT, st=-0.2) for lead in ("V4", "V5", "V6")}
    assert {one.stage for one in ischemia(injured, frozenset(), "sinus")} == {"subendocardial_injury"}
    assert {one.stage for one in ischemia(injured, frozenset(), "sinus", tall=True)} == {"ischemia"}


@pytest.mark.parametrize(
    ("changed", "walls"),
    [
        ({"V4": replace(FLAT, r=0.4, s=0.9)}, {"anterior", "septal"}),
        ({"V3": replace(FLAT, r=0.1, s=0.9)}, {"anterior", "septal"}),
        ({"III": replace(FLAT, q=0.3, q_ms=34.0)}, {"inferior"}),
        ({"III": replace(FLAT, q=0.3, q_ms=24.0)}, set()),
        ({"V6": replace(FLAT, q=0.2, q_ms=30.0)}, set()),
    ],
)
def test_one_lead_that_tells_a_wall(changed: dict[str, Shape], walls: set[str]) -> None:
    assert q_walls(NORMAL | changed) == walls


def test_a_doubtful_q_wave_beside_ischemia_tells_where() -> None:
    changed = {"III": replace(FLAT, q=0.3, q_ms=34.0)} | {lead: replace(FLAT, t=-0.2) for lead in ("V5", "V6")}
    expected = {Ischemia("ischemia", frozenset({"inferior", "lateral"}))}
    assert ischemia(NORMAL | changed, frozenset(), "sinus") == expected
    sure = NORMAL | changed | {"aVF": replace(FLAT, q=0.3, q_ms=34.0)}
    found = ischemia(sure, frozenset(), "sinus")
    assert {one.stage for one in found} == {"infarct_age_undetermined", "ischemia"}


def test_voltage() -> None:
    assert not tall(NORMAL) and not hypertrophy(NORMAL)
    high = NORMAL | {"V1": replace(FLAT, r=0.1, s=2.0), "V5": replace(FLAT, r=2.2)}
    assert tall(high) and not hypertrophy(high)
    assert hypertrophy(high | {"aVL": replace(FLAT, r=1.3)})
    assert hypertrophy(high | {"V5": replace(FLAT, r=2.2, st=-0.06), "V6": replace(FLAT, st=-0.06)})
    deep = NORMAL | {"V3": replace(FLAT, s=1.7), "V4": replace(FLAT, s=1.3)}  # Peguero-Lo Presti alone
    assert not tall(deep) and not hypertrophy(deep)
    assert hypertrophy(deep | {lead: replace(FLAT, st=-0.06) for lead in ("V5", "V6")})
    small = {lead: replace(FLAT, r=0.2, s=0.1) for lead in LEADS}
    assert low_voltage(small) and not low_voltage(NORMAL)


def test_repolarization() -> None:
    assert repolarization(NORMAL) == frozenset()
    assert repolarization(NORMAL | {"V5": replace(FLAT, t=0.05)}) == {"low_t_wave", "t_wave_abnormality"}
    assert repolarization(NORMAL | {"V5": replace(FLAT, t=-0.2)}) == {"t_wave_abnormality"}
    assert repolarization(NORMAL | {"aVL": replace(FLAT, r=0.2, t=0.01)}) == frozenset()  # a small R has a small T
    lowered = NORMAL | {lead: replace(FLAT, st=-0.06) for lead in ("V5", "V6")}
    assert repolarization(lowered) == {"st_depression"}
    both = repolarization(NORMAL | {"V5": replace(FLAT, st=-0.06, t=0.02)})
    assert both == {"nonspecific_st_t_change", "low_t_wave", "t_wave_abnormality"}


def timed(seconds: list[float], odd: tuple[int, ...] = (), **seen: object) -> Beats:
    """Beats at these moments, some of another form."""
    alike = np.ones(len(seconds), dtype=np.bool_)
    alike[list(odd)] = False
    places = np.round(np.array(seconds) * RATE).astype(int)
    return replace(beats(ectopic=len(odd) / len(seconds), **seen), places=places, alike=alike)


EVEN = [0.5, 1.3, 2.1, 2.9, 3.7, 4.5, 5.3, 6.1, 6.9, 7.7]
EARLY = [0.5, 1.3, 2.1, 2.65, 3.7, 4.5, 5.3, 6.1, 6.9, 7.7]


@pytest.mark.parametrize(
    ("found", "rhythm_", "expected"),
    [
        (timed(EVEN), "sinus", set()),
        (timed(EARLY), "sinus", {"premature_atrial_complex"}),
        (timed(EARLY), "atrial_fibrillation", set()),
        (timed(EARLY), "sinus_arrhythmia", set()),
        (timed(EARLY, (3,)), "sinus", {"premature_ventricular_complex"}),
        (timed(EARLY, (3,)), "atrial_fibrillation", {"premature_ventricular_complex"}),
        (timed(EVEN, (3,)), "sinus", set()),  # it looks unlike the others, but comes when it is due: an artefact
        (timed(EARLY, (3,)), "paced", set()),
    ],
)
def test_extrasystoles(found: Beats, rhythm_: str, expected: set[str]) -> None:
    assert ectopy(found, rhythm_) == expected


def with_p_wave(lead: str, first: float, last: float) -> Beats:
    """A beat of a P wave alone: its first and its second half, 60 ms each, in mV."""
    time = np.arange(-400.0, 400.0, 2.0)
    beat = np.zeros((12, time.size), dtype=np.float32)
    for size, begin in ((first, -200.0), (last, -140.0)):
        inside = (time >= begin) & (time < begin + 60.0)
        beat[LEADS.index(lead), inside] = size * np.sin(np.pi * (time[inside] - begin) / 60.0)
    found = beats()
    form = replace(found.form, beat=beat, beat_time=time, boundaries=Boundaries(p_onset=-202.0, p_end=-78.0))
    return replace(found, form=form)


def test_atria() -> None:
    assert atria(with_p_wave("V1", 0.06, -0.05)) == frozenset()
    assert atria(with_p_wave("V1", 0.06, -0.12)) == {"left_atrial_enlargement"}
    assert atria(with_p_wave("II", 0.28, 0.0)) == {"right_atrial_enlargement"}
    assert atria(with_p_wave("II", 0.18, 0.0)) == frozenset()
    without = with_p_wave("V1", 0.06, -0.12)
    assert atria(replace(without, rhythm=beats(pr=None).rhythm)) == frozenset()


def test_walls_become_statements() -> None:
    q = replace(FLAT, q=0.4, q_ms=40.0)
    everywhere = NORMAL | dict.fromkeys(("II", "III", "aVF"), q) | {"V2": replace(FLAT, r=0.05, s=1.0)}
    (entry,) = ischemia(everywhere, frozenset(), "sinus")
    assert entry.walls == {"anterior", "septal", "inferior"}
    known = frozenset(axes()["diagnosis"].values)
    assert statements(entry.walls, "myocardial_infarction", known) == {
        "anteroseptal_myocardial_infarction",
        "inferior_myocardial_infarction",
    }
    assert statements(frozenset(), "ischemia", known) == {"ischemia"}
    assert statements(frozenset({"lateral", "septal"}), "ischemia", known) == {"lateral_ischemia", "septal_ischemia"}


@pytest.mark.parametrize("rate", [40.0, 70.0, 130.0])
def test_every_reading_is_an_answer_in_the_taxonomy(rate: float) -> None:
    dense = Dense()
    found = reading(beats(rate=rate, axis=-60.0, pr=260.0, ectopic=0.2))
    assert dense.parse(dense.target(found)) == found
    assert found.rate == {40.0: "bradycardia", 70.0: "normal", 130.0: "tachycardia"}[rate]
