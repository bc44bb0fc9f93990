"""The beats laid on each other: within a column by the form of their QRS, from column to column by when it moves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

__all__ = ["NEAR", "aligned"]

Floats = NDArray[np.float32]
Integers = NDArray[np.int_]
Bools = NDArray[np.bool_]

#: Seconds before and behind the middle of an excitation that are compared to lay one beat on another.
NEAR = 0.10

#: Seconds that a beat may be moved.
_REACH = 0.05

#: Seconds over which movement is averaged before columns are held against each other: one lead's QRS has a peak where
#: another's has a trough.
_SMOOTH = 0.04

#: Beats that correlate better than this with the middle beat are of its kind.
_ALIKE = 0.80


def aligned(rows: Floats, edges: Sequence[int], peaks: Integers, rate: float) -> tuple[Integers, Bools]:
    """Lay the beats on each other.

    Parameters
    ----------
    rows, edges
        As `einthoven.adapters.digitiser.guide.guide` gives them. Other leads have other forms: what is compared from
        column to column is how much moves at each moment, whichever way.
    peaks : ndarray of int, shape (beats,)
        Samples; one a beat.
    rate : float
        Hz.

    Returns
    -------
    places : ndarray of int, shape (beats,)
        The same moment of each beat.
    alike : ndarray of bool, shape (beats,)
        Which are of the commonest kind; at least two of a column, or all.
    """
    from scipy.ndimage import uniform_filter1d

    places, alike = peaks.copy(), np.ones(len(peaks), dtype=np.bool_)
    forms: list[tuple[Bools, Floats]] = []
    for a, b in pairwise(edges):
        own = (peaks >= a) & (peaks < b)
        if own.any():
            places[own], alike[own], form = _in_column(rows[:, a:b], peaks[own] - a, rate)
            places[own] += a
            moves = np.sqrt(np.square(form).sum(axis=0))
            forms.append((own, uniform_filter1d(moves, max(round(_SMOOTH * rate), 1))))
    if len(forms) > 1:
        # The column with the most beats knows its form best.
        _, reference = max(forms, key=lambda one: int(one[0].sum()))
        for own, moves in forms:
            places[own] -= _lag(reference, moves, round(_REACH * rate))
    return places, alike


def _in_column(rows: Floats, peaks: Integers, rate: float) -> tuple[Integers, Bools, Floats]:
    """Align the beats of one column; give their places, which are alike, and how the middle one moves."""
    near, reach = round(NEAR * rate), round(_REACH * rate)
    padded = np.pad(rows, ((0, 0), (near + reach, near + reach)), mode="edge")
    at = peaks[:, None] + np.arange(2 * (near + reach) + 1)
    wide = np.diff(padded[:, at], axis=2).transpose(1, 0, 2)  # beats, leads, samples
    middle = np.median(wide, axis=0)[:, reach:-reach]
    windows = np.lib.stride_tricks.sliding_window_view(wide, middle.shape[1], axis=2)
    size = np.sqrt(np.einsum("blws,blws->bw", windows, windows))
    lag, likeness = np.full(len(peaks), reach), np.zeros(len(peaks))
    for _ in range(2):
        score = np.einsum("blws,ls->bw", windows, middle) / np.maximum(size * np.linalg.norm(middle), 1e-9)
        lag, likeness = score.argmax(axis=1), score.max(axis=1)
        middle = np.median(windows[np.arange(len(peaks)), :, lag], axis=0)
    alike = likeness > _ALIKE
    if alike.sum() < 2:
        alike[:] = True
    return peaks + lag - reach, alike, np.asarray(middle)


def _lag(reference: Floats, moves: Floats, reach: int) -> int:
    """Give by how many samples the movement of one column's beat comes before another's."""
    padded = np.pad(moves, reach)
    windows = np.lib.stride_tricks.sliding_window_view(padded, len(reference))
    return reach - int(np.argmax(windows @ reference))
