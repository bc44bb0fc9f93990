"""What the measurer hands back: the numbers of a print-out, and what they were read off."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.measure.rhythm import Rhythm
from einthoven.ecg.measurements import Measurements

__all__ = ["Boundaries", "Measured"]


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Where the waves of the median beat begin and end over all leads.

    Attributes
    ----------
    p_onset, p_end, qrs_onset, qrs_end, t_peak, t_end : float or None
        ms on the time axis of `Measured.beat`, whose 0 is the middle of the ventricular excitation.
    """

    p_onset: float | None = None
    p_end: float | None = None
    qrs_onset: float | None = None
    qrs_end: float | None = None
    t_peak: float | None = None
    t_end: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """The measurements of a recording with their evidence.

    Attributes
    ----------
    measurements : Measurements
        `None` where unknown.
    quality : float
        0 to 1: the share of usable leads, times how alike the dominant QRS complexes are, times how alike the ST-T
        waves behind them are (correlations of each beat with the others). Below 0.5 the numbers deserve no trust.
    r_peaks : ndarray of int
        Samples of the recording at its own rate, one a beat, ectopic beats included.
    beat : ndarray of float32, shape (12, samples)
        The median beat in mV, without baseline wander and pacing spikes; empty where there is none.
    beat_time : ndarray of float64, shape (samples,)
        Its time axis in ms.
    boundaries : Boundaries
        Of the median beat.
    rhythm : Rhythm
        Evidence for later users.
    beats : int
        How many beats the median beat was made of.
    """

    measurements: Measurements
    quality: float = 0.0
    r_peaks: NDArray[np.int_] = field(default_factory=lambda: np.zeros(0, dtype=np.int_))
    beat: NDArray[np.float32] = field(default_factory=lambda: np.zeros((12, 0), dtype=np.float32))
    beat_time: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    boundaries: Boundaries = field(default_factory=Boundaries)
    rhythm: Rhythm = field(default_factory=lambda: Rhythm(np.zeros(0)))
    beats: int = 0
