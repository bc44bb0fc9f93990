"""Crops of a recording: one drawn for training, several averaged in answering."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["covering"]


def covering(samples: int, length: int) -> tuple[int, ...]:
    """Return where crops start that cover a recording, each overlapping the next by half or more.

    Parameters
    ----------
    samples : int
        Of the recording.
    length : int
        Of a crop, at most `samples`.
    """
    if length >= samples:
        return (0,)
    count = int(np.ceil((samples - length) / (length / 2))) + 1
    starts: NDArray[np.float64] = np.linspace(0, samples - length, count)
    return tuple(int(start) for start in np.rint(starts))
