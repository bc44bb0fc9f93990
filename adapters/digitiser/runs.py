"""The ink column by column: every uninterrupted vertical run of it, and which runs hang together.

A page of 2200 by 1700 pixels holds some ten thousand runs: everything after this works on them and on no pixel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Pieces", "Runs", "pieces", "runs", "touching"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Plane = NDArray[np.uint8]

#: Coverage from which on a pixel belongs to a run; the fainter pixel on either side still says where the edge is.
_INKED = 90

#: Coverage that joins two runs, and pixels that may lie between them.
_FAINT, _FAINT_GAP = 40, 10

#: Pixels at either end of a run over which its edge may be spread by blur.
_EDGE = 3

#: Pixels that may lie between runs of one piece: a thin pen is faint where it is steep.
_NEARLY = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Vertical runs of ink, sorted by column and then from the top.

    Attributes
    ----------
    column, first, last : ndarray of int, shape (runs,)
        Where they are; `first` and `last` are rows of the run.
    top, bottom : ndarray of float, shape (runs,)
        The edges of the ink, to a part of a pixel.
    middle : ndarray of float, shape (runs,)
        The ink's centre of gravity.
    ink : ndarray of float, shape (runs,)
        Pixels' worth of ink.
    starts : ndarray of int, shape (width + 1,)
        Runs ``starts[x]`` to ``starts[x + 1]`` are those of column x.
    """

    column: Integers
    first: Integers
    last: Integers
    top: Floats
    bottom: Floats
    middle: Floats
    ink: Floats
    starts: Integers

    @property
    def height(self) -> Floats:
        """Pixels of ink from edge to edge."""
        return np.asarray(self.bottom - self.top)

    def only(self, kept: NDArray[np.bool_]) -> Runs:
        """Give some of the runs."""
        column = self.column[kept]
        return Runs(
            column,
            self.first[kept],
            self.last[kept],
            self.top[kept],
            self.bottom[kept],
            self.middle[kept],
            self.ink[kept],
            np.searchsorted(column, np.arange(len(self.starts))).astype(np.int64),
        )

    def __len__(self) -> int:
        return len(self.column)


def runs(coverage: Plane) -> Runs:
    """Cut the ink into runs.

    Parameters
    ----------
    coverage : ndarray of uint8, shape (height, width)
        255 for a pixel full of ink.
    """
    height, width = coverage.shape
    margin = _EDGE + 1
    turned = np.zeros((width, height + 2 * margin), dtype=np.uint8)  # with clear ends no run meets another column's
    turned[:, margin : margin + height] = coverage.T
    flat = turned.reshape(-1)
    inked = flat > _INKED
    change = np.flatnonzero(inked[1:] != inked[:-1]) + 1
    begin, end = _unbroken(flat, change[::2], change[1::2])  # end is the first pixel after
    line = turned.shape[1]
    column = begin // line
    offset = column * line + margin
    total, moment = _sums(flat, begin, end, offset)
    top = _edge(flat, begin, end, 1) - offset
    bottom = _edge(flat, end - 1, begin - 1, -1) - offset
    middle = moment / np.maximum(total, 1.0)
    low = end - begin <= 2 * _EDGE
    # Where a run is no higher than its edges are wide, its centre and the ink in it say more than its edges.
    half = 0.5 * total / 255.0
    top, bottom = np.where(low, middle - half, top), np.where(low, middle + half, bottom)
    starts = np.searchsorted(column, np.arange(width + 1)).astype(np.int64)
    return Runs(column, begin - offset, end - 1 - offset, top, bottom, middle, total / 255.0, starts)


def _unbroken(flat: Plane, begin: Integers, end: Integers) -> tuple[Integers, Integers]:
    """Join runs between which the ink is faint but does not end, as where two blurred flanks part."""
    gap = begin[1:] - end[:-1]
    short = np.flatnonzero(gap <= _FAINT_GAP)
    if not short.size:
        return begin, end
    # Of a gap that is shorter than the longest its last pixel is looked at again.
    between = flat[end[short][:, None] + np.minimum(np.arange(_FAINT_GAP), gap[short][:, None] - 1)]
    joined = short[between.min(axis=1) > _FAINT]
    return np.delete(begin, joined + 1), np.delete(end, joined)


