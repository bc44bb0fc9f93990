"""Measuring noise-free pages by simple means that share nothing with the simulator but the R times."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from einthoven.ecg.reading import Ischemia
from einthoven.ecg.recording import LEADS
from einthoven.ecg.simulator import Parameters, beats, simulate
from einthoven.ecg.simulator.parameters import ANTERIOR, INFERIOR

RATE = 500
INDEPENDENT = [0, 1, *range(6, 12)]

AF = Parameters(rhythm="atrial_fibrillation", pr=None, heart_rate=82)
PACED = Parameters(rhythm="paced", pr=None, qrs=162, qrs_axis=-62)
LBBB = Parameters(conduction="lbbb", qrs=150, qrs_axis=5)
RBBB = Parameters(conduction="rbbb", qrs=142, qrs_axis=45)
LVH = Parameters(findings=frozenset({"left_ventricular_hypertrophy", "lv_strain"}), qrs_axis=15)
ACUTE_INFERIOR = Parameters(ischemia=Ischemia("acute", INFERIOR))
ACUTE_ANTERIOR = Parameters(ischemia=Ischemia("acute", ANTERIOR))
OLD_INFERIOR = Parameters(ischemia=Ischemia("old", INFERIOR), qrs_axis=10)
OLD_ANTERIOR = Parameters(ischemia=Ischemia("old", ANTERIOR))

CONDITIONS = {
    "normal": Parameters(),
    "first-degree block": Parameters(pr=260),
    "left axis": Parameters(qrs_axis=-55),
    "right axis": Parameters(qrs_axis=118),
    "extreme axis": Parameters(qrs_axis=-130),
    "long QT": Parameters(qtc=500),
    "af": AF,
    "paced": PACED,
    "lbbb": LBBB,
    "rbbb": RBBB,
    "lvh": LVH,
    "acute inferior": ACUTE_INFERIOR,
    "acute anterior": ACUTE_ANTERIOR,
    "old inferior": OLD_INFERIOR,
    "old anterior": OLD_ANTERIOR,
}


@dataclass
class Page:
    """A noise-free page in mV and where its beats are, in samples."""

    parameters: Parameters
    signal: np.ndarray
    onsets: np.ndarray
    ends: np.ndarray

    def lead(self, name: str) -> np.ndarray:
        return self.signal[LEADS.index(name)]

    def beat(self, name: str, before: float, after: float) -> np.ndarray:
        """The median beat of a lead, from some ms before the QRS onset to some ms after it, less the PR segment."""
        row = self.lead(name)
        first, last = round(before / 2), round(after / 2)
        cut = [row[i - first : i + last] for i in self.onsets if i - first >= 0 and i + last <= row.size]
        return np.median(cut, axis=0) - (0.0 if self.parameters.pr is None else np.median(self.segment(row)))

    def segment(self, row: np.ndarray) -> np.ndarray:
        """The voltages 18 to 24 ms before each QRS, in the PR segment."""
        return np.array([row[i - 12 : i - 9].mean() for i in self.onsets if i > 12])

    def qrs(self, name: str) -> np.ndarray:
        return self.beat(name, 10, self.parameters.qrs + 10)

    def at_j(self, name: str, later: float = 0.0) -> float:
        """The voltage some ms after the end of the QRS."""
        return float(self.beat(name, 0, self.parameters.qrs + later + 2)[-1])

    def t_wave(self, name: str) -> float:
        """The voltage of largest size from 60 ms after J to the end of T."""
        after = self.beat(name, 0, self.parameters.qt)[round((self.parameters.qrs + 60) / 2) :]
        return float(after[np.abs(after).argmax()])

    def axis(self) -> float:
        """Degrees, by net area of lead I and aVF between onset and end of the QRS."""
        flat = self.parameters.pr is not None
        net = np.zeros(2)
        for onset, end in zip(self.onsets, self.ends, strict=True):
            middle, half = (onset + end) // 2, int(self.parameters.qrs / 4)
            for i, name in enumerate(("I", "aVF")):
                row = self.lead(name)
                base = row[onset - 12 : onset - 9].mean() if flat else 0.0
                net[i] += (row[middle - half : middle + half + 1] - base).sum()
        return float(np.degrees(np.arctan2(2 / np.sqrt(3) * net[1], net[0])))


def page(parameters: Parameters, seed: int = 1) -> Page:
    """Simulate without noise and find each QRS: the run of steep samples around its R time."""
    quiet = replace(parameters, noise=0.0)
    signal = simulate(quiet, seed).signal
    assert signal is not None
    signal = signal.astype(float)
    steep = np.sqrt(np.square(np.diff(signal[INDEPENDENT], axis=1)).sum(axis=0)) > 0.03
    if parameters.rhythm == "paced":
        # A spike is narrower than anything in a heart; it stands before the QRS and is none of it.
        spikes = np.flatnonzero(np.abs(np.diff(signal[INDEPENDENT], 2, axis=1)).sum(axis=0) > 0.6)
        steep[(spikes[:, None] + np.arange(-2, 5)).clip(0, steep.size - 1)] = False
    onsets, ends = [], []
    for r in np.rint(beats(quiet, seed) * RATE).astype(int):
        if 150 < r < signal.shape[1] - 150:
            near = np.flatnonzero(steep[r - 65 : r + 75]) + r - 65
            # Notches and flat tops make gaps in a QRS.
            runs = np.split(near, np.flatnonzero(np.diff(near) > 12) + 1)
            run = max(runs, key=len)
            onsets.append(run[0])
            ends.append(run[-1] + 1)
    return Page(parameters, signal, np.array(onsets), np.array(ends))


def turned(degrees: float) -> float:
    """An angle between -180 and 180 degrees."""
    return (degrees + 180.0) % 360.0 - 180.0


def readable(parameters: Parameters) -> bool:
    """Whether simple means can measure a page: every beat is alike, and nothing lies over it."""
    return (
        parameters.rhythm == "sinus"
        and parameters.block == "none"
        and parameters.ectopy == "none"
        and parameters.reversal == "none"
        and parameters.artifact == "none"
        and parameters.qrs_axis is not None
        and parameters.conduction in ("none", "lbbb", "rbbb", "lafb", "lpfb")
        and not parameters.findings & {"fragmented_qrs", "early_repolarization", "low_qrs_voltage"}
    )
