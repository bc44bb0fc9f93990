"""A recording as lines on millimetre paper, for SVG: one unit is 0.1 mm, so 4 ms along and 0.01 mV up.

Twelve leads in three rows of four, a lead 2.5 s, one after the other in time, and below them lead II for all ten
seconds; 25 mm/s and 10 mm/mV (AHA/ACC/HRS 2007, part I: the standard format), with a pulse of 1 mV by 0.2 s before
each row. Rows stand further apart where a deep wave would run into the next one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.recording import LEADS, PAGE_SECONDS
from einthoven.leaderboard.media import Trace

__all__ = ["LEFT", "WIDTH", "Paper", "Strip", "paper_of", "pulses", "strips"]

#: Units a second and a millivolt.
PER_SECOND, PER_MV = 250, 100

#: Columns from the left, each of three leads from the top.
_COLUMNS = (("I", "II", "III"), ("aVR", "aVL", "aVF"), ("V1", "V2", "V3"), ("V4", "V5", "V6"))
_RHYTHM = "II"
_SECONDS = PAGE_SECONDS / len(_COLUMNS)

#: Where the traces begin, and how wide the paper is; whole 5 mm.
LEFT, WIDTH = 150, 2700

#: How far apart rows are, at least and at most: beyond that waves may cross, or the paper would not fit on a printed
#: page. The same of what is left above the first and below the last baseline; and what stays free between waves.
_ROW, _MARGIN, _FREE, _STEP = (300, 400), (200, 300), 30, 50


@dataclass(frozen=True, slots=True)
class Paper:
    """Where the rows of one ECG lie.

    Attributes
    ----------
    baselines : tuple of int
        The 0 mV of three rows and of the rhythm strip.
    height : int
        Of the paper.
    """

    baselines: tuple[int, ...]
    height: int


def paper_of(trace: Trace) -> Paper:
    """Return paper on which no wave runs into the row below it, as far as there is room."""
    parts = len(_COLUMNS)
    size = round(_SECONDS * trace.sampling_rate)
    # Rows of columns, each up and down: what a lead takes above and below its baseline.
    takes = np.zeros((parts, parts, 2), np.int64)
    for row in range(parts):
        for column, leads in enumerate(_COLUMNS):
            lead = _RHYTHM if row == parts - 1 else leads[row]
            part = _units(trace.microvolts[LEADS.index(lead), column * size : (column + 1) * size])
            if part.size:
                takes[row, column] = max(0, part.max()), max(0, -part.min())
    found = [_whole(int(takes[0, :, 0].max()), _MARGIN)]
    for row in range(1, parts):
        found.append(found[-1] + _whole(int((takes[row - 1, :, 1] + takes[row, :, 0]).max()), _ROW))
    return Paper(tuple(found), found[-1] + _whole(int(takes[-1, :, 1].max()), _MARGIN))


def _whole(wanted: int, ends: tuple[int, int]) -> int:
    return min(max(-(-(wanted + _FREE) // _STEP) * _STEP, ends[0]), ends[1])


def _units(microvolts: NDArray[np.int16]) -> NDArray[np.int64]:
    heights: NDArray[np.int64] = np.rint(microvolts.astype(np.int64) * (PER_MV / 1000.0)).astype(np.int64)
    return heights


@dataclass(frozen=True, slots=True)
class Strip:
    """One lead over some seconds.

    Attributes
    ----------
    lead : str
        Its name.
    x, y : int
        Where it begins, and its 0 mV.
    path : str
        SVG path data.
    divided : bool
        Whether another lead stood before it in the row: a small stroke divides them.
    """

    lead: str
    x: int
    y: int
    path: str
    divided: bool


def strips(trace: Trace) -> list[Strip]:
    """Return all strips of the page, in reading order, the rhythm strip last."""
    found = []
    baselines = paper_of(trace).baselines
    for row in range(3):
        for column, leads in enumerate(_COLUMNS):
            x, y = LEFT + round(column * _SECONDS * PER_SECOND), baselines[row]
            found.append(
                Strip(leads[row], x, y, _path(trace, leads[row], column * _SECONDS, _SECONDS, x, y), column > 0)
            )
    y = baselines[-1]
    return [*found, Strip(_RHYTHM, LEFT, y, _path(trace, _RHYTHM, 0.0, PAGE_SECONDS, LEFT, y), False)]


def pulses(trace: Trace) -> list[str]:
    """Return the calibration pulses, one a row: 1 mV for 0.2 s, with a little baseline on both sides."""
    rise, last = PER_MV, PER_SECOND // 5
    return [f"M{LEFT - 100} {y}h25v-{rise}h{last}v{rise}h25" for y in paper_of(trace).baselines]


def _path(trace: Trace, lead: str, start: float, seconds: float, x: int, y: int) -> str:
    rate = trace.sampling_rate
    first, last = round(start * rate), round((start + seconds) * rate)
    heights = y - _units(trace.microvolts[LEADS.index(lead), first:last])
    kept = _corners(heights)
    # Half units: at 500 Hz a sample is half a unit wide.
    across = np.rint(kept * (2 * PER_SECOND / rate)).astype(np.int64)
    steps = zip(np.diff(across).tolist(), np.diff(heights[kept]).tolist(), strict=True)
    return f"M{x} {heights[0]}" + "l" + " ".join(f"{_half(dx)} {dy}" for dx, dy in steps)


def _corners(heights: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return the samples without those inside a level or evenly sloped stretch: the line is the same."""
    bends = np.diff(heights, 2) != 0
    return np.flatnonzero(np.concatenate([[True], bends, [True]]))


def _half(steps: int) -> str:
    whole, half = divmod(steps, 2)
    return f"{whole or ''}.5" if half else str(whole)
