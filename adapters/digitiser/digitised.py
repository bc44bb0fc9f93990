"""What a page shows, as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.digitiser.calibration import Scale
from einthoven.adapters.digitiser.clock import Stretch
from einthoven.adapters.digitiser.paper import Paper

__all__ = ["SAMPLING_RATE", "Digitised"]

#: Hz of what comes out: the measurer's own, and more than a page of 8 px/mm resolves.
SAMPLING_RATE = 500.0


@dataclass(frozen=True, slots=True, eq=False)
class Digitised:
    """What a page shows.

    Attributes
    ----------
    signal : ndarray of float32, shape (12, samples)
        mV, in the order of `einthoven.ecg.recording.LEADS`; NaN where the page shows nothing of a lead. Of a lead
        with a rhythm strip all is shown.
    sampling_rate : float
        Hz.
    stretches : tuple of Stretch
        Where each lead's stretches stand on the page and in time; x is in pixels of the rectified page.
    strips : mapping of str to ndarray
        The rhythm strips by lead, as long as the signal.
    layout : str
        ``3x4+1``: rows by columns, and strips; ``patches`` for an image a lead.
    scale : Scale
        Pixels of a second and of a millivolt, speed and gain.
    papers : tuple of Paper
        The rectified page, or each lead's, and how it lay in its image.
    baselines : ndarray of float
        The y of 0 mV of each row, in pixels of the rectified page.
    confidence : float
        0 to 1: the share of the leads that was traced, times the share of their names that was read (at least a half:
        the usual order is usually right).
    warnings : tuple of str
        What had to be assumed.
    """

    signal: NDArray[np.float32]
    sampling_rate: float
    stretches: tuple[Stretch, ...]
    strips: Mapping[str, NDArray[np.float32]]
    layout: str
    scale: Scale
    papers: tuple[Paper, ...]
    baselines: NDArray[np.float64]
    confidence: float
    warnings: tuple[str, ...]
