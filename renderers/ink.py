"""Strokes: a pen of constant width drawn along centre lines, anti-aliased, straight into an index plane.

A trace runs from left to right, so at any abscissa the ink of a round pen is one interval: from the lowest to the
highest point that a disc moved along the line reaches there. That is a grey dilation by a disc, taken at `STEPS`
abscissas a pixel. How much of a pixel an interval covers is exact in y; over the abscissas of a pixel it is averaged.
Edges are rounded to 1/256 pixel, and from there on all sums are of whole numbers, so that every machine draws the
same pixels, and so do NumPy, which draws here, and the compiled `einthoven.renderers.kernels`, which take over where
there is much to draw (`einthoven.renderers.engine`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from einthoven.renderers import engine
from einthoven.renderers.paper import COVERAGE, FULL, PEN

__all__ = ["STEPS", "Stroke", "draw"]

#: Abscissas a pixel: odd, so that one lies on the pixel's centre.
STEPS = 5

_UNIT = 256

#: Pixels in one go: few enough for the arrays to stay in the processor's cache.
_BATCH = 1 << 13

_Edges = NDArray[np.float32]

#: Coverage of an index, 0 to `FULL`, by how many units of a pixel's abscissas are inked.
_COVERAGES = ((np.arange(STEPS * _UNIT + 1) * FULL + STEPS * _UNIT // 2) // (STEPS * _UNIT)).astype(np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """A centre line on the page.

    Attributes
    ----------
    x0 : int
        The page column on whose centre the first point lies.
    top, bottom : ndarray of float64, shape (points,)
        Page y of the line at each point, `STEPS` points a pixel, ``top <= bottom``; NaN in gaps. They differ where
        the line turns between two points.
    """

    x0: int
    top: NDArray[np.float64]
    bottom: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Disc:
    """The pen's tip: half its height at 0, 1, … steps from its centre, and whether it ends half a step beyond."""

    halves: NDArray[np.float32]
    tip: bool

    @property
    def reach(self) -> int:
        """Whole steps within the disc."""
        return self.halves.size - 1

    @property
    def side(self) -> int:
        """Pixel columns that it reaches beyond the line's first."""
        return max(0, -(-(self.reach - STEPS // 2) // STEPS))


@cache
def _disc(pen: int) -> _Disc:
    reach = pen * STEPS // 2
    halves = np.array([sqrt((pen / 2) ** 2 - (step / STEPS) ** 2) for step in range(reach + 1)], dtype=np.float32)
    return _Disc(halves, pen * STEPS % 2 == 1)


def draw(plane: NDArray[np.uint8], strokes: Sequence[Stroke], pen: int = PEN) -> None:
    """Ink strokes onto a page.

    Parameters
    ----------
    plane : ndarray of uint8, shape (height, width), contiguous
        Indices as `einthoven.renderers.paper` defines them; their coverage is raised in place. Ink over ink is the
        greater of the two. Ink beyond the edge of the page is cut.
    strokes : sequence of Stroke
        What to draw.
    pen : int
        Width of the line in pixels, at least 1.
    """
    disc = _disc(pen)
    if kernels := engine.kernels(len(strokes)):
        for stroke in strokes:
            line = np.ascontiguousarray(stroke.top), np.ascontiguousarray(stroke.bottom)
            kernels.inked(plane, stroke.x0, *line, disc.halves, disc.tip, STEPS, _COVERAGES)
        return
    if not strokes:
        return
    columns, low, high = _laid_out(strokes, plane.shape[0], disc)
    top, bottom = _dilated(low, high, disc)
    top, bottom = top.reshape(-1, STEPS), bottom.reshape(-1, STEPS)
    # A column may be inked at some of its abscissas only: the others get an empty interval at the column's end.
    end = bottom.max(axis=1, keepdims=True)
    inked = np.flatnonzero(np.isfinite(end[:, 0]) & (columns >= 0) & (columns < plane.shape[1]))
    columns, top, bottom, end = columns[inked], top[inked], bottom[inked], end[inked]
    bottom = np.where(np.isfinite(bottom), bottom, end)
    top = np.minimum(top, bottom)

    start, stop = _fixed(top, plane.shape[0]), _fixed(bottom, plane.shape[0])
    first = start.min(axis=1) // _UNIT
    count = stop.max(axis=1) // _UNIT + 2 - first  # the last row's remainder falls into the row after it
    total = np.cumsum(count)
    cut = 0
    while cut < columns.size:
        done = int(total[cut - 1]) if cut else 0
        batch = slice(cut, max(cut + 1, int(np.searchsorted(total, done + _BATCH))))
        _fill(plane, columns[batch], first[batch], count[batch], start[batch], stop[batch])
        cut = batch.stop


def _laid_out(strokes: Sequence[Stroke], height: int, disc: _Disc) -> tuple[NDArray[np.int64], _Edges, _Edges]:
    """Lay all strokes end to end, in whole pixel columns and with room for the pen on either side.

    Returns the page column of every pixel column, and low and high edges with a margin of ``disc.reach + 1`` points
    more at both ends; gaps are empty intervals.
    """
    before = disc.side * STEPS + STEPS // 2
    widths = [-(-(before + stroke.top.size + disc.reach) // STEPS) for stroke in strokes]
    points = sum(widths) * STEPS + 2 * (disc.reach + 1)
    low = np.full(points, np.inf, dtype=np.float32)
    high = np.full(points, -np.inf, dtype=np.float32)
    starts = [stroke.x0 - disc.side for stroke in strokes]
    columns = np.concatenate([np.arange(x, x + width) for x, width in zip(starts, widths, strict=True)])
    at = disc.reach + 1 + before
    # Beyond the page the line may be anywhere: single precision is for what is on it.
    beyond = 4.0 * float(disc.halves[0])
    for stroke, width in zip(strokes, widths, strict=True):
        for edges, line in ((low, stroke.top), (high, stroke.bottom)):
            clear = np.clip(line, -beyond, height + beyond)
            np.copyto(edges[at : at + line.size], clear, where=np.isfinite(clear), casting="same_kind")
        at += width * STEPS
    return columns, low, high


def _dilated(low: _Edges, high: _Edges, disc: _Disc) -> tuple[_Edges, _Edges]:
    """Move the disc along the line: the least and the greatest y it reaches at every abscissa."""
    margin, reach = disc.reach + 1, disc.reach
    size = low.size - 2 * margin
    top, bottom = low[margin:][:size] - disc.halves[0], high[margin:][:size] + disc.halves[0]
    for step in range(1, reach + 1):
        for shift in (margin - step, margin + step):
            np.minimum(top, low[shift:][:size] - disc.halves[step], out=top)
            np.maximum(bottom, high[shift:][:size] + disc.halves[step], out=bottom)
    if disc.tip:  # half a step further out, where the disc's height is 0
        for near, far in ((margin - reach, margin - reach - 1), (margin + reach, margin + reach + 1)):
            np.minimum(top, (low[near:][:size] + low[far:][:size]) * np.float32(0.5), out=top)
            np.maximum(bottom, (high[near:][:size] + high[far:][:size]) * np.float32(0.5), out=bottom)
    return top, bottom


def _fixed(edges: _Edges, height: int) -> NDArray[np.int64]:
    """Round edges to units of 1/256 pixel below the upper edge of the page, cut to the page."""
    units: NDArray[np.int64] = np.rint((edges + np.float32(0.5)) * np.float32(_UNIT)).astype(np.int64)
    return units.clip(0, height * _UNIT)


def _fill(
    plane: NDArray[np.uint8],
    columns: NDArray[np.int64],
    first: NDArray[np.int64],
    count: NDArray[np.int64],
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
) -> None:
    """Ink the rows ``first`` to ``first + count`` of pixel columns, of which `start` and `stop` hold the intervals.

    All the columns' rows stand one after the other in one array. An interval is entered by the change of coverage at
    its two edges, each spread over two rows by where in the row it lies; the running sum is the coverage.
    """
    height, width = plane.shape
    total = int(count.sum())
    offset = np.cumsum(count) - count
    shift = (offset - first)[:, None]
    at_start, at_stop = start // _UNIT + shift, stop // _UNIT + shift
    in_start, in_stop = start % _UNIT, stop % _UNIT
    where = np.concatenate([at_start, at_start + 1, at_stop, at_stop + 1], axis=None)
    change = np.concatenate([_UNIT - in_start, in_start, in_stop - _UNIT, -in_stop], axis=None)
    covered = np.cumsum(np.bincount(where, weights=change, minlength=total)).astype(np.int64)
    coverage = _COVERAGES[covered]

    pixel = np.repeat(first * width + columns - offset * width, count) + np.arange(total) * width
    inside = pixel < height * width
    pixel, coverage = pixel[inside], coverage[inside]
    flat = plane.reshape(-1)
    np.maximum.at(flat, pixel, flat[pixel] & np.uint8(0xFF ^ COVERAGE) | coverage)
