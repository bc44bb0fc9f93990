"""When the heart beats: R times whose mean RR interval on the page is exactly the rate asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.recording import PAGE_SECONDS
from einthoven.ecg.simulator.parameters import Parameters

__all__ = ["EDGE", "r_times"]

Floats = NDArray[np.float64]

#: No R peak lies within this many seconds of the page's edges, on either side: each one is on it or off it.
EDGE = 0.05

#: Sinus rhythm that varies by more than 120 ms would be a sinus arrhythmia; it stays below 80 ms here, and below 6 %.
_SINUS_SPREAD, _SINUS_SHARE = 0.080, 0.06

#: Coefficient of variation of the RR intervals in atrial fibrillation: about 0.2 to 0.3 in recordings (Tateno and
#: Glass, Med Biol Eng Comput 2001;39:664-671, standard deviation over mean 0.24).
_AF_VARIATION = (0.19, 0.27)


def r_times(parameters: Parameters, rng: np.random.RandomState) -> tuple[Floats, slice]:
    """Draw the R times of a page and of the beats just off it.

    Parameters
    ----------
    parameters : Parameters
        The heart.
    rng : RandomState
        The rhythm's own stream.

    Returns
    -------
    times : ndarray
        Seconds from the start of the page; beats that only reach into it are there too.
    on_page : slice
        Those whose R lies on the page. 60 over the mean of their RR intervals is `parameters.heart_rate`.
    """
    mean = 60.0 / parameters.heart_rate
    intervals = int((PAGE_SECONDS - 2.0 * EDGE) / mean)
    slack = PAGE_SECONDS - 2.0 * EDGE - intervals * mean
    start = EDGE + rng.uniform() * slack
    around = 2 + int(1.5 / mean)
    inside, before, after = (_intervals(parameters, rng, count) for count in (intervals, around, around))
    # The neighbours stay off the page, or they would count.
    before[-1] = max(before[-1], start + EDGE)
    end = start + intervals * mean
    after[0] = max(after[0], PAGE_SECONDS + EDGE - end)
    first, last = start - np.cumsum(before[::-1])[::-1], end + np.cumsum(after)
    times = np.concatenate([first, [start], start + np.cumsum(inside), last])
    return times, slice(around, around + intervals + 1)


def _intervals(parameters: Parameters, rng: np.random.RandomState, count: int) -> Floats:
    """Draw RR intervals in seconds that have the rate's mean."""
    mean = 60.0 / parameters.heart_rate
    if parameters.rhythm == "paced":
        return np.full(count, mean)
    if parameters.rhythm == "atrial_fibrillation":
        # A sum of two uniforms, squared in part: skewed towards long pauses, as RR intervals in AF are.
        drawn = rng.uniform(-1.0, 1.0, (2, count)).sum(axis=0)
        drawn += 0.25 * np.square(drawn)
        drawn *= rng.uniform(*_AF_VARIATION) * mean / drawn.std()
    else:
        widest = min(_SINUS_SPREAD, _SINUS_SHARE * mean) / 2.0
        breath, phase = rng.uniform(3.2, 5.0), rng.uniform(0.0, 2.0 * np.pi)
        drawn = rng.uniform(0.2, 0.75) * np.sin(2.0 * np.pi * mean * np.arange(count) / breath + phase)
        drawn = widest * (drawn + 0.2 * rng.uniform(-1.0, 1.0, count))
    deviation = drawn - drawn.mean()
    # The QRS does not come before the T wave is over its peak.
    shortest = min(max(0.24, 0.88e-3 * parameters.qt), 0.9 * mean)
    lowest = -float(deviation.min())
    if lowest > mean - shortest:
        deviation *= (mean - shortest) / lowest
    return np.asarray(mean + deviation)
