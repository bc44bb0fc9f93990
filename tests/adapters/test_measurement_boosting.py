import asyncio

import pytest

from einthoven.adapters.measurement_boosting import MeasurementBoosting
from einthoven.bench.sources.registry import open_source
from einthoven.ecg.measure import measure
from einthoven.exchange import Example, Request, Status
from einthoven.tasks.dense import Dense


@pytest.fixture(scope="module")
def fitted() -> tuple[MeasurementBoosting, list[Request], list[Example]]:
    source = open_source("sim")
    entries = [entry for entry in source.entries if entry.split == "train"][:120]
    examples, requests = [], []
    for entry in entries:
        recording = source.load(entry)
        examples.append(Example(entry.id, entry.patient, entry.truth, measure(recording).measurements))
        requests.append(Request(entry.id, "image", "dense", "", recording=recording))
    adapter = MeasurementBoosting(rounds=10)
    adapter.fit(examples[:90])
    return adapter, requests[90:], examples[90:]


def test_rate_and_axis_are_read_from_the_samples(
    fitted: tuple[MeasurementBoosting, list[Request], list[Example]],
) -> None:
    adapter, requests, examples = fitted
    right = {"rate": 0, "axis": 0}
    counted = {"rate": 0, "axis": 0}
    for request, example in zip(requests, examples, strict=True):
        reading = Dense().parse(asyncio.run(adapter.answer(request)).text)
        for axis in right:
            truth = example.truth[axis]
            counted[axis] += not truth.masked
            right[axis] += getattr(reading, axis) in truth.accepted
    assert right["rate"] >= 0.8 * counted["rate"]
    assert right["axis"] >= 0.6 * counted["axis"]


def test_without_a_signal_it_declines(fitted: tuple[MeasurementBoosting, list[Request], list[Example]]) -> None:
    answer = asyncio.run(fitted[0].answer(Request("r", "no-image", "dense", "")))
    assert answer.status is Status.DECLINED


def test_rounds_are_one_or_more() -> None:
    with pytest.raises(ValueError, match="rounds is 1 or more"):
        MeasurementBoosting(rounds=0)
