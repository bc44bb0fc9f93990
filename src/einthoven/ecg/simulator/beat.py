"""One heartbeat of one heart: QRS and ST-T in the eight independent leads, at the axis and length asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.simulator.anatomy import Anatomy
from einthoven.ecg.simulator.lead_field import CHEST, FRONTAL_TO_II, project
from einthoven.ecg.simulator.parameters import T_PEAK, Parameters, fridericia
from einthoven.ecg.simulator.pulse import Pulse, pulse
from einthoven.ecg.simulator.repolarization import conducted_st_t, discordant_st_t
from einthoven.ecg.simulator.ventricles import Depolarization, chest_turn, depolarization, ventricular
from einthoven.ecg.simulator.wave import Waves, waves

__all__ = ["QRS_MARGIN", "QRS_VISIBLE", "SPIKE", "Beat", "beat"]

Floats = NDArray[np.float64]

#: Where a QRS is said to begin and end: so many ms before and after the lead with the largest voltage passes so many
#: mV. `einthoven.ecg.measure`, whose thresholds follow the readers of LUDB, finds a QRS about 9 ms longer.
QRS_VISIBLE, QRS_MARGIN = 0.015, (3.5, 7.0)

#: mV: S in V1 plus the taller R of V5 and V6, where there is no hypertrophy. The limit is 3.5 (Sokolow and Lyon, Am
#: Heart J 1949;37:161-186).
_SOKOLOW_NORMAL = 3.1

#: mV from the top of R to the bottom of S: the tallest limb and chest lead of a low voltage; limits are 0.5 and 1.
_LOW_LIMB, _LOW_CHEST = 0.40, 0.82

#: A pacing spike, 2 to 4 ms wide.
SPIKE: Pulse = pulse(waves([(0.0, 1.2, 1.2, (-0.25, -0.62, -0.45))]))

#: ms around the R wave within which a QRS is looked for.
_WINDOW: Floats = np.arange(-160.0, 181.0, 1.0)

#: Late forces against all others, for a QRS without a frontal axis (S in I, II and III).
_LATE = (22.0, 8.0, 9.0)

#: Net area across the axis that fixed forces may have, as a share of the turning forces' net area.
_LARGEST_FIXED = 0.85

#: A premature ventricular complex is this wide, in ms, and this much longer is its QT than that of the other beats.
_PREMATURE_QRS, _PREMATURE_QT = 148.0, 1.08


@dataclass(frozen=True, slots=True, eq=False)
class Beat:
    """A beat in time and leads; times in seconds after the onset of the QRS.

    Attributes
    ----------
    qrs, st_t : Pulse
        Its two parts.
    qrs_end, t_peak, t_end : float
        Where they end; T peaks in most leads at `t_peak`.
    r : float
        The moment at which the QRS is largest over all leads.
    """

    qrs: Pulse
    st_t: Pulse
    qrs_end: float
    t_peak: float
    t_end: float
    r: float


def beat(kind: str, parameters: Parameters, heart: Anatomy) -> Beat:
    """Build a beat of one kind (see `schedule.Schedule.qrs_kind`)."""
    if kind == "conducted":
        return _beat(
            depolarization(parameters, heart),
            parameters.qrs_axis,
            (parameters.qrs, parameters.qt),
            lambda loop: _voltage(loop, parameters, heart),
            lambda limb, chest: conducted_st_t(parameters, limb, chest, heart),
        )
    if kind == "fusion":
        return _fused(beat("conducted", parameters, heart), beat("ventricular", parameters, heart))
    axis, qrs, qt = parameters.qrs_axis, parameters.qrs, parameters.qt
    if parameters.native:  # a beat out of turn among conducted ones
        axis = (
            -70.0
            if heart.origin >= 0.75
            else 75.0
            if heart.origin < 0.25
            else 105.0
            if heart.origin >= 0.5
            else -35.0
        )
        qrs = _PREMATURE_QRS
        qt = max(_PREMATURE_QT * fridericia(min(parameters.qtc, 440.0), parameters.heart_rate), qrs + 150.0)
    return _beat(
        ventricular(kind, heart),
        axis,
        (qrs, qt),
        lambda loop: _bounded(loop, heart),
        lambda limb, chest: discordant_st_t(limb, chest, heart, qrs, qt),
    )


def _beat(
    pattern: Depolarization,
    axis: float | None,
    lengths: tuple[float, float],
    voltage: Callable[[Waves], tuple[float, float]],
    repolarization: Callable[[Floats, Floats], Waves],
) -> Beat:
    """Bring a pattern to its axis, voltage and length, and add ST and T.

    The QRS loop is turned in the frontal plane until its net area has the axis asked for, and stretched until it is
    as long as asked for. ST and T are no part of that: a pair that differs in them has the same QRS.
    """
    turning, fixed = pattern.turning, pattern.fixed
    length, qt = lengths
    turn = 0.0
    if axis is None:
        late = waves([(*_LATE, (0.0, 0.0, 0.0))])
        late.limb[0] = -(turning.area() @ turning.limb + fixed.area() @ fixed.limb) / late.area()
        fixed = fixed + late
    else:
        net, rest = turning.area() @ turning.limb, fixed.area() @ fixed.limb
        # What keeps its direction must leave the rest enough to turn the axis with: a large Q wave makes room.
        short = abs(_across(rest, np.radians(axis))) / (_LARGEST_FIXED * float(np.hypot(*net)))
        if short > 1.0:
            turning, net = turning.scaled(short, 1.0), net * short
        turn = _turn(net, rest, np.radians(axis))
    loop = turning.turned(turn, chest_turn(turn, pattern) + pattern.lean) + fixed
    loop = loop.scaled(*voltage(loop))
    onset, end = _extent(loop, QRS_VISIBLE)
    stretch = (length - sum(QRS_MARGIN)) / (end - onset)
    qrs = loop.stretched(stretch, QRS_MARGIN[0] - onset * stretch)
    after = repolarization(qrs.area() @ qrs.limb, qrs.area() @ qrs.chest)
    steps = np.arange(0.5, length)
    course = np.square(qrs.at(steps) @ project(qrs.limb, qrs.chest)).sum(axis=1)
    return Beat(
        qrs=pulse(qrs),
        st_t=pulse(after),
        qrs_end=length / 1e3,
        t_peak=T_PEAK * qt / 1e3 if after.time.size < 2 else float(after.time[1]) / 1e3,
        t_end=qt / 1e3,
        r=float(steps[course.argmax()]) / 1e3,
    )


def _fused(one: Beat, other: Beat) -> Beat:
    """Give the beat of a ventricle that is excited from both sides at once: half of each."""
    return Beat(
        qrs=one.qrs.scaled(0.5) + other.qrs.scaled(0.5),
        st_t=one.st_t.scaled(0.5) + other.st_t.scaled(0.5),
        qrs_end=0.5 * (one.qrs_end + other.qrs_end),
        t_peak=0.5 * (one.t_peak + other.t_peak),
        t_end=0.5 * (one.t_end + other.t_end),
        r=one.r,
    )


def _across(vector: Floats, axis: float) -> float:
    """Give the part of a vector that is across an axis, in radians."""
    return float(vector @ np.array([-np.sin(axis), np.cos(axis)]))


def _turn(turning: Floats, fixed: Floats, axis: float) -> float:
    """Solve for the turn, in radians from -pi to pi, after which turning + fixed points along the axis."""
    lean = np.arcsin(np.clip(-_across(fixed, axis) / np.hypot(*turning), -1.0, 1.0))
    turn = axis + lean - np.arctan2(turning[1], turning[0])
    return float((turn + np.pi) % (2.0 * np.pi) - np.pi)


def _extent(loop: Waves, visible: float) -> tuple[float, float]:
    """Find where a loop begins and ends: the first and last ms with more than `visible` mV in some lead."""
    largest = np.abs(loop.at(_WINDOW) @ project(loop.limb, loop.chest)).max(axis=1)
    above = np.flatnonzero(largest > visible)
    first, last = int(above[0]), int(above[-1])
    onset = np.interp(visible, largest[first - 1 : first + 1], _WINDOW[first - 1 : first + 1])
    end = np.interp(visible, largest[last : last + 2][::-1], _WINDOW[last : last + 2][::-1])
    return float(onset), float(end)


def _bounded(loop: Waves, heart: Anatomy) -> tuple[float, float]:
    """Give the gains of limb and chest leads: this heart's own, held below Sokolow's limit."""
    limb, chest = heart.gain, heart.gain * heart.chest_gain
    return limb, chest * min(1.0, _SOKOLOW_NORMAL / max(_sokolow(loop.scaled(limb, chest)), _SOKOLOW_NORMAL))


def _sokolow(loop: Waves) -> float:
    v1, v5, v6 = (loop.at(_WINDOW) @ (loop.chest @ CHEST[[0, 4, 5]].T)).T
    return float(-v1.min() + max(v5.max(), v6.max()))


def _voltage(loop: Waves, parameters: Parameters, heart: Anatomy) -> tuple[float, float]:
    """Give the gains of a conducted beat: its own, or what a finding asks for."""
    findings = parameters.findings
    limb, chest = heart.gain, heart.gain * heart.chest_gain
    if findings & {"left_ventricular_hypertrophy", "lvh_voltage_criteria"}:
        growth = heart.sokolow / _sokolow(loop.scaled(limb, chest))
        return float(limb * np.sqrt(max(growth, 1.0))), float(chest * growth)
    if "high_qrs_voltage" in findings:
        growth = (heart.sokolow - 0.2) / _sokolow(loop.scaled(limb, chest))
        return float(limb * max(growth, 1.3)), float(chest * growth)
    if "right_ventricular_hypertrophy" in findings:
        return limb, chest
    if "low_qrs_voltage" in findings:
        course = loop.at(_WINDOW)
        frontal = course @ loop.limb
        lead_i, lead_ii = frontal[:, 0], frontal @ FRONTAL_TO_II
        six = np.stack([lead_i, lead_ii, lead_ii - lead_i, 0.5 * (lead_i + lead_ii)])
        tallest = max(np.ptp(np.vstack([six, lead_i - 0.5 * lead_ii, lead_ii - 0.5 * lead_i]), axis=1))
        return float(_LOW_LIMB / tallest), float(_LOW_CHEST / np.ptp(course @ (loop.chest @ CHEST.T), axis=0).max())
    return _bounded(loop, heart)
