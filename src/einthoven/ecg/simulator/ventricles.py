"""The QRS of one heart before it is brought to its axis, voltage and duration."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from einthoven.ecg.simulator import bundles
from einthoven.ecg.simulator.anatomy import Anatomy
from einthoven.ecg.simulator.parameters import Parameters
from einthoven.ecg.simulator.scar import past_scar
from einthoven.ecg.simulator.wave import Waves, waves

__all__ = ["Depolarization", "chest_turn", "depolarization", "ventricular"]

_FIRST_FIXED_FORM = 8

# The septum goes first: with an axis that points up, an r in II, III and aVF, and with one that points right and up,
# an r in V5 and V6 too. Without it every such complex would be a QS, the sign of a scar.
_FIRST_R = (-25.0, 6.0, 6.5)
_FIRST_R_DOWN, _FIRST_R_LEFT = 0.20, 0.15

# Septal hypertrophy: deep and narrow q in I, aVL, V5 and V6, tall r in V1 (Maron et al., Circulation 2006;113:1807-
# 1816, on the ECG of hypertrophic cardiomyopathy).
_SEPTUM = waves([(-23.0, 5.0, 5.0, (-0.36, -0.10, -0.42))])

# A Q wave without a history, as in II, III and aVF: the form alone.
_LONE_Q = waves([(-25.0, 13.0, 14.5, (0.02, -0.33, -0.03))])

# Notches on the R and S waves of neighbouring leads, without a block (Das et al., Circulation 2006;113:2495-2501).
_NOTCHES = waves(
    [
        (-10.0, 3.2, 3.2, (0.16, 0.24, -0.16)),
        (-2.0, 3.2, 3.2, (-0.26, -0.38, 0.26)),
        (7.0, 3.2, 3.2, (0.22, 0.32, -0.22)),
        (16.0, 3.4, 3.4, (-0.20, -0.28, 0.20)),
        (25.0, 3.4, 3.4, (0.14, 0.20, -0.12)),
    ]
)


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
    chest_share : float
        How much of a turn of the frontal axis the chest leads see.
    """

    turning: Waves
    fixed: Waves
    lean: float = 0.0
    chest_share: float = 1.0


def depolarization(parameters: Parameters, heart: Anatomy) -> Depolarization:
    """Choose the pattern of a beat that the bundles conduct.

    Returns
    -------
    Depolarization
        Its waves' times are around the R wave; this heart's own form is in it.
    """
    conduction, findings = parameters.conduction, parameters.findings
    right = conduction.startswith("rbbb")
    start = -10.0 if right else 0.0
    turning, fixed, share = bundles.NORMAL, bundles.NONE, 1.0
    if conduction == "lbbb":
        return _own(Depolarization(bundles.LBBB, bundles.NONE), heart)
    if conduction == "incomplete_lbbb":
        return _own(Depolarization(bundles.INCOMPLETE_LBBB, bundles.NONE), heart)
    if conduction == "preexcitation":
        delta = bundles.DELTA_LEFT if heart.variant < 0.5 else bundles.DELTA_RIGHT
        return _own(Depolarization(bundles.BESIDE_DELTA, delta), heart)
    if right:
        turning, fixed = bundles.RBBB, bundles.RBBB_LATE
    elif conduction == "incomplete_rbbb":
        fixed = bundles.INCOMPLETE_RBBB_LATE
    elif conduction == "ivcd":
        turning = bundles.IVCD
    elif findings & {"left_ventricular_hypertrophy", "lvh_voltage_criteria"}:
        turning, share = bundles.HYPERTROPHIED, 0.3
    elif "right_ventricular_hypertrophy" in findings:
        turning, share = bundles.RIGHT_HYPERTROPHIED, 0.3
    if conduction.endswith("lafb"):
        fixed = fixed + bundles.LAFB_FIRST.stretched(1.0, start)
    elif conduction.endswith("lpfb"):
        fixed = fixed + bundles.LPFB_FIRST.stretched(1.0, start)
    elif not findings & {"right_ventricular_hypertrophy", "pathological_q_wave"}:
        fixed = fixed + _first_r(parameters).stretched(1.0, start)
    turning, fixed = _formed(turning, fixed, findings)
    if parameters.scarred:
        assert parameters.ischemia is not None
        turning, q = past_scar(turning, parameters.ischemia.walls, start)
        fixed = fixed + q
    return _own(Depolarization(turning, fixed, chest_share=share), heart)


def ventricular(kind: str, heart: Anatomy) -> Depolarization:
    """Choose the pattern of a beat that begins in the ventricles: ``paced``, or ``ventricular``."""
    if kind == "paced":
        return _own(Depolarization(bundles.PACED, bundles.NONE, bundles.PACED_LEAN), heart)
    pattern = bundles.LBBB if heart.origin < 0.5 else bundles.FROM_LEFT
    return _own(Depolarization(pattern.scaled(1.25), bundles.NONE, chest_share=0.4), heart)


def _own(pattern: Depolarization, heart: Anatomy) -> Depolarization:
    fixed = heart.varied(pattern.fixed, _FIRST_FIXED_FORM) + heart.slurs
    return replace(pattern, turning=heart.varied(pattern.turning), fixed=fixed)


def _formed(turning: Waves, fixed: Waves, findings: frozenset[str]) -> tuple[Waves, Waves]:
    """Give a QRS the forms that are findings by themselves."""
    if "septal_hypertrophy" in findings:
        fixed = fixed + _SEPTUM
    if "pathological_q_wave" in findings:
        turning, _ = past_scar(turning, frozenset({"inferior"}), 0.0)
        fixed = fixed + _LONE_Q
    if "fragmented_qrs" in findings:
        fixed = fixed + _NOTCHES
    if "poor_r_wave_progression" in findings:
        chest = turning.chest.copy()
        # r stays in V1 to V4, but small: R in V3 up to 0.3 mV (Zema and Kligfield, J Electrocardiol 1979;12:3-10).
        chest[0] *= 0.8
        chest[1] = (0.10 * chest[1, 0], chest[1, 1], 0.05)
        chest[2] = (0.62 * chest[2, 0], chest[2, 1], 0.52)
        turning = replace(turning, chest=chest)
    return turning, fixed


def _first_r(parameters: Parameters) -> Waves:
    axis = np.radians(parameters.qrs_axis if parameters.qrs_axis is not None else 50.0)
    scarred = parameters.ischemia.walls if parameters.ischemia is not None and parameters.scarred else frozenset()
    up = float(np.clip(0.1 - 1.3 * np.sin(axis), 0.0, 1.0))
    right = float(np.clip(-1.5 * np.cos(axis), 0.0, 1.0)) * up
    down = 0.0 if "inferior" in scarred else _FIRST_R_DOWN * up
    left = 0.0 if "lateral" in scarred else _FIRST_R_LEFT * right
    first = waves([(*_FIRST_R, (0.0, down, 0.0))])
    first.chest[0] = (left, 0.0, 0.0)
    return first


def chest_turn(turn: float, pattern: Depolarization) -> float:
    """Tell how much of a turn of the frontal axis the chest leads see, in radians.

    A single rigid dipole would make V5 and V6 negative with every right axis. In PTB-XL they stay positive there, and
    fall as with a rigid turn to the left: the chest leads, near the heart, follow a turn to the right by half, and
    one to the left in full down to about -90 degrees. A hypertrophied ventricle keeps its tall R there.
    """
    if pattern.chest_share < 1.0:
        return pattern.chest_share * turn
    return float(np.clip(turn if turn < 0.0 else 0.5 * turn, np.radians(-140.0), np.radians(60.0)))
