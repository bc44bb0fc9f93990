"""Recordings to draw and eyes to see the pages with."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from einthoven.ecg.patient import Patient
from einthoven.ecg.recording import Recording
from einthoven.renderers.grid import blank_plane
from einthoven.renderers.options import STANDARD, Options
from einthoven.renderers.page import Page


@pytest.fixture(scope="session")
def recording_of() -> Callable[..., Recording]:
    def make(signal: NDArray[np.floating], rate: float = 500.0) -> Recording:
        return Recording("made", np.array(signal, dtype=np.float32), rate, Patient("p"))

    return make


@pytest.fixture(scope="session")
def indices() -> Callable[[Page], NDArray[np.uint8]]:
    """The palette indices of a page, as Pillow decodes them."""

    def decode(page: Page) -> NDArray[np.uint8]:
        with Image.open(BytesIO(page.png)) as image:
            assert image.mode == "P"
            return np.asarray(image)

    return decode


@pytest.fixture(scope="session")
def ink(indices: Callable[[Page], NDArray[np.uint8]]) -> Callable[..., NDArray[np.float64]]:
    """What the traces inked, 0 to 1: the page's coverage where the blank page of the same options has none."""

    def measure(page: Page, options: Options = STANDARD) -> NDArray[np.float64]:
        empty = blank_plane(options)[0] & 63
        return np.where(empty > 0, 0, indices(page) & 63) / 63

    return measure


@pytest.fixture(scope="session")
def centroid() -> Callable[..., NDArray[np.float64]]:
    """The mean row of the ink in each column of a band of rows; NaN where there is none."""

    def measure(ink: NDArray[np.float64], x0: int, x1: int, y0: int, y1: int) -> NDArray[np.float64]:
        band = ink[y0:y1, x0:x1]
        with np.errstate(invalid="ignore"):
            return (band * np.arange(y0, y1)[:, None]).sum(axis=0) / band.sum(axis=0)

    return measure


@pytest.fixture(scope="session")
def fixed_signal() -> NDArray[np.float32]:
    """A synthetic ECG of exact numbers: ramps and spikes in steps of 5 microvolts, another one in every lead."""
    steps = np.zeros((12, 5000), dtype=np.int64)
    for lead in range(12):
        for beat in range(120 + 7 * lead, 4800, 390):
            steps[lead, beat : beat + 40] += 5 - abs(np.arange(40) - 20) // 4
            steps[lead, beat + 80 : beat + 90] += np.arange(10) * 8 * (lead - 4)
            steps[lead, beat + 90 : beat + 104] -= np.arange(14) * 6 * (lead - 6)
            steps[lead, beat + 160 : beat + 240] += (40 - abs(np.arange(80) - 40)) * 2
    steps += np.random.RandomState(42).randint(-4, 5, steps.shape)
    steps[9, 4000:4040] += 900
    return (steps / 200).astype(np.float32)
