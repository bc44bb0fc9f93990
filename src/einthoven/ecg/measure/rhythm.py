"""What the beats say of the rhythm: how regular they are, whether P waves lead them, what the atria do meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from einthoven.ecg.measure.bands import RATE, Bands
from einthoven.ecg.measure.beat_classes import BeatClasses
from einthoven.ecg.measure.median_beat import BEFORE, MedianBeat
from einthoven.ecg.recording import LEADS

__all__ = ["Rhythm", "atrial_activity", "irregularity"]

Floats = NDArray[np.float32]

#: Leads in which the atria are seen best.
_ATRIAL = [LEADS.index(lead) for lead in ("II", "III", "aVF", "V1")]

#: Hz in which fibrillating and fluttering atria are active: 180 to 600 a minute (Bollmann et al., Europace 2006).
_SLOWEST, _FASTEST = 3.0, 10.0

#: Hz on either side of the peak that count as the same activity.
_WIDTH = 0.6

#: Every fifth sample: 100 Hz is ten times what is looked for.
_STEP = 5


@dataclass(frozen=True, slots=True, eq=False)
class Rhythm:
    """Evidence, not a diagnosis.

    Attributes
    ----------
    rr : ndarray of float64
        ms between successive beats of the page, ectopic ones included.
    irregularity : float or None
        Median change from one RR interval to the next over the median interval. Sinus rhythm has less than 0.1,
        atrial fibrillation usually more; a single extrasystole hardly moves it.
    variation : float or None
        Standard deviation over mean of the RR intervals.
    ectopic : float
        Share of beats whose QRS looks unlike the dominant ones'.
    p_agreement : float or None
        How far the beats agree on the deflection before the QRS: median correlation with the others, -1 to 1.
    p_share : float or None
        Share of the averaged beats that have that deflection.
    p_height : float or None
        mV, in the third highest lead.
    atrial_rate : float or None
        Strongest rate a minute, from 180 to 600, of what is left without QRS and T. In sinus rhythm a harmonic of the
        P waves; look at `atrial_peak` first.
    atrial_peak : float or None
        Share of that rate in all activity from 180 to 600 a minute: near 1 in flutter.
    spikes : int
        Pacing spikes on the page; always 0 below 240 Hz.
    ventricular_pacing : bool
        Whether a spike stands at the beginning of most dominant QRS complexes.
    """

    rr: NDArray[np.float64]
    irregularity: float | None = None
    variation: float | None = None
    ectopic: float = 0.0
    p_agreement: float | None = None
    p_share: float | None = None
    p_height: float | None = None
    atrial_rate: float | None = None
    atrial_peak: float | None = None
    spikes: int = 0
    ventricular_pacing: bool = False


def irregularity(rr: NDArray[np.float64]) -> float | None:
    """Give the median change between successive intervals over the median interval; `None` below three intervals."""
    if len(rr) < 3:
        return None
    return float(np.median(np.abs(np.diff(rr))) / np.median(rr))


def atrial_activity(
    found: Bands, classes: BeatClasses, median: MedianBeat, begin: int, end: int
) -> tuple[float, float] | None:
    """Look for the atria between the ventricles.

    The QRS-T of the median beat is taken off each dominant beat; a beat of another class is bridged.

    Parameters
    ----------
    found, classes, median
        The recording and its beats.
    begin, end : int
        Samples of the median beat: QRS onset and T end.

    Returns
    -------
    (rate, share) or None
        As `Rhythm.atrial_rate` and `Rhythm.atrial_peak`; `None` where nothing is left.
    """
    rest = found.clean[_ATRIAL].copy()
    wave = median.middle[_ATRIAL, begin:end]
    along = np.linspace(0.0, 1.0, wave.shape[1], dtype=np.float32)
    wave = wave - wave[:, :1] * (1 - along) - wave[:, -1:] * along
    for place, label in zip(classes.places, classes.label, strict=True):
        left = int(place) - BEFORE + begin
        right = left + wave.shape[1]
        if left < 0 or right >= rest.shape[1]:
            continue
        if label == 0:
            rest[:, left:right] -= wave
        else:
            rest[:, left:right] = rest[:, [left]] * (1 - along) + rest[:, [right]] * along
    rest = rest[:, found.start : found.stop : _STEP]
    rest = (rest - rest.mean(axis=1, keepdims=True)) * np.hanning(rest.shape[1]).astype(np.float32)
    length = scipy.fft.next_fast_len(2 * rest.shape[1], real=True)
    power = (np.abs(scipy.fft.rfft(rest, n=length, axis=1)) ** 2).sum(axis=0)
    frequency = np.arange(len(power)) * (RATE / _STEP / length)
    band = (frequency >= _SLOWEST) & (frequency <= _FASTEST)
    total = float(power[band].sum())
    if not total > 0:
        return None
    peak = float(frequency[band][np.argmax(power[band])])
    return 60.0 * peak, float(power[band & (np.abs(frequency - peak) <= _WIDTH)].sum()) / total
