"""When atria and ventricles are excited, and by what: the events of a page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.simulator.anatomy import Anatomy
from einthoven.ecg.simulator.parameters import Parameters
from einthoven.ecg.simulator.rhythm import Beats, beat_times

__all__ = ["RETROGRADE", "Schedule", "schedule"]

Floats = NDArray[np.float64]
Names = NDArray[np.object_]

#: ms from the onset of the QRS to that of a P wave that runs backwards: after the QRS in AV nodal and AV re-entry
#: (Page et al., Circulation 2016;133:e506-e574), after or just before it in junctional rhythm.
RETROGRADE = {"supraventricular_tachycardia": (70.0, 120.0), "junctional": (110.0, 150.0)}
_BEFORE = (-95.0, -70.0)

#: ms between spike and P wave, between spike and QRS, and what an ectopic focus adds to the PR interval.
_ATRIAL_SPIKE, _VENTRICULAR_SPIKE, _ECTOPIC_DELAY = 6.0, 10.0, 12.0

_SINUS_TICK = (60.0, 95.0)


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """The events that reach into a page, in order.

    Attributes
    ----------
    qrs : ndarray of float
        Seconds from the start of the page to each QRS onset.
    qrs_kind : ndarray of str
        ``conducted``, ``ventricular``, ``fusion`` or ``paced``.
    on_page : slice
        Those that lie on the page with all of their QRS.
    p : ndarray of float
        Seconds to each P onset.
    p_kind : ndarray of str
        ``sinus``, ``ectopic``, ``retrograde`` or ``paced``.
    p_leads : ndarray of int
        Index of the QRS that a P wave leads to; -1 where it leads to none.
    spikes : ndarray of float
        Seconds to each pacing spike.
    spike_kind : ndarray of str
        ``atrial`` or ``ventricular``.
    """

    qrs: Floats
    qrs_kind: Names
    on_page: slice
    p: Floats
    p_kind: Names
    p_leads: NDArray[np.int64]
    spikes: Floats
    spike_kind: Names

    def p_keys(self) -> list[tuple[str, float]]:
        """Give what shapes each P wave: its kind, and the ms from its onset to the QRS it leads to (0: to none)."""
        return [
            (str(kind), round(1e3 * float(self.qrs[index] - time), 3) if index >= 0 else 0.0)
            for time, kind, index in zip(self.p, self.p_kind, self.p_leads, strict=True)
        ]


def schedule(parameters: Parameters, heart: Anatomy, rng: np.random.RandomState) -> Schedule:
    """Draw the events.

    Parameters
    ----------
    parameters : Parameters
        The heart; not one in ventricular fibrillation, which has no events.
    heart : Anatomy
        Where its P waves lie that run backwards.
    rng : RandomState
        The rhythm's own stream.
    """
    beats = beat_times(parameters, rng)
    atria = _atria(parameters, heart, beats, rng)
    atria.sort(key=lambda event: event[0])
    spikes = _spikes(parameters, beats, atria)
    return Schedule(
        qrs=beats.times,
        qrs_kind=beats.kinds,
        on_page=beats.on_page,
        p=np.array([event[0] for event in atria]),
        p_kind=np.array([event[1] for event in atria], dtype=object),
        p_leads=np.array([event[2] for event in atria], dtype=np.int64),
        spikes=np.array([time for time, _ in spikes]),
        spike_kind=np.array([kind for _, kind in spikes], dtype=object),
    )


def _atria(
    parameters: Parameters, heart: Anatomy, beats: Beats, rng: np.random.RandomState
) -> list[tuple[float, str, int]]:
    """List the P waves: onset, kind, and the QRS each leads to."""
    rhythm, times = parameters.rhythm, beats.times
    if rhythm in RETROGRADE:
        return _backwards(rhythm, heart, times)
    if parameters.block == "complete" or rhythm == "ventricular_tachycardia":
        # Sinus beats that take no notice of the ventricles.
        rate = parameters.atrial_rate or rng.uniform(*_SINUS_TICK)
        tick = 60.0 / rate
        ticks = np.arange(times[0] - tick * rng.uniform(), times[-1], tick)
        ticks = ticks + 0.008 * np.sin(2.0 * np.pi * ticks / 4.1 + rng.uniform(0.0, 6.0))
        return [(float(time), "sinus", -1) for time in ticks]
    if parameters.pr is None:
        return []
    kind = {"ectopic_atrial": "ectopic", "paced": "paced"}.get(rhythm, "sinus")
    events: list[tuple[float, str, int]] = []
    for i, (time, origin) in enumerate(zip(times, beats.origins, strict=True)):
        pr = beats.pr[i] / 1e3
        if origin in ("sinus", "fusion"):
            events.append((time - pr, kind, i))
        elif origin == "pac":
            events.append((time - pr - _ECTOPIC_DELAY / 1e3, "ectopic", i))
    # Beats that never came down: the sinus node kept its time.
    events += [(float(time), kind, -1) for time in beats.lost]
    return events


def _backwards(rhythm: str, heart: Anatomy, times: Floats) -> list[tuple[float, str, int]]:
    low, high = RETROGRADE[rhythm]
    if rhythm == "junctional":
        if heart.variant < 0.4:  # hidden in the QRS
            return []
        if heart.variant >= 0.7:
            low, high = _BEFORE
    delay = (low + (high - low) * heart.origin) / 1e3
    return [(float(time) + delay, "retrograde", -1) for time in times]


def _spikes(parameters: Parameters, beats: Beats, atria: list[tuple[float, str, int]]) -> list[tuple[float, str]]:
    if parameters.rhythm != "paced":
        return []
    found = []
    if parameters.pacing != "atrial":
        found += [(float(time) - _VENTRICULAR_SPIKE / 1e3, "ventricular") for time in beats.times]
    if parameters.pacing != "ventricular":
        found += [(time - _ATRIAL_SPIKE / 1e3, "atrial") for time, _, _ in atria]
    return sorted(found)
