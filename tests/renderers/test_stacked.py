import itertools
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.ecg.recording import LEADS, Recording
from einthoven.renderers.options import Options
from einthoven.renderers.page import Box, Page
from einthoven.renderers.stacked import blank, laid_out, render

Make = Callable[..., Recording]
Decode = Callable[[Page], NDArray[np.uint8]]
Centroid = Callable[..., NDArray[np.float64]]


def _traced(page: Page, indices: Decode, options: Options = Options()) -> NDArray[np.float64]:  # noqa: B008
    empty = indices(blank(options)[0]) & 63
    return np.where(empty > 0, 0, indices(page) & 63) / 63


def test_twelve_strips_of_2500_ms_over_2000_pixels_and_160_pixels_apart() -> None:
    geometry = laid_out().geometry
    assert (geometry.width, geometry.height) == (2200, 2080)
    assert (geometry.px_per_mm_x, geometry.px_per_mm_y) == (32, 8)
    assert [one.lead for one in geometry.segments] == list(LEADS)
    assert np.unique(np.diff([one.baseline for one in geometry.segments])).tolist() == [160]
    for one in geometry.segments:
        assert (one.box.x1 - one.box.x0, one.t1 - one.t0) == (2000, 2.5)
        assert (one.x(one.t1), one.px_per_second, one.px_per_mv) == (2200, 800, 80)


@pytest.mark.parametrize("font", ["sans", "serif", "mono"])
@pytest.mark.parametrize("gain", [5, 10, 20])
@pytest.mark.parametrize("cabrera", [False, True])
def test_names_stand_inside_their_pulses_and_nothing_printed_meets(font: str, gain: int, cabrera: bool) -> None:
    layout = laid_out(Options(mm_per_mv=gain, font=font, cabrera=cabrera))
    for segment, pulse in zip(layout.geometry.segments, layout.geometry.pulses, strict=True):
        assert (pulse.x1 - pulse.x0, pulse.y1 - pulse.y0) == (0.2 * 800, gain * 8)
        assert pulse.y1 == segment.baseline
        # The pen is 3 px wide: nothing of the name touches it, nor the top of the next strip's pulse.
        assert pulse.x0 + 2 < segment.label.x0 < segment.label.x1 < pulse.x1 - 2
        assert pulse.y0 + 2 <= segment.label.y0 < segment.label.y1 < pulse.y1 - 2
        assert segment.label.x1 < segment.x0 - 2
    boxes = [one.label for one in layout.geometry.segments] + [layout.texts[-1].box]

    def apart(a: Box, b: Box) -> bool:
        return a.x1 <= b.x0 or b.x1 <= a.x0 or a.y1 <= b.y0 or b.y1 <= a.y0

    assert all(apart(a, b) for a, b in itertools.combinations(boxes, 2))
    assert boxes[-1].x1 <= layout.geometry.width
    assert boxes[-1].y1 < layout.geometry.height


def test_the_footer_says_what_a_box_or_the_pulse_stands_for() -> None:
    said = {
        Options(): "small box 40 ms x 0.1 mV     25 mm/s stretched 4 times     10 mm/mV",
        Options(mm_per_mv=5): "small box 40 ms x 0.2 mV     25 mm/s stretched 4 times     5 mm/mV",
        Options(mm_per_mv=20): "small box 40 ms x 0.05 mV     25 mm/s stretched 4 times     20 mm/mV",
        Options(grid="none"): "pulse 200 ms x 1 mV     25 mm/s stretched 4 times     10 mm/mV",
    }
    for options, words in said.items():
        layout = laid_out(options)
        assert layout.texts[-1].text == words
        assert [text.text for text in layout.texts[:12]] == list(LEADS)
        assert [text.text for text in layout.texts[12:-1]] == ["0 - 2.5 s", "2.5 - 5 s", "5 - 7.5 s", "7.5 - 10 s"]
    assert laid_out(Options(mm_per_mv=5)).texts[-1].size > laid_out().texts[-1].size


