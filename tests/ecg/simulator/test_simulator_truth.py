from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reach import REACHED
from ruler import ACUTE_INFERIOR, AF, CONDITIONS, LBBB, LVH, OLD_ANTERIOR, PACED, RBBB

from einthoven.ecg.reading import AXES, Ischemia
from einthoven.ecg.simulator import Parameters, simulate, simulated
from einthoven.ecg.simulator.parameters import INFERIOR, Artifact, Conduction, Ectopy, Reversal
from einthoven.ecg.simulator.possible import TERRITORIES
from einthoven.ecg.simulator.truth import latitude, reading
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
    everything = {"conduction", "ischemia_stage", "ischemia_territory", "other_findings"}
    assert set(reading(PACED)[1]) == everything
    assert set(reading(REACHED["rhythm", "ventricular_tachycardia"])[1]) == everything
    assert set(reading(REACHED["rhythm", "ventricular_fibrillation"])[1]) == everything | {"rate"}
    assert set(reading(REACHED["conduction", "ventricular_preexcitation"])[1]) == {
        "ischemia_stage",
        "ischemia_territory",
    }
    assert set(reading(Parameters(reversal="la_ra"))[1]) == {"axis"}
    assert set(reading(Parameters(findings=frozenset({"st_depression"})))[1]) == {
        "ischemia_stage",
        "ischemia_territory",
    }
    # An escape from the ventricles hides the bundles, but the block is seen.
    escape = replace(REACHED["conduction", "third_degree_av_block"], escape="ventricular", qrs=160, heart_rate=38)
    assert set(reading(escape)[1]) == everything - {"conduction"}
    assert {"lbbb", "rbbb"} <= latitude(escape).open["conduction"]
    # Atrial pacing hides nothing.
    assert reading(Parameters(rhythm="paced", pacing="atrial"))[1] == {}
    assert all(reading(LBBB)[1].values())
    for name in CONDITIONS.keys() - {"lbbb", "paced"}:
        assert reading(CONDITIONS[name])[1] == {}


def test_where_readers_may_differ() -> None:
    block = latitude(REACHED["conduction", "third_degree_av_block"])
    assert block.accepted == {"rhythm": {"sinus", "junctional"}}
    assert "lafb" in latitude(Parameters(qrs_axis=-60)).open["conduction"]
    assert "conduction" not in latitude(Parameters(qrs_axis=-40)).open
    assert "sinus_rhythm" in latitude(Parameters(rhythm="sinus_arrhythmia")).open["diagnosis"]
    assert latitude(Parameters()).accepted == {}
    assert latitude(Parameters()).open == {}


def test_ischemia_is_the_one_in_the_parameters() -> None:
    assert reading(ACUTE_INFERIOR)[0].ischemia == {Ischemia("acute", INFERIOR)}


@st.composite
def hearts(draw: st.DrawFn) -> Parameters:
    """Any heart that is possible, in the whole range of its values."""
    fields: dict[str, Any] = dict(_fields(draw(st.sampled_from(list(REACHED.values())))))
    changes = {
        "qrs_axis": st.floats(-180, 180),
        "heart_rate": st.floats(30, 220),
        "pr": st.floats(80, 300),
        "qtc": st.floats(310, 600),
        "qrs": st.floats(70, 200),
        "sex": st.sampled_from([0, 1]),
        "ischemia": st.builds(
            Ischemia, st.sampled_from(["acute", "recent", "old", "ischemia"]), st.sampled_from(list(TERRITORIES))
        ),
        "conduction": st.sampled_from(get_args(Conduction)),
        "ectopy": st.sampled_from(get_args(Ectopy)),
        "artifact": st.sampled_from(get_args(Artifact)),
        "reversal": st.sampled_from(get_args(Reversal)),
    }
    for name in draw(st.sets(st.sampled_from(sorted(changes)), max_size=4)):
        changed = {**fields, name: draw(changes[name])}
        try:
            Parameters(**changed)
        except ValueError:  # cannot go together: the heart stays as it was
            continue
        fields = changed
    return Parameters(**fields)


def _fields(parameters: Parameters) -> dict[str, Any]:
    return {name: getattr(parameters, name) for name in Parameters.__dataclass_fields__}


@settings(max_examples=300, deadline=None)
@given(hearts())
def test_every_truth_is_in_the_taxonomy(parameters: Parameters) -> None:
    exact, masks = reading(parameters)
    assert set(masks) <= set(AXES)
    for name, axis in axes().items():
        value = axis_value(exact, name)
        assert value is not None
        assert ({value} if isinstance(value, str) else value) <= set(axis.values)
    left = latitude(parameters)
    for axis, labels in (*left.accepted.items(), *left.open.items()):
        assert labels <= set(axes()[axis].values)
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
    onsets = simulated(parameters, seed).fiducials.qrs_onset
    if parameters.rhythm != "ventricular_fibrillation":
        assert 60 / np.diff(onsets).mean() == pytest.approx(parameters.heart_rate, rel=1e-9)
