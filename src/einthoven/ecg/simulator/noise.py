"""What the electrodes pick up beside the heart: breath, muscles, the mains. It never changes the truth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["ELECTRODES", "MAINS_HZ", "as_leads", "electrode_noise", "muscle", "sines"]

Floats = NDArray[np.float64]

MAINS_HZ = 50.0

#: Right arm, left arm, left leg, V1 to V6.
ELECTRODES = 9

#: A filter at 500 samples a second: a tenth of the voltage at 175 Hz as at 20 Hz, and a floor above.
_SMOOTH = tuple(2.5 * weight for weight in (0.0625, 0.25, 0.515, 0.25, 0.0625))


def electrode_noise(rng: np.random.RandomState, times: Floats, level: float) -> Floats:
    """Draw the noise of nine electrodes and give it as eight leads see it.

    Noise arises at the electrodes, so Einthoven and Goldberger hold for it too, and Wilson's terminal carries the
    limbs' noise into the chest leads.

    Parameters
    ----------
    rng : RandomState
        The noise's own stream.
    times : ndarray, shape (samples,)
        Seconds, evenly spaced.
    level : float
        1 is a resting ECG: baseline wander of about 0.2 mV from peak to peak, muscle noise of about 9 uV and mains
        of about 2 uV, each differing between electrodes, wander and muscle noise from page to page too. Sizes and
        spreads follow the spectra of PTB-XL's normal ECGs (tests/benchmarks/bench_simulator.py).

    Returns
    -------
    ndarray, shape (8, samples)
        mV in the order of `lead_field.INDEPENDENT`.
    """
    shape = (ELECTRODES, 1)
    bell = 2.0 * (rng.random_sample((3, 2)).sum(axis=0) - 1.5)
    restless, tense = np.exp(np.clip([0.5, 0.35] * bell, -1.0, [0.5, 0.6]))
    breath = rng.uniform(0.2, 0.33)
    common = rng.uniform(0.0, 2.0 * np.pi)
    # Breathing moves all electrodes together, more or less; slower drift is each one's own.
    swings = [
        (breath, restless * rng.uniform(0.017, 0.075, shape), common + rng.uniform(-0.6, 0.6, shape)),
        (rng.uniform(0.05, 0.12), restless * rng.uniform(0.0, 0.060, shape), rng.uniform(0.0, 2.0 * np.pi, shape)),
        (rng.uniform(0.36, 0.6), restless * rng.uniform(0.0, 0.010, shape), rng.uniform(0.0, 2.0 * np.pi, shape)),
        (MAINS_HZ, rng.uniform(0.0, 0.004, shape), np.full(shape, rng.uniform(0.0, 2.0 * np.pi))),
    ]
    total = tense * muscle(rng, times.size)
    for frequency, size, phase in swings:
        total += sines(2.0 * np.pi * frequency * times, size, phase)
    return as_leads(total * level)


def as_leads(electrodes: Floats) -> Floats:
    """Give the eight independent leads of RA, LA, LL and V1 to V6, shape (9, samples) to (8, samples)."""
    right_arm, left_arm, left_leg = electrodes[:3]
    terminal = electrodes[:3].mean(axis=0)
    return np.concatenate([[left_arm - right_arm, left_leg - right_arm], electrodes[3:] - terminal])


def sines(angle: Floats, size: Floats, phase: Floats) -> Floats:
    """Give size * sin(angle + phase), a row for each electrode, from one sine and one cosine."""
    return np.asarray((size * np.cos(phase)) * np.sin(angle) + (size * np.sin(phase)) * np.cos(angle))


def muscle(rng: np.random.RandomState, samples: int) -> Floats:
    """Draw muscle noise: white noise without what is below about 20 Hz, less above 100 Hz, its strength wandering."""
    span, taps = 12, len(_SMOOTH) // 2
    white = rng.random_sample((ELECTRODES, samples + span + 2 * taps))
    white -= 0.5
    total = np.cumsum(white, axis=1)
    fast = white[:, span // 2 : -span // 2] - (total[:, span:] - total[:, :-span]) / span
    smooth = np.zeros((ELECTRODES, samples))
    for shift, weight in enumerate(_SMOOTH):
        smooth += weight * fast[:, shift : shift + samples]
    strength = rng.uniform(0.008, 0.026, (ELECTRODES, 1))
    phase = rng.uniform(0.0, 2.0 * np.pi, (ELECTRODES, 1))
    angle = 2.0 * np.pi * 1.7 * np.arange(samples) / samples
    smooth *= strength * (1.0 + sines(angle, np.full((ELECTRODES, 1), 0.4), phase))
    return smooth
