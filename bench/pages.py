"""Pages for the model: rendered in worker processes, ahead of the asking."""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from einthoven.bench.settings import Settings
from einthoven.bench.sources.source import Entry, Source
from einthoven.renderers.options import STANDARD
from einthoven.renderers.registry import UNDRAWN, looking, view

if TYPE_CHECKING:
    from einthoven.renderers.page import Page

__all__ = ["Pages", "drawn", "worn"]

#: Below this many pages a worker process costs more to start than it saves.
_WORTH_A_PROCESS = 64

#: From so many pages a worker on it pays to load the compiled kernels before the first.
_WORTH_KERNELS = 200

#: Seed of all wear.
_SEED = 0

_worker_source: Source | None = None


def _start_worker(source: Source, many: bool) -> None:
    global _worker_source
    _worker_source = source
    if many:
        from einthoven.renderers import engine

        engine.start()


def _draw_in_worker(entry: Entry, settings: Settings, blank: bool) -> tuple[Page, ...]:
    assert _worker_source is not None
    return drawn(_worker_source, entry, settings, blank)


def drawn(source: Source, entry: Entry, settings: Settings, blank: bool = False) -> tuple[Page, ...]:
    """Draw a record, or its empty page, as a run shows it: in its look, worn as the settings ask."""
    options = looking(settings.view, STANDARD, entry.look) if entry.look else None
    draw = view(settings.view, blank=True) if blank else view(settings.view, options=options)
    return worn(draw(source.load(entry)), settings, entry.wear)


def worn(pages: tuple[Page, ...], settings: Settings, name: str) -> tuple[Page, ...]:
    """Wear the pages of a record down as the settings ask, every record by a draw of its own."""
    if not settings.degrade:
        return pages
    from einthoven.renderers.degrade import degraded, seed_of

    return tuple(
        degraded(page, settings.degrade, settings.severity, seed_of(name, _SEED, number))
        for number, page in enumerate(pages)
    )


class Pages:
    """Render records of one source in one view.

    Parameters
    ----------
    source : Source
        Where the recordings come from; each worker process gets its own copy.
    settings : Settings
        View, wear, and how many worker processes at most.
    expected : int
        How many pages will be wanted; decides whether worker processes are started.
    """

    def __init__(self, source: Source, settings: Settings, expected: int) -> None:
        self._source = source
        self._settings = settings
        jobs = settings.jobs
        self._in_processes = jobs > 1 and expected >= _WORTH_A_PROCESS
        # Spawned, not forked: a fork of a process with threads (the progress bar, BLAS) may hang.
        self._pool: Executor = (
            ProcessPoolExecutor(
                jobs, multiprocessing.get_context("spawn"), _start_worker, (source, expected >= jobs * _WORTH_KERNELS)
            )
            if self._in_processes
            else ThreadPoolExecutor(1)
        )

    async def of(self, entry: Entry, pictures: Literal["view", "blank", "none"] = "view") -> tuple[Page, ...]:
        """Return what an arm shows of one record: its pages, empty ones in their place, or none."""
        if pictures == "none":
            return ()
        if pictures == "blank" and self._settings.view not in UNDRAWN:
            return self.blank
        wanted = (entry, self._settings, pictures == "blank")
        loop = asyncio.get_running_loop()
        if self._in_processes:
            return await loop.run_in_executor(self._pool, _draw_in_worker, *wanted)
        return await loop.run_in_executor(self._pool, drawn, self._source, *wanted)

    @cached_property
    def blank(self) -> tuple[Page, ...]:
        """The view's empty pages, where they are the same for every record; nothing where each has its own."""
        if self._settings.view in UNDRAWN:
            return ()
        return worn(view(self._settings.view, blank=True)(), self._settings, "blank")

    def close(self) -> None:
        """Stop the workers; what they have begun is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)
