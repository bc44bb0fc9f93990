"""Blocking time off the processor's clock, of traces written by hand."""

import pytest
from audit.blocking import blocked

FIRST = {"name": "firstContentfulPaint", "pid": 1, "tid": 2, "ts": 1000, "ph": "R"}


def task(start: int, clock_ms: float, processor_ms: float, thread: int = 2) -> dict:
    name = "ThreadControllerImpl::RunTask"
    took = {"dur": int(clock_ms * 1000), "tdur": int(processor_ms * 1000)}
    return {"name": name, "pid": 1, "tid": thread, "ph": "X", "ts": start, **took}


def test_only_the_processors_time_counts_four_times_beyond_fifty_milliseconds() -> None:
    assert blocked([FIRST, task(2000, 500, 20)]) == 30
    assert blocked([FIRST, task(2000, 500, 12)]) == 0


def test_tasks_within_tasks_before_the_first_paint_and_of_other_threads_do_not_count() -> None:
    outer = task(2000, 40, 30)
    assert blocked([FIRST, outer, task(2000, 39, 29)]) == blocked([FIRST, outer]) == 70
    assert blocked([FIRST | {"ts": 900_000}, outer]) == 0
    assert blocked([FIRST, task(2000, 40, 30, thread=3)]) == 0


def test_a_page_that_shows_nothing_is_no_fast_page() -> None:
    with pytest.raises(ValueError, match="nothing was painted"):
        blocked([task(0, 1, 1)])
