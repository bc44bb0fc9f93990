import asyncio

import numpy as np
import pytest

from einthoven.adapters.measurement_trees import MeasurementTrees
from einthoven.ecg.measurements import Measurements
from einthoven.ecg.patient import Patient
from einthoven.ecg.reading import AXES, AxisTruth, Ischemia, Reading, Truth
from einthoven.exchange import Example, Request
from einthoven.tasks.dense import Dense


def examples(count: int = 300) -> list[Example]:
    """Rate by the heart rate, block by the PR, AF where there is no PR, infarction by nothing printed."""
    random = np.random.RandomState(0)
    rows = []
    for k in range(count):
        rate = float(random.uniform(50, 120))
        fibrillates = k % 5 == 0
        pr = None if fibrillates else float(random.uniform(120, 260))
        infarcted = random.rand() < 0.3
        truth = {axis: AxisTruth() for axis in AXES}
        truth["rate"] = AxisTruth("bradycardia" if rate < 60 else "tachycardia" if rate > 100 else "normal")
        truth["rhythm"] = AxisTruth("atrial_fibrillation" if fibrillates else "sinus")
        truth["conduction"] = AxisTruth(frozenset({"first_degree_av_block"} if pr is not None and pr > 200 else ()))
        truth["ischemia_stage"] = AxisTruth("old" if infarcted else "none")
        truth["ischemia_territory"] = AxisTruth(frozenset({"inferior"} if infarcted else ()))
        entries = frozenset({Ischemia("old", frozenset({"inferior"}))} if infarcted else ())
        rows.append(Example(str(k), Patient(str(k)), Truth(truth, entries), Measurements(heart_rate=rate, pr=pr)))
    return rows


def answer(adapter: MeasurementTrees, measurements: Measurements | None) -> Reading:
    request = Request("x", "measurements", "dense", "", measurements=measurements)
    return Dense().parse(asyncio.run(adapter.answer(request)).text)


@pytest.fixture(scope="module")
def fitted() -> MeasurementTrees:
    adapter = MeasurementTrees()
    adapter.fit(examples())
    return adapter


def test_what_the_numbers_give_away_is_learnt(fitted: MeasurementTrees) -> None:
    right = {"rate": 0, "rhythm": 0, "conduction": 0}
    for example in examples()[:100]:
        reading = answer(fitted, example.measurements)
        for axis in right:
            right[axis] += getattr(reading, axis) == example.truth[axis].value
    assert min(right.values()) >= 95


def test_unknown_is_information(fitted: MeasurementTrees) -> None:
    assert answer(fitted, Measurements(heart_rate=80, pr=None)).rhythm == "atrial_fibrillation"
    assert answer(fitted, Measurements(heart_rate=80, pr=160)).rhythm == "sinus"


def test_without_numbers_it_is_the_majority(fitted: MeasurementTrees) -> None:
    reading = answer(fitted, None)
    assert (reading.rate, reading.rhythm, reading.conduction) == ("normal", "sinus", frozenset())
    assert reading.ischemia == frozenset()


def test_an_axis_nobody_can_teach_is_the_majority() -> None:
    adapter = MeasurementTrees()
    adapter.fit(examples(8))
    reading = answer(adapter, Measurements(heart_rate=80, pr=160))
    assert reading.axis == "normal"
    assert reading.other_findings == frozenset()


def test_it_is_the_same_each_time() -> None:
    one, two = MeasurementTrees(), MeasurementTrees()
    one.fit(examples())
    two.fit(examples())
    for rate in range(40, 140, 7):
        numbers = Measurements(heart_rate=rate, pr=150)
        assert answer(one, numbers) == answer(two, numbers)
