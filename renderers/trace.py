"""Samples of a lead become a centre line on an even, fine time base."""

from __future__ import annotations

from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from einthoven.renderers import engine

__all__ = ["centre_line"]


def centre_line(
    samples: NDArray[np.float32], sampling_rate: float, t0: float, t1: float, points_per_second: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sample the polyline through a lead's samples.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Millivolts from 0 s on. A sample that is not finite is a gap, and so are the lines to it.
    sampling_rate : float
        Hz.
    t0, t1 : float
        The seconds wanted, both ends included. What lies after the last sample is a gap.
    points_per_second : int
        Of the time base.

    Returns
    -------
    low, high : ndarray of float64, shape (round((t1 - t0) * points_per_second) + 1,)
        Millivolts; NaN in gaps. They differ only where a peak falls between two points: the nearest point then
        reaches up or down to it, so that no sampling rate loses the height of an R wave.
    """
    first = round(t0 * points_per_second)
    points = round(t1 * points_per_second) - first + 1
    begin = floor(t0 * sampling_rate)
    window = np.full(ceil(t1 * sampling_rate) - begin + 3, np.nan)  # one sample more on either side
    if kernels := engine.kernels():
        held = np.ascontiguousarray(samples)
        return kernels.lined(held, sampling_rate, t0, t1, points_per_second, window, begin, first, points)

    # Multiply before dividing: the quotient of exact integers is exact where a point falls on a sample.
    position = np.arange(first, first + points) * sampling_rate / points_per_second
    before = np.floor(position)
    share = position - before
    held = samples[max(begin - 1, 0) : begin - 1 + window.size]
    window[max(1 - begin, 0) :][: held.size] = held
    window[~np.isfinite(window)] = np.nan

    index = before.astype(np.int64) - begin + 1
    left = window[index]
    low = left + (window[index + 1] - left) * share
    high = low.copy()

    # Turning points and the ends of gaps, each at the point next to it.
    step = np.diff(window)
    with np.errstate(invalid="ignore"):
        turns = (step[:-1] * step[1:] <= 0) | np.isnan(step[:-1]) | np.isnan(step[1:])
    turning = np.flatnonzero(turns & np.isfinite(window[1:-1])) + 1
    seconds = (turning + begin - 1) / sampling_rate
    inside = (seconds >= t0) & (seconds <= t1)
    turning, seconds = turning[inside], seconds[inside]
    nearest = np.clip(np.rint(seconds * points_per_second).astype(np.int64) - first, 0, points - 1)
    np.fmin.at(low, nearest, window[turning])
    np.fmax.at(high, nearest, window[turning])
    return low, high
