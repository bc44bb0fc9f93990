"""Pages that this project did not draw: nothing but conventions tells what is on them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from drawn_pages import GRIDS, kit_like, patches, plot_like

from einthoven.adapters.digitiser.beats import beats
from einthoven.adapters.digitiser.digitise import digitised
from einthoven.adapters.digitiser.digitised import Digitised
from einthoven.adapters.digitiser.undigitisable import Undigitisable
from einthoven.ecg.measure import measure
from einthoven.ecg.recording import LEADS, Recording

Likeness = Callable[[Digitised], list[float]]


def rate_of(found: Digitised) -> float:
    rate = beats(found).rhythm.measurements.heart_rate
    assert rate is not None
    return rate


@pytest.mark.parametrize("grid", [*GRIDS, None])
def test_any_grid_colour(recording: Recording, likeness: Likeness, grid: str | None) -> None:
    found = digitised(kit_like(recording.signal, recording.sampling_rate, grid=grid))
    assert found.layout == "3x4+1"
    assert found.scale.px_per_mv == pytest.approx(78.74, rel=0.02)  # 200 dpi, 10 mm/mV
    assert min(likeness(found)) > 0.94
    true = measure(recording).measurements.heart_rate
    assert rate_of(found) == pytest.approx(true, abs=1.5)


@pytest.mark.parametrize(
    ("how", "layout"),
    [
        ({"layout": "6x2", "strips": ()}, "6x2"),
        ({"layout": "6x2"}, "6x2+1"),
        ({"strips": ("V1", "II", "V5")}, "3x4+3"),
        ({"strips": ()}, "3x4"),
        ({"names": False}, "3x4+1"),
        ({"pulses": False}, "3x4+1"),
        ({"font": "DejaVu Serif"}, "3x4+1"),
        ({"dpi": 300}, "3x4+1"),
        ({"dpi": 110}, "3x4+1"),
    ],
)
def test_any_layout(recording: Recording, likeness: Likeness, how: dict[str, Any], layout: str) -> None:
    found = digitised(kit_like(recording.signal, recording.sampling_rate, **how))
    assert found.layout == layout
    assert found.stretches[0].t0 == 0.0
    assert sorted({place.lead for place in found.stretches}) == sorted(LEADS)
    assert np.median(likeness(found)) > 0.95


@pytest.mark.parametrize(("gain", "speed"), [(5.0, 25.0), (20.0, 25.0), (10.0, 50.0)])
def test_gain_and_speed_come_from_the_pulse(
    recording: Recording, likeness: Likeness, gain: float, speed: float
) -> None:
    found = digitised(kit_like(recording.signal, recording.sampling_rate, gain=gain, speed=speed))
    assert (found.scale.mm_per_mv, found.scale.mm_per_second) == (gain, speed)
    assert np.median(likeness(found)) > 0.95
    ratio = [
        np.nanstd(found.signal[k, :1000]) / recording.signal[k, :1000].std() for k in range(3)
    ]  # a wrong gain would halve or double it
    assert np.median(ratio) == pytest.approx(1.0, abs=0.1)


def test_columns_that_show_the_same_seconds_are_put_there(recording: Recording, likeness: Likeness) -> None:
    found = digitised(kit_like(recording.signal, recording.sampling_rate, simultaneous=True))
    assert {place.t0 for place in found.stretches} == {0.0}
    assert np.median(likeness(found)) > 0.95


def test_two_columns_of_thin_blue_lines_with_all_seconds_in_each(recording: Recording, likeness: Likeness) -> None:
    found = digitised(plot_like(recording.signal, recording.sampling_rate))
    assert found.layout == "6x2"
    assert {place.t0 for place in found.stretches} == {0.0}
    assert "no pulse" in " ".join(found.warnings)
    assert np.median(likeness(found)) > 0.85
    assert rate_of(found) == pytest.approx(measure(recording).measurements.heart_rate, abs=1.5)


def test_a_grey_grid_that_cannot_be_told_from_thin_ink_is_refused(recording: Recording) -> None:
    with pytest.raises(Undigitisable, match="contradict"):
        digitised(plot_like(recording.signal, recording.sampling_rate, grid=("#808080", "#c8c8c8")))


def test_an_image_a_lead(recording: Recording, likeness: Likeness) -> None:
    images = patches(recording.signal, recording.sampling_rate)
    found = digitised(images)
    assert [place.lead for place in found.stretches] == list(LEADS)
    assert sorted({place.t0 for place in found.stretches}) == [0.0, 2.5, 5.0, 7.5]
    assert min(likeness(found)) > 0.95
    shuffled = digitised([images[k] for k in (3, 1, 2, 0, *range(4, 12))])
    assert [place.lead for place in shuffled.stretches][:4] == ["aVR", "II", "III", "I"]  # the names are read
