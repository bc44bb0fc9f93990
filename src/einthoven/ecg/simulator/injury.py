"""What ischaemia and infarction do to ST and T, wall by wall.

Acute infarction: ST up over the wall, down opposite to it (Wagner et al., AHA/ACCF/HRS part VI, Circulation
2009;119:e262-e270); subendocardial injury: ST down; recent infarction: T deeply inverted, some ST elevation left;
old: T flat over the scar; ischaemia: T inverted, symmetrical. A critical stenosis of the LAD: T biphasic or deeply
inverted in V2 and V3 (de Zwaan, Bär and Wellens, Am Heart J 1982;103:730-736).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.reading import Ischemia
from einthoven.ecg.simulator.anatomy import Anatomy

__all__ = ["injured"]

Floats = NDArray[np.float64]

# mV as (a, f) for the limb leads and (a, f, z) for the chest leads.

#: What an acute infarction adds to ST. Inferior: down, a little right and back; III above II, I, aVL and V1 to V3
#: depressed. Anterior: forward and left; most in V2 to V4, III and aVF depressed. Septal: V1 and V2. Lateral: I, aVL,
#: V5, V6, III depressed. Posterior: V1 to V3 depressed, the mirror of an elevation at the back.
_ST: Mapping[str, Sequence[float]] = {
    "inferior": (-0.09, 0.28, -0.09, 0.28, 0.075),
    "anterior": (0.05, -0.12, 0.085, -0.05, -0.185),
    "septal": (0.0, -0.02, -0.06, 0.02, -0.19),
    "lateral": (0.19, -0.09, 0.17, -0.02, 0.06),
    "posterior": (0.0, 0.02, 0.03, 0.02, 0.17),
}
#: What subendocardial injury adds to ST: down over the wall; the inner layer's vector points to aVR.
_DOWN: Mapping[str, Sequence[float]] = {
    "inferior": (-0.06, -0.17, -0.04, -0.12, 0.01),
    "anterior": (-0.03, -0.03, -0.06, -0.01, 0.13),
    "septal": (0.0, 0.0, 0.02, 0.0, 0.12),
    "lateral": (-0.15, -0.05, -0.15, -0.02, -0.02),
    "posterior": (0.0, 0.0, 0.0, 0.0, 0.0),
}
#: What an acute infarction adds to T.
_T: Mapping[str, Sequence[float]] = {
    "inferior": (-0.08, 0.24, -0.08, 0.24, 0.06),
    "anterior": (0.04, -0.05, 0.06, -0.05, -0.15),
    "septal": (0.0, 0.0, -0.08, 0.01, -0.12),
    "lateral": (0.14, -0.05, 0.13, -0.02, 0.02),
    "posterior": (0.0, 0.0, 0.0, 0.0, -0.04),
}
#: What turns T over above the wall; over the posterior one T grows tall in V1 to V3.
_INVERSION: Mapping[str, Sequence[float]] = {
    "inferior": (0.02, -0.46, 0.02, -0.42, 0.0),
    "anterior": (-0.10, 0.02, -0.14, 0.0, 0.50),
    "septal": (0.0, 0.0, 0.06, 0.0, 0.45),
    "lateral": (-0.42, 0.08, -0.38, 0.0, 0.0),
    "posterior": (0.0, 0.0, 0.0, 0.0, -0.24),
}
#: Several walls together: each has this share of its vectors when alone.
_SHARE = {1: 1.0, 2: 0.8, 3: 0.7}

#: Of the vectors above, how much each stage has: ST, acute T, inversion.
_STAGES: Mapping[str, tuple[float, float, float]] = {
    "acute": (1.0, 1.0, 0.0),
    "subendocardial_injury": (1.0, 0.0, 0.35),
    "recent": (0.24, 0.0, 1.0),
    "old": (0.0, 0.0, 0.42),
    "ischemia": (0.0, 0.0, 1.12),
}


def injured(ischemia: Ischemia, heart: Anatomy, *, wellens: bool = False) -> tuple[Floats, Floats]:
    """Give what an ischaemic process adds to ST and to T, each of shape (5,)."""
    st, t, turned = (
        _SHARE[len(ischemia.walls)] * np.sum([table[wall] for wall in sorted(ischemia.walls)], axis=0)
        for table in (_DOWN if ischemia.stage == "subendocardial_injury" else _ST, _T, _INVERSION)
    )
    st_size, t_size, turned_size = _STAGES[ischemia.stage]
    injury = heart.injury if st_size else 1.0
    if wellens:
        turned_size = 1.4
    # A tall T takes more to turn over, and one that points far forward.
    turned[4] *= max(heart.t_depth, 1.0)
    return injury * st_size * st, injury * t_size * t + turned_size * max(heart.t_gain, 0.9) * turned
