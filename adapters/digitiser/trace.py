"""Each row's trace as the cheapest path through the runs.

Traces of neighbouring rows touch, cross and run into lead names. A path may go from a run to any that touches it in
the next column; it pays for every column by its distance from its row's line, so that it follows its own trace up an
R wave and back instead of turning off into the neighbour's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.digitiser.centre_line import centre_line
from einthoven.adapters.digitiser.pen import Pen
from einthoven.adapters.digitiser.rows import Rows
from einthoven.adapters.digitiser.runs import Runs, touching

__all__ = ["traced"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Row distances that a trace may leave its line by.
_REACH = 1.7

#: Costs: of a column, of a pixel's distance from the line in a column, of a pixel's step of the run's centre, of a
#: jump over a gap, of each pixel of the gap upwards or downwards, of each column of it.
_COLUMN, _AWAY, _STEP, _JUMP, _GAP, _SKIP = 0.05, 0.012, 0.002, 2.0, 0.06, 0.5

#: Row distances, and pens along the time axis, that a jump goes over at most.
_JUMP_HIGH, _JUMP_WIDE = 0.8, 14.0

#: Loose ends of pieces that are joined at most; noise has many.
_MOST_ENDS = 3000

#: Pens: a shared stretch this long is crossed straight by the row that keeps its course.
_CROSSED = 12.0


def traced(found: Rows, pen: Pen) -> Floats:
    """Trace all rows.

    Parameters
    ----------
    found : Rows
        The rows and the ink that can belong to them.
    pen : Pen
        What drew them.

    Returns
    -------
    ndarray, shape (rows, width)
        The y of the pen's centre at each column's centre; NaN where a row shows nothing.
    """
    ink = found.runs
    links = touching(ink)
    jumps = _jumps(ink, links, pen.high, found.spacing)
    chosen = np.full(found.line.shape, -1, dtype=np.int64)
    for row in range(len(found.line)):
        path = _path(found, row, links, jumps)
        chosen[row, ink.column[path]] = path
    top, bottom = _extents(found, chosen, pen.high)
    return centre_line(top, bottom, pen.high, pen.wide)


def _jumps(
    ink: Runs, links: tuple[Integers, Integers], pen: float, spacing: float
) -> tuple[Integers, Integers, Floats]:
    """Pair loose right ends with loose left ends near them: (from, to, cost)."""
    count = len(ink)
    onward, backward = np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
    onward[links[0]] = True
    backward[links[1]] = True
    ends, begins = np.flatnonzero(~onward), np.flatnonzero(~backward)
    if len(ends) > _MOST_ENDS or len(begins) > _MOST_ENDS:
        ends = np.sort(ends[np.argsort(-ink.ink[ends], kind="stable")[:_MOST_ENDS]])
        begins = np.sort(begins[np.argsort(-ink.ink[begins], kind="stable")[:_MOST_ENDS]])
    low = np.searchsorted(ink.column[begins], ink.column[ends] - 1.5 * pen, side="left")
    high = np.searchsorted(ink.column[begins], ink.column[ends] + _JUMP_WIDE * pen, side="right")
    number = high - low
    left = np.repeat(ends, number)
    first = np.cumsum(number) - number
    right = begins[np.arange(int(number.sum())) + np.repeat(low - first, number)]
    gap = np.maximum(np.maximum(ink.top[left] - ink.bottom[right], ink.top[right] - ink.bottom[left]), 0.0)
    near = (gap < _JUMP_HIGH * spacing) & (left != right)
    left, right, gap = left[near], right[near], gap[near]
    wide = np.maximum(np.abs(ink.column[right] - ink.column[left]) - 1, 0)
    return left, right, _JUMP + _GAP * gap + _SKIP * wide


def _path(
    found: Rows, row: int, links: tuple[Integers, Integers], jumps: tuple[Integers, Integers, Floats]
) -> Integers:
    """Give the runs of one row's trace from left to right."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    ink = found.runs
    line = found.line[row][ink.column]
    away = np.maximum(np.maximum(ink.top - line, line - ink.bottom), 0.0)
    inside = away < _REACH * found.spacing
    number = np.cumsum(inside) - 1
    own = np.flatnonzero(inside)
    if not own.size:
        return own
    toll = _COLUMN + _AWAY * away
    left, right = links
    kept = inside[left] & inside[right]
    left, right = left[kept], right[kept]
    cost = toll[right] + _STEP * np.abs(ink.middle[right] - ink.middle[left])
    kept = inside[jumps[0]] & inside[jumps[1]]
    over, onto, price = jumps[0][kept], jumps[1][kept], jumps[2][kept] + toll[jumps[1][kept]]
    # A row may begin late or end early: for each column that it lacks it pays as for a gap.
    begins = own[ink.column[own] <= found.x0 + 0.5 * (found.x1 - found.x0)]
    begins = begins[~np.isin(begins, right)]
    late = np.maximum(ink.column[begins] - found.x0, 0.0) * _SKIP + toll[begins] + _COLUMN
    source = len(own)
    graph = csr_array(
        (
            np.concatenate([cost, price, late]),
            (
                np.concatenate([number[left], number[over], np.full(len(begins), source)]),
                np.concatenate([number[right], number[onto], number[begins]]),
            ),
        ),
        shape=(source + 1, source + 1),
    )
    distance, before = dijkstra(graph, indices=source, return_predecessors=True)
    early = np.maximum(found.x1 - ink.column[own], 0.0) * _SKIP
    node = int(np.argmin(distance[:source] + early))
    if not np.isfinite(distance[node]):
        return own[:0]
    path = []
    while 0 <= node < source:
        path.append(node)
        node = int(before[node])
    return np.asarray(own[path[::-1]])


