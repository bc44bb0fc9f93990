"""Memory for the pixels of a page, used again for the next page as soon as nobody looks at the last one.

A page is some megabytes. Asked of the system anew each time, they come as pages of memory that it has to map and
clear one by one, which takes longer than drawing on them.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from math import prod
from threading import local

import numpy as np
from numpy.typing import NDArray

__all__ = ["copied", "room"]

#: Blocks kept a thread: as many as one page needs at a time.
_MOST = 3


@dataclass(slots=True)
class _Block:
    """Some memory, and the array that it was last lent as."""

    memory: bytearray
    lent: weakref.ref[NDArray[np.uint8]]


class _Kept(local):
    def __init__(self) -> None:
        self.blocks: list[_Block] = []


_kept = _Kept()


def room(shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Give an array with any content.

    It is the caller's own like any other: its memory is lent again only when neither it nor a view of it is left.

    Parameters
    ----------
    shape : tuple of int
        Of the array.

    Returns
    -------
    ndarray of uint8, contiguous
    """
    size = prod(shape)
    free = [block for block in _kept.blocks if block.lent() is None]
    block = next((block for block in free if len(block.memory) >= size), None)
    if block is None:
        if len(_kept.blocks) - len(free) >= _MOST:
            return np.empty(shape, dtype=np.uint8)
        if len(_kept.blocks) >= _MOST:
            _kept.blocks.remove(free[0])
        memory = bytearray(size)
        found = np.frombuffer(memory, dtype=np.uint8)
        _kept.blocks.append(_Block(memory, weakref.ref(found)))
    else:
        found = np.frombuffer(block.memory, dtype=np.uint8, count=size)
        block.lent = weakref.ref(found)
    # Views of a view refer to the array that owns no memory itself but was made of the block: to `found`.
    return found.reshape(shape)


def copied(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Copy an array into `room`: what ``array.copy()`` gives, but faster for a page."""
    copy = room(array.shape)
    np.copyto(copy, array)
    return copy
