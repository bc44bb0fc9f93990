"""What differs from heart to heart and has nothing to do with the answers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.simulator.wave import Waves, waves

__all__ = ["Anatomy", "anatomy"]

Floats = NDArray[np.float64]

_ROWS = 24

#: How many slurs a QRS has, their size in mV, and the spreads of ST and of the turns about the long axis.
_SLURS, _SLUR = 4, 0.045
_ST_OFF: Floats = np.array([0.012, 0.012, 0.015, 0.010, 0.014])
_SWING, _P_SWING = float(np.radians(12.0)), float(np.radians(20.0))


@dataclass(frozen=True, slots=True, eq=False)
class Anatomy:
    """One heart in one chest. The spreads were set by PTB-XL's normal ECGs (tests/benchmarks/bench_simulator.py).

    Attributes
    ----------
    gain : float
        QRS voltage in all leads, about 1.1 on average; held so that no normal voltage is low.
    chest_gain : float
        QRS voltage in the chest leads beside that.
    p_gain, t_gain : float
        Height of P and T, 1 on average.
    p_turn, t_turn : float
        Radians by which the axes of P and T are off the average.
    t_depth : float
        How far T points forward, 1 on average.
    st : float
        0.2 to 1.4: the slight elevation of ST over the right chest that is normal.
    st_off : ndarray, shape (5,)
        mV: by how much else ST is off the baseline, as (a, f) for limb and (a, f, z) for chest leads.
    injury : float
        Size of an acute infarction's current of injury, at least 0.75.
    sokolow : float
        S in V1 plus R in V5 or V6 in mV, if this heart is hypertrophied.
    forms : ndarray, shape (24, 3)
        Factors on the vectors of the QRS's waves.
    slurs : Waves
        Small waves on the QRS, of no meaning: no conduction is perfectly even.
    swing, p_swing : float
        Radians by which the chest leads see QRS and P turned about the body's long axis, forward of the average.
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
    t_depth: float
    st: float
    st_off: Floats
    injury: float
    sokolow: float
    forms: Floats
    slurs: Waves
    swing: float
    p_swing: float
    variant: float
    origin: float
    strength: float

    def varied(self, qrs: Waves, first: int = 0) -> Waves:
        """Give a QRS this heart's own form; `first` is the row of `forms` to start from."""
        forms = self.forms[first : first + len(qrs.time)]
        return replace(qrs, limb=qrs.limb * forms[:, :2], chest=qrs.chest * forms).swung(self.swing)


def anatomy(rng: np.random.RandomState) -> Anatomy:
    """Draw a heart; always as many values, so that hearts of one seed are alike but for their parameters."""
    # Sums of three uniforms: bell-shaped, variance 1, within +-3.
    bell = 2.0 * (rng.random_sample((3, 7)).sum(axis=0) - 1.5)
    forms = 2.0 * (rng.random_sample((3, _ROWS, 3)).sum(axis=0) - 1.5)
    injury, sokolow = rng.uniform(0.75, 1.35), rng.uniform(3.9, 4.9)
    variant, origin, strength, st = rng.uniform(), rng.uniform(), rng.uniform(0.8, 1.25), rng.uniform(0.2, 1.4)
    more = 2.0 * (rng.random_sample((3, 3 * _SLURS + 7)).sum(axis=0) - 1.5)
    at, width = rng.uniform(-14.0, 20.0, _SLURS), rng.uniform(3.0, 4.5, _SLURS)
    vectors = _SLUR * more[7:].reshape(_SLURS, 3)
    slurs = waves(
        [(float(t), float(w), float(w), (v[0], v[1], v[2])) for t, w, v in zip(at, width, vectors, strict=True)]
    )
    return Anatomy(
        gain=float(1.12 * np.exp(np.clip(0.22 * bell[0], -0.42, 0.5))),
        chest_gain=float(0.96 * np.exp(0.14 * bell[1])),
        p_gain=float(np.exp(np.clip(0.22 * bell[2], -0.4, 0.45))),
        t_gain=float(np.exp(np.clip(0.27 * bell[3], -0.45, 0.6))),
        p_turn=float(np.radians(16.0) * bell[4]),
        t_turn=float(np.radians(13.0) * bell[5]),
        t_depth=float(np.exp(np.clip(0.45 * bell[6], -1.1, 0.6))),
        st=float(st),
        st_off=_ST_OFF * np.clip(more[2:7], -1.7, 1.7),
        injury=float(injury),
        sokolow=float(sokolow),
        forms=1.0 + 0.20 * forms,
        slurs=slurs,
        swing=float(_SWING * more[0]),
        p_swing=float(_P_SWING * more[1]),
        variant=float(variant),
        origin=float(origin),
        strength=float(strength),
    )
