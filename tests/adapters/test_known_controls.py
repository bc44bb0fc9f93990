"""The controls that are told something: numbers, age and sex, or the truth of the picture."""

import asyncio
from collections import Counter

import pytest

from einthoven.adapters.age_sex import AgeSex
from einthoven.adapters.oracle import DonorFollower, Oracle
from einthoven.adapters.registry import create
from einthoven.adapters.text_follower import TextFollower, reading_of
from einthoven.ecg.measurements import Measurements
from einthoven.ecg.patient import Patient
from einthoven.ecg.reading import AXES, AxisTruth, Ischemia, Reading, Truth
from einthoven.errors import EinthovenError
from einthoven.exchange import Adapter, Example, FittedAdapter, Input, Request
from einthoven.tasks.registry import task

DENSE = task("dense")
LBBB = Truth(
    {
        "rate": AxisTruth("tachycardia"),
        "rhythm": AxisTruth("sinus"),
        "axis": AxisTruth(reason="masked"),
        "conduction": AxisTruth(frozenset({"lbbb"})),
        "ischemia_stage": AxisTruth("acute"),
        "ischemia_territory": AxisTruth(frozenset({"anterior"})),
        "other_findings": AxisTruth(frozenset()),
        "diagnosis": AxisTruth(frozenset({"lbbb", "sinus_tachycardia"})),
    },
    frozenset({Ischemia("acute", frozenset({"anterior"}))}),
)


def answer(adapter: Adapter, record: str = "1", name: str = "dense", **given: object) -> Reading:
    request = Request(record, "image", name, "", **given)  # type: ignore[arg-type]
    return task(name).parse(asyncio.run(adapter.answer(request)).text)


@pytest.mark.parametrize(
    ("numbers", "axis", "value"),
    [
        ({"heart_rate": 59.9}, "rate", "bradycardia"),
        ({"heart_rate": 60.0}, "rate", "normal"),
        ({"heart_rate": 100.1}, "rate", "tachycardia"),
        ({"qrs_axis": -31.0}, "axis", "left"),
        ({"qrs_axis": 90.0}, "axis", "normal"),
        ({"qrs_axis": 91.0}, "axis", "right"),
        ({"qrs_axis": -100.0}, "axis", "extreme"),
        ({"pr": 200.0}, "conduction", frozenset()),
        ({"pr": 201.0}, "conduction", frozenset({"first_degree_av_block"})),
        ({"qrs": 119.0}, "conduction", frozenset()),
        ({"qrs": 120.0}, "conduction", frozenset({"ivcd"})),
        ({"qtc_fridericia": 460.0}, "other_findings", frozenset({"long_qt"})),
        ({"qtc_fridericia": 459.0}, "other_findings", frozenset()),
        ({}, "diagnosis", frozenset({"normal_ecg", "sinus_rhythm"})),
        (
            {"heart_rate": 50.0, "qrs_axis": -60.0},
            "diagnosis",
            frozenset({"sinus_bradycardia", "left_axis_deviation"}),
        ),
    ],
)
def test_the_text_follower_goes_by_the_thresholds(numbers: dict[str, float], axis: str, value: object) -> None:
    found = answer(TextFollower(), measurements=Measurements(**numbers))
    assert getattr(found, axis) == value


def test_without_numbers_the_text_follower_is_normal() -> None:
    assert answer(TextFollower()) == reading_of(None)
    assert TextFollower.inputs == {Input.MEASUREMENTS}


def test_the_oracle_tells_the_truth_of_what_is_shown_and_of_nothing_else() -> None:
    for adapter in (Oracle(), DonorFollower()):
        found = answer(adapter, truth=LBBB)
        assert (found.rate, found.rhythm, found.axis) == ("tachycardia", "sinus", "normal")
        assert (found.conduction, found.ischemia) == ({"lbbb"}, LBBB.ischemia)
        assert found.diagnosis == {"lbbb", "sinus_tachycardia"}
        blind = answer(adapter)
        assert (blind.rate, blind.conduction, blind.ischemia) == ("normal", frozenset(), frozenset())


def test_the_oracle_is_as_sensitive_and_specific_as_it_was_asked_to_be() -> None:
    oracle = Oracle(sensitivity=0.7, specificity=0.9)
    found = [answer(oracle, str(k), truth=LBBB) for k in range(800)]
    rates = Counter(each.rate for each in found)
    assert set(rates) == {"tachycardia", "normal"}
    assert rates["tachycardia"] / 800 == pytest.approx(0.7, abs=0.06)
    assert sum(each.rhythm == "sinus" for each in found) / 800 == pytest.approx(0.9, abs=0.04)
    assert sum(each.conduction is not None and "lbbb" in each.conduction for each in found) / 800 == pytest.approx(
        0.7, abs=0.06
    )
    assert sum(bool(each.other_findings) for each in found) / 800 == pytest.approx(0.1, abs=0.04)
    assert sum(bool(each.ischemia) for each in found) / 800 == pytest.approx(0.7, abs=0.06)
    assert found == [answer(oracle, str(k), truth=LBBB) for k in range(800)]


@pytest.mark.parametrize("name", ["flat", "binary", "superclass"])
def test_the_oracle_answers_other_tasks_too(name: str) -> None:
    space = task(name).space
    assert space is not None
    assert answer(Oracle(), name=name, truth=LBBB).label == space.truth(LBBB).value


@pytest.mark.parametrize("query", ["sensitivity=1.5", "specificity=-0.1", "strength=1", "sensitivity=high"])
def test_a_strength_that_is_none_gets_two_lines(query: str) -> None:
    with pytest.raises(EinthovenError):
        create(f"control/oracle?{query}")


def test_age_and_sex_give_the_commonest_answer_of_their_like() -> None:
    def example(number: int, age: float, sex: int, rhythm: str) -> Example:
        truth = Truth({axis: AxisTruth(rhythm) if axis == "rhythm" else AxisTruth() for axis in AXES})
        return Example(str(number), Patient(str(number), age, sex), truth)

    adapter = AgeSex()
    assert isinstance(adapter, FittedAdapter)
    adapter.fit(
        [example(k, 45.0, 0, "sinus") for k in range(60)]
        + [example(100 + k, 84.0, 1, "atrial_fibrillation") for k in range(25)]
        + [example(200 + k, 92.0, 1, "paced") for k in range(19)]
    )
    assert answer(adapter, patient=Patient("x", 81.0, 1)).rhythm == "atrial_fibrillation"
    assert answer(adapter, patient=Patient("x", 81.0, 0)).rhythm == "sinus"  # nobody of the like
    assert answer(adapter, patient=Patient("x", 95.0, 1)).rhythm == "sinus"  # too few of the like
    assert answer(adapter, patient=Patient("x", 81.0, None)).rhythm == "sinus"
    assert answer(adapter).rhythm == "sinus"
