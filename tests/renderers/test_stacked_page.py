from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from einthoven.ecg.recording import LEADS, Recording
from einthoven.renderers import clean, stacked
from einthoven.renderers.options import Options
from einthoven.renderers.page import Page
from einthoven.renderers.stacked_page import blank, render

Make = Callable[..., Recording]


def _dark(page: Page) -> NDArray[np.float64]:
    with Image.open(BytesIO(page.png)) as image:
        return 1 - np.asarray(image.convert("L")) / 255


def _middle(dark: NDArray[np.float64], x0: int, x1: int, baseline: float, reach: int = 60) -> NDArray[np.float64]:
    y0, y1 = round(baseline) - reach, round(baseline) + reach
    band = dark[y0:y1, x0:x1]
    return (band * np.arange(y0, y1)[:, None]).sum(axis=0) / band.sum(axis=0)


def test_it_stands_where_the_view_stacked_stands_but_for_half_the_widening(
    recording_of: Make, fixed_signal: NDArray[np.float32]
) -> None:
    (page,), (drawn,) = (draw(recording_of(fixed_signal)) for draw in (render, stacked.render))
    assert (page.geometry.width, page.geometry.height) == (drawn.geometry.width, drawn.geometry.height)
    assert page.geometry.pulses == drawn.geometry.pulses
    for one, other in zip(page.geometry.segments, drawn.geometry.segments, strict=True):
        # The first page column, whose centre is t0, has become four: its centre lies between the second and third.
        assert one.x0 == other.x0 + 1.5
        assert (one.lead, one.t0, one.t1, one.baseline) == (other.lead, other.t0, other.t1, other.baseline)
        assert (one.px_per_second, one.px_per_mv, one.box) == (other.px_per_second, other.px_per_mv, other.box)


@pytest.mark.parametrize("options", [Options(), Options(cabrera=True, mm_per_mv=5)])
def test_it_holds_what_the_clean_page_holds_widened_and_no_more(options: Options, recording_of: Make) -> None:
    seconds = np.arange(5000) / 500
    signal = np.tile(0.4 * np.sin(2 * np.pi * 0.7 * seconds + 0.3), (12, 1))
    (page,), (source,) = render(recording_of(signal), options), clean.render(recording_of(signal), options)
    wide, narrow = _dark(page), _dark(source)
    cut = {one.lead: one for one in source.geometry.segments[:12]}
    for segment in page.geometry.segments:
        slot = cut[segment.lead]
        x0, x1 = slot.box.x0 + 12, slot.box.x1 - 12
        columns = np.arange(segment.box.x0 + 60, segment.box.x1 - 60)
        times = (columns - segment.x0) / segment.px_per_second
        at = np.interp(
            slot.x0 + times * slot.px_per_second, np.arange(x0, x1), _middle(narrow, x0, x1, slot.baseline)
        )
        found = _middle(wide, columns[0], columns[-1] + 1, segment.baseline)
        assert np.sqrt(np.mean((found - segment.baseline - (at - slot.baseline)) ** 2)) < 0.02


def test_a_slow_sine_is_found_again_to_a_third_of_a_pixel(recording_of: Make) -> None:
    seconds = np.arange(5000) / 500
    signal = np.tile(0.4 * np.sin(2 * np.pi * 0.7 * seconds + 0.3), (12, 1))
    (page,) = render(recording_of(signal))
    for segment in page.geometry.segments:
        columns = np.arange(segment.box.x0 + 20, segment.box.x1 - 30)
        rows = _middle(_dark(page), columns[0], columns[-1] + 1, segment.baseline)
        a, _, c, _, e, f = segment.affine
        error = e * rows + f - 0.4 * np.sin(2 * np.pi * 0.7 * (a * columns + c) + 0.3)
        assert np.sqrt(np.mean(error**2)) * segment.px_per_mv < 0.33
        assert abs(error.mean()) * segment.px_per_mv < 0.05


def test_every_lead_is_in_its_strip(recording_of: Make) -> None:
    levels = {lead: (k - 5.5) * 0.12 + 0.013 for k, lead in enumerate(LEADS)}
    signal = np.repeat(np.array(list(levels.values()))[:, None], 5000, axis=1)
    (page,) = render(recording_of(signal))
    for segment in page.geometry.segments:
        rows = _middle(_dark(page), segment.box.x0 + 20, segment.box.x1 - 30, segment.baseline, 80)
        assert rows == pytest.approx(segment.y(levels[segment.lead]), abs=0.5)


def test_no_names_ticks_or_pulses_of_the_page_are_stretched_along(recording_of: Make) -> None:
    (page,), (empty,) = render(recording_of(np.zeros((12, 5000)))), blank()
    added = (_dark(page) > 0) & (_dark(empty) == 0)
    rows = np.flatnonzero(added.any(axis=1))
    near = {round(one.baseline) + d for one in page.geometry.segments for d in range(-2, 3)}
    assert set(rows) <= near


@pytest.mark.parametrize(
    ("lead", "millivolts", "clipped"),
    [
        ("aVF", 2.49, False),
        ("aVF", 2.53, True),  # leaves the lead's own space, 25 mm above the baseline
        ("aVF", -2.45, False),
        ("aVF", -2.53, True),
        ("I", 1.99, False),
        ("I", 2.03, True),  # leaves the new page
        ("V6", -1.95, False),
        ("V6", -2.03, True),
    ],
)
def test_what_was_not_cut_out_or_does_not_fit_is_flagged(
    lead: str, millivolts: float, clipped: bool, recording_of: Make
) -> None:
    signal = np.zeros((12, 5000))
    signal[LEADS.index(lead), 700::1250] = millivolts
    marked = [one.lead for one in render(recording_of(signal))[0].geometry.segments if one.clipped]
    assert marked == ([lead] if clipped else [])
