"""The atria: the P wave, or the waves of fibrillation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.simulator.wave import Waves, waves

__all__ = ["P_WAVE", "fibrillation", "p_duration"]

Floats = NDArray[np.float64]

#: Right atrium, forward; then the left one, back: upright in I, II and V3 to V6, small and biphasic in V1. About
#: 0.12 mV in II (normal: up to 0.25 mV).
P_WAVE: Waves = waves(
    [
        (-14.0, 15.0, 16.0, (0.040, 0.075, -0.060)),
        (14.0, 16.0, 15.0, (0.055, 0.070, 0.042)),
    ],
    (0.6, 0.6, 1.0),
)

#: mV: (a, f) for the limb leads and (a, f, z) for the chest leads, of which V1 lies nearest. Fibrillatory waves are
#: largest in V1, then in the inferior leads, least in I, V5 and V6.
_F_WAVES: Floats = np.array([0.006, 0.042, -0.020, 0.02, -0.048])


def p_duration(pr: float) -> float:
    """Return the length of the P wave in ms: 106, less in a short PR interval so that a PR segment is left."""
    return float(min(106.0, pr - 28.0))


def fibrillation(rng: np.random.RandomState, times: Floats) -> tuple[Floats, Floats]:
    """Draw fibrillatory waves.

    A sawtooth whose frequency (5 to 8 Hz, 300 to 480 a minute) and height wander, after Stridh and Sörnmo (IEEE Trans
    Biomed Eng 2001;48:105-111), and a second, weaker and faster one of another direction.

    Parameters
    ----------
    rng : RandomState
        The heart's own stream.
    times : ndarray, shape (samples,)
        Seconds.

    Returns
    -------
    limb, chest : ndarray, shape (samples, 2) and (samples, 3)
        (a, f) and (a, f, z) in mV.
    """
    size = rng.uniform(0.75, 1.4)
    total = np.zeros((times.size, 5))
    for strength, low, high in ((1.0, 5.0, 6.6), (0.45, 6.8, 8.2)):
        frequency, wander = rng.uniform(low, high), rng.uniform(0.15, 0.4)
        phases = rng.uniform(0.0, 2.0 * np.pi, 4)
        phase = 2.0 * np.pi * frequency * times + phases[0]
        phase += 1.2 * np.sin(2.0 * np.pi * wander * times + phases[1]) + 0.5 * np.sin(4.7 * times + phases[2])
        height = 1.0 + 0.35 * np.sin(2.0 * np.pi * 0.31 * times + phases[3])
        saw = np.sin(phase) - 0.45 * np.sin(2.0 * phase) + 0.2 * np.sin(3.0 * phase)
        direction = _F_WAVES * (1.0 + 0.25 * rng.uniform(-1.0, 1.0, 5))
        total += (size * strength * height * saw)[:, None] * direction
    return total[:, :2], total[:, 2:]
