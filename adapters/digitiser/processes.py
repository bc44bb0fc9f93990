"""Pages read in processes of their own, as many as there are cores: most of the work on a page is Python's."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from typing import Generic, TypeVar

from einthoven.errors import EinthovenError, Exit

__all__ = ["Processes"]

#: So many things are done in this process before others are started: fewer are done sooner than those are ready.
_ALONE = 24

Result = TypeVar("Result")


class Processes(Generic[Result]):
    """Do the same with many things, several at a time.

    Parameters
    ----------
    work : callable
        A function of a module.
    """

    def __init__(self, work: Callable[..., Result]) -> None:
        self._work = work
        self._done = 0
        self._pool: ProcessPoolExecutor | None = None

    @staticmethod
    def most() -> int:
        """Count the cores that this process may use."""
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

    async def of(self, number: int, *given: object) -> Result:
        """Return ``work(*given)``; with a `number` of processes below two it is done in this one.

        Raises
        ------
        EinthovenError
            A process was killed (`Exit.INCOMPLETE`).
        """
        self._done += 1
        if number < 2 or self._done <= _ALONE:
            return self._work(*given)
        if self._pool is None:
            for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
                os.environ.setdefault(name, "1")  # the processes fill the cores; threads in them double the work
            # Spawned, not forked: a fork of a process with threads (the progress bar, BLAS) may hang.
            self._pool = ProcessPoolExecutor(number, get_context("spawn"), _start)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._work, *given)
        except BrokenProcessPool:
            raise EinthovenError(
                "a process that read pages was killed (out of memory?)",
                "run the same command again with --concurrency 1: nothing is asked twice",
                Exit.INCOMPLETE,
            ) from None

    def close(self) -> None:
        """Stop the processes; what they have begun is dropped."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _start() -> None:
    """Make a process one of several: quiet on Ctrl-C, gone when the first one is, and on one core."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from cv2 import setNumThreads

    setNumThreads(1)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
