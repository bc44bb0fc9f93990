"""Pacing spikes: found by their first edge, taken out before anything is filtered."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

__all__ = ["LOWEST_RATE", "without_spikes"]

Floats = NDArray[np.float32]
Integers = NDArray[np.int_]

#: Hz. Below, a spike of 0.5 to 2 ms is a bump like any other.
LOWEST_RATE = 240.0

#: Seconds over which an edge is steep.
_EDGE = 0.002

#: mV that the mean lead jumps at least in an edge.
_JUMP = 0.04

#: Seconds before the edge that are still, and how still: a QRS does not leave its baseline within 4 ms.
_STILL, _APART, _STILLNESS = 0.020, 0.004, 0.125

#: Seconds after the edge in which the electrode's charge is gone, and the share of the jump that is still steep.
_GONE, _STEEP = 0.032, 0.25

#: Seconds behind the edge where a spike is over or level, and a QRS as steep as it began: the half of them less steep
#: than this share of the edge.
_LEVEL_FROM, _LEVEL_TO, _LEVEL = 0.008, 0.020, 0.3

#: A pacemaker that works shows more spikes than this on a page; a single one is a switched lamp.
_FEWEST = 3


def without_spikes(signal: Floats, sampling_rate: float) -> tuple[Floats, Integers]:
    """Bridge pacing spikes by straight lines.

    Parameters
    ----------
    signal : ndarray, shape (12, samples)
        mV, finite.
    sampling_rate : float
        Hz.

    Returns
    -------
    signal : ndarray
        The same array where there are no spikes.
    spikes : ndarray of int
        The samples of their first edges.
    """
    none = np.zeros(0, dtype=np.int_)
    step = max(round(_EDGE * sampling_rate), 1)
    still, apart, gone = (round(s * sampling_rate) for s in (_STILL, _APART, _GONE))
    if sampling_rate < LOWEST_RATE or signal.shape[1] < 4 * (still + gone):
        return signal, none
    jump = np.abs(signal[:, step:] - signal[:, :-step]).mean(axis=0)
    if not jump.max() > _JUMP:
        return signal, none
    width = still - apart
    shift = width // 2 + apart + step
    before = np.full_like(jump, np.inf)
    before[shift:] = maximum_filter1d(jump, width, mode="nearest")[:-shift]
    edges = np.flatnonzero((jump > _JUMP) & (before < _STILLNESS * jump))
    first = edges[np.diff(edges, prepend=-gone) >= gone] if edges.size else edges
    first = first[(first > still) & (first < len(jump) - gone - 1)]
    steepest = jump[first[:, None] + np.arange(apart + 1)].max(axis=1)
    behind = np.arange(round(_LEVEL_FROM * sampling_rate), round(_LEVEL_TO * sampling_rate) + 1)
    first = first[np.median(jump[first[:, None] + behind], axis=1) < _LEVEL * steepest]
    if len(first) < _FEWEST:
        return signal, none
    bridged = signal.copy()
    for edge in first:
        part = jump[edge : edge + gone]
        steep = np.flatnonzero(part > _STEEP * part[: apart + 1].max())
        left, right = edge - step, edge + int(steep[-1]) + 2 * step
        along = np.linspace(0.0, 1.0, right - left + 1, dtype=np.float32)
        bridged[:, left : right + 1] = signal[:, [left]] * (1 - along) + signal[:, [right]] * along
    return bridged, first
