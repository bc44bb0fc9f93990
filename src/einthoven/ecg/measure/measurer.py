"""From a recording to its measurements, step by step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.measure.axes import frontal_axis
from einthoven.ecg.measure.bands import RATE, Bands, bands
from einthoven.ecg.measure.beat_classes import BeatClasses, beat_classes
from einthoven.ecg.measure.measured import Boundaries, Measured
from einthoven.ecg.measure.median_beat import AFTER, BEFORE, MedianBeat, median_beat
from einthoven.ecg.measure.p_wave import P_AGREES
from einthoven.ecg.measure.r_peaks import r_peaks
from einthoven.ecg.measure.rhythm import Rhythm, atrial_activity, irregularity
from einthoven.ecg.measure.waves import Waves, waves
from einthoven.ecg.measurements import Measurements
from einthoven.ecg.recording import Recording

__all__ = ["MEASURER", "VERSION", "measure"]

Floats = NDArray[np.float32]

#: Part of every bundle that carries these measurements. Another version may measure other numbers.
VERSION = "1"

#: `Measurements.measurer` of these.
MEASURER = "einthoven"

#: Dominant beats correlate at least so well with each other (median), or they are no heart beats but noise.
_HEART_BEATS = 0.6

#: ms: what lies outside was measured wrong, or is no such interval.
_QRS, _PR, _QT = (40.0, 260.0), (80.0, 400.0), (180.0, 720.0)

#: Samples before the QRS, and behind T, whose mean is the wave's baseline.
_BASELINE = round(0.012 * RATE)

#: A T wave is as long before its peak as behind it and half as long again.
_T_BEFORE_PEAK = 1.5


def measure(recording: Recording) -> Measured:
    """Measure a recording.

    R peaks by vote over the leads; the dominant class of beats, aligned and averaged; onset and end of P, QRS and T
    over all leads of that beat. The rate is that of all beats, intervals and axes are the median beat's.

    Parameters
    ----------
    recording : Recording
        Two seconds or more, at 100 to 1000 Hz; without a signal everything is unknown.

    Returns
    -------
    Measured
        Nothing raises: what cannot be measured is `None`.
    """
    nothing = Measured(Measurements(measurer=MEASURER))
    found = None if recording.signal is None else bands(recording.signal, recording.sampling_rate)
    if found is None:
        return nothing
    peaks = r_peaks(found)
    if len(peaks) < 2:
        return nothing
    classes = beat_classes(found, peaks)
    likeness = float(np.median(classes.likeness[classes.dominant]))
    if len(classes.dominant) < 2 or likeness < _HEART_BEATS:
        return nothing
    median = median_beat(found, classes)
    seen = waves(found, classes, median)
    ms = 1e3 / found.rate
    rr = np.diff(classes.places) * ms
    return Measured(
        measurements=_numbers(median.middle, seen, found.usable, 60e3 / float(rr.mean()), ms),
        quality=float(np.clip(found.usable.mean() * likeness * seen.st_t_agreement, 0.0, 1.0)),
        r_peaks=np.round((peaks - found.start) * recording.sampling_rate / found.rate).astype(np.int_),
        beat=median.middle,
        beat_time=np.arange(-BEFORE, AFTER, dtype=np.float64) * ms,
        boundaries=_boundaries(seen, ms),
        rhythm=Rhythm(
            rr=rr,
            irregularity=irregularity(rr),
            variation=float(rr.std() / rr.mean()) if len(rr) > 1 else None,
            ectopic=float((classes.label > 0).mean()),
            p_agreement=None if seen.p is None else float(np.median(seen.p.agreement)),
            p_share=None if seen.p is None else float((seen.p.agreement > P_AGREES).mean()),
            p_height=None if seen.p is None else seen.p.height,
            spikes=len(found.spikes),
            ventricular_pacing=seen.paced,
            **_atria(found, classes, median, seen),
        ),
        beats=len(median.numbers),
    )


def _numbers(beat: Floats, seen: Waves, usable: NDArray[np.bool_], heart_rate: float, ms: float) -> Measurements:
    if seen.qrs is None:
        return Measurements(heart_rate=heart_rate, measurer=MEASURER)
    onset, end = seen.qrs
    qrs = _within((end - onset) * ms, _QRS)
    if qrs is None:  # then the onset is not to be trusted, nor is what is counted from it
        return Measurements(heart_rate=heart_rate, measurer=MEASURER)
    pr = _within((onset - seen.p.onset) * ms, _PR) if seen.has_p and seen.p is not None else None
    qt = _within((seen.t.end - onset) * ms, _QT) if seen.has_t and seen.t is not None else None
    before = max(round(onset), _BASELINE)
    baseline = beat[:, before - _BASELINE : before].mean(axis=1, keepdims=True)
    p_axis = t_axis = None
    if pr is not None and seen.p is not None:
        p_axis = frontal_axis(_above_line(beat[:, max(round(seen.p.onset), 0) : round(seen.p.end) + 1]), usable)
    if qt is not None and seen.t is not None:
        begin = max(seen.t.peak - _T_BEFORE_PEAK * (seen.t.end - seen.t.peak), end)
        behind = beat[:, round(seen.t.end) : round(seen.t.end) + _BASELINE].mean(axis=1, keepdims=True)
        t_axis = frontal_axis(beat[:, round(begin) : round(seen.t.end) + 1] - behind, usable)
    seconds = 60.0 / heart_rate
    return Measurements(
        heart_rate=heart_rate,
        pr=pr,
        qrs=qrs,
        qt=qt,
        qtc_fridericia=None if qt is None else qt / seconds ** (1.0 / 3.0),
        qtc_bazett=None if qt is None else qt / seconds**0.5,
        p_axis=p_axis,
        qrs_axis=frontal_axis(beat[:, before : round(end) + 1] - baseline, usable),
        t_axis=t_axis,
        measurer=MEASURER,
    )


def _within(value: float, limits: tuple[float, float]) -> float | None:
    return value if limits[0] <= value <= limits[1] else None


def _above_line(wave: Floats) -> Floats:
    """Take out the line between a wave's ends, which stand on a tilted baseline."""
    along = np.linspace(0.0, 1.0, wave.shape[1], dtype=np.float32)
    return np.asarray(wave - wave[:, :1] * (1.0 - along) - wave[:, -1:] * along)


def _boundaries(seen: Waves, ms: float) -> Boundaries:
    def time(sample: float) -> float:
        return (sample - BEFORE) * ms

    p = seen.p if seen.has_p else None
    t = seen.t if seen.has_t else None
    return Boundaries(
        p_onset=None if p is None else time(p.onset),
        p_end=None if p is None else time(p.end),
        qrs_onset=None if seen.qrs is None else time(seen.qrs[0]),
        qrs_end=None if seen.qrs is None else time(seen.qrs[1]),
        t_peak=None if t is None else time(t.peak),
        t_end=None if t is None else time(t.end),
    )


def _atria(found: Bands, classes: BeatClasses, median: MedianBeat, seen: Waves) -> dict[str, float]:
    if seen.qrs is None:
        return {}
    last = seen.qrs[1] if seen.t is None else seen.t.end
    found_activity = atrial_activity(found, classes, median, max(round(seen.qrs[0]), 0), round(last))
    if found_activity is None:
        return {}
    return {"atrial_rate": found_activity[0], "atrial_peak": found_activity[1]}
