"""The form of the median beat lead by lead: Q, R and S waves, the J point, the ST level and the T wave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.measure import Measured
from einthoven.ecg.recording import LEADS

__all__ = ["Shape", "shapes"]

Floats = NDArray[np.float64]

#: ms before the QRS whose mean is the level that everything is measured from, and behind J where ST is taken.
_LEVEL, _ST = (20.0, 4.0), (55.0, 65.0)

#: mV: a deflection that is smaller is none.
_DEFLECTION = 0.04

#: ms behind J where T begins to be looked for, and by when it is over where its end is not known.
_T_FROM, _T_TO = 80.0, 380.0

#: ms: a shorter QRS was not measured right.
_SHORTEST = 20.0


@dataclass(frozen=True, slots=True)
class Shape:
    """One lead's beat; amplitudes in mV from the level before the QRS, durations in ms.

    Attributes
    ----------
    q, r, s, r2 : float
        Size of the first negative wave before R, of R, of the negative wave behind it, and of a second R wave; 0
        where there is none. A QS complex has all its depth in `q` and no `r`.
    q_ms, r_ms, s_ms : float
        How long they last.
    j, st : float
        Level at the J point and 60 ms behind it.
    t : float
        The T wave's extreme, signed.
    area : float
        Net area of the QRS, mV ms.
    """

    q: float
    r: float
    s: float
    r2: float
    q_ms: float
    r_ms: float
    s_ms: float
    j: float
    st: float
    t: float
    area: float


def shapes(found: Measured, usable: NDArray[np.bool_]) -> dict[str, Shape]:
    """Measure the leads of the median beat.

    Parameters
    ----------
    found : Measured
        With a median beat and the bounds of its QRS.
    usable : ndarray of bool, shape (12,)
        The leads to measure.

    Returns
    -------
    dict of str to Shape
        By lead; empty where the QRS has no bounds.
    """
    onset, end = found.boundaries.qrs_onset, found.boundaries.qrs_end
    if onset is None or end is None or end - onset < _SHORTEST:
        return {}
    t_end = found.boundaries.t_end if found.boundaries.t_end is not None else end + _T_TO
    return {
        lead: _shape(np.asarray(found.beat[k], dtype=np.float64), found.beat_time, onset, end, t_end)
        for k, lead in enumerate(LEADS)
        if usable[k]
    }


def _shape(beat: Floats, time: Floats, onset: float, end: float, t_end: float) -> Shape:
    def mean(low: float, high: float) -> float:
        part = beat[(time >= low) & (time <= high)]
        return float(part.mean()) if part.size else 0.0

    step = float(time[1] - time[0])
    level = mean(onset - _LEVEL[0], onset - _LEVEL[1])
    inside = beat[(time >= onset - step) & (time <= end + step)] - level
    waves = _waves(inside, step)
    positive = [k for k, (size, _) in enumerate(waves) if size > 0]
    first = positive[0] if positive else len(waves)
    before = [wave for wave in waves[:first] if wave[0] < 0]
    behind = [wave for wave in waves[first + 1 :] if wave[0] < 0]
    q, q_ms = min(before) if before else (0.0, 0.0)
    r, r_ms = waves[first] if positive else (0.0, 0.0)
    s, s_ms = min(behind) if behind else (0.0, 0.0)
    stretch = beat[(time >= end + _T_FROM) & (time <= max(t_end, end + _T_FROM + 40.0))] - level
    return Shape(
        q=-q,
        r=r,
        s=-s,
        r2=max((waves[k][0] for k in positive[1:]), default=0.0),
        q_ms=q_ms,
        r_ms=r_ms,
        s_ms=s_ms,
        j=mean(end - step, end + step) - level,
        st=mean(end + _ST[0], end + _ST[1]) - level,
        t=float(stretch[int(np.argmax(np.abs(stretch)))]) if stretch.size else 0.0,
        area=float(inside.sum() * step),
    )


def _waves(inside: Floats, step: float) -> list[tuple[float, float]]:
    """Cut a QRS at its crossings of the level into waves: (extreme in mV, duration in ms)."""
    sign = np.sign(inside)
    cuts = np.flatnonzero(sign[1:] * sign[:-1] < 0) + 1
    found = []
    for part in np.split(inside, cuts):
        if not part.size:
            continue
        extreme = float(part[int(np.argmax(np.abs(part)))])
        if abs(extreme) >= _DEFLECTION:
            found.append((extreme, part.size * step))
    return found
