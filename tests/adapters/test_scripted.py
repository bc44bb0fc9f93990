import asyncio
import time
from collections import Counter
from pathlib import Path

import pytest

from einthoven.adapters.scripted import Scripted
from einthoven.exchange import Answer, Request, Status
from einthoven.tasks.dense import Dense
from einthoven.tasks.task import InvalidAnswer


def ask(adapter: Scripted, count: int = 400) -> list[Answer]:
    async def everybody() -> list[Answer]:
        requests = [Request(str(k), "image", "dense", "prompt") for k in range(count)]
        return await asyncio.gather(*(adapter.answer(request) for request in requests))

    return asyncio.run(everybody())


def test_answers_are_valid_when_nothing_is_demanded() -> None:
    assert {Dense().parse(answer.text).rhythm for answer in ask(Scripted(), 5)} == {"sinus"}


def test_mishaps_come_in_the_share_that_was_demanded_and_each_time_the_same() -> None:
    def make() -> Scripted:
        return Scripted(malformed=0.1, empty=0.1, declined=0.1, truncated=0.1, errors=0.1)

    answers = ask(make())
    assert answers == ask(make())
    counts = Counter(answer.status for answer in answers)
    for status in (Status.EMPTY, Status.DECLINED, Status.TRUNCATED, Status.API_ERROR):
        assert 12 < counts[status] < 80  # about 36 to 40
    broken = 0
    for answer in answers:
        if answer.status is Status.OK:
            try:
                Dense().parse(answer.text)
            except InvalidAnswer:
                broken += 1
    assert 12 < broken < 80


def test_errors_end_after_so_many_attempts_and_the_log_remembers_across_processes(tmp_path: Path) -> None:
    log = str(tmp_path / "asked")
    first = ask(Scripted(errors=1.0, log=log), 3)
    assert {answer.status for answer in first} == {Status.API_ERROR}
    second = ask(Scripted(errors=1.0, log=log), 3)
    assert {answer.status for answer in second} == {Status.OK}
    assert Counter(Path(log).read_text().split("\n"))["1 image"] == 2


def test_latency_is_waited_for_side_by_side() -> None:
    began = time.monotonic()
    answers = ask(Scripted(latency=0.2), 20)
    assert 0.2 <= time.monotonic() - began < 2
    assert {answer.latency_s for answer in answers} == {0.2}


@pytest.mark.parametrize("shares", [{"malformed": -0.1}, {"empty": 0.6, "declined": 0.6}, {"errors": 1.5}])
def test_shares_are_shares(shares: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Scripted(**shares)  # type: ignore[arg-type]
