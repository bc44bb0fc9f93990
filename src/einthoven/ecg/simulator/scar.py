"""What an infarction takes from the QRS, wall by wall.

A dead wall no longer pulls the first forces towards itself, so they point away: Q waves of 30 ms and more in the
leads that face it, or their mirror image, a tall R in V1 and V2, where it is the posterior wall (Thygesen et al.,
fourth universal definition of myocardial infarction, Circulation 2018;138:e618-e651).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from einthoven.ecg.simulator.bundles import NONE
from einthoven.ecg.simulator.wave import Waves, waves

__all__ = ["past_scar"]

# Anterior: R lost in V2 and V3, Q in V4, R regained only in V5. Septal: QS in V1 and V2, a small r in V3.
_Q: Mapping[str, Waves] = {
    "inferior": waves([(-25.0, 14.0, 16.5, (0.04, -0.42, -0.06))]),
    "anterior": waves([(-15.0, 11.5, 12.5, (-0.04, 0.03, 0.52))]),
    "septal": waves([(-20.0, 10.0, 11.0, (0.02, 0.02, 0.34))]),
    "lateral": waves([(-25.0, 13.0, 14.5, (-0.38, 0.02, -0.02))]),
    "posterior": waves([(4.0, 11.0, 14.0, (0.0, 0.0, -0.52))]),
}
#: Several walls together: each Q wave has this share of its size when alone.
_SHARE = {1: 1.0, 2: 0.95, 3: 0.9}


def past_scar(qrs: Waves, walls: frozenset[str], start: float) -> tuple[Waves, Waves]:
    """Take away the early forces that would fill the Q waves, and give the Q waves.

    Parameters
    ----------
    qrs : Waves
        The turning part of a QRS: septum, early free walls, late free walls, base.
    walls : frozenset of str
        What has died.
    start : float
        ms by which this QRS begins earlier than a normal one.
    """
    limb, chest = qrs.limb.copy(), qrs.chest.copy()
    q = NONE
    for wall in sorted(walls):
        _taken(wall, limb, chest)
        q = q + _Q[wall].stretched(1.0, start if wall != "posterior" else 0.5 * start).scaled(_SHARE[len(walls)])
    return replace(qrs, limb=limb, chest=chest), q


def _taken(wall: str, limb: np.ndarray, chest: np.ndarray) -> None:
    """Change the vectors of a QRS in place."""
    if wall == "inferior":
        limb[0], chest[0, :2] = 0.0, 0.0
        limb[1] *= 0.15
        chest[1, :2] *= (0.4, 0.15)
        limb[2] *= 1.2
    elif wall == "anterior":
        limb[1] *= 0.15
        limb[2] *= 1.2
        chest[0] = (-0.12, 0.0, 0.02)
        chest[1] *= (0.1, 0.1, 0.0)
        chest[2] += (-0.15 * chest[2, 0], 0.0, 0.35)
    elif wall == "septal":
        # What begins the QRS no longer runs forward, so no r in V1 and V2, and no septal q laterally.
        limb[0], chest[0] = 0.0, (0.06, 0.0, 0.14)
        chest[1] += (0.06, 0.0, 0.26)
    elif wall == "lateral":
        limb[0], chest[0] = (-0.08, 0.0), (-0.10, 0.0, -0.06)
        limb[1] *= 0.12
        chest[1, :2] *= 0.12
        limb[2] *= 1.15
        chest[2, :2] *= 0.8
    elif wall == "posterior":
        # Nothing pulls back: R in V1 and V2 as tall as S or taller.
        chest[2, 2] *= 0.2
        chest[3:, 2] *= 0.3
