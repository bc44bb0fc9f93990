"""The loops that numba compiles: the same arithmetic as in `ink` and `trace`, number by number, without the arrays.

They are plain functions and give the same pixels uncompiled, only slowly. No constant of another module is used
inside them: numba's cache on disk knows a kernel by this file alone and would keep an old value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import floor, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Kernels", "compiled", "inked", "lined"]


@dataclass(frozen=True, slots=True)
class Kernels:
    """The functions of this module, compiled."""

    inked: Callable[..., None]
    lined: Callable[..., tuple[NDArray[np.float64], NDArray[np.float64]]]


def inked(
    plane: NDArray[np.uint8],
    x0: int,
    line_top: NDArray[np.float64],
    line_bottom: NDArray[np.float64],
    halves: NDArray[np.float32],
    tip: bool,
    steps: int,
    coverages: NDArray[np.uint8],
) -> None:
    """Ink one stroke: what `einthoven.renderers.ink` does for all strokes of a page at once.

    Parameters
    ----------
    plane : ndarray of uint8, shape (height, width)
        Indices, changed in place.
    x0 : int
        The page column on whose centre the first point lies.
    line_top, line_bottom : ndarray of float64, shape (points,)
        The centre line.
    halves : ndarray of float32, shape (reach + 1,)
        Half the height of the pen's disc at 0, 1, … steps from its centre.
    tip : bool
        Whether the disc ends half a step beyond the last of these.
    steps : int
        Abscissas a pixel.
    coverages : ndarray of uint8, shape (steps * unit + 1,)
        Coverage of an index by the units of a pixel's abscissas that are inked.
    """
    height, width = plane.shape
    reach = halves.size - 1
    pen = np.float64(2.0) * np.float64(halves[0])
    unit = (coverages.size - 1) // steps
    full = coverages[coverages.size - 1]
    ground = np.uint8(255) ^ full
    side = max(0, -(-(reach - steps // 2) // steps))
    lead_in = side * steps + steps // 2
    columns = -(-(lead_in + line_top.size + reach) // steps)
    size = columns * steps
    margin = reach + 1

    low = np.full(size + 2 * margin, np.inf, dtype=np.float32)
    high = np.full(size + 2 * margin, -np.inf, dtype=np.float32)
    least, most = -2.0 * pen, height + 2.0 * pen
    for i in range(line_top.size):
        above, below = line_top[i], line_bottom[i]
        if above == above:
            low[margin + lead_in + i] = np.float32(min(max(above, least), most))
        if below == below:
            high[margin + lead_in + i] = np.float32(min(max(below, least), most))

    # Slices, so that every index is plainly within bounds: what the compiler can vectorise.
    top, bottom = low[margin:][:size] - halves[0], high[margin:][:size] + halves[0]
    for step in range(1, reach + 1):
        half = halves[step]
        low_back, low_ahead = low[margin - step :][:size], low[margin + step :][:size]
        high_back, high_ahead = high[margin - step :][:size], high[margin + step :][:size]
        for i in range(size):
            top[i] = min(top[i], min(low_back[i], low_ahead[i]) - half)
            bottom[i] = max(bottom[i], max(high_back[i], high_ahead[i]) + half)
    if tip:
        middle = np.float32(0.5)
        for near, far in ((margin - reach, margin - reach - 1), (margin + reach, margin + reach + 1)):
            low_near, low_far = low[near:][:size], low[far:][:size]
            high_near, high_far = high[near:][:size], high[far:][:size]
            for i in range(size):
                top[i] = min(top[i], (low_near[i] + low_far[i]) * middle)
                bottom[i] = max(bottom[i], (high_near[i] + high_far[i]) * middle)

    start, stop = np.empty(steps, dtype=np.int64), np.empty(steps, dtype=np.int64)
    shift, scale, bound = np.float32(0.5), np.float32(unit), height * unit
    for column in range(max(0, side - x0), min(columns, width + side - x0)):
        x, at = x0 - side + column, column * steps
        end = bottom[at]
        for k in range(1, steps):
            end = max(end, bottom[at + k])
        if not isfinite(end):
            continue
        first, last, common_start, common_stop = bound, 0, 0, bound
        for k in range(steps):
            upper, lower = top[at + k], bottom[at + k]
            if not isfinite(lower):
                lower = end
            upper = min(upper, lower)
            begin = min(max(int(np.rint((upper + shift) * scale)), 0), bound)
            finish = min(max(int(np.rint((lower + shift) * scale)), 0), bound)
            start[k], stop[k] = begin, finish
            first, last = min(first, begin), max(last, finish)
            common_start, common_stop = max(common_start, begin), min(common_stop, finish)
        row, beyond = first // unit, -(-last // unit)
        solid, solid_end = -(-common_start // unit), common_stop // unit
        while row < beyond:
            if solid <= row < solid_end:
                plane[row, x] |= full
                row += 1
                continue
            covered, edge = 0, row * unit
            for k in range(steps):
                covered += max(0, min(stop[k] - edge, unit) - max(start[k] - edge, 0))
            coverage, index = coverages[covered], plane[row, x]
            if coverage > index & full:
                plane[row, x] = index & ground | coverage
            row += 1


def lined(
    samples: NDArray[np.float32],
    sampling_rate: float,
    t0: float,
    t1: float,
    points_per_second: int,
    window: NDArray[np.float64],
    begin: int,
    first: int,
    points: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sample the polyline through a lead's samples: see `einthoven.renderers.trace.centre_line`.

    Parameters
    ----------
    samples, sampling_rate, t0, t1, points_per_second
        As there.
    window : ndarray of float64
        Room for the samples from ``begin - 1`` on; overwritten.
    begin : int
        The last sample not after `t0`.
    first, points : int
        The first point, counted from 0 s, and how many there are.
    """
    for i in range(window.size):
        window[i] = np.nan
        at = begin - 1 + i
        if 0 <= at < samples.size:
            held = np.float64(samples[at])
            if isfinite(held):
                window[i] = held

    low = np.full(points, np.nan)
    for i in range(points):
        position = np.float64(first + i) * sampling_rate / points_per_second
        before = floor(position)
        index = int(before) - begin + 1
        if 0 <= index < window.size - 1:
            left = window[index]
            low[i] = left + (window[index + 1] - left) * (position - before)
    high = low.copy()

    for turning in range(1, window.size - 1):
        value = window[turning]
        into, out = value - window[turning - 1], window[turning + 1] - value
        if value == value and (into * out <= 0 or into != into or out != out):
            seconds = np.float64(turning + begin - 1) / sampling_rate
            if t0 <= seconds <= t1:
                nearest = min(max(int(np.rint(seconds * points_per_second)) - first, 0), points - 1)
                if not low[nearest] <= value:
                    low[nearest] = value
                if not high[nearest] >= value:
                    high[nearest] = value
    return low, high


def compiled(cache: bool) -> Kernels:
    """Compile the kernels, or load them from the disk.

    Parameters
    ----------
    cache : bool
        Whether the machine code is kept on disk, beside this file or in the user's cache folder.

    Raises
    ------
    ImportError
        numba is not installed.
    RuntimeError
        There is no folder to keep the machine code in.
    """
    import numba

    types: Any = numba.types

    def readable(kind: Any) -> Any:
        return types.Array(kind, 1, "C", readonly=True)

    plane = types.Array(types.uint8, 2, "C")
    window = types.Array(types.float64, 1, "C")
    line, whole, real = readable(types.float64), types.int64, types.float64
    # No fastmath and no parallel: sums stay in their order, and one page is one core.
    ink = numba.njit(
        types.void(plane, whole, line, line, readable(types.float32), types.boolean, whole, readable(types.uint8)),
        nogil=True,
        cache=cache,
    )
    trace = numba.njit(
        types.UniTuple(window, 2)(readable(types.float32), real, real, real, whole, window, whole, whole, whole),
        nogil=True,
        cache=cache,
    )
    return Kernels(ink(inked), trace(lined))
