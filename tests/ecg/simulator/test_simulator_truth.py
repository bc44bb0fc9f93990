from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from ruler import ACUTE_INFERIOR, AF, CONDITIONS, LBBB, LVH, OLD_ANTERIOR, PACED, RBBB

from einthoven.ecg.reading import AXES, Ischemia
from einthoven.ecg.simulator import Parameters, beats, simulate
from einthoven.ecg.simulator.parameters import ANTERIOR, INFERIOR
from einthoven.ecg.simulator.truth import reading
from einthoven.tasks.taxonomy import axes, axis_value


def _diagnosis(parameters: Parameters) -> set[str]:
    labels = reading(parameters)[0].diagnosis
    assert labels is not None
    return set(labels)


@pytest.mark.parametrize(
    ("parameters", "statements"),
    [
        (Parameters(), {"normal_ecg", "sinus_rhythm"}),
        (Parameters(heart_rate=45), {"sinus_bradycardia"}),
        (Parameters(heart_rate=120, pr=130), {"sinus_tachycardia"}),
        (Parameters(qrs_axis=-60), {"sinus_rhythm", "left_axis_deviation"}),
        (Parameters(qrs_axis=120), {"sinus_rhythm", "right_axis_deviation"}),
        (Parameters(qrs_axis=-120), {"sinus_rhythm", "extreme_axis_deviation"}),
        (Parameters(pr=240), {"sinus_rhythm", "first_degree_av_block"}),
        (Parameters(qtc=500), {"sinus_rhythm", "long_qt"}),
        (AF, {"atrial_fibrillation"}),
        (PACED, {"paced_rhythm", "left_axis_deviation"}),
        (replace(LBBB, pr=230), {"sinus_rhythm", "lbbb", "first_degree_av_block"}),
        (
            replace(RBBB, ischemia=Ischemia("old", INFERIOR)),
            {"sinus_rhythm", "rbbb", "inferior_myocardial_infarction"},
        ),
        (OLD_ANTERIOR, {"sinus_rhythm", "anterior_myocardial_infarction"}),
        (LVH, {"sinus_rhythm", "left_ventricular_hypertrophy", "lv_strain"}),
    ],
)
def test_diagnosis_restates_what_is_there(parameters: Parameters, statements: set[str]) -> None:
    assert _diagnosis(parameters) == statements


@pytest.mark.parametrize(
    ("field", "value", "axis", "class_"),
    [
        ("heart_rate", 59.9, "rate", "bradycardia"),
        ("heart_rate", 60.0, "rate", "normal"),
        ("heart_rate", 100.0, "rate", "normal"),
        ("heart_rate", 100.1, "rate", "tachycardia"),
        ("qrs_axis", -30.0, "axis", "normal"),
        ("qrs_axis", -30.1, "axis", "left"),
        ("qrs_axis", -90.0, "axis", "left"),
        ("qrs_axis", -90.1, "axis", "extreme"),
        ("qrs_axis", 90.0, "axis", "normal"),
        ("qrs_axis", 90.1, "axis", "right"),
        ("qrs_axis", 180.0, "axis", "right"),
        ("qrs_axis", -179.9, "axis", "extreme"),
    ],
)
def test_the_limits(field: str, value: float, axis: str, class_: str) -> None:
    change: dict[str, Any] = {field: value}
    assert getattr(reading(Parameters(**change))[0], axis) == class_


def test_pr_and_qt_have_limits_too() -> None:
    assert reading(Parameters(pr=200))[0].conduction == frozenset()
    assert reading(Parameters(pr=201))[0].conduction == {"first_degree_av_block"}
    assert reading(Parameters(qtc=455, sex=0))[0].other_findings == {"long_qt"}
    assert reading(Parameters(qtc=455, sex=1))[0].other_findings == frozenset()
    assert reading(Parameters(qtc=360))[0].other_findings == {"short_qt"}


def test_what_is_hidden_is_masked() -> None:
    assert set(reading(LBBB)[1]) == {"ischemia_stage", "ischemia_territory"}
    assert set(reading(PACED)[1]) == {"conduction", "ischemia_stage", "ischemia_territory", "other_findings"}
    assert all(reading(LBBB)[1].values())
    for name in CONDITIONS.keys() - {"lbbb", "paced"}:
        assert reading(CONDITIONS[name])[1] == {}


def test_ischemia_is_the_one_in_the_parameters() -> None:
    assert reading(ACUTE_INFERIOR)[0].ischemia == {Ischemia("acute", INFERIOR)}


@st.composite
def hearts(draw: st.DrawFn) -> Parameters:
    """Any heart that is possible, in the whole range of its values."""
    rhythm = draw(st.sampled_from(["sinus", "atrial_fibrillation", "paced"]))
    paced = rhythm == "paced"
    conduction = "none" if paced else draw(st.sampled_from(["none", "lbbb", "rbbb"]))
    narrow = conduction == "none" and not paced
    scars = [None, *(Ischemia(stage, walls) for stage in ("acute", "old") for walls in (INFERIOR, ANTERIOR))]
    lvh = narrow and draw(st.booleans())
    fields: dict[str, Any] = {
        "rhythm": rhythm,
        "heart_rate": draw(st.floats(40, 130) if paced else st.floats(30, 180)),
        "qrs_axis": draw(st.floats(-90, 90) if lvh else st.floats(-180, 180)),
        "pr": draw(st.floats(120, 300)) if rhythm == "sinus" else None,
        "qrs": draw(st.floats(70, 109) if narrow else st.floats(130, 190)),
        "qtc": draw(st.floats(345, 600)),
        "conduction": conduction,
        "ischemia": None if paced or conduction == "lbbb" else draw(st.sampled_from(scars)),
        "lvh": lvh,
        "sex": draw(st.sampled_from([0, 1])),
    }
    try:
        return Parameters(**fields)
    except ValueError:  # a fast heart without room for its P or T wave
        reject()


@settings(max_examples=300, deadline=None)
@given(hearts())
def test_every_truth_is_in_the_taxonomy(parameters: Parameters) -> None:
    exact, masks = reading(parameters)
    assert set(masks) <= set(AXES)
    for name, axis in axes().items():
        value = axis_value(exact, name)
        assert value is not None
        assert ({value} if isinstance(value, str) else value) <= set(axis.values)
    assert ("normal_ecg" in _diagnosis(parameters)) is (
        (exact.rate, exact.rhythm, exact.axis) == ("normal", "sinus", "normal")
        and not exact.conduction
        and not exact.ischemia
        and not exact.other_findings
    )


@settings(max_examples=60, deadline=None)
@given(hearts(), st.integers(0, 2**32 - 1))
def test_every_possible_heart_gives_a_sound_page(parameters: Parameters, seed: int) -> None:
    signal = simulate(parameters, seed).signal
    assert signal is not None
    assert np.isfinite(signal).all()
    assert np.abs(signal).max() < 10
    assert 60 / np.diff(beats(parameters, seed)).mean() == pytest.approx(parameters.heart_rate, rel=1e-9)
