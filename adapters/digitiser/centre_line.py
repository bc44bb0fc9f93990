"""The line along which a round pen left the ink's edges.

The ink's upper edge bounds the line from above and its lower edge from below. Both are tight along a flank, but at
the tip of an R wave the lower edge is the flanks' and tells nothing of its height. What the pen would draw along the
line is therefore held against the edges: an edge that is not reached pulls at the point nearest to it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["centre_line"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Pens: gaps up to this are bridged by a straight line, longer ones show nothing.
_BRIDGED = 6.0

#: Times that the centre line is corrected by what the pen would have drawn, and sub-steps of a column in this.
_CORRECTIONS, _SUBSTEPS = 6, 3

#: Pens: a run that is higher is steep. Columns on either side that are fitted with it, and how many of them are left
#: as they were: the thickest pen reaches as far.
_STEEP, _AROUND, _LEVEL = 1.6, 5, 3

#: Share of the pen's radius that the fit believes in: edges are blurred, and a tip is sampled by columns.
_ROUND = 1.0

#: Pixels within which a point is the nearest to an edge; share of what is missing that it is pulled by at a time.
_NEAREST, _PULL = 0.5, 0.5


def centre_line(top: Floats, bottom: Floats, pen: float, wide: float | None = None) -> Floats:
    """Find the line.

    Parameters
    ----------
    top, bottom : ndarray, shape (rows, width)
        The edges of each row's ink in each column; NaN where there is none.
    pen : float
        Pixels that a level stroke is high.
    wide : float, optional
        Pixels that an upright one is wide: as many, unless the page was stretched.

    Returns
    -------
    ndarray, shape (rows, width)
        The line's y at each column's centre; NaN in gaps.
    """
    stretched = round((wide or pen) / pen)
    if stretched > 1:
        return _unstretched(top, bottom, pen, stretched)
    middle = 0.5 * (top + bottom)
    known = np.isfinite(middle)
    line = _bridged(middle, pen)
    width = line.shape[1]
    # All steep stretches of all rows are fitted in one go, one behind the other; their outer columns are level and
    # stay as they are, so that no stretch feels the next.
    stretches = []
    for row in range(len(line)):
        place = np.flatnonzero(known[row])
        if place.size:
            steep = _around(known[row] & (bottom[row] - top[row] > _STEEP * pen))
            stretches.append(row * width + place[np.isin(place, steep)])
    inside = np.concatenate(stretches) if stretches else np.zeros(0, dtype=np.int64)
    if inside.size > 8:
        stretch = np.cumsum(np.diff(inside, prepend=inside[0]) > 1)
        size = np.bincount(stretch)
        since = np.arange(inside.size) - (np.cumsum(size) - size)[stretch]
        inner = (since >= _LEVEL) & (size[stretch] - since > _LEVEL)
        fitted = _fitted(top.reshape(-1)[inside], bottom.reshape(-1)[inside], pen)
        line.reshape(-1)[inside[inner]] = fitted[inner]
    return line


def _unstretched(top: Floats, bottom: Floats, pen: float, times: int) -> Floats:
    """Find the line where the pen was round before its columns were repeated so many times.

    Interpolated or not, the edges step where one column's pixels meet the next one's.
    """
    with np.errstate(invalid="ignore"):
        step = np.nansum(np.abs(np.diff(top, axis=1)), axis=0) + np.nansum(np.abs(np.diff(bottom, axis=1)), axis=0)
    begins = int(np.argmax([step[k::times].mean() for k in range(times)])) + 1
    first = (begins + times // 2) % times
    fitted = centre_line(top[:, first::times], bottom[:, first::times], pen)
    column = np.arange(top.shape[1])
    own = column[first::times] - (0.5 if times % 2 == 0 else 0.0)
    return np.stack([np.interp(column, own, row) for row in fitted])  # NaN on either side of a gap


def _around(steep: Bools) -> Integers:
    """Give the steep columns and some on either side."""
    near = np.convolve(steep, np.ones(2 * _AROUND + 1), "same") > 0.5
    return np.flatnonzero(near)


def _fitted(top: Floats, bottom: Floats, pen: float) -> Floats:
    """Fit a line to the edges of a stretch."""
    steps = _SUBSTEPS
    radius = _ROUND * pen / 2.0
    reach = int(radius * steps)
    column = np.arange(len(top))
    fine = np.arange((len(top) - 1) * steps + 1) / steps
    upper, lower = np.interp(fine, column, top), np.interp(fine, column, bottom)
    offset = np.arange(-reach, reach + 1)
    rise = np.sqrt(np.maximum(radius**2 - (offset / steps) ** 2, 0.0))[:, None]
    neighbours = _neighbours(reach)
    highest = (neighbours(upper) + rise).max(axis=0)
    lowest = (neighbours(lower) - rise).min(axis=0)
    between = 0.5 * (highest + lowest)
    highest, lowest = np.minimum(highest, between), np.maximum(lowest, between)
    line = np.clip(0.5 * (upper + lower), highest, lowest)
    for _ in range(_CORRECTIONS):
        around = neighbours(line)
        drawn_top, drawn_bottom = (around - rise).min(axis=0), (around + rise).max(axis=0)
        missing_top = np.maximum(drawn_top - upper, 0.0)
        missing_bottom = np.maximum(lower - drawn_bottom, 0.0)
        # The point itself is the one nearest to the edge of these neighbours.
        pulls_up = (line - rise <= neighbours(drawn_top + _NEAREST)) * neighbours(missing_top)
        pulls_down = (line + rise >= neighbours(drawn_bottom - _NEAREST)) * neighbours(missing_bottom)
        line = np.clip(line + _PULL * (pulls_down.max(axis=0) - pulls_up.max(axis=0)), highest, lowest)
    return np.asarray(line[::steps])


def _neighbours(reach: int) -> Callable[[Floats], Floats]:
    """Give what lays the neighbours of every point below each other, from the left to the right: (2 reach + 1, n)."""

    def laid(values: Floats) -> Floats:
        padded = np.empty(len(values) + 2 * reach)
        padded[:reach], padded[reach : len(padded) - reach], padded[len(padded) - reach :] = (
            values[0],
            values,
            values[-1],
        )
        step = padded.strides[0]
        # As sliding_window_view gives it, without its checks: twelve patches are many short stretches.
        shape = (2 * reach + 1, len(values))
        return np.lib.stride_tricks.as_strided(padded, shape, (step, step), writeable=False)

    return laid


def _bridged(middle: Floats, pen: float) -> Floats:
    """Fill short gaps with straight lines."""
    filled = middle.copy()
    for row in filled:
        known = np.flatnonzero(np.isfinite(row))
        if known.size < 2:
            continue
        gap = np.diff(known)
        for begin, length in zip(known[:-1][gap > 1], gap[gap > 1], strict=True):
            if length - 1 <= _BRIDGED * pen:
                inner = np.arange(begin + 1, begin + length)
                row[inner] = np.interp(inner, [begin, begin + length], [row[begin], row[begin + length]])
    return filled
