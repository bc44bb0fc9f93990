"""The pen that drew the traces: how high a level stroke is, and how wide an upright one.

A pen is round, but a page whose pixels were stretched along time has strokes that are wide where they rise: a line
four times as wide as high hides what a QRS does meanwhile unless it is known to be so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.digitiser.rows import pen_of
from einthoven.adapters.digitiser.runs import Runs

__all__ = ["Pen", "pen_that_drew"]

#: Pens of a run that is steep, and runs that are measured.
_STEEP, _MEASURED = 3.5, 400

#: Pens that are looked at on either side, coverage that is ink, and the percentile of the widths: what is wider is a
#: turn, what is narrower is frayed.
_REACH, _INK, _PERCENTILE = 8.0, 128, 10.0

#: Upright strokes wider than this many level ones: the page was stretched.
_STRETCHED = 1.8


@dataclass(frozen=True, slots=True)
class Pen:
    """A pen.

    Attributes
    ----------
    high, wide : float
        Pixels of a level stroke across, and of an upright one.
    """

    high: float
    wide: float


def pen_that_drew(coverage: NDArray[np.uint8], found: Runs, high: float) -> Pen:
    """Measure a pen.

    Parameters
    ----------
    coverage : ndarray of uint8, shape (height, width)
        All ink.
    found : Runs
        That of the traces.
    high : float
        Pixels of a level stroke, where the page was not stretched.
    """
    tall = np.flatnonzero(found.height > _STEEP * high)
    tall = tall[:: max(tall.size // _MEASURED, 1)]
    if not tall.size:
        return Pen(high, high)
    reach = round(_REACH * high)
    y = np.round((found.top[tall] + found.bottom[tall]) / 2.0).astype(np.int64)
    at = found.column[tall][:, None] + np.arange(-reach, reach + 1)
    inside = (at >= 0) & (at < coverage.shape[1])
    inked = (coverage[y[:, None], np.clip(at, 0, coverage.shape[1] - 1)] >= _INK) & inside
    width = _reached(inked[:, reach::-1]) + _reached(inked[:, reach:]) - 1
    width = width[width > 0]
    wide = float(np.percentile(width, _PERCENTILE)) if width.size else high
    if wide <= _STRETCHED * high:
        return Pen(high, high)
    own = pen_of(found)
    return Pen(own, wide) if wide > _STRETCHED * own else Pen(high, high)


def _reached(inked: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Count the inked pixels from the first one on, along the last axis."""
    return np.asarray(np.where(inked.all(axis=1), inked.shape[1], np.argmin(inked, axis=1)), dtype=np.int64)
