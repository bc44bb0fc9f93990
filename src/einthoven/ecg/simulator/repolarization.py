"""ST, T and U: after a normal QRS along it, after a wide one against it, with strain, injury and other forms.

The mean normal T wave points left, down and forward. Secondary changes follow Rautaharju et al. (AHA/ACCF/HRS part
IV: the ST segment, T and U waves, and the QT interval. Circulation 2009;119:e241-e250).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.simulator.anatomy import Anatomy
from einthoven.ecg.simulator.injury import injured
from einthoven.ecg.simulator.parameters import T_PEAK, Parameters
from einthoven.ecg.simulator.st_t_forms import NORMAL_FORM, Form, form_of
from einthoven.ecg.simulator.wave import Waves

__all__ = ["conducted_st_t", "discordant_st_t"]

Floats = NDArray[np.float64]

#: mV in the frontal plane and along z: the T wave of a normal heart. Its frontal angle follows the QRS axis.
_T_FRONTAL, _T_Z = 0.29, -0.245

#: mV at J in a normal heart: slightly up in V1 to V4 (0.02 to 0.08 mV in PTB-XL's normal ECGs).
_ST_NORMAL: Floats = np.array([0.008, 0.012, 0.004, 0.010, -0.064])

#: The chest leads' share of its frontal part; with Dower's matrix alone T would be too tall in V4 to V6.
_T_CHEST = 0.68

#: mV against the mean QRS vector, at J and at the peak of T, after LBBB, pacing and ventricular beats.
_DISCORDANT_ST, _DISCORDANT_T = 0.17, 0.62

#: How much of that the ST and T of other wide complexes have.
_SECONDARY: Mapping[str, float] = {"lbbb": 1.0, "preexcitation": 0.6, "ivcd": 0.45, "incomplete_lbbb": 0.25}

#: RBBB: T against the late forward forces, so inverted in V1 (and V2), upright in I, V5 and V6.
_RBBB_T_Z = {"rbbb": 0.02, "incomplete_rbbb": -0.14}

#: ms between the end of T and the peak of U, and half its width.
_U_AFTER, _U_WIDTH = 85.0, 34.0

#: Standard deviations from the peak of T to its end. The tangent to the descent meets the baseline at 2; readers mark
#: the end in the tail (LUDB's, whom `einthoven.ecg.measure` follows, by about one more).
_T_TAIL = 3.0

#: A small QRS has a small T wave.
_LOW_VOLTAGE_T = 0.6


def discordant_st_t(limb_area: Floats, chest_area: Floats, heart: Anatomy, qrs: float, qt: float) -> Waves:
    """Give ST and T of a beat that arises in the ventricles: against its QRS.

    Parameters
    ----------
    limb_area, chest_area : ndarray, shape (2,) and (3,)
        The net area of the QRS, mV ms.
    heart : Anatomy
        How tall its T waves are.
    qrs, qt : float
        ms.
    """
    st, t = _against(limb_area, chest_area, heart)
    return _placed(st, t, NORMAL_FORM, qrs, qt)


def conducted_st_t(parameters: Parameters, limb_area: Floats, chest_area: Floats, heart: Anatomy) -> Waves:
    """Give ST, T and U of a beat that the bundles conduct; parameters as for `discordant_st_t`."""
    secondary = _SECONDARY.get(parameters.conduction, 0.0)
    form = form_of(parameters.findings)
    st, t = heart.st * _ST_NORMAL + heart.st_off, _t_wave(parameters, heart)
    if secondary:
        against_st, against_t = _against(limb_area, chest_area, heart)
        st, t = secondary * against_st + (1.0 - secondary) * st, secondary * against_t + (1.0 - secondary) * t
    st = st + heart.strength * np.array(form.st)
    t = form.t * t + heart.t_gain * np.array(form.more_t)
    late = None
    if parameters.ischemia is not None:
        more_st, more_t = injured(parameters.ischemia, heart, wellens=parameters.wellens)
        if parameters.wellens and heart.variant < 0.5:
            late = t + 1.1 * more_t  # the first type: up, then down
        else:
            t = t + more_t
        # A new current of injury swamps the slight elevation that is normal.
        st = st + more_st if parameters.ischemia.stage in ("recent", "old", "ischemia") else more_st
    elif form.biphasic:
        late = -0.8 * t
    return _placed(st, t, form, parameters.qrs, parameters.qt, late)


def _t_wave(parameters: Parameters, heart: Anatomy) -> Floats:
    """Give the T wave of a normal heart; it follows the QRS axis at a distance, and I and II stay upright."""
    axis = parameters.qrs_axis if parameters.qrs_axis is not None else 50.0
    angle = np.radians(np.clip(36.0 + 0.2 * (axis - 36.0), 15.0, 60.0)) + heart.t_turn
    frontal = _T_FRONTAL * np.array([np.cos(angle), np.sin(angle)])
    z = _RBBB_T_Z.get(parameters.conduction.split("_la")[0].split("_lp")[0], _T_Z)
    t = heart.t_gain * np.concatenate([frontal, _T_CHEST * frontal, [heart.t_depth * z]])
    return np.asarray(_LOW_VOLTAGE_T * t if "low_qrs_voltage" in parameters.findings else t)


def _against(limb_area: Floats, chest_area: Floats, heart: Anatomy) -> tuple[Floats, Floats]:
    size = float(np.hypot(np.linalg.norm(limb_area), chest_area[2]))
    against = -np.concatenate([limb_area, chest_area]) / size
    return _DISCORDANT_ST * against, _DISCORDANT_T * heart.t_gain * against


def _placed(st: Floats, t: Floats, form: Form, qrs: float, qt: float, late: Floats | None = None) -> Waves:
    """Place ST, T and U in time, in ms after the onset of the QRS.

    T ends, `_T_TAIL` standard deviations after its peak, at the QT interval. ST rises within the last 15 ms of the
    QRS, is whole at J, and falls off under the T wave. `late` is the second half of a biphasic T wave.
    """
    after = qt - qrs
    right = (1.0 - T_PEAK) * qt * form.narrow / _T_TAIL
    peak = qt - _T_TAIL * right
    left = min(0.125 * qt, 0.26 * after) * form.narrow
    st_peak = qrs
    st_fall = 0.45 * (peak - st_peak)
    if form.coved:
        st_peak, st_fall = qrs, 0.34 * (peak - qrs)
    rows = [(st_peak, 4.5, st_fall, st), (peak, left, right, t)]
    if form.scooped:
        middle = qrs + 0.42 * (peak - qrs)
        rows[0] = (middle, 0.48 * (middle - qrs), 0.30 * (peak - qrs), 1.25 * st)
    if late is not None:
        width = 0.052 * qt
        rows[1] = (peak - 2.6 * width, left, width, t)
        rows.append((peak, width, right, late))
    if any(form.notch):
        rows.append((qrs + 3.0, 6.0, 7.0, np.array(form.notch)))
    if any(form.u):
        rows.append((qt + _U_AFTER, _U_WIDTH, 1.15 * _U_WIDTH, np.array(form.u)))
    vectors = np.stack([row[3] for row in rows])
    time, before, behind = (np.array([row[i] for row in rows], dtype=float) for i in range(3))
    return Waves(time, before, behind, vectors[:, :2].copy(), vectors[:, 2:].copy())
