"""Whether a P wave stands before the QRS, beat after beat, and where it begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.measure.activity import activity, principal_course, smoothed
from einthoven.ecg.measure.bands import RATE

__all__ = ["P_AGREES", "PWave", "p_wave"]

Floats = NDArray[np.float32]

#: P waves correlate at least so well from beat to beat, over all leads.
P_AGREES = 0.6

#: ms, twice, that the beat is smoothed over.
_SMOOTHING = 14.0

#: Samples on either side of a slope.
_HALF_WIDTH = round(0.008 * RATE)

#: Shares of the steepest slope on either side of the peak below which the P wave has not begun or is over.
_THRESHOLDS = (0.15, 0.20, 0.25)

#: Samples: how far before the QRS a P wave may begin, how close it may end, half a P wave, the least room for one.
_EARLIEST, _CLOSEST, _HALF, _ROOM = (round(s * RATE) for s in (0.40, 0.006, 0.07, 0.05))

#: Samples on either side of the peak that are compared between beats.
_COMPARED = round(0.05 * RATE)


@dataclass(frozen=True, slots=True, eq=False)
class PWave:
    """A deflection before the QRS of the median beat, and how far the single beats share it.

    Attributes
    ----------
    onset, peak, end : float
        Samples from the start of the beat.
    height : float
        mV, third largest over the leads.
    agreement : ndarray, shape (beats,)
        Correlation over all leads of each beat there with the mean of the others; near 0 where nothing is in step.
    """

    onset: float
    peak: float
    end: float
    height: float
    agreement: Floats


def p_wave(beat: Floats, beats: Floats, qrs_onset: float, t_end_before: float | None) -> PWave | None:
    """Find the P wave.

    Parameters
    ----------
    beat : ndarray, shape (12, samples)
        The median beat, mV.
    beats : ndarray, shape (n, 12, samples)
        The beats it is made of.
    qrs_onset : float
        Samples from the start of the beat.
    t_end_before : float or None
        Where the previous beat's T wave ends, on the same scale.

    Returns
    -------
    PWave or None
        `None` where there is no room for one.
    """
    end = int(qrs_onset) - _CLOSEST
    begin = max(end - _EARLIEST, 2 * _HALF_WIDTH)
    if t_end_before is not None:
        begin = max(begin, min(round(t_end_before), end - _ROOM))
    if end - begin < _ROOM:
        return None
    slow = smoothed(beat, _SMOOTHING)
    slope = activity(slow, _HALF_WIDTH)
    stretch = _level(slow[:, begin:end])
    course = principal_course(stretch)
    peak = begin + int(np.argmax(np.abs(course)))
    height = float(np.partition(np.abs(stretch[:, peak - begin]), -3)[-3])
    low, high = max(begin - 10, 0), end
    rise = max(peak - _HALF, low)
    rise += int(np.argmax(slope[rise : peak + 1]))
    fall = peak + int(np.argmax(slope[peak : min(peak + _HALF, high)]))
    onsets, ends = [], []
    for share in _THRESHOLDS:
        before = slope[low : rise + 1][::-1]
        onsets.append(rise - _first_rest(before, share * slope[rise]))
        ends.append(fall + _first_rest(slope[fall:high], share * slope[fall]))
    return PWave(
        float(np.mean(onsets)), float(peak), float(np.mean(ends)), height, _agreement(beats, begin, peak, end)
    )


def _level(stretch: Floats) -> Floats:
    """Take out the line through the ends, along the last axis."""
    along = np.linspace(0.0, 1.0, stretch.shape[-1], dtype=np.float32)
    return np.asarray(stretch - stretch[..., :1] * (1.0 - along) - stretch[..., -1:] * along)


def _first_rest(slope: Floats, threshold: float) -> int:
    rest = slope < threshold
    return int(np.argmax(rest)) if rest.any() else int(np.argmin(slope))


def _agreement(beats: Floats, begin: int, peak: int, end: int) -> Floats:
    left, right = max(begin, peak - _COMPARED), min(end, peak + _COMPARED)
    if len(beats) < 2 or right - left < 10:
        return np.zeros(len(beats), dtype=np.float32)
    part = smoothed(beats[..., left:right], _SMOOTHING)[..., ::4]
    part = part - part.mean(axis=-1, keepdims=True)
    flat = part.reshape(len(beats), -1)
    others = flat.sum(axis=0) - flat
    scale = np.linalg.norm(flat, axis=1) * np.linalg.norm(others, axis=1)
    return np.asarray(np.einsum("bi,bi->b", flat, others) / np.maximum(scale, 1e-9), dtype=np.float32)
