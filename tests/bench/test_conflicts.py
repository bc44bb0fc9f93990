from collections import Counter

import pytest

from einthoven.adapters.text_follower import reading_of
from einthoven.bench.conflicts import conflicts, says
from einthoven.bench.sources.source import Entry
from einthoven.ecg.measurements import Measurements
from einthoven.ecg.patient import Patient
from einthoven.ecg.reading import AXES, AxisTruth, Truth

NUMBERS = Measurements(72.0, 160.0, 92.0, 380.0, 404.0, 416.0, 50.0, 40.0, 45.0, "cart")
NONE = AxisTruth(frozenset())


def entry(name: str, numbers: Measurements | None = NUMBERS, **axes: AxisTruth) -> Entry:
    truth = {axis: AxisTruth(reason="-") for axis in AXES} | axes
    return Entry(name, Patient(name), Truth(truth), "test", measurements=numbers)


def test_the_kinds_go_round_and_text_and_picture_never_agree() -> None:
    normal = {"rate": AxisTruth("normal"), "axis": AxisTruth("normal"), "conduction": NONE, "other_findings": NONE}
    records = [entry(f"r{k}", **normal) for k in range(70)]
    found = conflicts(records)
    times = Counter(each.name for each in found.values())
    assert set(times) == {"rate-slow", "rate-fast", "axis-left", "axis-right", "pr-long", "qrs-long", "qtc-long"}
    assert max(times.values()) - min(times.values()) <= 1
    for each in found.values():
        assert each.text != each.picture
        # What the text-follower reads off the moved numbers is what the conflict says the text says.
        assert says(reading_of(each.measurements), each.axis, each.labels) == each.text
        assert not says(reading_of(NUMBERS), each.axis, each.labels)
        assert len(each.to_json(NUMBERS)["moved"]) == (3 if each.name == "qtc-long" else 1)
    fewer = conflicts(sorted(records, key=lambda e: list(found).index(e.id))[:30])
    assert fewer.items() <= found.items()


@pytest.mark.parametrize(
    ("axes", "numbers", "name"),
    [
        ({"rate": AxisTruth("bradycardia")}, Measurements(heart_rate=48.0), "rate-fast"),
        ({"axis": AxisTruth("left")}, Measurements(qrs_axis=-50.0), "axis-normal"),
        ({"conduction": AxisTruth(frozenset({"first_degree_av_block"}))}, Measurements(pr=230.0), "pr-normal"),
        ({"conduction": AxisTruth(frozenset({"lbbb"}))}, Measurements(qrs=150.0), "qrs-normal"),
        ({"other_findings": AxisTruth(frozenset({"long_qt"}))}, Measurements(qtc_fridericia=500.0), "qtc-normal"),
    ],
)
def test_what_is_there_is_printed_away(axes: dict[str, AxisTruth], numbers: Measurements, name: str) -> None:
    found = conflicts([entry("r", numbers, **axes)])["r"]
    assert found.name == name
    assert says(reading_of(numbers), found.axis, found.labels) == found.picture or name.startswith(
        ("qrs", "rate", "axis")
    )
    assert says(reading_of(found.measurements), found.axis, found.labels) == found.text


@pytest.mark.parametrize(
    "record",
    [
        entry("r", None, rate=AxisTruth("normal")),
        entry("r"),
        entry("r", Measurements(heart_rate=59.0), rate=AxisTruth("normal", accepted=frozenset({"bradycardia"}))),
        entry("r", Measurements(pr=230.0), conduction=NONE),  # number and truth are at odds already
        entry(
            "r", Measurements(pr=150.0), conduction=AxisTruth(frozenset(), open=frozenset({"first_degree_av_block"}))
        ),
    ],
)
def test_where_nothing_can_be_moved_nothing_is(record: Entry) -> None:
    assert conflicts([record]) == {}


def test_only_axes_that_are_asked_for() -> None:
    record = entry("r", rate=AxisTruth("normal"), axis=AxisTruth("normal"))
    assert conflicts([record], ["axis"])["r"].axis == "axis"
