from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.ecg.recording import LEADS, Recording
from einthoven.renderers.options import Options
from einthoven.renderers.page import Page
from einthoven.renderers.patches import blank, laid_out, render

Make = Callable[..., Recording]
Decode = Callable[[Page], NDArray[np.uint8]]
Centroid = Callable[..., NDArray[np.float64]]


def _traced(page: Page, empty: Page, indices: Decode) -> NDArray[np.float64]:
    return np.where(indices(empty) & 63 > 0, 0, indices(page) & 63) / 63


def test_twelve_sheets_of_62_5_by_40_mm_at_16_pixels_a_millimetre() -> None:
    layouts = laid_out()
    assert [layout.geometry.segments[0].lead for layout in layouts] == list(LEADS)
    for layout in layouts:
        geometry = layout.geometry
        (one,) = geometry.segments
        assert (geometry.width, geometry.height, geometry.px_per_mm_x, geometry.px_per_mm_y) == (1000, 640, 16, 16)
        assert (one.x0, one.x(one.t1), one.px_per_second, one.px_per_mv) == (0, 1000, 400, 160)
        assert [text.text for text in layout.texts] == [one.lead, f"25 mm/s  10 mm/mV     {one.t0:g} - {one.t1:g} s"]
        assert not geometry.pulses


@pytest.mark.parametrize("gain", [5, 10, 20])
@pytest.mark.parametrize("speed", [25, 50])
@pytest.mark.parametrize("font", ["sans", "serif", "mono"])
def test_without_a_grid_there_is_a_pulse_clear_of_what_is_written(gain: int, speed: int, font: str) -> None:
    for layout in laid_out(Options(grid="none", mm_per_mv=gain, mm_per_second=speed, font=font)):
        (pulse,) = layout.geometry.pulses
        assert (pulse.x1 - pulse.x0, pulse.y1 - pulse.y0) == (0.2 * speed * 16, gain * 16)
        name, scale = (text.box for text in layout.texts)
        assert name.y1 < pulse.y0 - 2
        assert pulse.y1 + 2 < scale.y0
        assert scale.x1 <= 1000
        assert scale.y1 < 640
        segment = layout.geometry.segments[0]
        seconds = f"{segment.t0:g} - {segment.t1:g} s"
        assert layout.texts[1].text == f"{speed} mm/s  {gain} mm/mV     {seconds}"


def test_the_paper_has_lines_every_16_and_80_pixels_and_every_baseline_on_a_bold_one(indices: Decode) -> None:
    for page in blank():
        plane = indices(page)
        classes = np.where(plane & 63, 0, plane >> 6)
        assert np.flatnonzero((classes == 2).sum(axis=0) > 400).tolist() == list(range(0, 1000, 80))
        assert np.flatnonzero((classes == 2).sum(axis=1) > 700).tolist() == list(range(0, 640, 80))
        assert page.geometry.segments[0].baseline % 80 == 0
        thin = np.flatnonzero((classes >= 1).sum(axis=0) > 400)
        assert set(range(0, 1000, 16)) <= set(thin)
        assert all(min(x % 16, -x % 16) <= 1 for x in thin)


@pytest.mark.parametrize("rate", [100, 250, 257, 400, 500, 1000])
@pytest.mark.parametrize("options", [Options(), Options(cabrera=True, mm_per_mv=5, mm_per_second=50)])
def test_a_slow_sine_is_found_again_to_a_thirtieth_of_a_pixel(
    rate: int, options: Options, recording_of: Make, indices: Decode, centroid: Centroid
) -> None:
    seconds = np.arange(10 * rate) / rate
    signal = np.tile(0.4 * np.sin(2 * np.pi * 0.7 * seconds + 0.3), (12, 1))
    for page, empty in zip(render(recording_of(signal, rate), options), blank(options), strict=True):
        (segment,) = page.geometry.segments
        x0, x1 = 3, round(min(segment.x(segment.t1), segment.x(10 - 1 / rate))) - 3
        y0, y1 = round(segment.baseline) - 120, round(segment.baseline) + 120
        columns = np.arange(x0, x1)[~((indices(empty) & 63)[y0:y1, x0:x1] > 0).any(axis=0)]
        assert columns.size > 0.8 * (x1 - x0)
        rows = centroid(_traced(page, empty, indices), x0, x1, y0, y1)[columns - x0]
        a, b, c, d, e, f = segment.affine
        truth = 0.4 * np.sin(2 * np.pi * 0.7 * (a * columns + b * rows + c) + 0.3)
        error = (d * columns + e * rows + f - truth) * segment.px_per_mv
        assert np.sqrt((error**2).mean()) < 0.03


def test_every_lead_is_on_its_sheet_and_on_no_other(recording_of: Make, indices: Decode, centroid: Centroid) -> None:
    levels = {lead: (k - 5.5) * 0.12 + 0.013 for k, lead in enumerate(LEADS)}
    signal = np.repeat(np.array(list(levels.values()))[:, None], 5000, axis=1)
    for page, empty in zip(render(recording_of(signal)), blank(), strict=True):
        (segment,) = page.geometry.segments
        traced = _traced(page, empty, indices)
        rows = centroid(traced, 3, 990, 0, 640)
        assert rows == pytest.approx(segment.y(levels[segment.lead]), abs=0.02)
        # A line 5 px wide: 0.31 mm.
        assert traced[:, 100:900].sum(axis=0) == pytest.approx(5, abs=0.05)


def test_a_gap_is_a_gap(recording_of: Make, indices: Decode) -> None:
    signal = np.zeros((12, 5000))
    signal[6, 3000:3100] = np.nan  # V1: 6.0 to 6.2 s, of 5.0 to 7.5
    page, empty = render(recording_of(signal))[6], blank()[6]
    segment = page.geometry.segments[0]
    band = _traced(page, empty, indices).any(axis=0)
    last, next_ = segment.x(2999 / 500), segment.x(3100 / 500)
    assert band[: int(last) + 1].all()
    assert not band[int(np.ceil(last + 2.5)) + 1 : int(next_ - 2.5)].any()
    assert band[int(np.ceil(next_)) :].all()


@pytest.mark.parametrize(
    ("lead", "millivolts", "clipped", "baseline"),
    [
        *(("I", 1.95, False, 320), ("I", 2.02, False, 480), ("I", -3.5, False, 32), ("I", 4.1, True, 640)),
        *(("V1", -2.4, False, 240), ("V1", -2.6, False, 80), ("V5", 2.4, False, 400), ("V5", 3.65, False, 608)),
    ],
)
def test_a_trace_is_moved_before_it_is_cut_and_flagged_where_it_still_leaves_its_sheet(
    lead: str, millivolts: float, clipped: bool, baseline: int, recording_of: Make
) -> None:
    signal = np.zeros((12, 5000))
    signal[LEADS.index(lead), 700::1250] = millivolts
    segments = [one for page in render(recording_of(signal)) for one in page.geometry.segments]
    assert [one.lead for one in segments if one.clipped] == ([lead] if clipped else [])
    usual = [one.baseline for page in blank() for one in page.geometry.segments]
    for one, place in zip(segments, usual, strict=True):
        assert one.baseline == (baseline if one.lead == lead else place)
        assert one.baseline % 16 == 0
