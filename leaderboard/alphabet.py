"""One character an answer: positions in a legend written as characters, and the two that stand for no answer.

The first 64 positions are ASCII, so that what is common takes one byte; the further ones are letters of the CJK
blocks, which need no escape in JavaScript, JSON or HTML. ``assets/registry.js`` reads them back.
"""

from __future__ import annotations

import string
from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["NOT_ASKED", "UNUSABLE", "written"]

#: An answer that cannot be used, as a position and as a character.
UNUSABLE, _UNUSABLE_CHARACTER = -1, "!"

#: Nobody was asked; of a truth: masked.
NOT_ASKED, _NOT_ASKED_CHARACTER = -2, "-"

_PLAIN = string.digits + string.ascii_letters + "._"

#: First and last code point of the blocks for what is beyond: assigned, of no direction, and without combining marks.
_BLOCKS = ((0x4E00, 0x9FFF), (0x20000, 0x2A6DF))


@cache
def _code_points() -> NDArray[np.uint32]:
    blocks = [np.arange(first, last + 1, dtype=np.uint32) for first, last in _BLOCKS]
    plain = np.array([ord(character) for character in _PLAIN], dtype=np.uint32)
    # Negative positions count from the end: -2 is the last but one.
    ends = np.array([ord(_NOT_ASKED_CHARACTER), ord(_UNUSABLE_CHARACTER)], dtype=np.uint32)
    return np.concatenate([plain, *blocks, ends])


def written(positions: NDArray[np.integer]) -> str:
    """Return positions as a string, one character each.

    Parameters
    ----------
    positions : ndarray of int, shape (records,)
        Places in a legend; `UNUSABLE`; `NOT_ASKED`.

    Raises
    ------
    ValueError
        A position beyond the alphabet (about 64,000 distinct answers).
    """
    points = _code_points()
    if positions.size and not -2 <= positions.min() <= positions.max() < len(points) - 2:
        raise ValueError(f"no more than {len(points) - 2:,} distinct answers can be written with one character each")
    text: str = points[positions].astype("<u4").tobytes().decode("utf-32-le")
    return text
