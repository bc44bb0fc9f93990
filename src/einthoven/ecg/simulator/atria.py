"""The atria: P waves, or the waves of flutter and fibrillation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.simulator.anatomy import Anatomy
from einthoven.ecg.simulator.lead_field import project
from einthoven.ecg.simulator.parameters import Parameters
from einthoven.ecg.simulator.pulse import Pulse, pulse
from einthoven.ecg.simulator.wave import Waves, waves

__all__ = ["P_VISIBLE", "PWave", "fibrillation", "flutter", "flutter_troughs", "p_wave"]

Floats = NDArray[np.float64]

#: mV in the lead where it is largest: where a P wave is said to begin and end.
P_VISIBLE = 0.01

_LEADS_SEE = (0.45, 0.6, 0.7)

# Right atrium, forward; then the left one, back: upright in I, II and V3 to V6, small and biphasic in V1. About
# 0.12 mV in II (normal: up to 0.25 mV).
_SINUS = [(-14.0, 15.0, 16.0, (0.050, 0.082, -0.046)), (14.0, 16.0, 15.0, (0.068, 0.080, 0.030))]

#: The form of each P wave and its length in ms. Left atrium: 120 ms and more, notched in II, a negative end of V1 of
#: 0.1 mV and 40 ms; right atrium: above 0.25 mV in II (Hancock et al. 2009, AHA/ACCF/HRS part V). The abnormal P wave
#: is broad and notched only (interatrial block, Bayes de Luna et al., J Electrocardiol 2012;45:445-451). From the low
#: atrium and from the AV node it runs upwards: negative in II, III and aVF.
_FORMS: Mapping[str, tuple[Waves, float]] = {
    "sinus": (waves(_SINUS, _LEADS_SEE), 106.0),
    "paced": (
        waves([(-16.0, 14.0, 15.0, (0.035, 0.06, -0.045)), (15.0, 16.0, 15.0, (0.055, 0.05, 0.05))], _LEADS_SEE),
        112.0,
    ),
    "left_atrial_enlargement": (
        waves([(-24.0, 13.0, 13.0, (0.045, 0.085, -0.065)), (23.0, 15.0, 15.0, (0.075, 0.085, 0.135))], _LEADS_SEE),
        132.0,
    ),
    "right_atrial_enlargement": (
        waves([(-9.0, 14.0, 14.0, (0.030, 0.270, -0.110)), (14.0, 15.0, 14.0, (0.030, 0.110, 0.030))], _LEADS_SEE),
        104.0,
    ),
    "p_wave_abnormality": (
        waves([(-28.0, 12.0, 12.0, (0.045, 0.095, -0.050)), (26.0, 13.0, 13.0, (0.060, 0.100, 0.015))], _LEADS_SEE),
        134.0,
    ),
    "ectopic": (
        waves([(-13.0, 14.0, 15.0, (0.030, -0.110, -0.040)), (13.0, 15.0, 14.0, (0.035, -0.105, 0.02))], _LEADS_SEE),
        98.0,
    ),
    "retrograde": (waves([(0.0, 16.0, 16.0, (-0.012, -0.15, -0.055))], _LEADS_SEE), 76.0),
}

#: ms around the middle of a P wave within which its ends are looked for.
_WINDOW: Floats = np.arange(-110.0, 111.0, 1.0)

#: Hyperkalaemia flattens P (Surawicz and Knilans, Chou's electrocardiography, 6th edition, chapter 21).
_HYPERKALEMIC = 0.35

#: mV: the PR segment under pericarditis, against P (Spodick, JAMA 1976;235:39-41).
_PR_DEPRESSION = (-0.028, -0.055, 0.030)

#: mV: (a, f) for the limb leads and (a, f, z) for the chest leads, of which V1 lies nearest. Fibrillatory waves are
#: largest in V1, then in the inferior leads, least in I, V5 and V6.
_F_WAVES: Floats = np.array([0.006, 0.042, -0.020, 0.02, -0.048])


@dataclass(frozen=True, slots=True, eq=False)
class PWave:
    """A P wave: `pulse` begins at its onset; `peak` and `end` are in seconds after it."""

    pulse: Pulse
    peak: float
    end: float


def p_wave(kind: str, parameters: Parameters, heart: Anatomy, pr: float | None = None) -> PWave:
    """Build a P wave.

    Parameters
    ----------
    kind : str
        A kind of `schedule.Schedule.p_kind`.
    parameters : Parameters
        The heart: its findings shape the sinus node's P waves.
    heart : Anatomy
        How tall its P waves are and where they point.
    pr : float, optional
        ms to the QRS: a short one shortens the P wave so that a PR segment is left.
    """
    findings = parameters.findings
    form = next((name for name in sorted(findings) if name in _FORMS), kind) if kind == "sinus" else kind
    shape, length = _FORMS[form]
    if pr is not None:
        length = min(length, pr - 28.0)
    gain = heart.p_gain
    if form == "right_atrial_enlargement":
        gain = max(gain, 1.0)
    loop = shape.scaled(gain).turned(heart.p_turn, heart.p_turn)
    if not form.endswith("enlargement"):  # their sign is in V1
        loop = loop.swung(heart.p_swing)
    largest = np.abs(loop.at(_WINDOW) @ project(loop.limb, loop.chest)).max(axis=1)
    above = np.flatnonzero(largest > P_VISIBLE)
    first, last = int(above[0]), int(above[-1])
    onset = float(np.interp(P_VISIBLE, largest[first - 1 : first + 1], _WINDOW[first - 1 : first + 1]))
    end = float(np.interp(P_VISIBLE, largest[last : last + 2][::-1], _WINDOW[last : last + 2][::-1]))
    stretch = length / (end - onset)
    peak = (_WINDOW[largest.argmax()] - onset) * stretch
    placed = loop.stretched(stretch, -onset * stretch)
    if "hyperkalemia" in findings:
        placed = placed.scaled(_HYPERKALEMIC)
    if "pericarditis" in findings and pr is not None:
        segment = waves([(length + 0.55 * (pr - length), 0.30 * (pr - length), 14.0, _PR_DEPRESSION)], _LEADS_SEE)
        placed = placed + segment
    return PWave(pulse(placed), float(peak) / 1e3, length / 1e3)


def fibrillation(rng: np.random.RandomState, times: Floats) -> tuple[Floats, Floats]:
    """Draw fibrillatory waves.

    A sawtooth whose frequency (5 to 8 Hz, 300 to 480 a minute) and height wander, after Stridh and Sörnmo (IEEE Trans
    Biomed Eng 2001;48:105-111), and a second, weaker and faster one of another direction.

    Parameters
    ----------
    rng : RandomState
        The heart's own stream.
    times : ndarray, shape (samples,)
        Seconds.

    Returns
    -------
    limb, chest : ndarray, shape (samples, 2) and (samples, 3)
        (a, f) and (a, f, z) in mV.
    """
    size = rng.uniform(0.75, 1.4)
    total = np.zeros((times.size, 5))
    for strength, low, high in ((1.0, 5.0, 6.6), (0.45, 6.8, 8.2)):
        frequency, wander = rng.uniform(low, high), rng.uniform(0.15, 0.4)
        phases = rng.uniform(0.0, 2.0 * np.pi, 4)
        phase = 2.0 * np.pi * frequency * times + phases[0]
        phase += 1.2 * np.sin(2.0 * np.pi * wander * times + phases[1]) + 0.5 * np.sin(4.7 * times + phases[2])
        height = 1.0 + 0.35 * np.sin(2.0 * np.pi * 0.31 * times + phases[3])
        saw = np.sin(phase) - 0.45 * np.sin(2.0 * phase) + 0.2 * np.sin(3.0 * phase)
        direction = _F_WAVES * (1.0 + 0.25 * rng.uniform(-1.0, 1.0, 5))
        total += (size * strength * height * saw)[:, None] * direction
    return total[:, :2], total[:, 2:]


#: A turn around the tricuspid annulus, anticlockwise: down slowly and up fast in II, III and aVF, upright in V1,
#: about 0.25 mV (Saoudi et al., Eur Heart J 2001;22:1162-1182).
_FLUTTER: Floats = np.array([0.012, -0.150, -0.006, -0.070, -0.062])


def flutter(rng: np.random.RandomState, times: Floats, rate: float, origin: float) -> tuple[Floats, Floats]:
    """Draw flutter waves, which keep step with the ventricles.

    Parameters
    ----------
    rng : RandomState
        The heart's own stream.
    times : ndarray, shape (samples,)
        Seconds.
    rate : float
        Waves a minute.
    origin : float
        Seconds to the onset of some QRS, at which every conducted wave is at the same phase.

    Returns
    -------
    limb, chest : ndarray, shape (samples, 2) and (samples, 3)
        (a, f) and (a, f, z) in mV.
    """
    size = rng.uniform(0.85, 1.3)
    direction = _FLUTTER * (1.0 + 0.2 * rng.uniform(-1.0, 1.0, 5))
    turns = (times - origin) * rate / 60.0 + _phase(rng)
    angle = 2.0 * np.pi * turns
    # The first harmonics of a sawtooth, its steep side rounded off.
    saw = np.sin(angle) - 0.42 * np.sin(2.0 * angle) + 0.20 * np.sin(3.0 * angle) - 0.08 * np.sin(4.0 * angle)
    total = (size * saw)[:, None] * direction
    return total[:, :2], total[:, 2:]


def flutter_troughs(rng: np.random.RandomState, seconds: float, rate: float, origin: float) -> Floats:
    """Give the seconds at which the waves of `flutter`, drawn from the same stream, are lowest in II, III and aVF."""
    rng.uniform(size=6)
    phase, apart = _phase(rng), 60.0 / rate
    # The sawtooth is highest, and the inferior leads lowest, at 0.32 of a turn.
    first = origin + (_TROUGH - phase) * apart
    first -= np.floor(first / apart) * apart
    return np.arange(first, seconds, apart)


_TURN: Floats = 2.0 * np.pi * np.arange(0.0, 1.0, 0.001)
_TROUGH = float(
    (np.sin(_TURN) - 0.42 * np.sin(2.0 * _TURN) + 0.20 * np.sin(3.0 * _TURN) - 0.08 * np.sin(4.0 * _TURN)).argmax()
    / 1000.0
)


def _phase(rng: np.random.RandomState) -> float:
    return float(rng.uniform())
