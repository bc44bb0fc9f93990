"""When the ventricles beat: QRS onsets whose mean distance on the page is exactly the rate asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.recording import PAGE_SECONDS
from einthoven.ecg.simulator.ectopy import inserted
from einthoven.ecg.simulator.parameters import Parameters

__all__ = ["EDGES", "Beats", "beat_times"]

Floats = NDArray[np.float64]
Names = NDArray[np.object_]

#: Seconds from the page's edges that no QRS onset on the page comes closer to: every QRS is on it as a whole, or off.
EDGES = (0.05, 0.25)

#: Sinus rhythm that varies by more than 120 ms would be a sinus arrhythmia; it stays below 80 ms here, and below 6 %.
_SINUS_SPREAD, _SINUS_SHARE = 0.080, 0.06

#: Sinus arrhythmia: longest less shortest PP interval, as a share of the mean, with breath. The limit is 120 ms or
#: 10 % (Surawicz and Knilans, Chou's electrocardiography in clinical practice, 6th edition, chapter 13).
_ARRHYTHMIA = (0.26, 0.42)
_ARRHYTHMIA_LEAST = 0.17

#: Coefficient of variation of the RR intervals in atrial fibrillation: about 0.2 to 0.3 in recordings (Tateno and
#: Glass, Med Biol Eng Comput 2001;39:664-671, standard deviation over mean 0.24).
_AF_VARIATION = (0.19, 0.27)

#: Longest less shortest interval of the rhythms that hardly vary, as a share of the mean.
_STEADY = {
    "ventricular_tachycardia": 0.04,
    "ventricular_escape": 0.05,
    "junctional": 0.03,
    "supraventricular_tachycardia": 0.015,
    "atrial_flutter": 0.0,
    "paced": 0.0,
}

#: ms that the second PR of a Wenckebach period adds to the first, and by what each further step is shorter.
_WENCKEBACH_STEP, _WENCKEBACH_DECAY = (70.0, 110.0), 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Beats:
    """QRS complexes.

    Attributes
    ----------
    times : ndarray of float
        Seconds to each QRS onset; beats that only reach into the page are there too.
    kinds : ndarray of str
        See `schedule.Schedule`.
    origins : ndarray of str
        ``sinus`` (whatever drives the atria), ``pac``, ``pjc``, ``pvc``, ``escape`` or ``fusion``.
    pr : ndarray of float
        ms from P to QRS, where a P wave leads it.
    on_page : slice
        Those on the page. 60 over the mean of their distances is `parameters.heart_rate`.
    lost : ndarray of float
        Onsets of P waves that lead to no QRS.
    """

    times: Floats
    kinds: Names
    origins: Names
    pr: Floats
    on_page: slice
    lost: Floats


def beat_times(parameters: Parameters, rng: np.random.RandomState) -> Beats:
    """Draw the beats of a page and those just off it.

    Parameters
    ----------
    parameters : Parameters
        The heart.
    rng : RandomState
        The rhythm's own stream.
    """
    mean = 60.0 / parameters.heart_rate
    room = PAGE_SECONDS - sum(EDGES)
    count = int(room / mean)
    slack = room - count * mean
    start = EDGES[0] + rng.uniform() * slack
    around = 2 + int(1.5 / mean)
    if parameters.block in ("wenckebach", "mobitz", "sinoatrial"):
        return _grouped(parameters, rng, start, count, around)
    inside, before, after = (_intervals(parameters, rng, size) for size in (count, around, around))
    inside, origins = inserted(parameters, inside, rng)
    # The neighbours stay off the page, or they would count.
    before[-1] = max(before[-1], start + EDGES[1])
    end = start + count * mean
    after[0] = max(after[0], PAGE_SECONDS - end)
    first, last = start - np.cumsum(before[::-1])[::-1], end + np.cumsum(after)
    times = np.concatenate([first, start + np.concatenate([[0.0], np.cumsum(inside)]), last])
    names = np.full(times.size, "sinus", dtype=object)
    names[around : around + count + 1] = origins
    pr = np.full(times.size, parameters.pr or 0.0)
    lost = np.zeros(0)
    if parameters.block == "two_to_one":
        lost = times[:-1] + 0.5 * np.diff(times) - pr[0] / 1e3
    elif parameters.pr is not None:
        # The sinus node is not reset by a ventricular beat: its own P wave is lost in it.
        where = np.flatnonzero(names == "pvc")
        lost = 0.5 * (times[where - 1] + times[where + 1]) - pr[0] / 1e3
    return Beats(times, _kinds(parameters, names), names, pr, slice(around, around + count + 1), lost)


def _kinds(parameters: Parameters, origins: Names) -> Names:
    """Say what excites the ventricles in each beat."""
    usual = "conducted" if parameters.native else "paced" if parameters.rhythm == "paced" else "ventricular"
    kinds = np.full(origins.size, usual, dtype=object)
    kinds[origins == "pvc"] = "ventricular"
    kinds[origins == "fusion"] = "fusion"
    return kinds


def _grouped(parameters: Parameters, rng: np.random.RandomState, start: float, count: int, around: int) -> Beats:
    """Draw beats in periods: P waves at an even distance, of which the last of each period leads to no QRS.

    The distance of the P waves is solved for, so that the mean distance of the QRS complexes on the page is exact.
    A sinoatrial block (second degree, type II) is the same without the P wave that fails.
    """
    size = parameters.ratio or int(rng.randint(3, 5))
    phase, total = int(rng.randint(0, size - 1)), count + 2 * around + 1
    place = (np.arange(total) - around + phase) % (size - 1)  # of each beat in its period
    tick = np.concatenate([[0], np.cumsum(np.where(place[1:] == 0, 2, 1))]).astype(float)
    pr = np.full(total, parameters.pr or 0.0)
    if parameters.block == "wenckebach":
        steps = rng.uniform(*_WENCKEBACH_STEP) * _WENCKEBACH_DECAY ** np.arange(size)
        pr = pr + np.concatenate([[0.0], np.cumsum(steps)])[place]
    first, last = around, around + count
    mean = 60.0 / parameters.heart_rate
    apart = (count * mean - (pr[last] - pr[first]) / 1e3) / (tick[last] - tick[first])
    p = start - pr[first] / 1e3 + (tick - tick[first]) * apart
    times = p + pr / 1e3
    # As above: the neighbours stay off the page.
    shift = max(times[first - 1] + EDGES[1], 0.0)
    times[:first], p[:first] = times[:first] - shift, p[:first] - shift
    shift = max(PAGE_SECONDS - times[last + 1], 0.0)
    times[last + 1 :], p[last + 1 :] = times[last + 1 :] + shift, p[last + 1 :] + shift
    origins = np.full(total, "sinus", dtype=object)
    lost = p[np.flatnonzero(place[1:] == 0)] + apart if parameters.block != "sinoatrial" else np.zeros(0)
    return Beats(times, _kinds(parameters, origins), origins, pr, slice(first, last + 1), lost)


def _intervals(parameters: Parameters, rng: np.random.RandomState, count: int) -> Floats:
    """Draw intervals in seconds that have the rate's mean."""
    mean, rhythm = 60.0 / parameters.heart_rate, parameters.rhythm
    steady = 0.03 if parameters.block == "complete" else _STEADY.get(rhythm)
    if steady is not None:
        deviation = steady * mean * rng.uniform(-0.5, 0.5, count)
        return np.asarray(mean + deviation - deviation.mean())
    if rhythm == "atrial_fibrillation":
        # A sum of two uniforms, squared in part: skewed towards long pauses, as intervals in AF are.
        drawn = rng.uniform(-1.0, 1.0, (2, count)).sum(axis=0)
        drawn += 0.25 * np.square(drawn)
        drawn *= rng.uniform(*_AF_VARIATION) * mean / drawn.std()
    elif rhythm == "sinus_arrhythmia":
        breath, phase = rng.uniform(3.4, 5.2), rng.uniform(0.0, 2.0 * np.pi)
        drawn = np.sin(2.0 * np.pi * mean * np.arange(count) / breath + phase) + 0.1 * rng.uniform(-1.0, 1.0, count)
        drawn *= max(rng.uniform(*_ARRHYTHMIA) * mean, _ARRHYTHMIA_LEAST) / max(float(np.ptp(drawn)), 0.5)
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
