from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.ecg.recording import LEADS, Recording
from einthoven.renderers.grid import blank_plane, render
from einthoven.renderers.options import STANDARD, Options
from einthoven.renderers.page import Page

Make = Callable[..., Recording]
Decode = Callable[[Page], NDArray[np.uint8]]
See = Callable[..., NDArray[np.float64]]
Centroid = Callable[..., NDArray[np.float64]]

RATES = [50, 100, 250, 257, 400, 500, 1000]

#: Pages of every layout, order, speed, gain and crop.
VARIED = {
    "standard": STANDARD,
    "cabrera": Options(cabrera=True, mm_per_second=50, mm_per_mv=5, strips=("V1", "aVR", "II"), grid="green"),
    "simultaneous": Options(columns="simultaneous", mm_per_mv=20, strips=(), font="mono", grid="none"),
    "6x2": Options(layout="6x2", strips=("II",), header=("id",), font="serif", ink="blue"),
    "6x2 tight": Options(layout="6x2", columns="simultaneous", crop="tight", mm_per_second=50, grid="black"),
    "12x1": Options(layout="12x1", mm_per_mv=20),
    "12x1 tight": Options(layout="12x1", cabrera=True, crop="tight", mm_per_second=50, strips=("aVR", "V6")),
}
varied = pytest.mark.parametrize("options", VARIED.values(), ids=VARIED)


@varied
def test_every_lead_is_in_its_place_none_missing_doubled_or_swapped(
    options: Options, recording_of: Make, ink: See, centroid: Centroid
) -> None:
    levels = {lead: (k - 5.5) * 0.06 + 0.013 for k, lead in enumerate(LEADS)}
    signal = np.repeat(np.array(list(levels.values()))[:, None], 5000, axis=1)
    (page,) = render(recording_of(signal), options)
    inked = ink(page, options)
    assert len(page.geometry.segments) == 12 + len(options.rhythm)
    for segment in page.geometry.segments:
        box = segment.box
        rows = centroid(inked, box.x0 + 3, box.x1 - 3, box.y0, box.y1)
        assert rows == pytest.approx(segment.y(levels[segment.lead]), abs=0.02)


def test_each_column_shows_its_own_seconds_and_the_strip_all_of_them(recording_of: Make, ink: See) -> None:
    # A narrow triangle in all leads at once, at another place in every column.
    at = (0.5, 3.4, 6.3, 9.2)
    signal = np.zeros((12, 5000))
    for seconds in at:
        middle = round(seconds * 500)
        signal[:, middle - 5 : middle + 6] = 1 - abs(np.arange(-5, 6)) / 5
    (page,) = render(recording_of(signal))
    high = ink(page)
    for segment in page.geometry.segments:
        row = round(segment.y(0.6))
        columns = np.flatnonzero(high[row, segment.box.x0 : segment.box.x1] > 0.5) + segment.box.x0
        peaks = [segment.x(seconds) for seconds in at if segment.t0 <= seconds < segment.t1]
        assert len(peaks) == (4 if segment.t1 == 10 and segment.t0 == 0 else 1)
        groups = np.split(columns, np.flatnonzero(np.diff(columns) > 20) + 1)
        assert [group.mean() for group in groups] == pytest.approx(peaks, abs=0.3)


@varied
def test_the_columns_agree_with_the_strips(
    options: Options, recording_of: Make, fixed_signal: NDArray[np.float32], ink: See
) -> None:
    (page,) = render(recording_of(fixed_signal * 0.3), options)
    inked = ink(page, options)
    strips = page.geometry.segments[12:]
    for strip in strips:
        short = next(s for s in page.geometry.segments if s.lead == strip.lead)
        begin = round(strip.x(short.t0))
        length = short.box.x1 - short.box.x0
        # Without the caps at the column's ends, and below the labels.
        column = inked[short.baseline - 60 : short.baseline + 60, short.box.x0 + 2 : short.box.x1 - 2]
        below = inked[strip.baseline - 60 : strip.baseline + 60, begin + 2 : begin + length - 2]
        assert abs(column - below).max() < 1.01 / 63  # at another height numbers round differently by 1/256 pixel
        assert column.sum() > 2.9 * length
    assert bool(strips) == bool(options.rhythm)


