"""Pages for the model: rendered in worker processes, ahead of the asking."""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from typing import TYPE_CHECKING

from einthoven.bench.sources.source import Entry, Source
from einthoven.renderers.registry import view

if TYPE_CHECKING:
    from einthoven.renderers.page import Page

__all__ = ["Pages"]

#: Below this many pages a worker process costs more to start than it saves.
_WORTH_A_PROCESS = 64

_worker_source: Source | None = None


def _start_worker(source: Source) -> None:
    global _worker_source
    _worker_source = source


def _draw_in_worker(entry: Entry, view_name: str) -> tuple[Page, ...]:
    assert _worker_source is not None
    return _draw(_worker_source, entry, view_name)


def _draw(source: Source, entry: Entry, view_name: str) -> tuple[Page, ...]:
    return view(view_name)(source.load(entry))


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

    async def of(self, entry: Entry) -> tuple[Page, ...]:
        """Return the pages of one record."""
        loop = asyncio.get_running_loop()
        if self._in_processes:
            return await loop.run_in_executor(self._pool, _draw_in_worker, entry, self._view)
        return await loop.run_in_executor(self._pool, _draw, self._source, entry, self._view)

    def close(self) -> None:
        """Stop the workers; what they have begun is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)
