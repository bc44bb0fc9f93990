import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einthoven.bench import swaps
from einthoven.bench.sources.source import Entry
from einthoven.bench.swaps import differing, donors
from einthoven.ecg.patient import Patient
from einthoven.ecg.reading import AXES, AxisTruth, Truth
from einthoven.tasks import taxonomy

CLASS = {"rate", "rhythm", "axis", "ischemia_stage"}


@st.composite
def axis_truths(draw: st.DrawFn, name: str) -> AxisTruth:
    if draw(st.integers(0, 4)) == 0:
        return AxisTruth(reason="not stated")
    values = taxonomy.axes()[name].values
    some = draw(st.frozensets(st.sampled_from(values[:4]), max_size=3))
    if name in CLASS:
        value = draw(st.sampled_from(values[:4]))
        return AxisTruth(value, accepted=some | {value})
    opened = draw(st.frozensets(st.sampled_from(values[:5]), max_size=2))
    return AxisTruth(some, open=opened - some)


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    return [
        Entry(
            f"r{k}",
            Patient(f"p{draw(st.integers(0, 8))}"),
            Truth({name: draw(axis_truths(name)) for name in AXES}),
            "test",
        )
        for k in range(draw(st.integers(1, 10)))
    ]


@settings(deadline=None, max_examples=40)
@given(entries())
def test_each_picture_is_given_once_and_never_to_its_patient(records: list[Entry]) -> None:
    found = donors(records)
    assert len({donor.id for donor in found.values()}) == len(found)
    by_id = {entry.id: entry for entry in records}
    assert all(by_id[name].patient.id != donor.patient.id for name, donor in found.items())
    assert found == donors(list(reversed(records)))  # the order of the records does not matter


@settings(deadline=None, max_examples=40)
@given(entries())
def test_the_quick_comparison_is_the_slow_one(records: list[Entry]) -> None:
    for name in AXES:
        truths = [entry.truth[name] for entry in records]
        quick = swaps._differ(truths, name)
        assert quick.tolist() == [[float(differing(a, b)) for a in truths] for b in truths]


def test_they_differ_as_much_as_can_be() -> None:
    def entry(name: str, rate: str) -> Entry:
        truth = {axis: AxisTruth(reason="-") for axis in AXES} | {"rate": AxisTruth(rate)}
        return Entry(name, Patient(name), Truth(truth), "test")

    records = [entry(f"n{k}", "normal") for k in range(10)] + [entry(f"t{k}", "tachycardia") for k in range(10)]
    found = donors(records)
    assert all(donor.id[0] != name[0] for name, donor in found.items())
    assert found != donors(records, seed=1)


def test_a_larger_limit_leaves_full_blocks_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swaps, "_BLOCK", 10)
    truth = Truth({axis: AxisTruth(reason="-") for axis in AXES})
    records = [Entry(f"r{k}", Patient(f"p{k}"), truth, "test") for k in range(40)]
    order = sorted(records, key=lambda e: swaps.hashlib.sha256(e.id.encode()).digest())
    few, many = donors(order[:20]), donors(order)
    assert few.items() <= many.items()
    assert {len({name, donor.id} & {e.id for e in order[:10]}) for name, donor in few.items()} == {0, 2}