def _extents(found: Rows, chosen: Integers, pen: float) -> tuple[Floats, Floats]:
    """Give the upper and the lower edge of each row's own ink; a run that two rows share is told apart."""
    ink = found.runs
    top = np.where(chosen >= 0, ink.top[chosen], np.nan)
    bottom = np.where(chosen >= 0, ink.bottom[chosen], np.nan)
    uses = np.bincount(chosen[chosen >= 0], minlength=len(ink))
    shared = (chosen >= 0) & (uses[chosen] > 1)
    for upper in range(len(chosen) - 1):
        for lower in range(upper + 1, len(chosen)):
            both = shared[upper] & (chosen[upper] == chosen[lower])
            if both.any():
                _told_apart(both, (upper, lower), top, bottom, shared, pen)
    return top, bottom


def _told_apart(both: Bools, pair: tuple[int, int], top: Floats, bottom: Floats, shared: Bools, pen: float) -> None:
    """Let one of two rows cross a shared stretch on its own course; the other one keeps the run's edges."""
    columns = np.flatnonzero(both)
    for part in np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1):
        a, b = int(part[0]) - 1, int(part[-1]) + 1
        best: tuple[float, int, Floats] | None = None
        for row in pair:
            middle = 0.5 * (top[row] + bottom[row])
            if a < 0 or b >= len(middle) or not np.isfinite(middle[[a, b]]).all() or shared[row, [a, b]].any():
                continue
            steep = float(np.max(bottom[row, [a, b]] - top[row, [a, b]]) + abs(middle[b] - middle[a]))
            course = np.interp(part, [a, b], [middle[a], middle[b]])
            if best is None or steep < best[0]:
                best = steep, row, course
        if best is not None and (len(part) <= _CROSSED * pen or best[0] < 3.0 * pen):
            _, row, course = best
            high = top[row, part] + pen / 2.0
            course = np.clip(course, high, np.maximum(bottom[row, part] - pen / 2.0, high))
            top[row, part], bottom[row, part] = course - pen / 2.0, course + pen / 2.0
        else:  # two lines side by side: the upper edge is the upper row's, the lower one the lower row's
            upper, lower = pair
            bottom[upper, part] = top[upper, part] + pen
            top[lower, part] = bottom[lower, part] - pen
