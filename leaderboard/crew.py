"""Worker processes for large sites; small ones are made without."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cached_property, partial
from itertools import islice
from types import TracebackType
from typing import Any, TypeVar

from einthoven.errors import EinthovenError, Exit

__all__ = ["Crew"]

_Job = TypeVar("_Job")
_Found = TypeVar("_Found")
_State = TypeVar("_State")

#: Below so many answers on a board a process costs more to start than it saves.
_WORTH_A_PROCESS = 60_000


def _pool(jobs: int, start: Callable[..., None] | None = None, given: tuple[Any, ...] = ()) -> ProcessPoolExecutor:
    # Spawned, not forked: a fork of a process with threads (BLAS) may hang.
    return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), start, given)


def _ahead(
    pool: ProcessPoolExecutor, function: Callable[[_Job], _Found], jobs: Sequence[_Job], workers: int
) -> Iterator[_Found]:
    waiting = iter(jobs)
    try:
        under_way = deque(pool.submit(function, job) for job in islice(waiting, 3 * workers))
        while under_way:
            found = under_way.popleft().result()
            under_way.extend(pool.submit(function, job) for job in islice(waiting, 1))
            yield found
    except BrokenProcessPool:
        raise EinthovenError(
            "a process that builds pages was killed (out of memory?)",
            "make room, or build from fewer bundles",
            Exit.INCOMPLETE,
        ) from None


#: What `Crew.map_with` gave this process.
_kept: Any = None


def _keep(state: Any) -> None:
    global _kept
    _kept = state


def _with_state(function: Callable[[Any, _Job], _Found], job: _Job) -> _Found:
    return function(_kept, job)


class Crew:
    """Map a function over jobs, in order, in as many processes as there are cores.

    Parameters
    ----------
    answers : int
        How many answers the largest board has; decides whether processes are started at all.
    jobs : int, optional
        Processes at most; one a core by default.
    """

    def __init__(self, answers: int, jobs: int | None = None) -> None:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        wanted = cores if jobs is None else jobs
        self._jobs = wanted if answers >= _WORTH_A_PROCESS else 1

    @property
    def parallel(self) -> bool:
        """Whether there are processes at all."""
        return self._jobs > 1

    def map(self, function: Callable[[_Job], _Found], jobs: Sequence[_Job]) -> Iterator[_Found]:
        """Yield the result of every job in order; no more than a few are made ahead of who takes them.

        Raises
        ------
        EinthovenError
            A process was killed; or what the function raises.
        """
        if not self.parallel or len(jobs) < 2:
            yield from map(function, jobs)
            return
        yield from _ahead(self._pool, function, jobs, self._jobs)

    def map_with(
        self, state: _State, function: Callable[[_State, _Job], _Found], jobs: Sequence[_Job]
    ) -> Iterator[_Found]:
        """Do as `map`, with a state that is too large to travel with every job: each process gets it once."""
        if not self.parallel or len(jobs) < 2:
            for job in jobs:
                yield function(state, job)
            return
        with _pool(self._jobs, _keep, (state,)) as pool:
            yield from _ahead(pool, partial(_with_state, function), jobs, self._jobs)

    @cached_property
    def _pool(self) -> ProcessPoolExecutor:
        return _pool(self._jobs)

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if "_pool" in self.__dict__:
            self._pool.shutdown(cancel_futures=True)
