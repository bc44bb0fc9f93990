"""Random draws: every effect has a stream of its own, so that none moves when another draws more."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

__all__ = ["dice", "share", "stream"]


def stream(seed: int, effect: str) -> np.random.RandomState:
    """Start the stream of one effect.

    Parameters
    ----------
    seed : int
        Of the page; any whole number.
    effect : str
        The effect's name.
    """
    return np.random.RandomState(int.from_bytes(sha256(f"{seed}:{effect}".encode()).digest()[:4], "big"))


def share(draws: np.random.RandomState, least: float = 0.6) -> float:
    """Draw how much of its strength an effect reaches, `least` to 1, to either side."""
    return float(draws.uniform(least, 1.0) * draws.choice((-1.0, 1.0)))


def dice(draws: np.random.RandomState, count: int) -> NDArray[np.uint8]:
    """Draw `count` random bytes: eight at a time, in a quarter of the time that ``RandomState.bytes`` takes."""
    words = draws.randint(0, 2**64, -(-count // 8), dtype=np.uint64)
    return words.astype("<u8", copy=False).view(np.uint8)[:count]
