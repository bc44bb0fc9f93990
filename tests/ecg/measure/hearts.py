"""Simulated hearts to measure, and the numbers they were told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.patient import Patient
from einthoven.ecg.recording import Recording
from einthoven.ecg.simulator import Parameters, simulate

SINUS = Parameters()
AF = Parameters(rhythm="atrial_fibrillation", pr=None, heart_rate=84.0)
PACED = Parameters(rhythm="paced", pr=None, heart_rate=70.0, qrs=160.0)


def page(parameters: Parameters = SINUS, seed: int = 3, noise: float = 1.0) -> Recording:
    return simulate(replace(parameters, noise=noise), seed)


def of(signal: NDArray[np.floating], rate: float = 500.0) -> Recording:
    return Recording("x", np.ascontiguousarray(signal, dtype=np.float32), rate, Patient("x"))
