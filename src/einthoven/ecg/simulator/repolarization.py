"""ST and T: after a normal QRS along it, after a wide one against it, with strain, with infarction.

The mean normal T wave points left, down and forward. Secondary changes follow Rautaharju et al. (AHA/ACCF/HRS part
IV: the ST segment, T and U waves, and the QT interval. Circulation 2009;119:e241-e250), hypertrophy Hancock et al.
(part V, e251-e261), acute infarction Wagner et al. (part VI, e262-e270).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.simulator.anatomy import Anatomy
from einthoven.ecg.simulator.parameters import ANTERIOR, INFERIOR, T_PEAK, Parameters
from einthoven.ecg.simulator.wave import Waves

__all__ = ["Repolarization", "repolarization", "st_t"]

Floats = NDArray[np.float64]

#: mV in the frontal plane and along z: the T wave of a normal heart. Its frontal angle follows the QRS axis.
_T_FRONTAL, _T_Z = 0.25, -0.26

#: The chest leads' share of its frontal part; with Dower's matrix alone T would be too tall in V4 to V6.
_T_CHEST = 0.7

#: mV against the mean QRS vector, at J and at the peak of T, after LBBB and pacing.
_DISCORDANT_ST, _DISCORDANT_T = 0.17, 0.62

#: RBBB: T against the late forward forces, so inverted in V1 (and V2), upright in I, V5 and V6.
_RBBB_T_Z = 0.02

# What follows is mV as (a, f) for the limb leads and (a, f, z) for the chest leads.

#: Strain: ST down and T inverted over the left ventricle, up in V1 to V3.
_STRAIN_ST = (-0.055, -0.02, -0.055, -0.02, -0.035)
_STRAIN_T = (-0.15, 0.03, -0.15, 0.03, -0.17)

#: Stage and wall -> what infarction adds to ST and to T. Acute inferior: down, a little right and back; III above II,
#: I, aVL and V1 to V3 depressed. Acute anterior: forward and left; most in V2 to V4, below 0.1 mV in V1 and V6,
#: III and aVF depressed. Old: T turned away from the scar.
_INFARCTION: Mapping[tuple[str, frozenset[str]], tuple[Sequence[float], Sequence[float]]] = {
    ("acute", INFERIOR): ((-0.09, 0.28, -0.09, 0.28, 0.075), (-0.08, 0.24, -0.08, 0.24, 0.06)),
    ("acute", ANTERIOR): ((0.05, -0.12, 0.085, -0.05, -0.185), (0.04, -0.05, 0.06, -0.05, -0.15)),
    ("old", INFERIOR): ((0.0,) * 5, (0.03, -0.26, 0.03, -0.26, 0.0)),
    ("old", ANTERIOR): ((0.0,) * 5, (-0.02, 0.0, -0.02, 0.0, 0.34)),
}


@dataclass(frozen=True, slots=True, eq=False)
class Repolarization:
    """The vectors of ST (at J) and T in mV, as limb and chest leads see them."""

    st_limb: Floats
    st_chest: Floats
    t_limb: Floats
    t_chest: Floats


def repolarization(parameters: Parameters, limb_area: Floats, chest_area: Floats, heart: Anatomy) -> Repolarization:
    """Choose the vectors of ST and T.

    Parameters
    ----------
    parameters : Parameters
        The heart.
    limb_area, chest_area : ndarray, shape (2,) and (3,)
        The net area of the QRS, mV ms, which secondary changes oppose.
    heart : Anatomy
        How tall its T waves and injury currents are, and where its T axis lies.
    """
    if parameters.rhythm == "paced" or parameters.conduction == "lbbb":
        size = float(np.hypot(np.linalg.norm(limb_area), chest_area[2]))
        against_limb, against_chest = -limb_area / size, -chest_area / size
        low, high = _DISCORDANT_ST, _DISCORDANT_T * heart.t_gain
        return Repolarization(low * against_limb, low * against_chest, high * against_limb, high * against_chest)
    # The T axis follows the QRS axis at a distance; I and II stay upright.
    angle = np.radians(np.clip(45.0 + 0.2 * (parameters.qrs_axis - 45.0), 20.0, 65.0)) + heart.t_turn
    frontal = _T_FRONTAL * np.array([np.cos(angle), np.sin(angle)])
    t = np.concatenate([frontal, _T_CHEST * frontal, [_RBBB_T_Z if parameters.conduction == "rbbb" else _T_Z]])
    st: Floats = np.zeros(5)
    if parameters.lvh:
        st, t = np.array(_STRAIN_ST), np.array(_STRAIN_T)
    t = t * heart.t_gain
    if parameters.ischemia is not None:
        more_st, more_t = _INFARCTION[parameters.ischemia.stage, parameters.ischemia.walls]
        size = heart.injury if parameters.ischemia.stage == "acute" else 1.0
        st, t = st + size * np.array(more_st), t + size * np.array(more_t)
    return Repolarization(st[:2], st[2:], t[:2], t[2:])


def st_t(parameters: Parameters, vectors: Repolarization) -> Waves:
    """Place ST and T in time, in ms after the onset of the QRS.

    T ends (where the tangent of its descent meets the baseline, two standard deviations after the peak) at the QT
    interval. ST rises within the last 30 ms of the QRS, is whole just after J, and falls off under the T wave.
    """
    qt, after = parameters.qt, parameters.qt - parameters.qrs
    peak = T_PEAK * qt
    right = (qt - peak) / 2.0
    left = min(0.125 * qt, 0.26 * after)
    st_peak = parameters.qrs + 6.0
    return Waves(
        time=np.array([st_peak, peak]),
        left=np.array([12.0, left]),
        right=np.array([0.58 * (peak - st_peak), right]),
        limb=np.stack([vectors.st_limb, vectors.t_limb]),
        chest=np.stack([vectors.st_chest, vectors.t_chest]),
    )
