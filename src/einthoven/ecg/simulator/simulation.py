"""A page of one heart: parameters and a seed in, a Recording and all that is known of it out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.patient import Patient
from einthoven.ecg.recording import PAGE_SECONDS, Recording
from einthoven.ecg.simulator.anatomy import Anatomy, anatomy
from einthoven.ecg.simulator.artifact import artifact_noise
from einthoven.ecg.simulator.atria import fibrillation, flutter, flutter_troughs, p_wave
from einthoven.ecg.simulator.beat import SPIKE, beat
from einthoven.ecg.simulator.fibrillation import ventricular_fibrillation
from einthoven.ecg.simulator.fiducials import NOTHING, Fiducials, fiducials
from einthoven.ecg.simulator.lead_field import exchanged, leads, project
from einthoven.ecg.simulator.noise import electrode_noise
from einthoven.ecg.simulator.parameters import Parameters
from einthoven.ecg.simulator.pulse import laid
from einthoven.ecg.simulator.schedule import schedule

__all__ = ["SAMPLING_RATE", "VERSION", "Components", "Simulated", "beats", "simulate", "simulated"]

Floats = NDArray[np.float64]

#: Part of every bundle made of simulated recordings. Another version draws other signals.
VERSION = "2"

#: Hz.
SAMPLING_RATE = 500.0

_SAMPLES = round(PAGE_SECONDS * SAMPLING_RATE)

# Each thing that varies has a stream of its own, so that changing one parameter leaves the draws of all others alone.
_ANATOMY, _RHYTHM, _ATRIA, _BREATH, _NOISE, _ARTIFACT = range(1, 7)


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """What a page is the sum of; each of shape (8, samples), mV, in the order of `lead_field.INDEPENDENT`.

    Attributes
    ----------
    atria : ndarray
        P waves, fibrillatory or flutter waves.
    spikes : ndarray
        Of a pacemaker.
    qrs, st_t : ndarray
        Of the ventricles; all of ventricular fibrillation is in `qrs`.
    noise : ndarray
        Of the electrodes.
    """

    atria: Floats
    spikes: Floats
    qrs: Floats
    st_t: Floats
    noise: Floats

    def total(self) -> Floats:
        """Give the sum."""
        return self.atria + self.spikes + self.qrs + self.st_t + self.noise


@dataclass(frozen=True, slots=True, eq=False)
class Simulated:
    """A recording, the points on it, and its parts."""

    recording: Recording
    fiducials: Fiducials
    components: Components


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
    return simulated(parameters, seed).recording


def simulated(parameters: Parameters, seed: int, noise_seed: int | None = None) -> Simulated:
    """Do the same, and give the fiducial points and the components too; the noise may have a seed of its own."""
    times = np.arange(_SAMPLES) / SAMPLING_RATE
    heart = anatomy(_stream(seed, _ANATOMY))
    if parameters.rhythm == "ventricular_fibrillation":
        points = NOTHING
        nothing = np.zeros((8, _SAMPLES))
        waves = ventricular_fibrillation(_stream(seed, _ATRIA), times, parameters.heart_rate)
        parts = {"atria": nothing, "spikes": nothing, "qrs": project(*waves).T, "st_t": nothing}
    else:
        points, parts = _beating(parameters, heart, seed, times)
    drawn, noise = seed if noise_seed is None else noise_seed, np.zeros((8, _SAMPLES))
    if parameters.noise > 0.0:
        noise = electrode_noise(_stream(drawn, _NOISE), times, parameters.noise)
    if parameters.artifact != "none":
        noise = noise + artifact_noise(_stream(drawn, _ARTIFACT), times, parameters.artifact)
    parts["noise"] = noise
    if parameters.reversal != "none":
        parts = {name: exchanged(part, parameters.reversal) for name, part in parts.items()}
    components = Components(**parts)
    name = f"sim-{seed}"
    recording = Recording(
        id=name,
        signal=leads(components.total()),
        sampling_rate=SAMPLING_RATE,
        patient=Patient(id=name, age=parameters.age, sex=parameters.sex),
    )
    return Simulated(recording, points, components)


def beats(parameters: Parameters, seed: int) -> Floats:
    """Give the moments, in seconds, at which each QRS on the page of `simulate` is largest."""
    return simulated(parameters, seed).fiducials.r_peak


def _stream(seed: int, purpose: int) -> np.random.RandomState:
    return np.random.RandomState([seed, purpose])


def _beating(parameters: Parameters, heart: Anatomy, seed: int, times: Floats) -> tuple[Fiducials, dict[str, Floats]]:
    """Lay out all events of a page; breathing changes their voltage by up to 2.5 %."""
    events = schedule(parameters, heart, _stream(seed, _RHYTHM))
    breath = _stream(seed, _BREATH)
    rate, phase = breath.uniform(0.2, 0.33), breath.uniform(0.0, 2.0 * np.pi)

    def gains(moments: Floats) -> Floats:
        return np.asarray(1.0 + 0.025 * np.sin(2.0 * np.pi * rate * moments + phase))

    atria, spikes, qrs, st_t = (np.zeros((_SAMPLES, 8)) for _ in range(4))
    kinds = {kind: beat(kind, parameters, heart) for kind in sorted(set(events.qrs_kind))}
    for kind, one in kinds.items():
        onsets = events.qrs[events.qrs_kind == kind]
        laid(qrs, one.qrs, onsets, gains(onsets), SAMPLING_RATE)
        laid(st_t, one.st_t, onsets, gains(onsets), SAMPLING_RATE)
    keys = events.p_keys()
    p_waves = {key: p_wave(key[0], parameters, heart, key[1] or None) for key in sorted(set(keys))}
    for key, shape in p_waves.items():
        onsets = events.p[[found == key for found in keys]]
        laid(atria, shape.pulse, onsets, gains(onsets), SAMPLING_RATE)
    laid(spikes, SPIKE, events.spikes, np.ones(events.spikes.size), SAMPLING_RATE)
    troughs = np.zeros(0)
    if parameters.rhythm == "atrial_fibrillation":
        atria += project(*fibrillation(_stream(seed, _ATRIA), times))
    elif parameters.rhythm == "atrial_flutter":
        assert parameters.ratio is not None
        origin, waves = float(events.qrs[events.on_page][0]), parameters.heart_rate * parameters.ratio
        atria += project(*flutter(_stream(seed, _ATRIA), times, waves, origin))
        troughs = flutter_troughs(_stream(seed, _ATRIA), PAGE_SECONDS, waves, origin)
    parts = {"atria": atria.T, "spikes": spikes.T, "qrs": qrs.T, "st_t": st_t.T}
    return fiducials(events, kinds, p_waves, troughs), parts
