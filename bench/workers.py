"""A function over many things in worker processes: in order, with few of them in flight, and no orphans."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_all_start_methods, get_context, parent_process
from typing import Any, TypeVar

from einthoven.errors import EinthovenError, Exit

__all__ = ["cores", "mapped"]

#: Things in flight a worker: enough that none waits for the parent, few enough that memory stays flat.
_AHEAD = 4

Thing = TypeVar("Thing")
Result = TypeVar("Result")


def cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def mapped(
    work: Callable[[Thing], Result],
    things: Iterable[Thing],
    workers: int,
    start: Callable[..., None],
    given: tuple[Any, ...],
    killed: tuple[str, str],
) -> Iterator[Result]:
    """Yield ``work(thing)`` for each thing, in the order of the things.

    Parameters
    ----------
    work : callable
        A function of a module.
    things : iterable
        Taken a few at a time.
    workers : int
        Processes; with fewer than two the work is done in this one.
    start : callable
        Called with `given` in each process before any work.
    given : tuple
        What `start` needs.
    killed : tuple of str
        What to say when a worker was killed: what is wrong, and what to do.

    Raises
    ------
    EinthovenError
        A worker was killed (`Exit.INCOMPLETE`).
    """
    if workers < 2:
        start(*given)
        yield from map(work, things)
        return
    # Workers are started afresh, never forked: this process may run threads (numpy's, a progress bar's).
    context = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # the workers fill the cores; threads in them would only queue
    pool = ProcessPoolExecutor(workers, context, _start_worker, (start, given))
    waiting: deque[Future[Result]] = deque()
    try:
        for thing in things:
            waiting.append(pool.submit(work, thing))
            if len(waiting) >= workers * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise EinthovenError(*killed, Exit.INCOMPLETE) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _start_worker(start: Callable[..., None], given: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer, in two lines
    threading.Thread(target=_end_with_parent, daemon=True).start()
    start(*given)


def _end_with_parent() -> None:
    """End this process when the parent is gone: killed outright, it cannot tell its workers to stop."""
    parent = parent_process()
    if parent is not None:
        parent.join()  # a pipe that the system closes; the parent's number may live on in a zombie or a stranger
        os._exit(1)
