"""Batches made ahead: while the network learns from one, a thread cuts and augments the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from queue import Queue
from threading import Event, Thread
from typing import TypeVar

__all__ = ["ahead"]

T = TypeVar("T")

#: Batches that wait at most: enough for the device never to wait, and no memory worth speaking of.
_WAITING = 2


def ahead(batches: Iterable[T], waiting: int = _WAITING) -> Iterator[T]:
    """Give the same batches in the same order, made by a thread while the last one is used.

    NumPy and torch let go of the interpreter in their loops, so that on two cores the batches cost nothing.

    Parameters
    ----------
    batches : iterable
        Iterated by one thread only; what it raises is raised here.
    waiting : int
        Batches that are made ahead at most.
    """
    made: Queue[tuple[T | None, BaseException | None, bool]] = Queue(waiting)
    stop = Event()

    def make() -> None:
        try:
            for batch in batches:
                made.put((batch, None, False))
                if stop.is_set():
                    return
            made.put((None, None, True))
        except BaseException as error:
            made.put((None, error, True))

    thread = Thread(target=make, name="batches", daemon=True)
    thread.start()
    try:
        while True:
            batch, error, last = made.get()
            if error is not None:
                raise error
            if last:
                return
            yield batch  # type: ignore[misc]
    finally:
        stop.set()
        while thread.is_alive():  # it may wait for room in the queue
            while not made.empty():
                made.get_nowait()
            thread.join(0.01)
