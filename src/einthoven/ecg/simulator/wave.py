"""Waves: Gaussians in time, each with a dipole vector.

Every wave of the heart is a sum of Gaussians, as in McSharry et al. (IEEE Trans Biomed Eng 2003;50:289-294), whose
amplitudes are vectors, as in the dipole model of Sameni et al. (EURASIP J Adv Signal Process 2007:043407). Time runs
in milliseconds here, not in phase, so that intervals are parameters and do not stretch with the rate; a Gaussian may
be wider on one side, which T and ST need.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

__all__ = ["Waves", "gaussians", "waves"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Waves:
    """Some Gaussians with their vectors.

    Attributes
    ----------
    time, left, right : ndarray, shape (n,)
        ms: the peak, and the standard deviation before and after it.
    limb : ndarray, shape (n, 2)
        mV: (a, f) for the limb leads.
    chest : ndarray, shape (n, 3)
        mV: (a, f, z) for the chest leads.
    """

    time: Floats
    left: Floats
    right: Floats
    limb: Floats
    chest: Floats

    def __add__(self, other: Waves) -> Waves:
        return Waves(
            *(
                np.concatenate([getattr(self, name), getattr(other, name)])
                for name in ("time", "left", "right", "limb", "chest")
            )
        )

    def __getitem__(self, rows: NDArray[np.bool_] | slice) -> Waves:
        return Waves(self.time[rows], self.left[rows], self.right[rows], self.limb[rows], self.chest[rows])

    def scaled(self, limb: float, chest: float | None = None) -> Waves:
        """Give the same waves with other voltages."""
        return replace(self, limb=self.limb * limb, chest=self.chest * (limb if chest is None else chest))

    def turned(self, limb: float, chest: float) -> Waves:
        """Turn the vectors in the frontal plane, in radians, apart for limb and chest leads."""
        turned_chest = self.chest.copy()
        turned_chest[:, :2] = self.chest[:, :2] @ _rotation(chest).T
        return replace(self, limb=self.limb @ _rotation(limb).T, chest=turned_chest)

    def swung(self, angle: float) -> Waves:
        """Turn the vectors of the chest leads about the body's long axis, in radians: what points left, forward."""
        swung = self.chest.copy()
        swung[:, [2, 0]] = self.chest[:, [2, 0]] @ _rotation(angle).T
        return replace(self, chest=swung)

    def stretched(self, factor: float, shift: float = 0.0) -> Waves:
        """Move a time t to ``factor * t + shift``."""
        return replace(self, time=self.time * factor + shift, left=self.left * factor, right=self.right * factor)

    def at(self, times: Floats) -> Floats:
        """Give each wave's course, shape (*times.shape, n)."""
        return gaussians(times, self.time, self.left, self.right)

    def area(self) -> Floats:
        """Give each wave's area per mV, in ms, shape (n,)."""
        return np.asarray(np.sqrt(np.pi / 2.0) * (self.left + self.right))


def _rotation(angle: float) -> Floats:
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[cosine, -sine], [sine, cosine]])


def gaussians(times: Floats, centre: Floats, left: Floats, right: Floats) -> Floats:
    """Evaluate two-sided Gaussians of height 1; the last axis of the result is the wave."""
    distance = times[..., None] - centre
    return np.exp(-0.5 * np.square(distance / np.where(distance < 0.0, left, right)))


def waves(
    rows: Sequence[tuple[float, float, float, tuple[float, float, float]]],
    chest: tuple[float, float, float] = (1.0, 1.0, 1.0),
) -> Waves:
    """Make waves of rows (time, left, right, (a, f, z)); the chest leads see the vectors times `chest`."""
    table = np.array([(time, left, right, *vector) for time, left, right, vector in rows], dtype=np.float64)
    table = table.reshape(-1, 6)
    return Waves(table[:, 0], table[:, 1], table[:, 2], table[:, 3:5].copy(), table[:, 3:6] * np.array(chest))
