"""What differs from heart to heart and has nothing to do with the answers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.simulator.wave import Waves

__all__ = ["Anatomy", "anatomy"]

Floats = NDArray[np.float64]

_ROWS = 24


@dataclass(frozen=True, slots=True, eq=False)
class Anatomy:
    """One heart in one chest.

    Attributes
    ----------
    gain : float
        QRS voltage in all leads, 1 on average.
    chest_gain : float
        QRS voltage in the chest leads beside that.
    p_gain, t_gain : float
        Height of P and T, 1 on average.
    p_turn, t_turn : float
        Radians by which the axes of P and T are off the average.
    injury : float
        Size of an acute infarction's current of injury, at least 0.75.
    sokolow : float
        S in V1 plus R in V5 or V6 in mV, if this heart is hypertrophied.
    forms : ndarray, shape (24, 3)
        Factors on the vectors of the QRS's waves.
    variant : float
        0 to 1: which of several forms of one condition this heart has (side of an accessory pathway, P before or
        after a junctional beat, first or second type of Wellens' T waves).
    origin : float
        0 to 1: where in the ventricles a beat of their own arises, below a half on the right.
    strength : float
        0.8 to 1.25: size of a form's ST and T.
    """

    gain: float
    chest_gain: float
    p_gain: float
    t_gain: float
    p_turn: float
    t_turn: float
    injury: float
    sokolow: float
    forms: Floats
    variant: float
    origin: float
    strength: float

    def varied(self, qrs: Waves, first: int = 0) -> Waves:
        """Give a QRS this heart's own form; `first` is the row of `forms` to start from."""
        forms = self.forms[first : first + len(qrs.time)]
        return replace(qrs, limb=qrs.limb * forms[:, :2], chest=qrs.chest * forms)


def anatomy(rng: np.random.RandomState) -> Anatomy:
    """Draw a heart; always as many values, so that hearts of one seed are alike but for their parameters."""
    # Sums of three uniforms: bell-shaped, variance 1, within +-3.
    bell = 2.0 * (rng.random_sample((3, 7)).sum(axis=0) - 1.5)
    forms = 2.0 * (rng.random_sample((3, _ROWS, 3)).sum(axis=0) - 1.5)
    injury, sokolow = rng.uniform(0.75, 1.35), rng.uniform(3.9, 4.9)
    variant, origin, strength = rng.uniform(), rng.uniform(), rng.uniform(0.8, 1.25)
    return Anatomy(
        gain=float(np.exp(0.14 * bell[0])),
        chest_gain=float(np.exp(0.08 * bell[1])),
        p_gain=float(np.exp(0.14 * bell[2])),
        t_gain=float(np.exp(0.18 * bell[3])),
        p_turn=float(np.radians(7.0) * bell[4]),
        t_turn=float(np.radians(6.0) * bell[5]),
        injury=float(injury),
        sokolow=float(sokolow),
        forms=1.0 + 0.09 * forms,
        variant=float(variant),
        origin=float(origin),
        strength=float(strength),
    )
