"""The waves of the median beat: which there are, and which of them can be believed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.measure.bands import RATE, Bands
from einthoven.ecg.measure.beat_classes import BeatClasses
from einthoven.ecg.measure.median_beat import BEFORE, MedianBeat
from einthoven.ecg.measure.p_wave import P_AGREES, PWave, p_wave
from einthoven.ecg.measure.qrs_bounds import qrs_bounds
from einthoven.ecg.measure.rhythm import irregularity
from einthoven.ecg.measure.t_wave import TWave, t_wave

__all__ = ["Waves", "waves"]

Floats = NDArray[np.float32]

#: ST-T waves correlate at least so well from beat to beat, or no T end is read off them.
_T_AGREES = 0.5

#: RR irregularity up to which P waves need no more than `P_AGREES`, how much more they need beyond, and the most
#: they need: fibrillation falls in step now and then. In PTB-XL 98 % of regular sinus rhythms agree by more than
#: 0.7, and of 62 irregular records with AF one does by more than 0.75.
_REGULAR, _FOR_IRREGULARITY, _MOST = 0.08, 2.0, 0.75

#: mV: a lower P wave in the third highest lead cannot be told from noise on paper.
_P_HEIGHT = 0.012

#: Seconds before and after the QRS onset in which a spike is this beat's, and the share of beats that have one.
_SPIKE_BEFORE, _SPIKE_AFTER, _PACED = 0.08, 0.04, 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Waves:
    """Boundaries in samples from the start of the median beat.

    Attributes
    ----------
    qrs : (float, float) or None
        Onset and end; the onset of a paced beat is its spike.
    p, t : PWave, TWave or None
        What was found there, believed or not.
    has_p, has_t : bool
        Whether it is a P wave that leads the QRS, and a T wave whose end can be seen.
    st_t_agreement : float
        Median correlation of the single beats' ST-T with the mean of the others.
    paced : bool
        Whether a spike stands at the QRS onset of most beats.
    """

    qrs: tuple[float, float] | None
    p: PWave | None = None
    t: TWave | None = None
    has_p: bool = False
    has_t: bool = False
    st_t_agreement: float = 0.0
    paced: bool = False


def waves(found: Bands, classes: BeatClasses, median: MedianBeat) -> Waves:
    """Find the waves of the median beat.

    Parameters
    ----------
    found, classes, median
        What the steps before gave; at least two beats.
    """
    qrs = qrs_bounds(median.middle)
    if qrs is None:
        return Waves(None)
    onset, end = qrs
    spike = _spike(found, classes, median, onset)
    if spike is not None:
        onset = spike
    rr = np.diff(classes.places).astype(np.float64)
    following = rr[median.numbers[median.numbers < len(rr)]]
    leading = rr[median.numbers[median.numbers > 0] - 1]
    t = t_wave(median.middle, end, float(np.median(following if following.size else rr)))
    # Where beats come irregularly, the T waves before the early ones would pass for P waves.
    before = None if t is None else t.end - float(np.percentile(leading if leading.size else rr, 25))
    p = p_wave(median.middle, median.beats, onset, before)
    agreement = _st_t_agreement(median.beats, end, t)
    return Waves(
        qrs=(onset, end),
        p=p,
        t=t,
        # A ventricular spike follows the atria or not, as the pacemaker is set: its distance from P is no conduction.
        has_p=spike is None and _leads(p, irregularity(rr)),
        has_t=t is not None and t.settled and agreement > _T_AGREES,
        st_t_agreement=agreement,
        paced=spike is not None,
    )


def _spike(found: Bands, classes: BeatClasses, median: MedianBeat, onset: float) -> float | None:
    """Return where most beats have a spike, in samples of the median beat."""
    if not found.spikes.size:
        return None
    starts = classes.places[median.numbers] - BEFORE
    at = found.spikes[None, :] - starts[:, None]
    near = (at > onset - _SPIKE_BEFORE * RATE) & (at < onset + _SPIKE_AFTER * RATE)
    if near.any(axis=1).mean() < _PACED:
        return None
    return float(np.median(at[near]))


def _leads(p: PWave | None, irregular: float | None) -> bool:
    if p is None or p.height < _P_HEIGHT:
        return False
    needed = P_AGREES + _FOR_IRREGULARITY * max((irregular or 0.0) - _REGULAR, 0.0)
    return float(np.median(p.agreement)) > min(needed, _MOST)


def _st_t_agreement(beats: Floats, qrs_end: float, t: TWave | None) -> float:
    """Correlate each beat's ST-T with the mean of the others, over all leads."""
    if t is None or len(beats) < 2:
        return 0.0
    part = beats[:, :, round(qrs_end) : round(t.end) : 8]
    part = part - part.mean(axis=-1, keepdims=True)
    flat = part.reshape(len(beats), -1)
    others = flat.sum(axis=0) - flat
    scale = np.linalg.norm(flat, axis=1) * np.linalg.norm(others, axis=1)
    return float(np.median(np.einsum("bi,bi->b", flat, others) / np.maximum(scale, 1e-9)))
