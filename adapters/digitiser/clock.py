"""The columns on one clock: where each lead's stretch begins and ends, on the page and in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.digitiser.arrangement import Arrangement
from einthoven.adapters.digitiser.calibration import Scale
from einthoven.adapters.digitiser.rows import Rows
from einthoven.adapters.digitiser.same_seconds import agree, alike, correlation, movement, together_of
from einthoven.ecg.recording import LEADS

__all__ = ["Stretch", "on_one_clock", "stretches", "strips_by_signal", "timed"]

Floats = NDArray[np.float64]

#: Seconds: pages show whole multiples of this, and the share by which a measured duration may miss it. Without a grid
#: the length of the traces is a longer ruler than the pulse.
_UNIT, _NEAR, _NEAR_WITHOUT_GRID = 1.25, 0.006, 0.03

#: Seconds of a single column from which on all its leads show the same: carts print so. A shorter one is a cut.
_WHOLE = 4.0

#: Correlation of a strip with a lead's own column at the same time, above which it shows that lead.
_SAME_LEAD = 0.9

#: The leads of the conventional columns, that are recorded together.
_COLUMNS = (LEADS[:3], LEADS[3:6], LEADS[6:9], LEADS[9:])


@dataclass(frozen=True, slots=True)
class Stretch:
    """One uninterrupted stretch of one lead.

    Attributes
    ----------
    lead : str
        One of `einthoven.ecg.recording.LEADS`.
    sign : {1, -1}
        -1 where it is drawn upside down.
    row : int
        Of the page; the number of the image where each lead has its own.
    x0, x1 : float
        Pixels.
    t0, t1 : float
        Seconds of the recording.
    strip : bool
        Whether it is a rhythm strip.
    """

    lead: str
    sign: int
    row: int
    x0: float
    x1: float
    t0: float
    t1: float
    strip: bool = False

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.t1 - self.t0


def timed(found: Rows, measure: Scale) -> tuple[float, float, Scale]:
    """Give where the traces begin, how many seconds they last, and the scale, which they may correct.

    Parameters
    ----------
    found, measure
        Rows and scale.
    """
    length = found.x1 - found.x0
    seconds = length / measure.px_per_second
    whole = round(seconds / _UNIT) * _UNIT
    near = _NEAR if measure.px_per_mm_x else _NEAR_WITHOUT_GRID
    if whole and abs(seconds / whole - 1.0) < near:
        # The last sample stands a sample short of the end, so the beginning is the better known.
        if abs(seconds / whole - 1.0) > _NEAR:
            measure = replace(measure, px_per_second=length / whole)
        seconds = whole
    return found.x0, seconds, measure


def stretches(x0: float, seconds: float, shown: Arrangement, measure: Scale) -> tuple[Stretch, ...]:
    """Cut the rows into leads, one column after the other in time.

    Parameters
    ----------
    x0, seconds
        Where the traces begin, and how long they last.
    shown, measure
        Which lead stands where, and the scale.
    """
    x1 = x0 + seconds * measure.px_per_second
    result = []
    for row, leads in enumerate(shown.cells):
        x, t = np.linspace(x0, x1, len(leads) + 1).tolist(), np.linspace(0.0, seconds, len(leads) + 1).tolist()
        for k, name in enumerate(leads):
            lead, sign = _signed(name)
            result.append(Stretch(lead, sign, row, x[k], x[k + 1], t[k], t[k + 1]))
    for k, name in enumerate(shown.strips):
        lead, sign = _signed(name)
        result.append(Stretch(lead, sign, len(shown.cells) + k, x0, x1, 0.0, seconds, True))
    return tuple(result)


def _signed(name: str) -> tuple[str, int]:
    return (name[1:], -1) if name.startswith("-") else (name, 1)


def on_one_clock(places: Sequence[Stretch], traces: Sequence[Floats], sampling_rate: float) -> tuple[Stretch, ...]:
    """Say when each stretch was recorded, by when the leads move.

    Columns follow each other, or all show the same seconds: then their leads move at the same moments. Against a
    rhythm strip it is the better fit that decides. A single column of short stretches shows either, and the limb
    leads tell which: of the same moments the augmented ones are sums of the others.

    Parameters
    ----------
    places : sequence of Stretch
        As `stretches` cut them.
    traces : sequence of ndarray
        Each one's millivolts, evenly sampled; NaN where nothing was traced.
    sampling_rate : float
        Hz.

    Returns
    -------
    tuple of Stretch
        The same, with their times.
    """
    leads = [k for k, place in enumerate(places) if not place.strip]
    strips = [k for k, place in enumerate(places) if place.strip]
    moving = {k: movement(traces[k], sampling_rate) for k in range(len(places))}
    beginnings = sorted({places[k].t0 for k in leads})
    moved = list(places)
    if len(beginnings) == 1:
        seconds = places[leads[0]].seconds
        if seconds >= _WHOLE or len(leads) < len(LEADS):
            return tuple(moved)
        together = agree({places[k].lead: traces[k] for k in leads})
        if together is None:
            columns = [together_of([moving[k] for k in leads if places[k].lead in names]) for names in _COLUMNS]
            together = alike(columns)
        if not together:
            for k in leads:
                number = next(n for n, names in enumerate(_COLUMNS) if places[k].lead in names)
                moved[k] = replace(places[k], t0=number * seconds, t1=(number + 1) * seconds)
        return tuple(moved)
    columns = [together_of([moving[k] for k in leads if places[k].t0 == t0]) for t0 in beginnings]
    if strips:
        strip = together_of([moving[k] for k in strips])
        size = min(len(column) for column in columns)
        here = [strip[round(t0 * sampling_rate) :][:size] for t0 in beginnings]
        after = np.mean([correlation(column[:size], part) for column, part in zip(columns, here, strict=True)])
        same = np.mean([correlation(column[:size], here[0]) for column in columns])
        together = bool(same > after)
    else:
        together = alike(columns)
    if together:
        moved = [place if place.strip else replace(place, t0=0.0, t1=place.seconds) for place in places]
    return tuple(moved)


def strips_by_signal(
    places: Sequence[Stretch], traces: Sequence[Floats], sampling_rate: float
) -> tuple[Stretch, ...]:
    """Name each strip after the lead whose own column it runs through: there the two are the same line.

    Parameters
    ----------
    places, traces, sampling_rate
        As for `on_one_clock`, with their times.
    """
    named = list(places)
    for k, strip in enumerate(places):
        if not strip.strip:
            continue
        best, name = _SAME_LEAD, strip.lead
        for place, trace in zip(places, traces, strict=True):
            part = traces[k][round(place.t0 * sampling_rate) :][: len(trace)]
            both = np.isfinite(part) & np.isfinite(trace[: len(part)])
            if place.strip or both.sum() < 0.5 * len(trace):
                continue
            like = place.sign * strip.sign * correlation(part[both], trace[: len(part)][both])
            if like > best:
                best, name = like, place.lead
        named[k] = replace(strip, lead=name)
    return tuple(named)
