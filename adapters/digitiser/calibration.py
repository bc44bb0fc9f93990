"""The scale: pixels of a second and of a millivolt, from the pulse and the grid together."""

from __future__ import annotations

import math
from dataclasses import dataclass

from einthoven.adapters.digitiser.comb import Comb
from einthoven.adapters.digitiser.pulses import PULSE_MV, PULSE_SECONDS, Pulses
from einthoven.adapters.digitiser.undigitisable import Undigitisable

__all__ = ["Scale", "scale"]

#: What carts offer; the first is the standard (AHA/ACC/HRS 2007, part I).
_SPEEDS, _GAINS = (25.0, 50.0, 12.5, 100.0), (10.0, 5.0, 20.0, 2.5)

#: Share by which a measured speed or gain may miss what carts offer.
_NEAR = 0.08

#: Seconds that a page shows: where the grid's unit is open, the one that comes nearer to ten.
_SHORTEST, _LONGEST, _USUAL = 1.2, 40.0, 10.0

#: Share of the distance of two rows that the lines of a grid are apart at most: rows closer to each other than
#: two bold lines could not be read.
_FEWEST = 0.6

#: Thin lines to a bold one; rulings closer to each other than this ratio are of one unit.
_THIN, _ONE_UNIT = 5.0, 1.08


@dataclass(frozen=True, slots=True)
class Scale:
    """What a pixel is worth.

    Attributes
    ----------
    px_per_second, px_per_mv : float
        Along time and along voltage.
    px_per_mm_x, px_per_mm_y : float
        Of the grid; 0 where there is none.
    mm_per_second, mm_per_mv : float
        Paper speed and gain; 0 where there is no grid to measure them by.
    warnings : tuple of str
        What had to be assumed.
    """

    px_per_second: float
    px_per_mv: float
    px_per_mm_x: float
    px_per_mm_y: float
    mm_per_second: float
    mm_per_mv: float
    warnings: tuple[str, ...] = ()


def scale(
    across: Comb | None, down: Comb | None, marks: Pulses | None, length: float, spacing: float = math.inf
) -> Scale:
    """Find the scale.

    Parameters
    ----------
    across, down : Comb or None
        The grid's rulings along time and along voltage.
    marks : Pulses or None
        The calibration pulses.
    length : float
        Pixels of the longest trace.
    spacing : float
        Pixels between rows of traces. On blank paper pulses and beats are what repeats itself, as far apart as rows.

    Raises
    ------
    Undigitisable
        There is neither a pulse nor a grid, or the grid is none of millimetres.
    """
    if across is None or down is None or down.period > _FEWEST * spacing:
        if marks is None:
            raise Undigitisable("there is neither a grid nor a calibration pulse to measure by")
        return Scale(marks.width / PULSE_SECONDS, marks.height / PULSE_MV, 0.0, 0.0, 0.0, 0.0)
    units = _units(across, down)
    if marks is not None:
        speed_px, gain_px = marks.width / PULSE_SECONDS, marks.height / PULSE_MV
        for x, y in (*units, (across.period / _THIN, down.period / _THIN)):
            speed, gain = _snapped(speed_px / x, _SPEEDS), _snapped(gain_px / y, _GAINS)
            if speed is not None and gain is not None:
                return Scale(speed * x, gain * y, x, y, speed, gain)
        x, y = units[0]
        # Paper that was stretched: the pulse was stretched with it.
        return Scale(
            speed_px, gain_px, x, y, speed_px / x, gain_px / y, ("the pulse does not fit the grid: it was followed",)
        )
    likely = [(x, y) for x, y in units if _SHORTEST <= length / x / _SPEEDS[0] <= _LONGEST]
    if not likely:
        raise Undigitisable("the grid's lines are too far apart or too close for millimetres")
    x, y = min(likely, key=lambda unit: abs(length / unit[0] / _SPEEDS[0] - _USUAL))
    assumed = ("no pulse: 25 mm/s and 10 mm/mV are assumed",)
    return Scale(_SPEEDS[0] * x, _GAINS[0] * y, x, y, _SPEEDS[0], _GAINS[0], assumed)


def _units(across: Comb, down: Comb) -> list[tuple[float, float]]:
    """Give what may be a millimetre, the likeliest first: along time and along voltage."""
    both = across.period, down.period
    wide, narrow = max(both), min(both)
    if abs(wide / narrow / _THIN - 1.0) < _ONE_UNIT - 1.0:  # one of the rulings lost its thin lines
        return [(narrow, narrow * (wide / narrow / _THIN)) if both[1] == wide else (wide / _THIN, narrow)]
    fifths = across.period / _THIN, down.period / _THIN
    if (across.bold and down.bold) or (across.bold != down.bold and wide < _ONE_UNIT * narrow):
        return [both]
    return [both, fifths]  # lines of one weight are millimetres or fives of them


def _snapped(value: float, offered: tuple[float, ...]) -> float | None:
    near = min(offered, key=lambda one: abs(value / one - 1.0))
    return near if abs(value / near - 1.0) < _NEAR else None
