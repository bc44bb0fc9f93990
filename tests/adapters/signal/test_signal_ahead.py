"""Batches made ahead are the same batches, and what goes wrong in the thread is told here."""

import threading
import time
from collections.abc import Iterator

import pytest

from einthoven.adapters.signal.ahead import ahead


def _threads() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "batches"]


def test_they_come_in_order_and_none_is_lost() -> None:
    assert list(ahead(range(50))) == list(range(50))
    assert list(ahead([])) == []
    assert not _threads()


def test_some_are_made_while_the_first_is_used() -> None:
    made: list[int] = []

    def batches() -> Iterator[int]:
        for number in range(10):
            made.append(number)
            yield number

    given = ahead(batches(), waiting=2)
    assert next(given) == 0
    deadline = time.monotonic() + 5
    while len(made) < 4 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.05)
    assert made == [0, 1, 2, 3]  # one in use, two that wait, one that waits for room
    given.close()  # type: ignore[attr-defined]
    assert not _threads()


def test_an_error_of_the_thread_is_raised_where_the_batches_are_used() -> None:
    def batches() -> Iterator[int]:
        yield 1
        raise ValueError("the third record is broken")

    given = ahead(batches())
    assert next(given) == 1
    with pytest.raises(ValueError, match="the third record"):
        next(given)
    assert not _threads()


def test_who_stops_early_leaves_no_thread() -> None:
    def use() -> None:
        for number in ahead(range(1_000)):
            if number == 3:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        use()
    deadline = time.monotonic() + 5
    while _threads() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _threads()
