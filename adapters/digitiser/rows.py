"""The rows of a page: how many traces lie below each other, where they begin and end, where each one's line lies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.digitiser.pulses import Pulses
from einthoven.adapters.digitiser.runs import Pieces, Runs
from einthoven.adapters.digitiser.undigitisable import Undigitisable

__all__ = ["Rows", "pen_of", "rows"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Plane = NDArray[np.uint8]

#: Share of the page's width that a piece of a trace spans at least; broken ones are joined when they are traced.
_SPAN = 0.025

#: Share of the traced columns that show the number of runs that counts as that of the rows, at least.
_AGREED = 0.12

#: Pens between rows at least, share of the columns with as many runs in which they stand at the rows' heights, and
#: share of the traces' width over which these columns are spread: a line of text is no row.
_APART, _CONSISTENT, _SPREAD = 8.0, 0.75, 0.6

#: Pens by which the thinning round end of a stroke seems to end too early; columns of a faint end, and how many full
#: columns' ink an end may hold.
_ROUND_END, _BLURRED, _MOST = 0.1, 3, 1.5

#: Pens by which a row that begins and ends with the others may be off, and the share of their length that one lacks
#: that is cut short.
_ASKEW, _CUT = 1.5, 0.03

#: Share of the width over which a row's line is averaged.
_SLOWLY = 0.06

#: Pixels of the thickest pen.
_THICKEST = 14.0


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of traces.

    Attributes
    ----------
    runs : Runs
        The ink that can belong to traces.
    line : ndarray of float, shape (rows, width)
        The y of each row's level stretches, slowly varying, from the top row down.
    x0, x1 : float
        Centres of the first and the last point of the traces, of most rows.
    """

    runs: Runs
    line: Floats
    x0: float
    x1: float

    @cached_property
    def spacing(self) -> float:
        """Pixels between rows: the middle distance; the page's height for a single one."""
        level = np.median(self.line, axis=1)
        return float(np.median(np.diff(level))) if len(level) > 1 else float(self.runs.last.max() + 1)


def pen_of(found: Runs) -> float:
    """Give the pixels that a level stroke is high: the commonest height of short runs.

    Raises
    ------
    Undigitisable
        There is hardly any ink.
    """
    height = found.ink[found.ink < _THICKEST]
    if height.size < 50:
        raise Undigitisable("there is no trace on the page")
    counts, edges = np.histogram(height, bins=np.arange(0.5, _THICKEST + 0.25, 0.25))
    counts = np.convolve(counts, np.ones(3), "same")
    usual = edges[int(np.argmax(counts))] + 0.125
    # Sloping stretches are higher than the pen is wide.
    return float(np.percentile(height[np.abs(height / usual - 1.0) < 0.4], 15))


def rows(found: Runs, parts: Pieces, marks: Pulses | None, pen: float, coverage: Plane) -> Rows:
    """Find the rows.

    Parameters
    ----------
    found, parts
        All ink of the page, and what hangs together.
    marks : Pulses or None
        The pulses, which are no traces.
    pen : float
        Pixels that a level stroke is high.
    coverage : ndarray of uint8, shape (height, width)
        The ink itself: its faint ends.

    Raises
    ------
    Undigitisable
        There is none.
    """
    width = coverage.shape[1]
    usable = ~_frames(found, parts, pen)[parts.label]
    if marks is not None:
        usable &= ~_of_pulses(found, parts, marks, pen)
    long = parts.width >= max(_SPAN * width, 12.0)
    traced = usable & long[parts.label]
    if len(np.unique(found.column[traced])) < 0.2 * width:
        raise Undigitisable("there is no trace on the page")
    trace = found.only(traced)
    centres, columns = _counted(trace, pen)
    line = _lines(centres, columns, width)
    x0, x1 = _ends(trace, np.median(centres, axis=0), pen, coverage)
    if x1 - x0 < 0.2 * width:
        raise Undigitisable("there is no trace on the page")
    return Rows(found.only(usable & (found.column >= x0 - pen) & (found.column <= x1 + pen)), line, x0, x1)


def _frames(found: Runs, parts: Pieces, pen: float) -> Bools:
    """Mark pieces that are boxes: nearly all of their runs lie along their upper and lower edge."""
    own = parts.label
    rim = (found.middle < parts.y0[own] + 1.5 * pen) | (found.middle > parts.y1[own] - 1.5 * pen)
    count = np.bincount(own, minlength=len(parts.x0))
    share = np.bincount(own[rim], minlength=len(parts.x0)) / np.maximum(count, 1)
    return np.asarray((share > 0.9) & (parts.height > 4.0 * pen) & (count > 1.5 * parts.width))


def _of_pulses(found: Runs, parts: Pieces, marks: Pulses, pen: float) -> Bools:
    """Mark the runs of the pulses, their feet with them."""
    drawn = np.zeros(len(found), dtype=np.bool_)
    for left, right, top, base in zip(marks.left, marks.right, marks.top, marks.base, strict=True):
        near = (found.column >= left - 2 * pen) & (found.column <= right + pen)
        near &= (found.last >= top - pen) & (found.first <= base + pen)
        own = np.unique(parts.label[near])
        small = own[parts.width[own] < 3.0 * (right - left) + 4 * pen]
        drawn |= np.isin(parts.label, small)
        # A pulse that hangs on its trace ends where it falls; what stands before it is its foot.
        height = base - top
        drawn |= (
            (found.column <= right + pen)
            & (found.column >= left - (right - left))
            & (found.middle > top - 0.3 * height)
            & (found.middle < base + 0.3 * height)
        )
    return drawn


