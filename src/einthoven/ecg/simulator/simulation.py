"""A page of one heart: parameters and a seed in, a Recording out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.patient import Patient
from einthoven.ecg.recording import PAGE_SECONDS, Recording
from einthoven.ecg.simulator.anatomy import anatomy
from einthoven.ecg.simulator.atria import fibrillation
from einthoven.ecg.simulator.beat import Beat, beat
from einthoven.ecg.simulator.lead_field import leads, project
from einthoven.ecg.simulator.noise import electrode_noise
from einthoven.ecg.simulator.parameters import Parameters
from einthoven.ecg.simulator.rhythm import r_times

__all__ = ["SAMPLING_RATE", "VERSION", "beats", "simulate"]

#: Part of every bundle made of simulated recordings. Another version draws other signals.
VERSION = "1"

#: Hz.
SAMPLING_RATE = 500.0

_SAMPLES = round(PAGE_SECONDS * SAMPLING_RATE)

# Each thing that varies has a stream of its own, so that changing one parameter leaves the draws of all others alone.
_ANATOMY, _RHYTHM, _ATRIA, _BREATH, _NOISE = range(1, 6)


def simulate(parameters: Parameters, seed: int) -> Recording:
    """Simulate ten seconds of a twelve-lead ECG.

    The same parameters and seed give the same microvolts: draws come from `RandomState`, whose streams are frozen
    (NEP 19). Exponentials and sines may differ between platforms in the last of 52 bits, 1e-16; rounding to whole
    microvolts (even ones in I and II) swallows that except where a value lies within 1e-13 of a rounding boundary, so
    hashes of the microvolts can be relied upon in practice.

    Parameters
    ----------
    parameters : Parameters
        The heart: all that the truth is read off (`truth.reading`).
    seed : int
        From 0 to 2**32 - 1: everything else, from the form of the waves to the noise.

    Returns
    -------
    Recording
        12 leads, 10 s, 500 Hz, whole microvolts.
    """
    times = np.arange(_SAMPLES) / SAMPLING_RATE
    pulse = beat(parameters, anatomy(_stream(seed, _ANATOMY)))
    signal = _beating(pulse, r_times(parameters, _stream(seed, _RHYTHM))[0], _stream(seed, _BREATH))
    if parameters.rhythm == "atrial_fibrillation":
        signal += project(*fibrillation(_stream(seed, _ATRIA), times)).T
    if parameters.noise > 0.0:
        signal += electrode_noise(_stream(seed, _NOISE), times, parameters.noise)
    name = f"sim-{seed}"
    return Recording(
        id=name,
        signal=leads(signal),
        sampling_rate=SAMPLING_RATE,
        patient=Patient(id=name, age=parameters.age, sex=parameters.sex),
    )


def beats(parameters: Parameters, seed: int) -> NDArray[np.float64]:
    """Give the R times on the page of `simulate`, in seconds; 60 over their mean distance is the heart rate."""
    times, on_page = r_times(parameters, _stream(seed, _RHYTHM))
    return times[on_page]


def _stream(seed: int, purpose: int) -> np.random.RandomState:
    return np.random.RandomState([seed, purpose])


def _beating(pulse: Beat, times: NDArray[np.float64], breath: np.random.RandomState) -> NDArray[np.float64]:
    """Lay the beat at each R time; shape (8, samples) in mV. Breathing changes the voltage by up to 2.5 %."""
    rate, phase = breath.uniform(0.2, 0.33), breath.uniform(0.0, 2.0 * np.pi)
    onsets = times - pulse.r
    before, after = pulse.span
    onsets = onsets[(onsets + after > 0.0) & (onsets + before < PAGE_SECONDS)]
    gains = 1.0 + 0.025 * np.sin(2.0 * np.pi * rate * onsets + phase)
    first = np.floor((onsets + before) * SAMPLING_RATE).astype(int)
    width = int(np.ceil((after - before) * SAMPLING_RATE)) + 2
    grid = (first[:, None] + np.arange(width)) / SAMPLING_RATE - onsets[:, None]
    courses = pulse.at(grid) * gains[:, None, None]
    margin = width
    padded = np.zeros((_SAMPLES + 2 * margin, 8))
    for start, course in zip(first + margin, courses, strict=True):
        padded[start : start + width] += course
    return padded[margin : margin + _SAMPLES].T.copy()
