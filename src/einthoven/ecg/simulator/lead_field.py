"""From a heart's dipole to the leads.

The frame is (a, f, z): the lead I voltage, the lead aVF voltage times 2 / sqrt 3, and Frank's z (posterior positive),
all in millivolts. In it the frontal axis of a vector is atan2(f, a) by definition (the clinical construction), so a
turn of the frontal plane turns the axis by exactly that angle, and the limb leads obey Einthoven and Goldberger
whatever the matrix is. The chest leads are Dower's, carried over into this frame.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["CHEST", "FRONTAL_TO_II", "INDEPENDENT", "exchanged", "leads", "project"]

Floats = NDArray[np.float64]

#: The eight leads that are independent; the other four limb leads follow from I and II.
INDEPENDENT = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")

#: Dower GE, Machado HB, Osborne JA: On deriving the electrocardiogram from vectorcardiographic leads. Clin Cardiol
#: 1980;3:87-95. Rows as `INDEPENDENT`, columns Frank's X (left), Y (down), Z (back).
_DOWER: Floats = np.array(
    [
        [0.632, -0.235, 0.059],
        [0.235, 1.066, -0.132],
        [-0.515, 0.157, -0.917],
        [0.044, 0.164, -1.387],
        [0.882, 0.098, -1.277],
        [1.213, 0.127, -0.601],
        [1.125, 0.127, -0.086],
        [0.831, 0.076, 0.230],
    ]
)

#: aVF = II - I / 2 (Goldberger and Einthoven), so II = (sqrt 3 / 2) f + a / 2.
FRONTAL_TO_II: Floats = np.array([0.5, np.sqrt(3.0) / 2.0])


def _chest() -> Floats:
    lead_i, lead_ii = _DOWER[0], _DOWER[1]
    frame = np.array([lead_i, 2.0 / np.sqrt(3.0) * (lead_ii - lead_i / 2.0), [0.0, 0.0, 1.0]])
    return np.asarray(_DOWER[2:] @ np.linalg.inv(frame))


#: V1 to V6 from (a, f, z), shape (6, 3).
CHEST: Floats = _chest()


def project(limb: Floats, chest: Floats) -> Floats:
    """Give the eight independent leads of some vectors.

    Parameters
    ----------
    limb : ndarray, shape (n, 2)
        (a, f) as the limb leads see it.
    chest : ndarray, shape (n, 3)
        (a, f, z) as the chest leads see it.

    Returns
    -------
    ndarray, shape (n, 8)
        mV, in the order of `INDEPENDENT`.
    """
    return np.concatenate([limb[:, :1], (limb @ FRONTAL_TO_II)[:, None], chest @ CHEST.T], axis=1)


def exchanged(independent: Floats, reversal: str) -> Floats:
    """Give the leads that are recorded when two limb electrodes are exchanged; shape (8, samples) in and out.

    I is LA - RA and II is LL - RA. Wilson's terminal is the mean of the three, so the chest leads stay as they are.
    """
    lead_i, lead_ii = independent[0], independent[1]
    limb = {
        "la_ra": (-lead_i, lead_ii - lead_i),
        "ra_ll": (lead_i - lead_ii, -lead_ii),
        "la_ll": (lead_ii, lead_i),
    }[reversal]
    return np.concatenate([np.stack(limb), independent[2:]])


def leads(independent: Floats) -> NDArray[np.float32]:
    """Quantise eight leads to whole microvolts and complete them to twelve.

    I and II are rounded to even microvolts, so that III = II - I, aVR = -(I + II) / 2, aVL = I - II / 2 and
    aVF = II - I / 2 hold exactly in whole microvolts too.

    Parameters
    ----------
    independent : ndarray, shape (8, samples)
        mV.

    Returns
    -------
    ndarray of float32, shape (12, samples)
        mV, standard lead order.
    """
    half = np.rint(independent[:2] * 500.0)
    lead_i, lead_ii = half[0] * 2.0, half[1] * 2.0
    twelve = np.empty((12, independent.shape[1]))
    twelve[0], twelve[1], twelve[2] = lead_i, lead_ii, lead_ii - lead_i
    twelve[3], twelve[4], twelve[5] = -(half[0] + half[1]), lead_i - half[1], lead_ii - half[0]
    np.rint(independent[2:] * 1000.0, out=twelve[6:])
    return (twelve / 1000.0).astype(np.float32)