def test_the_paper_is_stretched_fourfold_and_every_fifth_line_is_bold(indices: Decode) -> None:
    plane = indices(blank()[0])
    classes, free = plane >> 6, (plane & 63) == 0
    for x in range(2200):
        lines = (classes[:, x] == 2) & free[:, x]
        expected = (x - 200) % 160 == 0
        assert (lines.sum() > 1000) == expected
    for y in range(2080):
        assert (((classes[y] == 2) & free[y]).sum() > 1000) == ((y - 80) % 40 == 0)
    bare = classes[:, 200:][:, np.arange(2000) % 160 == 16]  # between two millimetres
    assert set(np.flatnonzero((bare == 1).all(axis=1))) >= set(range(88, 2080, 8)) - set(range(80, 2080, 40))
    across = classes[84:2080:40, 200:]  # between two millimetres, along time
    assert np.flatnonzero((across >= 1).all(axis=0)).tolist() == sorted(
        set(range(0, 2000, 32)) | {x + d for x in range(0, 2001, 160) for d in (-1, 1) if 0 <= x + d < 2000}
    )
    assert not (indices(blank(Options(grid="none"))[0]) >> 6).any()


@pytest.mark.parametrize("rate", [100, 250, 257, 400, 500, 1000])
@pytest.mark.parametrize("options", [Options(), Options(cabrera=True, mm_per_mv=5, columns="simultaneous")])
def test_a_slow_sine_is_found_again_to_a_thirtieth_of_a_pixel(
    rate: int, options: Options, recording_of: Make, indices: Decode, centroid: Centroid
) -> None:
    seconds = np.arange(10 * rate) / rate
    signal = np.tile(0.4 * np.sin(2 * np.pi * 0.7 * seconds + 0.3), (12, 1))
    (page,) = render(recording_of(signal, rate), options)
    traced = _traced(page, indices, options)
    for segment in page.geometry.segments:
        x0 = segment.box.x0 + 3
        x1 = round(min(segment.x(segment.t1), segment.x(10 - 1 / rate))) - 3
        rows = centroid(traced, x0, x1, round(segment.baseline) - 60, round(segment.baseline) + 60)
        a, b, c, d, e, f = segment.affine
        columns = np.arange(x0, x1)
        truth = 0.4 * np.sin(2 * np.pi * 0.7 * (a * columns + b * rows + c) + 0.3)
        error = (d * columns + e * rows + f - truth) * segment.px_per_mv
        assert np.sqrt((error**2).mean()) < 0.03


def test_every_lead_is_in_its_strip(recording_of: Make, indices: Decode, centroid: Centroid) -> None:
    levels = {lead: (k - 5.5) * 0.12 + 0.013 for k, lead in enumerate(LEADS)}
    signal = np.repeat(np.array(list(levels.values()))[:, None], 5000, axis=1)
    for options in (Options(), Options(cabrera=True)):
        (page,) = render(recording_of(signal), options)
        traced = _traced(page, indices, options)
        for segment in page.geometry.segments:
            box = segment.box
            rows = centroid(traced, box.x0 + 3, box.x1 - 11, box.y0, box.y1)
            assert rows == pytest.approx(segment.y(levels[segment.lead]), abs=0.02)
            assert segment.affine[4] * rows + segment.affine[5] == pytest.approx(levels[segment.lead], abs=3e-4)


def test_a_gap_is_a_gap_and_the_pen_stays_round(recording_of: Make, indices: Decode) -> None:
    signal = np.zeros((12, 5000))
    signal[0, 500:600] = np.nan
    (page,) = render(recording_of(signal))
    one = page.geometry.segments[0]
    band = _traced(page, indices)[int(one.baseline) - 40 : int(one.baseline) + 40].any(axis=0)
    last, next_ = one.x(499 / 500), one.x(600 / 500)
    assert band[202 : int(last) + 1].all()
    # The line's end is half a pen beyond its last sample, not four times that.
    assert not band[int(np.ceil(last + 1.5)) + 1 : int(next_ - 1.5)].any()
    assert band[int(np.ceil(next_)) : 2198].all()


def test_a_tall_wave_runs_into_its_neighbours_and_is_flagged_at_the_edge_of_the_page_only(
    recording_of: Make, indices: Decode
) -> None:
    signal = np.zeros((12, 5000))
    signal[3, 2000:2010] = 3.0  # aVR: over III and II
    (page,) = render(recording_of(signal))
    segment = page.geometry.segments[3]
    column = _traced(page, indices)[:, round(segment.x(2005 / 500))]
    assert column[round(segment.y(3.0))] > 0.9
    assert not any(one.clipped for one in page.geometry.segments)
    signal[0, 300], signal[11, 4600] = 2.01, -2.01
    marked = [one.lead for one in render(recording_of(signal))[0].geometry.segments if one.clipped]
    assert marked == ["I", "V6"]
