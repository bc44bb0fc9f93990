"""Pages for the model: rendered in worker processes, ahead of the asking."""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from einthoven.bench.sources.source import Entry, Source
from einthoven.renderers.registry import UNDRAWN, view

if TYPE_CHECKING:
    from einthoven.renderers.page import Page

__all__ = ["Pages"]

#: Below this many pages a worker process costs more to start than it saves.
_WORTH_A_PROCESS = 64

_worker_source: Source | None = None


def _start_worker(source: Source) -> None:
    global _worker_source
    _worker_source = source


def _draw_in_worker(entry: Entry, view_name: str, blank: bool) -> tuple[Page, ...]:
    assert _worker_source is not None
    return _draw(_worker_source, entry, view_name, blank)


def _draw(source: Source, entry: Entry, view_name: str, blank: bool) -> tuple[Page, ...]:
    return (view(view_name, blank=True) if blank else view(view_name))(source.load(entry))


class Pages:
    """Render records of one source in one view.

    Parameters
    ----------
    source : Source
        Where the recordings come from; each worker process gets its own copy.
    view_name : str
        A name of the view registry.
    expected : int
        How many pages will be wanted; decides whether worker processes are started.
    jobs : int
        How many worker processes at most.
    """

    def __init__(self, source: Source, view_name: str, expected: int, jobs: int) -> None:
        self._source = source
        self._view = view_name
        self._in_processes = jobs > 1 and expected >= _WORTH_A_PROCESS
        # Spawned, not forked: a fork of a process with threads (the progress bar, BLAS) may hang.
        self._pool: Executor = (
            ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _start_worker, (source,))
            if self._in_processes
            else ThreadPoolExecutor(1)
        )

    async def of(self, entry: Entry, pictures: Literal["view", "blank", "none"] = "view") -> tuple[Page, ...]:
        """Return what an arm shows of one record: its pages, empty ones in their place, or none."""
        if pictures == "none":
            return ()
        if pictures == "blank" and self._view not in UNDRAWN:
            return self.blank
        wanted = (entry, self._view, pictures == "blank")
        loop = asyncio.get_running_loop()
        if self._in_processes:
            return await loop.run_in_executor(self._pool, _draw_in_worker, *wanted)
        return await loop.run_in_executor(self._pool, _draw, self._source, *wanted)

    @cached_property
    def blank(self) -> tuple[Page, ...]:
        """The view's empty pages, where they are the same for every record; nothing where each has its own."""
        return () if self._view in UNDRAWN else view(self._view, blank=True)()

    def close(self) -> None:
        """Stop the workers; what they have begun is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)
