"""Ventricular fibrillation: no complexes, only undulations that never repeat."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["ventricular_fibrillation"]

Floats = NDArray[np.float64]

#: Seconds between the points through which frequency and height wander.
_KNOT = 0.6


def ventricular_fibrillation(rng: np.random.RandomState, times: Floats, rate: float) -> tuple[Floats, Floats]:
    """Draw the undulations of ventricular fibrillation.

    Three wavelets, each of a direction, a height and a frequency that wander on their own; most of the power lies
    between 3 and 8 Hz (Clayton, Murray and Campbell, Med Biol Eng Comput 1995;33:35-40), coarse: 0.2 to 1 mV.

    Parameters
    ----------
    rng : RandomState
        The heart's own stream.
    times : ndarray, shape (samples,)
        Seconds, evenly spaced.
    rate : float
        Undulations a minute of the strongest wavelet.

    Returns
    -------
    limb, chest : ndarray, shape (samples, 2) and (samples, 3)
        (a, f) and (a, f, z) in mV.
    """
    step = times[1] - times[0]
    knots = np.arange(times[0] - _KNOT, times[-1] + 2.0 * _KNOT, _KNOT)
    total = np.zeros((times.size, 3))
    size = rng.uniform(0.9, 1.3)
    for share, factor in ((0.36, 1.0), (0.22, 0.72), (0.16, 1.38)):
        wander = rng.uniform(-1.0, 1.0, (5, knots.size))
        smooth = np.stack([_through(knots, row, times) for row in wander])
        frequency = rate / 60.0 * factor * (1.0 + 0.16 * smooth[0])
        phase = 2.0 * np.pi * (np.cumsum(frequency) * step + rng.uniform())
        height = size * share * np.clip(1.0 + 0.75 * smooth[1], 0.12, None)
        turn = rng.uniform(0.0, 2.0 * np.pi) + 1.1 * smooth[2]
        course = height * (np.sin(phase) + 0.22 * np.sin(2.0 * phase + 2.0 * smooth[3]))
        direction = np.stack([np.cos(turn), 0.9 * np.sin(turn), 0.55 * np.sin(turn + 1.3 + smooth[4])], axis=1)
        total += course[:, None] * direction
    return total[:, :2], 0.8 * total


def _through(knots: Floats, values: Floats, times: Floats) -> Floats:
    """Join values by half cosines."""
    place = (times - knots[0]) / (knots[1] - knots[0])
    index = np.floor(place).astype(int)
    blend = 0.5 - 0.5 * np.cos(np.pi * (place - index))
    return np.asarray(values[index] * (1.0 - blend) + values[index + 1] * blend)
