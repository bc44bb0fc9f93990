"""A recording on the measurer's own grid: 500 Hz, baseline and mains removed, in the bands each step looks at.

One Fourier transform does all of it. A zero-phase filter is a product in the spectrum, and a longer or shorter
inverse transform is band-limited resampling, so that any sampling rate costs the same and moves no wave in time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from einthoven.ecg.measure.pacing import without_spikes

__all__ = ["COARSE", "LOWEST_RATE", "RATE", "SHORTEST", "Bands", "bands"]

Floats = NDArray[np.float32]

#: Hz, of everything behind this module: the least that AHA/ACC/HRS 2007, part I, asks of diagnostic carts.
RATE = 500

#: A band that ends at 25 Hz needs a quarter of the samples.
COARSE = 4

#: Seconds. Below, there are not two beats of a slow heart.
SHORTEST = 2.0

#: Hz. Below, a QRS complex is two or three samples.
LOWEST_RATE = 80.0

#: Seconds added on either side, mirrored through the end point, so that filters see no step there.
_MARGIN = 1.0

#: Hz. High-pass: AHA/ACC/HRS 2007, part I, allows 0.67 Hz for zero-phase filters; half an octave lower leaves long QT
#: intervals alone. The low-pass keeps what a QRS has (150 Hz in the same statement; 100 is where mains noise ends).
_BASELINE, _SMOOTH = 0.5, 100.0

#: Hz. Where QRS complexes differ most from P and T waves and from muscle (Thakor et al., IEEE Trans Biomed Eng 1984).
_QRS_BAND = (8.0, 25.0)

#: Mains frequencies in Hz, and how many times its neighbours' amplitude a line must have to be taken out.
_MAINS, _MAINS_EXCESS = (50.0, 60.0, 100.0), 4.0

#: A lead is noise where half the time it moves by more than this share of what it moves by in its own QRS complexes
#: and in the middle lead's, and so many times more than the middle lead. White noise has 0.29 of the first; the
#: others spare leads with small waves, and large leads beside small ones.
_RESTLESS, _MORE_THAN_OTHERS = 0.22, 4.0

#: mV: a lead whose values go beyond is no ECG, whatever its unit is said to be.
_LARGEST = 1e3


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """The signal in the measurer's bands, with a margin on both sides.

    Attributes
    ----------
    clean : ndarray of float32, shape (12, samples)
        mV at `rate`, without baseline wander and mains.
    qrs : ndarray of float32, shape (12, samples / COARSE)
        mV, the band of the QRS complex, every `COARSE`-th sample.
    spikes : ndarray of int
        Samples of the pacing spikes, which `clean` and `qrs` are without.
    usable : ndarray of bool, shape (12,)
        Leads that move, and whose values are finite and no larger than any ECG's.
    rate : float
        Samples a second: `RATE`, up to rounding where a second has no whole number of samples.
    start, stop : int
        The recording lies between these samples; beyond is margin.
    """

    clean: Floats
    qrs: Floats
    spikes: NDArray[np.int_]
    usable: NDArray[np.bool_]
    rate: float
    start: int
    stop: int


def bands(signal: NDArray[np.float32], sampling_rate: float) -> Bands | None:
    """Resample and filter a signal.

    Parameters
    ----------
    signal : ndarray, shape (12, samples)
        mV.
    sampling_rate : float
        Hz.

    Returns
    -------
    Bands or None
        `None` where it lasts less than `SHORTEST` seconds, has less than `LOWEST_RATE` or no lead can be used.
    """
    samples = signal.shape[1]
    if (
        sampling_rate < LOWEST_RATE
        or samples < SHORTEST * sampling_rate
        or samples < 2 * math.ceil(_MARGIN * sampling_rate)
    ):
        return None
    with np.errstate(invalid="ignore", over="ignore"):
        usable = np.isfinite(signal).all(axis=1)
        usable &= (np.abs(signal).max(axis=1) < _LARGEST) & (np.ptp(signal, axis=1) > 1e-4)
    if not usable.any():
        return None
    seconds = math.ceil(samples / sampling_rate + 2.0 * _MARGIN)
    wide, length = round(seconds * sampling_rate), seconds * RATE
    before = (wide - samples) // 2
    after = wide - samples - before
    padded = np.empty((signal.shape[0], wide), dtype=np.float32)
    core = padded[:, before : before + samples]
    core[:], spikes = without_spikes(np.where(usable[:, None], signal, np.float32(0.0)), sampling_rate)
    padded[:, :before] = 2.0 * core[:, :1] - core[:, before:0:-1]
    padded[:, before + samples :] = 2.0 * core[:, -1:] - core[:, -2 : -2 - after : -1]
    spectrum = scipy.fft.rfft(padded, axis=1)
    bins = length // 2 + 1
    if spectrum.shape[1] > bins:
        spectrum = spectrum[:, :bins]
    spectrum *= length / wide
    frequency = (np.arange(spectrum.shape[1]) / seconds).astype(np.float32)
    passed = _high_pass(frequency, _BASELINE) * _low_pass(frequency, _SMOOTH) * _notches(spectrum, frequency)
    narrow = _high_pass(frequency, _QRS_BAND[0]) * _low_pass(frequency, _QRS_BAND[1])
    rate = sampling_rate * length / wide
    start = round(before * length / wide)
    coarse = length // COARSE
    kept = min(coarse // 2 + 1, len(frequency))
    qrs = scipy.fft.irfft(spectrum[:, :kept] * (narrow[:kept] / np.float32(COARSE)), n=coarse, axis=1)
    clean = scipy.fft.irfft(spectrum * passed, n=length, axis=1)
    stop = start + round(samples * length / wide)
    usable &= ~_noisy(qrs[:, start // COARSE : stop // COARSE], usable)
    clean[~usable] = 0.0
    spikes = np.round((spikes + before) * (length / wide)).astype(np.int_)
    return Bands(np.asarray(clean), np.asarray(qrs), spikes, usable, rate, start, stop)


def _noisy(qrs: Floats, usable: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell the leads that never rest, as measured by their own QRS, by the other leads', and by the other leads."""
    size = np.abs(qrs)
    rest, peak = np.percentile(size[:, ::2], (50, 98), axis=1)
    others = max(_RESTLESS * float(np.median(peak[usable])), _MORE_THAN_OTHERS * float(np.median(rest[usable])))
    return np.asarray(np.greater(rest, np.maximum(_RESTLESS * peak, others)))


def _high_pass(frequency: Floats, corner: float) -> Floats:
    """Give a second-order Butterworth gain, forward and backward."""
    fourth = (frequency / np.float32(corner)) ** 4
    return np.asarray(fourth / (1.0 + fourth), dtype=np.float32)


def _low_pass(frequency: Floats, corner: float) -> Floats:
    return np.asarray(1.0 / (1.0 + (frequency / np.float32(corner)) ** 4), dtype=np.float32)


def _notches(spectrum: NDArray[np.complex64], frequency: Floats) -> Floats:
    """Give the gain that takes out mains lines, where there are any: heart beats have no line there."""
    gain = np.ones_like(frequency)
    for mains in _MAINS:
        line = np.abs(frequency - mains) <= 0.3
        around = (np.abs(frequency - mains) <= 3.0) & ~line
        if not line.any() or not around.any():
            continue
        amplitude = np.abs(spectrum[:, line | around]).sum(axis=0)
        inside = line[line | around]
        if amplitude[inside].max() > _MAINS_EXCESS * np.median(amplitude[~inside]):
            gain[line] = 0.0
    return gain
