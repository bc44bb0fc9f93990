"""The calibration pulse: 1 mV for 0.2 s whatever the gain and the speed, so it alone gives the scale of a page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.digitiser.runs import Runs, touching

__all__ = ["PULSE_MV", "PULSE_SECONDS", "Pulses", "pulses"]

Floats = NDArray[np.float64]

#: What a cart draws (AHA/ACC/HRS 2007, part I): 1 mV for 200 ms.
PULSE_MV, PULSE_SECONDS = 1.0, 0.2

#: Pixels by which the columns of one upright stroke may differ at their ends, and two strokes of a pulse.
_SAME = 2.6

#: Pens of the lowest and the narrowest pulse: letters have strokes that stand closer. How many heights one is wide at
#: most (stretched paper).
_LOWEST, _NARROWEST, _WIDEST = 6.0, 5.5, 6.0

#: Pens that an upright stroke is wide at most, and a top high.
_STROKE, _TOP = 2.6, 2.2

#: Share of the columns between the strokes that show the top, and that may show the base: a box is no pulse.
_CLOSED, _OPEN = 0.9, 0.5

#: Share by which the pulses of a page may differ from each other.
_ALIKE = 0.06


@dataclass(frozen=True, slots=True, eq=False)
class Pulses:
    """The pulses of a page, all of one size.

    Attributes
    ----------
    left, right : ndarray of float, shape (pulses,)
        The centres of the rising and the falling edge.
    top, base : ndarray of float, shape (pulses,)
        The centres of the top and of the base line.
    width, height : float
        Pixels of 0.2 s and of 1 mV: medians.
    pen : float
        Pixels that their level lines are high.
    """

    left: Floats
    right: Floats
    top: Floats
    base: Floats
    width: float
    height: float
    pen: float

    def __len__(self) -> int:
        return len(self.left)


def pulses(found: Runs, pen: float) -> Pulses | None:
    """Find the pulses.

    Parameters
    ----------
    found : Runs
        All ink of the page.
    pen : float
        Pixels that a level stroke is high.

    Returns
    -------
    Pulses or None
        `None` where there is none.
    """
    strokes = _upright(found, pen)
    if len(strokes) < 2:
        return None
    x, top, bottom = strokes[np.argsort(strokes[:, 0], kind="stable")].T
    # Each with those that stand as far to its right as a pulse is wide.
    begin = np.searchsorted(x, x + _NARROWEST * pen, side="right")
    end = np.maximum(np.searchsorted(x, x + _WIDEST * (bottom - top), side="left"), begin)
    left = np.repeat(np.arange(len(x)), end - begin)
    right = np.arange(len(left)) + np.repeat(begin - (np.cumsum(end - begin) - (end - begin)), end - begin)
    alike = (np.abs(top[right] - top[left]) < _SAME) & (np.abs(bottom[right] - bottom[left]) < _SAME)
    left, right = left[alike], right[alike]
    rows = []
    for a, b in zip(left, right, strict=True):
        ends = float(x[a]), float(x[b])
        above, below = (top[a] + top[b]) / 2.0, (bottom[a] + bottom[b]) / 2.0
        closed, half = _level(found, ends, above, pen, upper=True)
        if closed >= _CLOSED and _level(found, ends, below, pen, upper=False)[0] <= _OPEN:
            rows.append((*ends, above + half, below - half, 2.0 * half))
    if not rows:
        return None
    all_left, all_right, all_top, all_base, pens = np.array(rows, dtype=np.float64).T
    width, height = all_right - all_left, all_base - all_top
    # Of shapes that differ the commonest one is the pulse.
    like = (np.abs(width[:, None] / width - 1.0) < _ALIKE) & (np.abs(height[:, None] / height - 1.0) < _ALIKE)
    kept = like[int(np.argmax(like.sum(axis=1)))]
    return Pulses(
        all_left[kept],
        all_right[kept],
        all_top[kept],
        all_base[kept],
        float(np.median(width[kept])),
        float(np.median(height[kept])),
        float(np.median(pens[kept])),
    )


def _upright(found: Runs, pen: float) -> Floats:
    """Give the upright strokes: (n, 3) centre, top edge, bottom edge."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    tall = found.only(found.height > (_LOWEST + 1.0) * pen)
    if not len(tall):
        return np.zeros((0, 3))
    left, right = touching(tall)
    same = (np.abs(tall.top[left] - tall.top[right]) < _SAME) & (
        np.abs(tall.bottom[left] - tall.bottom[right]) < _SAME
    )
    left, right = left[same], right[same]
    count = len(tall)
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(count, count))
    total, label = connected_components(graph, directed=False)
    ink = np.bincount(label, weights=tall.ink, minlength=total)
    x = np.bincount(label, weights=tall.ink * tall.column, minlength=total) / ink
    size = np.bincount(label, minlength=total)
    top, bottom = np.full(total, np.inf), np.full(total, -np.inf)
    np.minimum.at(top, label, tall.top)
    np.maximum.at(bottom, label, tall.bottom)
    kept = size <= _STROKE * pen + 1.0
    return np.stack([x[kept], top[kept], bottom[kept]], axis=1)


def _level(found: Runs, ends: tuple[float, float], edge: float, pen: float, *, upper: bool) -> tuple[float, float]:
    """Look for a level line between two strokes, with its outer edge where theirs is.

    Returns the share of the columns that show it, and half its thickness.
    """
    first, last = int(np.ceil(ends[0] + pen)), int(np.floor(ends[1] - pen))
    if last - first < 2:
        return 0.0, pen / 2.0
    part = slice(int(found.starts[first]), int(found.starts[last + 1]))
    off = np.abs((found.top if upper else found.bottom)[part] - edge)
    level = (off < _SAME) & (found.height[part] < _TOP * pen + 1.0)
    share = len(np.unique(found.column[part][level])) / (last - first + 1)
    return share, float(np.median(found.ink[part][level])) / 2.0 if level.any() else pen / 2.0
