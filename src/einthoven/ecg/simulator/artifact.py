"""Strong noise of one sort: a drifting baseline, a tense muscle, the mains, an electrode that pops."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.simulator.noise import ELECTRODES, MAINS_HZ, as_leads, muscle, sines

__all__ = ["artifact_noise"]

Floats = NDArray[np.float64]


def artifact_noise(rng: np.random.RandomState, times: Floats, kind: str) -> Floats:
    """Draw one sort of noise, strong enough to be seen at a glance and too weak to hide what the page shows.

    Parameters
    ----------
    rng : RandomState
        The artefact's own stream.
    times : ndarray, shape (samples,)
        Seconds, evenly spaced.
    kind : {"wander", "muscle", "mains", "pop"}
        ``wander`` swings by up to 0.5 mV at 0.15 to 0.45 Hz; ``muscle`` is five times that of rest; ``mains`` is 0.03
        to 0.07 mV; ``pop`` shifts two or three electrodes by 0.3 to 1 mV within some ms, and the amplifier's
        high-pass (0.5 Hz) brings the baseline back.

    Returns
    -------
    ndarray, shape (8, samples)
        mV in the order of `lead_field.INDEPENDENT`.
    """
    shape = (ELECTRODES, 1)
    total = np.zeros((ELECTRODES, times.size))
    if kind == "wander":
        for low, high, size in ((0.15, 0.25, 0.22), (0.28, 0.45, 0.12)):
            angle = 2.0 * np.pi * rng.uniform(low, high) * times
            total += sines(angle, rng.uniform(0.3, 1.0, shape) * size, rng.uniform(0.0, 2.0 * np.pi, shape))
    elif kind == "muscle":
        total += 4.0 * muscle(rng, times.size)
    elif kind == "mains":
        angle = 2.0 * np.pi * MAINS_HZ * times
        total += sines(angle, rng.uniform(0.015, 0.07, shape), np.full(shape, rng.uniform(0.0, 2.0 * np.pi)))
    else:
        for _ in range(int(rng.randint(2, 4))):
            electrode, start = int(rng.randint(ELECTRODES)), rng.uniform(0.8, 9.2)
            height = rng.uniform(0.3, 1.0) * (1.0 if rng.uniform() < 0.5 else -1.0)
            after = np.clip(times - start, 0.0, None)
            # 0.318 s is the time constant of a 0.5 Hz high-pass.
            total[electrode] += height * (1.0 - np.exp(-after / 0.008)) * np.exp(-after / 0.318)
    return as_leads(total)
