"""What a recorder could have done to the same heart: gain, wander, mains, muscle, a lost lead, a turned axis."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["augmented"]

#: At strength 1: the spread of the log of the gain, of all leads together and of each one.
_GAIN, _LEAD_GAIN = 0.12, 0.05

#: At strength 1, millivolts: the largest wander, white noise and mains hum, each drawn evenly from 0 up.
_WANDER, _WHITE, _HUM = 0.25, 0.05, 0.03

#: Hz.
_MAINS = (49.5, 60.5)

#: At strength 1: how often each of the noises is there, and how often a lead is lost.
_OFTEN, _LOST = 0.5, 0.03


def augmented(
    signals: NDArray[np.float32], rate: int, scale: float, strength: float, random: np.random.RandomState
) -> NDArray[np.float32]:
    """Return signals as another recorder could have written them; the truth of every axis stays as it is.

    Parameters
    ----------
    signals : ndarray, shape (records, 12, samples)
        In units of `scale`; changed in place.
    rate : int
        Hz.
    scale : float
        Millivolts.
    strength : float
        0 for none, 1 for what recorders do.
    random : RandomState
        Where the draws come from.
    """
    if strength <= 0:
        return signals
    count, leads, samples = signals.shape
    spread = random.randn(count, 1, 1) * _GAIN + random.randn(count, leads, 1) * _LEAD_GAIN
    gain = np.exp(spread * strength)
    signals *= gain.astype(np.float32)
    times = np.arange(samples, dtype=np.float32) / rate

    def some() -> NDArray[np.intp]:
        return np.flatnonzero(random.random_sample(count) < _OFTEN)

    def size(of: int, largest: float) -> NDArray[np.float32]:
        return (random.random_sample((of, leads, 1)) * (largest * strength / scale)).astype(np.float32)

    def waves(of: int, low: float, high: float) -> NDArray[np.float32]:
        frequency = random.uniform(low, high, (of, 1, 1)).astype(np.float32)
        phase = random.uniform(0, 2 * np.pi, (of, leads, 1)).astype(np.float32)
        found: NDArray[np.float32] = np.sin(np.float32(2 * np.pi) * frequency * times + phase)
        return found

    rows = some()
    signals[rows] += size(len(rows), _WANDER) * waves(len(rows), 0.05, 0.5)
    if rate > 2 * _MAINS[1]:  # at lower rates no mains are left
        rows = some()
        signals[rows] += size(len(rows), _HUM) * waves(len(rows), *_MAINS)
    rows = some()
    # Evenly spread bytes: white noise of the same spectrum as Gaussian noise, at a tenth of its cost.
    raw = np.frombuffer(random.bytes(len(rows) * leads * samples), np.int8).reshape(len(rows), leads, samples)
    signals[rows] += (size(len(rows), _WHITE) * np.float32(np.sqrt(12) / 256)) * raw
    signals[random.random_sample((count, leads)) < _LOST * strength] = 0.0
    return signals
