"""How excitation spreads through the ventricles: by the bundles, past a block, over a pathway, from one place.

Times in ms around the R wave of a QRS of ordinary length (the beat stretches it to the QRS duration asked for);
vectors (a, f, z) in mV, see `lead_field`. The patterns are those of Surawicz et al. (AHA/ACCF/HRS recommendations,
part III: intraventricular conduction disturbances. Circulation 2009;119:e235-e240) and Hancock et al. (part V:
chamber hypertrophy, e251-e261); the voltages were set by hand so that the leads lie near the medians of PTB-XL's
records with these statements.
"""

from __future__ import annotations

import numpy as np

from einthoven.ecg.simulator.wave import waves

__all__ = [
    "BESIDE_DELTA",
    "DELTA_LEFT",
    "DELTA_RIGHT",
    "FROM_LEFT",
    "HYPERTROPHIED",
    "INCOMPLETE_LBBB",
    "INCOMPLETE_RBBB_LATE",
    "IVCD",
    "LAFB_FIRST",
    "LBBB",
    "LPFB_FIRST",
    "NONE",
    "NORMAL",
    "PACED",
    "PACED_LEAN",
    "RBBB",
    "RBBB_LATE",
    "RIGHT_HYPERTROPHIED",
]

#: No waves at all.
NONE = waves([])

#: The chest leads' share of each component: with Dower's matrix alone, V3 to V6 would be a quarter too tall.
_CHEST_SHARE = (0.8, 0.9, 0.95)

# Septum left to right and forward; then the free walls, forward first, then left and down; then the base, back; at
# last a little to the right. r and S in V1, q and R in V6 come of it.
NORMAL = waves(
    [
        (-23.0, 6.0, 6.0, (-0.10, 0.00, -0.15)),
        (-8.0, 7.0, 7.0, (0.27, 0.22, -0.33)),
        (3.0, 8.0, 9.0, (0.50, 0.62, 0.32)),
        (19.0, 8.0, 9.0, (0.02, 0.08, 0.66)),
        (31.0, 7.0, 7.0, (-0.11, -0.06, 0.13)),
    ],
    _CHEST_SHARE,
)

# A hypertrophied left ventricle points further back: S in V1 to V3 grows with R in V5 and V6.
HYPERTROPHIED = waves(
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
LBBB = waves(
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
RBBB = waves(
    [
        (-33.0, 6.0, 6.0, (-0.10, 0.00, -0.20)),
        (-18.0, 7.0, 7.0, (0.33, 0.24, -0.18)),
        (-6.0, 8.0, 9.0, (0.58, 0.65, 0.08)),
        (10.0, 8.0, 9.0, (0.10, 0.14, 0.18)),
    ],
    (0.68, 0.8, 0.95),
)
# ... which comes late and slowly: to the right and forward. R' in V1, wide S in I, V5 and V6.
RBBB_LATE = waves(
    [
        (35.0, 11.0, 14.0, (-0.15, 0.02, -0.50)),
        (58.0, 15.0, 18.0, (-0.13, 0.01, -0.38)),
    ],
    (1.15, 1.0, 1.0),
)

# From the apex of the right ventricle: left-bundle-like in the limbs, upwards, and away from all chest leads.
PACED = waves(
    [
        (-50.0, 11.0, 12.0, (0.12, -0.15, 0.05)),
        (-20.0, 16.0, 18.0, (0.36, -0.62, 0.42)),
        (18.0, 18.0, 18.0, (0.28, -0.70, 0.72)),
        (48.0, 13.0, 14.0, (0.10, -0.22, 0.34)),
    ],
    (0.8, 0.8, 1.0),
)
PACED_LEAN = np.radians(-35.0)

# Left bundle slowed, not blocked: the septal q is lost, the rest a little late.
INCOMPLETE_LBBB = waves(
    [
        (-27.0, 9.0, 10.0, (0.08, 0.04, -0.06)),
        (-10.0, 10.0, 11.0, (0.34, 0.24, 0.06)),
        (6.0, 11.0, 12.0, (0.48, 0.46, 0.48)),
        (25.0, 10.0, 11.0, (0.10, 0.08, 0.62)),
    ],
    (0.78, 0.9, 1.0),
)
# Right bundle slowed: a small late right ventricle, r' in V1.
INCOMPLETE_RBBB_LATE = waves([(37.0, 9.0, 11.0, (-0.13, 0.02, -0.40))], (1.15, 1.0, 1.0))

# Slow everywhere, slurred and notched, like neither bundle's block.
IVCD = waves(
    [
        (-36.0, 9.0, 9.0, (-0.07, 0.00, -0.13)),
        (-16.0, 11.0, 11.0, (0.32, 0.26, -0.24)),
        (6.0, 11.0, 12.0, (0.40, 0.46, 0.26)),
        (30.0, 12.0, 13.0, (0.22, 0.20, 0.50)),
        (52.0, 11.0, 12.0, (-0.06, -0.02, 0.22)),
    ],
    _CHEST_SHARE,
)

# The anterior fascicle blocked: first down and right (r in II, III, aVF, q in I and aVL), then all up and left.
LAFB_FIRST = waves([(-24.0, 6.5, 7.0, (-0.13, 0.26, -0.02))], (0.4, 0.5, 1.0))
# The posterior fascicle blocked: first up and left (r in I and aVL, q in II, III and aVF), then all down and right.
LPFB_FIRST = waves([(-24.0, 6.5, 7.0, (0.20, -0.20, -0.04))], (0.6, 0.5, 1.0))

# Over a pathway on the left the delta wave runs forward and is upright in all chest leads; over one on the right it
# runs back and left (Arruda et al., J Cardiovasc Electrophysiol 1998;9:2-12). The rest is the bundles'.
DELTA_LEFT = waves([(-36.0, 11.0, 13.0, (0.12, 0.16, -0.30))], (0.9, 1.0, 1.0))
DELTA_RIGHT = waves([(-36.0, 11.0, 13.0, (0.26, 0.12, 0.16))], (0.9, 1.0, 1.0))
BESIDE_DELTA = waves(
    [
        (-14.0, 9.0, 9.0, (0.30, 0.22, -0.16)),
        (2.0, 9.0, 10.0, (0.50, 0.56, 0.30)),
        (19.0, 9.0, 10.0, (0.04, 0.08, 0.56)),
    ],
    _CHEST_SHARE,
)

# A hypertrophied right ventricle: forward and right at last. R in V1 above S, S in V6.
RIGHT_HYPERTROPHIED = waves(
    [
        (-22.0, 6.0, 6.0, (0.06, -0.05, -0.12)),
        (-9.0, 7.0, 7.0, (0.16, 0.16, -0.26)),
        (4.0, 8.0, 9.0, (-0.16, 0.52, -0.40)),
        (20.0, 9.0, 9.0, (-0.36, 0.22, -0.24)),
    ],
    (1.0, 0.8, 1.0),
)

# From the left ventricle's free wall: away from it, so to the right and forward; upright in V1 with one broad peak.
FROM_LEFT = waves(
    [
        (-46.0, 12.0, 13.0, (0.02, 0.06, -0.26)),
        (-16.0, 16.0, 17.0, (-0.36, 0.34, -0.68)),
        (22.0, 17.0, 18.0, (-0.44, 0.40, -0.52)),
        (52.0, 13.0, 14.0, (-0.16, 0.10, -0.12)),
    ],
    (0.9, 0.9, 1.0),
)
