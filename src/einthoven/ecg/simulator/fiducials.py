"""Every point that a reader could mark on a simulated page, known exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.recording import PAGE_SECONDS
from einthoven.ecg.simulator.atria import PWave
from einthoven.ecg.simulator.beat import Beat
from einthoven.ecg.simulator.schedule import Schedule

__all__ = ["NOTHING", "Fiducials", "fiducials"]

Floats = NDArray[np.float64]
Names = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Fiducials:
    """Points in time, in seconds from the start of the page.

    Attributes
    ----------
    qrs_onset, r_peak, qrs_end, t_peak, t_end : ndarray, shape (beats,)
        Of each QRS that lies on the page. `r_peak` is where the QRS is largest over all leads. A T wave may end after
        the page.
    qrs_kind : ndarray of str, shape (beats,)
        ``conducted``, ``ventricular``, ``fusion`` or ``paced``.
    p_onset, p_peak, p_end : ndarray, shape (waves,)
        Of each P wave that begins on the page.
    p_kind : ndarray of str, shape (waves,)
        ``sinus``, ``ectopic``, ``retrograde`` or ``paced``.
    p_leads_to : ndarray of int, shape (waves,)
        Index of the QRS that a P wave leads to, -1 where it leads to none, or to one beyond the page.
    spikes : ndarray, shape (spikes,)
        Pacing spikes.
    spike_kind : ndarray of str, shape (spikes,)
        ``atrial`` or ``ventricular``.
    flutter : ndarray, shape (waves,)
        Where flutter waves are lowest in II, III and aVF.
    """

    qrs_onset: Floats
    r_peak: Floats
    qrs_end: Floats
    t_peak: Floats
    t_end: Floats
    qrs_kind: Names
    p_onset: Floats
    p_peak: Floats
    p_end: Floats
    p_kind: Names
    p_leads_to: NDArray[np.int64]
    spikes: Floats
    spike_kind: Names
    flutter: Floats


_NONE: Floats = np.zeros(0)
_NO_NAMES: Names = np.zeros(0, dtype=object)

#: Ventricular fibrillation has nothing to mark.
NOTHING = Fiducials(
    qrs_onset=_NONE,
    r_peak=_NONE,
    qrs_end=_NONE,
    t_peak=_NONE,
    t_end=_NONE,
    qrs_kind=_NO_NAMES,
    p_onset=_NONE,
    p_peak=_NONE,
    p_end=_NONE,
    p_kind=_NO_NAMES,
    p_leads_to=np.zeros(0, dtype=np.int64),
    spikes=_NONE,
    spike_kind=_NO_NAMES,
    flutter=_NONE,
)


def fiducials(
    events: Schedule, beats: Mapping[str, Beat], p_waves: Mapping[tuple[str, float], PWave], flutter: Floats
) -> Fiducials:
    """Mark the events of a page.

    Parameters
    ----------
    events : Schedule
        When atria and ventricles are excited.
    beats : mapping of str to Beat
        By kind.
    p_waves : mapping of (str, float) to PWave
        By kind, and the ms that are left to the QRS it leads to (0: it leads to none).
    flutter : ndarray
        Seconds to the troughs of flutter waves.
    """
    onset, kinds = events.qrs[events.on_page], events.qrs_kind[events.on_page]

    def after(point: str) -> Floats:
        return np.asarray(onset + np.array([getattr(beats[kind], point) for kind in kinds]))

    here = (events.p >= 0.0) & (events.p < PAGE_SECONDS)
    p, p_kind, leads = events.p[here], events.p_kind[here], events.p_leads[here]
    shapes = [p_waves[key] for key in events.p_keys()]
    shown = [shape for shape, on in zip(shapes, here, strict=True) if on]
    index = leads - events.on_page.start
    index[(leads < 0) | (index < 0) | (index >= onset.size)] = -1
    spiked = (events.spikes >= 0.0) & (events.spikes < PAGE_SECONDS)
    return Fiducials(
        qrs_onset=onset,
        r_peak=after("r"),
        qrs_end=after("qrs_end"),
        t_peak=after("t_peak"),
        t_end=after("t_end"),
        qrs_kind=kinds,
        p_onset=p,
        p_peak=p + np.array([shape.peak for shape in shown]),
        p_end=p + np.array([shape.end for shape in shown]),
        p_kind=p_kind,
        p_leads_to=index,
        spikes=events.spikes[spiked],
        spike_kind=events.spike_kind[spiked],
        flutter=flutter,
    )
