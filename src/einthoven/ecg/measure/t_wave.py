"""Where the T wave ends over all leads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.measure.activity import activity, principal_course, smoothed
from einthoven.ecg.measure.bands import RATE
from einthoven.ecg.measure.median_beat import BEFORE

__all__ = ["TWave", "t_wave"]

Floats = NDArray[np.float32]

#: ms, twice, that the beat is smoothed over: T waves have little above 10 Hz.
_SMOOTHING = 16.0

#: Samples on either side of a slope: T waves are slow.
_HALF_WIDTH = round(0.010 * RATE)

#: Shares of the steepest slope behind the peak at which the T wave is over; averaged.
_THRESHOLDS = (0.15, 0.20, 0.30)

#: The T wave's peak is looked for until this share of the RR interval behind the R wave: at QTc 500 ms (Bazett) and
#: 120/min QT is 0.71 of RR from the QRS onset on, 0.63 from the R wave on, and P waves are no T waves.
_SHARE_OF_RR = 0.62

#: Samples behind the R wave within which even a long QT is over.
_LATEST = round(0.66 * RATE)

#: Where T runs into P it ends where the leads move least: below the first share of its steepest slope, before they
#: move so much faster again, and faster by the second share.
_NADIR, _AGAIN, _REBOUND = 0.5, 1.25, 0.06

#: Samples before the next R wave from which on a P wave may begin.
_P_BEFORE_NEXT = round(0.34 * RATE)

#: Samples: before the next QRS, after this one's end, behind the T peak, and of the shortest stretch with a T in it.
_BEFORE_NEXT, _AFTER_QRS, _TAIL, _SHORTEST = (round(s * RATE) for s in (0.10, 0.06, 0.18, 0.08))

#: ms by which readers end later; median on the tuning half of LUDB.
_LATER = 0.0


@dataclass(frozen=True, slots=True)
class TWave:
    """A T wave in the median beat.

    Attributes
    ----------
    peak, end : float
        Samples from the start of the beat.
    height : float
        mV between peak and baseline, along the leads' principal direction.
    settled : bool
        Whether the leads came to rest behind it, or nearly.
    """

    peak: float
    end: float
    height: float
    settled: bool


def t_wave(beat: Floats, qrs_end: float, rr: float) -> TWave | None:
    """Find the T wave.

    Parameters
    ----------
    beat : ndarray, shape (12, samples)
        The median beat, mV.
    qrs_end : float
        Samples from the start of the beat.
    rr : float
        Samples to the next beat.

    Returns
    -------
    TWave or None
        `None` where the next beat leaves no room for one.
    """
    begin = round(qrs_end) + _AFTER_QRS
    end = round(BEFORE + min(_LATEST, rr - _BEFORE_NEXT))
    latest = min(end, round(BEFORE + _SHARE_OF_RR * rr))
    if latest - begin < _SHORTEST:
        return None
    slow = smoothed(beat, _SMOOTHING)
    slope = activity(slow, _HALF_WIDTH)
    stretch = slow[:, begin:latest]
    course = principal_course(stretch - np.median(stretch[:, -15:], axis=1)[:, None])
    peak = begin + int(np.argmax(course))
    behind = slope[peak : min(end, peak + _TAIL)]
    steepest = peak + int(np.argmax(behind))
    p_may_begin = round(BEFORE + rr) - _P_BEFORE_NEXT - steepest
    tail = _before_rebound(slope[steepest:end], float(slope[steepest]), max(p_may_begin, 0))
    ends = []
    for share in _THRESHOLDS:
        rest = tail < share * slope[steepest]
        ends.append(steepest + int(np.argmax(rest) if rest.any() else np.argmin(tail)))
    settled = bool(tail.min() < _NADIR * slope[steepest])
    return TWave(peak, float(np.mean(ends)) + _LATER * RATE / 1e3, float(course.max()), settled)


def _before_rebound(tail: Floats, steepest: float, p_may_begin: int) -> Floats:
    """Cut the slopes behind T where the next P wave begins to rise; before P can begin, a rise is a notch of T."""
    lowest = np.minimum.accumulate(tail)
    rebound = (lowest < _NADIR * steepest) & (tail > _AGAIN * lowest + _REBOUND * steepest)
    rebound[:p_may_begin] = False
    return tail[: int(np.argmax(rebound))] if rebound.any() else tail
