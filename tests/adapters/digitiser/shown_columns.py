"""A page's numbers without its pixels: the stretches of a signal that a layout would show."""

from __future__ import annotations

import numpy as np

from einthoven.adapters.digitiser.calibration import Scale
from einthoven.adapters.digitiser.clock import Stretch
from einthoven.adapters.digitiser.digitised import Digitised
from einthoven.ecg.recording import LEADS


def shown(signal: np.ndarray, columns: int, rate: float = 500.0, strip: str | None = None) -> Digitised:
    """Show each lead in its own column of the page only; a strip runs through."""
    samples = signal.shape[1]
    wide = samples // columns
    page = np.full(signal.shape, np.nan, dtype=np.float32)
    stretches = []
    for k, lead in enumerate(LEADS):
        at = k // (12 // columns) * wide
        page[k, at : at + wide] = signal[k, at : at + wide]
        stretches.append(Stretch(lead, 1, k, 0.0, 1.0, at / rate, (at + wide) / rate))
    if strip:
        page[LEADS.index(strip)] = signal[LEADS.index(strip)]
    scale = Scale(200.0, 80.0, 8.0, 8.0, 25.0, 10.0)
    return Digitised(page, rate, tuple(stretches), {}, "", scale, (), np.zeros(12), 1.0, ())