def _counted(trace: Runs, pen: float) -> tuple[Floats, NDArray[np.int64]]:
    """Count the rows by the runs in a column: their centres, and the columns that show them all.

    Broken lines leave fewer runs in a column, steep waves, crossings and letters make more. The largest number is
    taken that enough columns show and whose runs stand at the same heights in nearly all of them.
    """
    number = np.diff(trace.starts)
    votes = np.bincount(number[number > 0])
    likely = np.flatnonzero(votes >= max(_AGREED * votes.sum(), 1.0))
    for count in [*likely[::-1].tolist(), int(votes.argmax())]:
        columns = np.flatnonzero(number == count)
        centres = trace.middle[trace.starts[columns][:, None] + np.arange(count)]
        level = np.median(centres, axis=0)
        gap = float(np.diff(level).min()) if count > 1 else np.inf
        near = (np.abs(centres - level) < 0.5 * gap).all(axis=1)
        far = float(np.ptp(np.percentile(columns, (5, 95)))) >= _SPREAD * (int(trace.column[-1] - trace.column[0]))
        if gap > _APART * pen and near.mean() >= _CONSISTENT and far:
            return centres[near], columns[near]
    return centres, columns


def _lines(centres: Floats, columns: NDArray[np.int64], width: int) -> Floats:
    """Follow each row's line: the median of its runs over a stretch, drawn on to the page's ends."""
    span = max(int(_SLOWLY * width), 9)
    knots = np.arange(0, width + span, span)
    begin, end = np.searchsorted(columns, knots - span), np.searchsorted(columns, knots + span)
    known = end - begin > 5
    if not known.any():
        return np.repeat(np.median(centres, axis=0)[:, None], width, axis=1)
    values = np.array([np.median(centres[a:b], axis=0) for a, b in zip(begin[known], end[known], strict=True)])
    return np.stack([np.interp(np.arange(width), knots[known], row) for row in values.T])


def _ends(trace: Runs, level: Floats, pen: float, coverage: Plane) -> tuple[float, float]:
    """Give the x of the first and the last point of the traces: the round end of a pen reaches half a pen further."""
    width = coverage.shape[1]
    gap = float(np.diff(level).min()) / 2.0 if len(level) > 1 else np.inf
    first: list[float] = []
    last: list[float] = []
    for y in level:
        near = np.abs(trace.middle - y) < gap
        if not near.any():
            continue
        columns = trace.column[near]
        for edge, step, into in ((int(columns.min()), 1, first), (int(columns.max()), -1, last)):
            if edge in (0, width - 1):  # the image cuts the trace
                into.append(0.0 if edge == 0 else float(width))
                continue
            own, behind = (np.flatnonzero(near & (trace.column == edge + k * step)) for k in (0, 2))
            outer = int(own[np.argmin(trace.ink[own])])
            # The outermost column is inked in part, and blur puts a part of it into fainter ones: by what share of a
            # pen tells how far the ink reaches.
            high = float(np.clip(trace.ink[behind].min(), 0.7 * pen, pen)) if behind.size else pen
            ink = float(trace.ink[outer]) + _faint(coverage, edge, -step, float(trace.middle[outer]), pen)
            share = min(ink / high, _MOST)
            into.append(edge - step * (share - 0.5) + step * (0.5 - _ROUND_END) * pen)
    x0, x1 = _agreed(np.array(first), pen), _agreed(-np.array(last)[::-1], pen, -1.0)
    for ends, most in ((np.array(first), x0), (np.array(last), x1)):
        off = np.abs(ends - most)
        # Rows that are cut short lack a part of a lead; where most are only a little off, the page is askew.
        if len(ends) > 2 and ((off > _ASKEW * pen) & (off < _CUT * (x1 - x0))).mean() >= 0.5:
            raise Undigitisable("the rows do not begin and end below each other, so the page does not lie straight")
    return x0, x1


def _agreed(ends: Floats, pen: float, sign: float = 1.0) -> float:
    """Give the end that most rows have: a row may begin late, or seem to begin with a crease or its pulse's foot."""
    near = np.abs(ends[:, None] - ends) <= pen
    often = near.sum(axis=1)
    best = np.flatnonzero(often == often.max())
    return sign * float(np.median(ends[near[best[np.argmin(ends[best])]]]))


def _faint(coverage: Plane, edge: int, step: int, y: float, pen: float) -> float:
    """Add up what blur put into the columns before a stroke's outermost one, against those before them: pixels."""
    height, width = coverage.shape
    top, bottom = max(round(y - 1.5 * pen), 0), min(round(y + 1.5 * pen) + 1, height)
    columns = edge + step * np.arange(1, 2 * _BLURRED + 1)
    if columns.min() < 0 or columns.max() >= width:
        return 0.0
    ink = coverage[top:bottom, columns].sum(axis=0) / 255.0
    return float(np.clip(ink[:_BLURRED].sum() - ink[_BLURRED:].sum(), 0.0, pen))
