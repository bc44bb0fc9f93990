"""One heartbeat of one heart: its waves in the eight independent leads, at the intervals and the axis asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.simulator.anatomy import Anatomy
from einthoven.ecg.simulator.atria import P_WAVE, p_duration
from einthoven.ecg.simulator.lead_field import CHEST, project
from einthoven.ecg.simulator.parameters import Parameters
from einthoven.ecg.simulator.repolarization import repolarization, st_t
from einthoven.ecg.simulator.ventricles import chest_turn, depolarization
from einthoven.ecg.simulator.wave import Waves, gaussians, waves

__all__ = ["P_VISIBLE", "QRS_VISIBLE", "Beat", "beat"]

Floats = NDArray[np.float64]

#: mV in the lead where it is largest: where a QRS and a P wave are said to begin and end. Half a
#: millimetre on paper is where readers see a QRS leave its baseline.
QRS_VISIBLE, P_VISIBLE = 0.05, 0.01

#: mV: S in V1 plus the taller R of V5 and V6, where there is no hypertrophy. The limit is 3.5 (Sokolow and Lyon, Am
#: Heart J 1949;37:161-186).
_SOKOLOW_NORMAL = 3.1

#: The pacing spike, 2 to 4 ms wide, 14 ms before the QRS.
_SPIKE = waves([(-14.0, 1.2, 1.2, (-0.25, -0.62, -0.45))])

#: ms around the R wave within which a QRS is looked for.
_WINDOW: Floats = np.arange(-160.0, 181.0, 1.0)

_FIRST_FIXED_FORM = 8


@dataclass(frozen=True, slots=True, eq=False)
class Beat:
    """A beat in time and leads.

    Attributes
    ----------
    time, left, right : ndarray, shape (n,)
        Seconds after the onset of the QRS, for each Gaussian.
    leads : ndarray, shape (n, 8)
        mV in the order of `lead_field.INDEPENDENT`.
    r : float
        Seconds from the onset of the QRS to its R wave, the moment that beats are counted by.
    """

    time: Floats
    left: Floats
    right: Floats
    leads: Floats
    r: float

    @property
    def span(self) -> tuple[float, float]:
        """The seconds around the QRS onset beyond which nothing is left of it (4 standard deviations)."""
        return float((self.time - 4.0 * self.left).min()), float((self.time + 4.0 * self.right).max())

    def at(self, times: Floats) -> Floats:
        """Give the beat's voltages at some seconds after the QRS onset, shape (*times.shape, 8)."""
        return np.asarray(gaussians(times, self.time, self.left, self.right) @ self.leads)


def beat(parameters: Parameters, heart: Anatomy) -> Beat:
    """Build the beat.

    The QRS loop is turned in the frontal plane until the net area of all there is between onset and end, ST included,
    has the axis asked for, and stretched until it is as long as asked for. Voltage and length change what ST adds,
    so it takes three rounds; the rest is far below a degree.
    """
    pattern = depolarization(parameters)
    turning, fixed = heart.varied(pattern.turning), heart.varied(pattern.fixed, _FIRST_FIXED_FORM)
    steps = np.arange(0.5, parameters.qrs)
    inside, early = (turning + fixed).area(), np.zeros(2)
    split = turning.time.size
    for _ in range(3):
        turn = _turn(
            inside[:split] @ turning.limb, inside[split:] @ fixed.limb + early, np.radians(parameters.qrs_axis)
        )
        loop = turning.turned(turn, chest_turn(turn, parameters) + pattern.lean) + fixed
        gain, chest_gain = _voltage(loop, parameters, heart)
        loop = loop.scaled(gain, chest_gain)
        onset, end = _extent(loop, QRS_VISIBLE)
        stretch = parameters.qrs / (end - onset)
        qrs = loop.stretched(stretch, -onset * stretch)
        vectors = repolarization(parameters, qrs.area() @ qrs.limb, qrs.area() @ qrs.chest, heart)
        after = st_t(parameters, vectors)
        inside = qrs.at(steps).sum(axis=0) / stretch
        early = after.at(steps).sum(axis=0) @ after.limb / (gain * stretch)
    whole = qrs + after
    if parameters.pr is not None:
        whole = whole + _p_wave(parameters.pr, heart)
    if parameters.rhythm == "paced":
        whole = whole + _SPIKE
    return Beat(
        time=whole.time / 1e3,
        left=whole.left / 1e3,
        right=whole.right / 1e3,
        leads=project(whole.limb, whole.chest),
        r=-onset * stretch / 1e3,
    )


def _turn(turning: Floats, fixed: Floats, axis: float) -> float:
    """Solve for the turn, in radians from -pi to pi, after which turning + fixed points along the axis."""
    across = fixed @ np.array([-np.sin(axis), np.cos(axis)])
    lean = np.arcsin(np.clip(-across / np.hypot(*turning), -1.0, 1.0))
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


def _voltage(loop: Waves, parameters: Parameters, heart: Anatomy) -> tuple[float, float]:
    """Return the gains of limb and chest leads: this heart's own, held to the right side of Sokolow's limit."""
    limb, chest = heart.gain, heart.gain * heart.chest_gain
    v1, v5, v6 = (loop.at(_WINDOW) @ (chest * loop.chest @ CHEST[[0, 4, 5]].T)).T
    sokolow = -v1.min() + max(v5.max(), v6.max())
    if parameters.lvh:
        growth = heart.sokolow / sokolow
        return float(limb * np.sqrt(max(growth, 1.0))), float(chest * growth)
    return limb, float(chest * min(1.0, _SOKOLOW_NORMAL / sokolow))


def _p_wave(pr: float, heart: Anatomy) -> Waves:
    """Place the P wave, in ms after the onset of the QRS."""
    loop = P_WAVE.scaled(heart.p_gain).turned(heart.p_turn, heart.p_turn)
    onset, end = _extent(loop, P_VISIBLE)
    stretch = p_duration(pr) / (end - onset)
    return loop.stretched(stretch, -pr - onset * stretch)
