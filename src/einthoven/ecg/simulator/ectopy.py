"""Beats out of turn: premature ones, escapes after a pause, fusion."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.simulator.parameters import Parameters

__all__ = ["inserted"]

Floats = NDArray[np.float64]
Names = NDArray[np.object_]

#: The interval before and after the beat, in mean intervals. A ventricular beat is followed by a full compensatory
#: pause, the two intervals making up two of the sinus node; an atrial one resets the node and is followed by little
#: more than one; a fusion beat comes when the sinus beat is due (Surawicz and Knilans, Chou's electrocardiography in
#: clinical practice, 6th edition, chapters 15 to 17).
_PREMATURE = {"pac": ((0.62, 0.72), (1.02, 1.12)), "pjc": ((0.62, 0.72), (1.05, 1.15))}
_VENTRICULAR = (0.56, 0.66)
_FUSION = (0.93, 0.96)
_ESCAPE = ((1.75, 2.0), (0.98, 1.05))


def inserted(parameters: Parameters, intervals: Floats, rng: np.random.RandomState) -> tuple[Floats, Names]:
    """Put beats out of turn into a run of intervals, without changing the sum.

    Parameters
    ----------
    parameters : Parameters
        The heart.
    intervals : ndarray, shape (n,)
        Seconds between the n + 1 beats on the page.
    rng : RandomState
        The rhythm's own stream.

    Returns
    -------
    intervals : ndarray, shape (n,)
        The new intervals.
    origins : ndarray of str, shape (n + 1,)
        Of each beat; the first and the last are always the basic rhythm's.
    """
    count = intervals.size
    origins = np.full(count + 1, "sinus", dtype=object)
    kind = parameters.ectopy
    if kind == "none":
        return intervals, origins
    places = _places(parameters.pattern, count, rng)
    changed = intervals.copy()
    late = int(rng.randint(len(places))) if kind == "fusion" else -1
    for number, place in enumerate(places):
        origin = kind if kind != "fusion" else "fusion" if number == late else "pvc"
        before, after = _coupling(origin, rng)
        mean = 0.5 * (intervals[place - 1] + intervals[place])
        changed[place - 1], changed[place] = before * mean, after * mean
        origins[place] = origin
    # Scaled around the pauses: only the basic intervals make room.
    out_of_turn = origins != "sinus"
    basic = ~(out_of_turn[1:] | out_of_turn[:-1])
    spare = intervals.sum() - changed.sum()
    if basic.any() and abs(spare) < 0.25 * changed[basic].sum():
        changed[basic] *= 1.0 + spare / changed[basic].sum()
    else:
        changed *= intervals.sum() / changed.sum()
    return changed, origins


def _places(pattern: str, count: int, rng: np.random.RandomState) -> list[int]:
    """Choose the beats, counted from 0, that come out of turn."""
    if pattern != "isolated":
        step = 2 if pattern == "bigeminy" else 3
        return list(range(1, count, step))
    # One to three, never next to each other.
    wanted = 2 if count < 9 else int(rng.randint(2, 4))
    stretch = (count - 1) / wanted
    return [1 + int(i * stretch + rng.uniform(0.0, max(stretch - 2.0, 0.5))) for i in range(wanted)]


def _coupling(origin: str, rng: np.random.RandomState) -> tuple[float, float]:
    if origin in ("pvc", "fusion"):
        before = rng.uniform(*(_VENTRICULAR if origin == "pvc" else _FUSION))
        return before, 2.0 - before
    if origin == "escape":
        return rng.uniform(*_ESCAPE[0]), rng.uniform(*_ESCAPE[1])
    (low, high), after = _PREMATURE[origin]
    return rng.uniform(low, high), rng.uniform(*after)