def _sums(flat: Plane, begin: Integers, end: Integers, offset: Integers) -> tuple[Floats, Floats]:
    """Add up the ink of each run with one pixel more on either side, and its moment."""
    if not len(begin):
        return np.zeros(0), np.zeros(0)
    length = end - begin + 2
    first = np.cumsum(length) - length
    index = np.arange(int(length.sum())) + np.repeat(begin - 1 - first, length)
    value = flat[index].astype(np.float64)
    row = index - np.repeat(offset, length)
    return np.add.reduceat(value, first), np.add.reduceat(value * row, first)


def _edge(flat: Plane, first: Integers, behind: Integers, step: int) -> Floats:
    """Place an edge so that the ink beyond and the lack of it within make a whole."""
    missing = np.zeros(len(first))
    for k in range(_EDGE):
        at = first + k * step
        inside = (behind - at) * step > 0
        missing += np.where(inside, 1.0 - flat[at] / 255.0, 0.0)
    # What lies beyond is this run's until it rises again: then it is a neighbour's.
    beyond, farther = flat[first - step] / 255.0, flat[first - 2 * step] / 255.0
    missing -= beyond + np.where(farther < beyond, farther, 0.0)
    return np.asarray(first - 0.5 * step + step * missing)


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Connected ink.

    Attributes
    ----------
    label : ndarray of int, shape (runs,)
        The piece of each run.
    x0, x1, y0, y1 : ndarray of int, shape (pieces,)
        First and last column and row.
    ink : ndarray of int, shape (pieces,)
        Pixels.
    """

    label: Integers
    x0: Integers
    x1: Integers
    y0: Integers
    y1: Integers
    ink: Integers

    @property
    def width(self) -> Integers:
        """Columns."""
        return self.x1 - self.x0 + 1

    @property
    def height(self) -> Integers:
        """Rows."""
        return self.y1 - self.y0 + 1


def touching(found: Runs, slack: float = 1.0) -> tuple[Integers, Integers]:
    """Pair each run with those of the next column that it touches.

    Parameters
    ----------
    found : Runs
        Sorted runs.
    slack : float
        Pixels that may lie between: 1 lets corners touch.

    Returns
    -------
    (left, right)
        Numbers of runs.
    """
    count = len(found)
    width = len(found.starts) - 1
    line = float(found.last.max() + 10) if count else 10.0
    # All columns stand one behind the other on one long axis, on which the runs are sorted by both ends.
    place_first = found.column * line + found.first
    place_last = found.column * line + found.last
    after = np.searchsorted(place_last, (found.column + 1) * line + found.first - slack, side="left")
    until = np.searchsorted(place_first, (found.column + 1) * line + found.last + slack, side="right")
    after = np.maximum(after, found.starts[np.minimum(found.column + 1, width)])
    until = np.minimum(until, found.starts[np.minimum(found.column + 2, width)])
    number = np.maximum(until - after, 0)
    left = np.repeat(np.arange(count), number)
    first = np.cumsum(number) - number
    right = np.arange(int(number.sum())) + np.repeat(after - first, number)
    return left, right


def pieces(found: Runs) -> Pieces:
    """Join runs that touch, or nearly, into pieces."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    left, right = touching(found, _NEARLY)
    count = len(found)
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(count, count))
    total, label = connected_components(graph, directed=False) if count else (0, np.zeros(0, dtype=np.int64))
    x0, y0 = np.full(total, 1 << 30), np.full(total, 1 << 30)
    x1, y1 = np.full(total, -1), np.full(total, -1)
    np.minimum.at(x0, label, found.column)
    np.maximum.at(x1, label, found.column)
    np.minimum.at(y0, label, found.first)
    np.maximum.at(y1, label, found.last)
    inked = np.bincount(label, weights=found.last - found.first + 1, minlength=total).astype(np.int64)
    return Pieces(label.astype(np.int64), x0, x1, y0, y1, inked)
