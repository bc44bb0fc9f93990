"""The zero of patches, which print none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from einthoven.adapters.digitiser.calibration import Scale
from einthoven.adapters.digitiser.comb import Comb
from einthoven.adapters.digitiser.digitise import digitised
from einthoven.adapters.digitiser.paper import Paper
from einthoven.adapters.digitiser.zero_line import ASSUMED, bold_lines, zero_shifts
from einthoven.ecg.recording import LEADS, Recording
from einthoven.ecg.simulator import Parameters, simulate
from einthoven.renderers.registry import view

APART, PX_PER_MV = 80.0, 160.0
HEIGHTS = [640] * 12
SCALE = Scale(400.0, PX_PER_MV, 16.0, 16.0, 25.0, 10.0)


def sheet(first: int, *, bold: bool) -> Paper:
    """Red millimetre paper with a level trace over half of it."""
    pixels = np.full((640, 1000, 3), 255, dtype=np.uint8)
    pixels[first % 16 :: 16] = pixels[:, ::16] = (200, 200, 255)
    if bold:
        for y in range(first % 80, 640, 80):
            pixels[max(y - 1, 0) : y + 2] = (140, 140, 240)
    pixels[first + 30 : first + 35, :600] = 0
    return Paper(pixels, (1000, 640), Comb(16.0, bold, 1.0), Comb(16.0, bold, 1.0))


def test_bold_lines() -> None:
    found = bold_lines(sheet(37, bold=True), SCALE)
    assert found is not None
    assert found[0] == pytest.approx(37.0, abs=0.1) and found[1] == APART
    assert bold_lines(sheet(37, bold=False), SCALE) is None


def traces(recording: Recording, baselines: list[float]) -> tuple[list[np.ndarray], list[float]]:
    """Draw each lead's column from its baseline, and see it from its own level."""
    values, levels = [], []
    for k in range(12):
        part = recording.signal[k, 1250 * (k // 3) : 1250 * (k // 3 + 1)].astype(float)
        level = float(np.median(part))
        values.append(part - level)
        levels.append(baselines[k] - level * PX_PER_MV)
    return values, levels


@pytest.mark.parametrize("thin", [0, 16, -48])
def test_the_limb_leads_tell_which_line(thin: int) -> None:
    """A tall limb lead stands on a thin line, where the triangle alone can tell."""
    recording = simulate(Parameters(heart_rate=92, qrs_axis=120.0), 3)
    signal = recording.signal.copy()
    signal[:6] *= 3.6 / np.ptp(signal[2, :1250])
    recording = replace(recording, signal=signal)
    baselines = [320.0] * 6 + [240.0] * 3 + [400.0] * 3
    baselines[2] += thin
    values, levels = traces(recording, baselines)
    shifts, said = zero_shifts(LEADS, values, levels, [(0.0, APART)] * 12, [PX_PER_MV] * 12, HEIGHTS)
    assert said == ASSUMED
    np.testing.assert_allclose(np.array(levels) + shifts, baselines, atol=0.5)


def test_lines_that_the_limb_leads_deny_are_not_taken(recording: Recording) -> None:
    random = np.random.RandomState(4)
    values, levels = traces(recording, [320.0 + float(off) for off in random.uniform(-8.0, 8.0, 12)])
    shifts, said = zero_shifts(LEADS, values, levels, [(0.0, APART)] * 12, [PX_PER_MV] * 12, HEIGHTS)
    assert said != ASSUMED and not shifts.any()
    assert zero_shifts(LEADS, values, levels, [None, *[(0.0, APART)] * 11], [PX_PER_MV] * 12, HEIGHTS)[1] == said


def test_patches_are_measured_from_their_zero(recording: Recording) -> None:
    pages = view("patches")(recording)
    found = digitised([page.png for page in pages])
    assert ASSUMED in found.warnings
    np.testing.assert_allclose(found.baselines, [page.geometry.segments[0].baseline for page in pages], atol=0.5)