def _sine(seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    return 0.3 * np.sin(2 * np.pi * 0.7 * seconds + 0.3)


@pytest.mark.parametrize(
    ("rate", "options"), [(rate, STANDARD) for rate in RATES] + [(250, options) for options in VARIED.values()]
)
def test_a_slow_sine_is_found_again_to_a_thirtieth_of_a_pixel(
    rate: int, options: Options, recording_of: Make, ink: See, centroid: Centroid
) -> None:
    signal = np.tile(_sine(np.arange(10 * rate) / rate), (12, 1))
    (page,) = render(recording_of(signal, rate), options)
    inked, printed = ink(page, options), (blank_plane(options)[0] & 63) > 0
    for segment in page.geometry.segments:
        x0, x1 = segment.box.x0 + 2, round(segment.x(segment.t1 - 1 / rate)) - 2
        y0, y1 = segment.baseline - 60, segment.baseline + 60
        xs, rows = np.arange(x0, x1), centroid(inked, x0, x1, y0, y1)
        # Ticks and labels hide some ink: those columns do not count.
        free = ~printed[y0:y1, x0:x1].any(axis=0)
        a, b, c, d, e, f = segment.affine
        error = (d * xs + e * rows + f - _sine(a * xs + b * rows + c))[free] * segment.px_per_mv
        assert free.mean() > 0.95
        assert np.sqrt((error**2).mean()) < 0.03


@pytest.mark.parametrize("rate", RATES)
def test_a_qrs_has_its_height_at_every_rate(rate: int, recording_of: Make, ink: See) -> None:
    # A triangle of 1.5 mV and 80 ms whose peak is a sample at every rate.
    seconds = np.arange(10 * rate) / rate
    peak = round(1.2 * rate) / rate
    signal = np.tile(np.clip(1.5 * (1 - abs(seconds - peak) / 0.04), 0, None), (12, 1))
    (page,) = render(recording_of(signal, rate))
    segment = page.geometry.segments[0]
    column = ink(page)[segment.box.y0 : segment.baseline, round(segment.x(peak))]
    solid = np.flatnonzero(column > 0.9) + segment.box.y0
    # A pen of 3 px rounds the tip: its ink begins between 1.5 px above the peak and a miter's length.
    assert segment.y(1.5) - 3.0 < solid[0] < segment.y(1.5) + 3.0
    assert abs(round(segment.x(peak)) - segment.x(peak)) <= 0.5


def test_a_gap_is_a_gap(recording_of: Make, ink: See) -> None:
    signal = np.zeros((12, 5000), dtype=np.float32)
    signal[0, 500:600] = np.nan  # 1.0 to 1.2 s in lead I
    signal[6] = np.nan
    (page,) = render(recording_of(signal))
    inked = ink(page)
    one = page.geometry.segments[0]
    band = inked[one.baseline - 40 : one.baseline + 40].any(axis=0)
    last, next_ = one.x(499 / 500), one.x(600 / 500)
    assert band[162 : int(last) + 1].all()
    assert not band[int(np.ceil(last + 1.5)) + 1 : int(next_ - 1.5)].any()
    assert band[int(np.ceil(next_)) : 658].all()
    v1 = next(s for s in page.geometry.segments if s.lead == "V1")
    assert not inked[v1.box.y0 : v1.box.y1, v1.box.x0 + 3 : v1.box.x1 - 3].any()


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("size", [5.0, 30.0, 1e30])
def test_large_amplitudes_are_drawn_to_scale_and_cut_at_the_page_only(
    size: float, sign: int, recording_of: Make, ink: See
) -> None:
    signal = np.zeros((12, 5000), dtype=np.float32)
    beats = np.arange(250, 5000, 250)
    for width in (-1, 0, 1):  # narrower than the pen: solid
        signal[:, beats + width] = sign * size * (1 - abs(width) / 2)
    (page,) = render(recording_of(signal))
    inked = ink(page)
    for segment in page.geometry.segments:
        reached = segment.y(sign * size)
        assert segment.clipped == (not -0.5 <= reached <= 1699.5)
        column = inked[:, round(segment.x(segment.t0 + 0.5))]
        tip = min(max(round(reached), 0), 1699)
        low, high = sorted((round(segment.baseline) - sign * 4, tip))
        # Over the neighbours' rows too, solid but for what was printed beforehand.
        assert (column[low:high] > 0).mean() > 0.9
    assert any(s.clipped for s in page.geometry.segments)


@varied
def test_five_millivolts_are_drawn_to_scale_or_flagged_on_every_page(
    options: Options, recording_of: Make, ink: See
) -> None:
    signal = np.zeros((12, 5000), dtype=np.float32)
    for lead in range(12):
        signal[lead, np.arange(250, 5000, 250)] = 5.0 * (-1) ** lead
        signal[lead, np.arange(249, 5000, 250)] = 2.5 * (-1) ** lead  # as wide as a stroke: solid
        signal[lead, np.arange(251, 5000, 250)] = 2.5 * (-1) ** lead
    (page,) = render(recording_of(signal), options)
    inked, height = ink(page, options), page.geometry.height
    for segment in page.geometry.segments:
        reached = segment.y(5.0 * (-1) ** LEADS.index(segment.lead))
        assert segment.clipped == (not -0.5 <= reached <= height - 0.5)
        seconds = np.ceil((segment.t0 + 0.1) * 2) / 2
        column = inked[:, round(segment.x(seconds))]
        low, high = sorted((round(segment.baseline), min(max(round(reached), 0), height - 1)))
        assert (column[low + 4 : high - 4] > 0).mean() > 0.85  # but for labels, pulses and frames
    assert {s.px_per_mv for s in page.geometry.segments} == {options.mm_per_mv * 8}


@pytest.mark.parametrize(
    ("lead", "millivolts", "clipped"),
    [("I", 4.0, False), ("I", 4.01, True), ("V4", 4.01, True), ("II", -2.74, False), ("II", -2.75, True)],
)
def test_a_segment_is_clipped_when_its_centre_line_leaves_the_page(
    lead: str, millivolts: float, clipped: bool, recording_of: Make
) -> None:
    signal = np.zeros((12, 5000))
    signal[LEADS.index(lead), 4300] = millivolts  # in the last column, and in the strip for lead II
    signal[LEADS.index(lead), 300] = millivolts  # in the first
    (page,) = render(recording_of(signal))
    marked = [(s.lead, s.t1 - s.t0) for s in page.geometry.segments if s.clipped]
    shown = {"I": ("I", 2.5), "V4": ("V4", 2.5), "II": ("II", 10.0)}[lead]
    assert marked == ([shown] if clipped else [])


def test_what_is_drawn_over_a_neighbour_leaves_the_neighbour_where_it_is(recording_of: Make, indices: Decode) -> None:
    quiet = np.zeros((12, 5000), dtype=np.float32)
    tall = quiet.copy()
    tall[6, 3000:3004] = -5.0  # V1, into the rows of V2 and V3
    one, both = (indices(render(recording_of(s))[0]) for s in (quiet, tall))
    assert ((both[520:] & 63) >= (one[520:] & 63)).all()  # below V1's own space
    np.testing.assert_array_equal(one >> 6, both >> 6)
    assert (both[680, 1358:1366] & 63).max() == 63  # 40 px above V2's baseline, 360 px below V1's
    assert (one[680, 1358:1366] & 63).max() == 0
    assert not render(recording_of(tall))[0].geometry.segments[2].clipped


def test_a_short_recording_ends_where_it_ends(recording_of: Make, ink: See) -> None:
    (page,) = render(recording_of(np.zeros((12, 3000))))  # 6 s
    inked = ink(page)
    assert not inked[:, 1660 + 3 :].any()
    strip = page.geometry.segments[-1]
    assert inked[strip.baseline, 163 : int(strip.x(6.0)) - 2].all()
    assert not inked[strip.baseline, int(strip.x(6.0)) + 2 :].any()
