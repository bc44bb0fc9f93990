import asyncio
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from einthoven.adapters.controls import Constant, Prior, Random
from einthoven.ecg.patient import Patient
from einthoven.ecg.reading import AXES, AxisTruth, Ischemia, Reading, Truth
from einthoven.exchange import Adapter, Example, FittedAdapter, Request
from einthoven.tasks.dense import Dense

DENSE = Dense()


def answer(adapter: Adapter, record: str = "1") -> Reading:
    return DENSE.parse(asyncio.run(adapter.answer(Request(record, "image", "dense", ""))).text)


def test_constant_is_normal_unless_told_otherwise() -> None:
    reading = answer(Constant())
    assert (reading.rate, reading.rhythm, reading.axis) == ("normal", "sinus", "normal")
    assert reading.conduction == reading.ischemia == frozenset()
    told = answer(Constant(rhythm="paced", conduction="lbbb", stage="acute", territory="anteroseptal"))
    assert told.rhythm == "paced"
    assert told.conduction == {"lbbb"}
    assert told.ischemia == {Ischemia("acute", frozenset({"anterior", "septal"}))}


@given(st.text(min_size=1), st.integers(0, 2**31))
def test_random_is_valid_and_the_same_each_time(record: str, seed: int) -> None:
    assert answer(Random(seed=seed), record) == answer(Random(seed=seed), record)


def test_random_is_even() -> None:
    counts = Counter(answer(Random(), str(k)).rate for k in range(900))
    assert set(counts) == {"bradycardia", "normal", "tachycardia"}
    assert min(counts.values()) > 240  # 300 each, five standard deviations


def test_seeds_differ() -> None:
    assert [answer(Random(seed=0), str(k)) for k in range(9)] != [answer(Random(seed=1), str(k)) for k in range(9)]


def test_prior_draws_from_the_training_records_and_from_nothing_else() -> None:
    rows = []
    for k in range(10):
        rhythm = AxisTruth("sinus" if k < 8 else "paced")
        truth = Truth({a: rhythm if a == "rhythm" else AxisTruth() for a in AXES})
        rows.append(Example(str(k), Patient(str(k)), truth))
    adapter = Prior()
    assert isinstance(adapter, FittedAdapter)
    adapter.fit(rows)
    readings = [answer(adapter, str(k)) for k in range(500)]
    counts = Counter(reading.rhythm for reading in readings)
    assert set(counts) == {"sinus", "paced"}
    assert 60 < counts["paced"] < 140  # 100, four standard deviations
    assert {reading.rate for reading in readings} == {"normal"}  # nobody was trained on it
    assert {reading.conduction for reading in readings} == {frozenset()}
