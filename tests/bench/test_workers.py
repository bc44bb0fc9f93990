from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from einthoven.bench.workers import mapped
from einthoven.errors import EinthovenError, Exit

KILLED = ("a process was killed", "run again with --jobs 1")


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_results_come_in_the_order_of_the_things(workers: int) -> None:
    assert list(mapped(abs, range(-50, 50), workers, int, (), KILLED)) == [abs(k) for k in range(-50, 50)]


@pytest.mark.parametrize("workers", [1, 2])
def test_few_things_are_in_flight(workers: int) -> None:
    taken: list[int] = []

    def things() -> Iterator[int]:
        for thing in range(1000):
            taken.append(thing)
            yield thing

    for done, _ in enumerate(mapped(abs, things(), workers, int, (), KILLED), start=1):
        assert len(taken) - done < 4 * workers
    assert done == 1000


def test_a_killed_worker_is_two_lines() -> None:
    with pytest.raises(EinthovenError, match="was killed") as caught:
        list(mapped(os._exit, [1, 1, 1], 2, int, (), KILLED))
    assert caught.value.exit_code == Exit.INCOMPLETE
