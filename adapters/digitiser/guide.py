"""What runs through a page, to find the beats by: its strips, or one column's leads after the other's."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.digitiser.digitised import Digitised
from einthoven.ecg.recording import LEADS

__all__ = ["THROUGH", "filled", "guide"]

Floats = NDArray[np.float32]

#: Share of the page that a lead runs through at least to give the rhythm, or to be measured as it is.
THROUGH = 0.95

#: Seconds at the beginning of a column that level it with the one before.
_LEVELLED = 0.4

#: Share of its samples in which a column moves as fast as in its QRS complexes, about: three beats of 2.5 s.
_FAST = 0.03


def guide(page: Digitised) -> tuple[Floats, tuple[int, ...]]:
    """Give twelve rows that run through.

    Parameters
    ----------
    page : Digitised
        What was read off it.

    Returns
    -------
    rows : ndarray of float32, shape (12, samples)
        mV. The strips in turn; without any the leads on show at each moment in turn, levelled, and each column's
        beats made as large as the others': chest leads are twice as tall as limb leads, and a beat is looked for by
        how it stands out.
    edges : tuple of int
        Where the rows change from one column's leads to the next one's, both ends among them.
    """
    shown = np.isfinite(page.signal)
    through = np.flatnonzero(shown.mean(axis=1) > THROUGH)
    twelve = np.arange(len(LEADS))
    samples = page.signal.shape[1]
    if through.size:
        return filled(page.signal[through])[twelve % len(through)], (0, samples)
    change = {round(place.t0 * page.sampling_rate) for place in page.stretches}
    edges = sorted({0, samples} | {at for at in change if 0 < at < samples})
    parts = [_column(page.signal[:, a:b], shown[:, a:b]) for a, b in pairwise(edges)]
    speeds = [_speed(part) for part in parts]
    usual = float(np.median([speed for speed in speeds if speed > 0.0] or [0.0]))
    hold = round(_LEVELLED * page.sampling_rate)
    rows = np.zeros((len(LEADS), samples), dtype=np.float32)
    level = np.zeros((len(LEADS), 1), dtype=np.float32)
    for (a, b), part, speed in zip(pairwise(edges), parts, speeds, strict=True):
        if speed > 0.0:
            part = part * np.float32(usual / speed)
        rows[:, a:b] = part - np.median(part[:, :hold], axis=1, keepdims=True) + level
        level = np.median(rows[:, max(b - hold, a) : b], axis=1, keepdims=True)
    return rows, tuple(edges)


def filled(signal: Floats) -> Floats:
    """Bridge what is missing of leads that run through, along the last axis."""
    whole = signal.copy()
    for row in whole:
        known = np.flatnonzero(np.isfinite(row))
        if 0 < known.size < row.size:
            row[:] = np.interp(np.arange(row.size), known, row[known])
    return whole


def _column(signal: Floats, shown: NDArray[np.bool_]) -> Floats:
    """Give the leads on show in a column, in turn; nothing where there is none."""
    here = np.flatnonzero(shown.mean(axis=1) > 0.5)
    if not here.size:
        return np.zeros(signal.shape, dtype=np.float32)
    return filled(signal[here])[np.arange(len(LEADS)) % len(here)]


def _speed(part: Floats) -> float:
    """Give how fast a column moves in its QRS complexes."""
    if part.shape[1] < 2:
        return 0.0
    return float(np.quantile(np.sqrt(np.square(np.diff(part, axis=1)).mean(axis=0)), 1.0 - _FAST))
