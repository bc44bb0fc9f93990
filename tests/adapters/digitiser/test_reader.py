from __future__ import annotations

import asyncio

import pytest

from einthoven.adapters.digitiser.reader import DigitiserReader
from einthoven.adapters.registry import create
from einthoven.ecg.measure import measure
from einthoven.ecg.recording import Recording
from einthoven.exchange import Answer, Input, Request, Status
from einthoven.renderers.registry import view
from einthoven.tasks.measured import rate_truth
from einthoven.tasks.registry import task


def asked(images: tuple[bytes, ...], name: str = "dense") -> Answer:
    return asyncio.run(create("reference/digitiser").answer(Request("1", "image", name, "", images=images)))


def test_it_looks_at_nothing_but_the_image() -> None:
    assert create("reference/digitiser").inputs == {Input.IMAGE}
    assert DigitiserReader().parameters["version"]


def test_it_reads_a_page(recording: Recording) -> None:
    answer = asked((view("grid")(recording)[0].png,))
    assert answer.status is Status.OK
    found = task("dense").parse(answer.text)
    assert found.rate == rate_truth(measure(recording).measurements).value
    assert answer.latency_s is not None and answer.latency_s > 0


@pytest.mark.parametrize("images", [(), (b"",), (b"no image",)])
def test_it_declines_with_a_reason(images: tuple[bytes, ...]) -> None:
    answer = asked(images)
    assert (answer.status, answer.text) == (Status.DECLINED, "")
    assert answer.detail


def test_it_declines_the_blank_arm() -> None:
    answer = asked((view("grid", blank=True)()[0].png,))
    assert answer.status is Status.DECLINED
