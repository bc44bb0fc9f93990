"""The QRS: how the ventricles are excited, by the bundles, from a pacing lead, or past a scar.

Times in ms around the R wave of a QRS of ordinary length (the beat stretches it to the QRS duration asked for);
vectors (a, f, z) in mV, see `lead_field`. The patterns are those of Surawicz et al. (AHA/ACCF/HRS recommendations,
part III: intraventricular conduction disturbances. Circulation 2009;119:e235-e240); the voltages were set by hand so
that the leads lie near the medians of PTB-XL's records with these statements.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from einthoven.ecg.simulator.parameters import INFERIOR, Parameters
from einthoven.ecg.simulator.wave import Waves, waves

__all__ = ["Depolarization", "chest_turn", "depolarization"]


@dataclass(frozen=True, slots=True, eq=False)
class Depolarization:
    """A QRS before it is brought to its axis, voltage and duration.

    Attributes
    ----------
    turning : Waves
        What turns with the frontal axis.
    fixed : Waves
        What keeps its direction: a scar's Q wave, the late right ventricle of RBBB.
    lean : float
        Radians by which the chest leads see the loop turned further than the limb leads do.
    """

    turning: Waves
    fixed: Waves
    lean: float = 0.0


_NONE = waves([])

#: The chest leads' share of each component: with Dower's matrix alone, V3 to V6 would be a quarter too tall.
_CHEST_SHARE = (0.8, 0.9, 0.95)

# Septum left to right and forward; then the free walls, forward first, then left and down; then the base, back; at
# last a little to the right. r and S in V1, q and R in V6 come of it.
_NORMAL = waves(
    [
        (-23.0, 6.0, 6.0, (-0.10, 0.00, -0.15)),
        (-8.0, 7.0, 7.0, (0.27, 0.22, -0.27)),
        (3.0, 8.0, 9.0, (0.50, 0.62, 0.32)),
        (19.0, 8.0, 9.0, (0.02, 0.08, 0.66)),
        (31.0, 7.0, 7.0, (-0.11, -0.06, 0.13)),
    ],
    _CHEST_SHARE,
)

# A hypertrophied left ventricle points further back: S in V1 to V3 grows with R in V5 and V6.
_HYPERTROPHIED = waves(
    [
        (-23.0, 6.0, 6.0, (-0.07, 0.00, -0.12)),
        (-8.0, 7.0, 7.0, (0.24, 0.20, -0.14)),
        (4.0, 9.0, 10.0, (0.58, 0.58, 0.52)),
        (21.0, 8.0, 9.0, (0.04, 0.06, 0.50)),
        (32.0, 7.0, 7.0, (-0.07, -0.05, 0.12)),
    ],
    _CHEST_SHARE,
)

# Right to left through the septum's muscle: no septal q, a plateau with a notch to the left, all of it backwards.
_LBBB = waves(
    [
        (-46.0, 9.0, 10.0, (0.10, 0.08, -0.08)),
        (-21.0, 14.0, 15.0, (0.50, 0.22, 0.62)),
        (22.0, 16.0, 15.0, (0.56, 0.12, 0.72)),
        (3.0, 23.0, 24.0, (0.08, 0.02, 1.30)),
        (48.0, 12.0, 12.0, (0.12, 0.00, 0.28)),
    ],
    (0.75, 0.9, 1.0),
)

# The left ventricle as ever, its late forces cancelled by the right one ...
_RBBB = waves(
    [
        (-33.0, 6.0, 6.0, (-0.10, 0.00, -0.20)),
        (-18.0, 7.0, 7.0, (0.33, 0.24, -0.18)),
        (-6.0, 8.0, 9.0, (0.58, 0.65, 0.08)),
        (10.0, 8.0, 9.0, (0.10, 0.14, 0.18)),
    ],
    (0.68, 0.8, 0.95),
)
# ... which comes late and slowly: to the right and forward. R' in V1, wide S in I, V5 and V6.
_RBBB_LATE = waves(
    [
        (35.0, 11.0, 14.0, (-0.15, 0.02, -0.50)),
        (58.0, 15.0, 18.0, (-0.13, 0.01, -0.38)),
    ],
    (1.15, 1.0, 1.0),
)

# From the apex of the right ventricle: left-bundle-like in the limbs, upwards, and away from all chest leads.
_PACED = waves(
    [
        (-50.0, 11.0, 12.0, (0.12, -0.15, 0.05)),
        (-20.0, 16.0, 18.0, (0.36, -0.62, 0.42)),
        (18.0, 18.0, 18.0, (0.28, -0.70, 0.72)),
        (48.0, 13.0, 14.0, (0.10, -0.22, 0.34)),
    ],
    (0.8, 0.8, 1.0),
)
_PACED_LEAN = np.radians(-35.0)

# Old inferior infarction: the first third points up, and no early forces oppose it. Q of 30 ms and more in II, III
# and aVF (Thygesen et al., fourth universal definition of myocardial infarction, Circulation 2018;138:e618-e651).
_INFERIOR_Q = waves([(-25.0, 11.0, 12.5, (0.04, -0.36, -0.06))])
# Old anterior infarction: the first half points back. R lost in V2 and V3, Q in V4, R regained only in V5.
_ANTERIOR_Q = waves([(-15.0, 11.0, 12.0, (-0.04, 0.03, 0.46))])


# The septum goes first: with an axis that points up, an r in II, III and aVF, and with one that points right and up,
# an r in V5 and V6 too. Without it every such complex would be a QS, the sign of a scar.
_FIRST_R = (-25.0, 6.0, 6.5)
_FIRST_R_DOWN, _FIRST_R_LEFT = 0.20, 0.15


def depolarization(parameters: Parameters) -> Depolarization:
    """Choose the pattern of the QRS.

    Returns
    -------
    Depolarization
        Its waves' times are around the R wave.
    """
    if parameters.rhythm == "paced":
        return Depolarization(_PACED, _NONE, _PACED_LEAN)
    if parameters.conduction == "lbbb":
        return Depolarization(_LBBB, _NONE)
    turning = _RBBB if parameters.conduction == "rbbb" else _HYPERTROPHIED if parameters.lvh else _NORMAL
    fixed = _RBBB_LATE if parameters.conduction == "rbbb" else _NONE
    ischemia = parameters.ischemia
    start = -10.0 if parameters.conduction == "rbbb" else 0.0
    fixed = fixed + _first_r(parameters).stretched(1.0, start)
    if ischemia is not None and ischemia.stage == "old":
        if ischemia.walls == INFERIOR:
            return Depolarization(_past_inferior_scar(turning), fixed + _INFERIOR_Q.stretched(1.0, start))
        return Depolarization(_past_anterior_scar(turning), fixed + _ANTERIOR_Q.stretched(1.0, start))
    return Depolarization(turning, fixed)


def _first_r(parameters: Parameters) -> Waves:
    axis, scar = np.radians(parameters.qrs_axis), parameters.ischemia
    up = float(np.clip(0.1 - 1.3 * np.sin(axis), 0.0, 1.0))
    right = float(np.clip(-1.5 * np.cos(axis), 0.0, 1.0)) * up
    down = 0.0 if scar is not None and scar.stage == "old" and scar.walls == INFERIOR else _FIRST_R_DOWN * up
    first = waves([(*_FIRST_R, (0.0, down, 0.0))])
    first.chest[0] = (_FIRST_R_LEFT * right, 0.0, 0.0)
    return first


def _past_inferior_scar(qrs: Waves) -> Waves:
    """Take away the early forces that would fill the Q wave, and let what is left be seen."""
    limb, chest = qrs.limb.copy(), qrs.chest.copy()
    limb[0], chest[0, :2] = 0.0, 0.0
    limb[1] *= 0.15
    chest[1, :2] *= (0.4, 0.15)
    limb[2] *= 1.2
    return replace(qrs, limb=limb, chest=chest)


def _past_anterior_scar(qrs: Waves) -> Waves:
    """Take away the early forces in front: what begins the QRS is a small r in V1 alone."""
    limb, chest = qrs.limb.copy(), qrs.chest.copy()
    limb[1] *= 0.15
    limb[2] *= 1.2
    chest[0] = (-0.12, 0.0, 0.02)
    chest[1] *= (0.1, 0.1, 0.0)
    chest[2] += (-0.15 * chest[2, 0], 0.0, 0.35)
    return replace(qrs, limb=limb, chest=chest)


def chest_turn(turn: float, parameters: Parameters) -> float:
    """Tell how much of a turn of the frontal axis the chest leads see, in radians.

    A single rigid dipole would make V5 and V6 negative with every right axis. In PTB-XL they stay positive there, and
    fall as with a rigid turn to the left: the chest leads, near the heart, follow a turn to the right by half, and
    one to the left in full down to about -90 degrees. A hypertrophied ventricle keeps its tall R there.
    """
    if parameters.lvh:
        return 0.3 * turn
    return float(np.clip(turn if turn < 0.0 else 0.5 * turn, np.radians(-140.0), np.radians(60.0)))
