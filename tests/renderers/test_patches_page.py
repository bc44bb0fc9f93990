from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from einthoven.ecg.recording import LEADS, Recording
from einthoven.renderers import grid, patches
from einthoven.renderers.options import Options
from einthoven.renderers.page import Page
from einthoven.renderers.patches_page import blank, render

Make = Callable[..., Recording]


def _rgb(page: Page) -> NDArray[np.int64]:
    with Image.open(BytesIO(page.png)) as image:
        return np.asarray(image.convert("RGB")).astype(np.int64)


def _coverage(page: Page, empty: Page) -> NDArray[np.float64]:
    """How much of each pixel the black trace takes from the blank patch's light."""
    ground, seen = _rgb(empty).sum(axis=2), _rgb(page).sum(axis=2)
    return np.where(ground > 300, np.clip((ground - seen) / np.maximum(ground, 1), 0, 1), 0)


def _middle(coverage: NDArray[np.float64], x0: int, x1: int, baseline: float) -> NDArray[np.float64]:
    y0, y1 = round(baseline) - 110, round(baseline) + 110
    band = coverage[y0:y1, x0:x1]
    return (band * np.arange(y0, y1)[:, None]).sum(axis=0) / band.sum(axis=0)


def test_it_stands_where_the_view_patches_stands_but_for_half_the_enlargement(
    recording_of: Make, fixed_signal: NDArray[np.float32]
) -> None:
    pages, drawn = (draw(recording_of(fixed_signal)) for draw in (render, patches.render))
    usual = [one.baseline + 0.5 for page in patches.blank() for one in page.geometry.segments]
    assert [one.baseline for page in pages for one in page.geometry.segments] == usual  # a cut cannot be moved
    for page, other in zip(pages, drawn, strict=True):
        (one,), (two,) = page.geometry.segments, other.geometry.segments
        assert (page.geometry.width, page.geometry.height) == (1000, 640)
        assert one.x0 == two.x0 + 0.5
        assert (one.lead, one.t0, one.t1, one.label) == (two.lead, two.t0, two.t1, two.label)
        assert (one.px_per_second, one.px_per_mv) == (two.px_per_second, two.px_per_mv)


def test_it_is_the_page_enlarged_twice(recording_of: Make, fixed_signal: NDArray[np.float32]) -> None:
    recording = recording_of(fixed_signal)
    (whole,) = grid.render(recording)
    page = _rgb(whole)
    slots = {one.lead: one for one in whole.geometry.segments[:12]}
    for patch in render(recording):
        (segment,) = patch.geometry.segments
        slot = slots[segment.lead]
        above = int(segment.baseline) // 2
        top = round(slot.baseline) - above
        cut = page[top : top + 320, slot.box.x0 : slot.box.x1]
        small = _rgb(patch).reshape(320, 2, 500, 2, 3).mean(axis=(1, 3))
        # Beyond the names and ticks, which only one of them has, each two by two pixels have their pixel's colour.
        quiet = np.s_[above - 70 : above + 70, 60:490]
        assert abs(small[quiet] - cut[quiet]).mean() < 6
        assert np.corrcoef(small[quiet].ravel(), cut[quiet].ravel())[0, 1] > 0.98


@pytest.mark.parametrize("rate", [100, 500])
@pytest.mark.parametrize("options", [Options(), Options(cabrera=True, grid="green")])
def test_a_slow_sine_is_found_again_to_a_tenth_of_a_pixel(rate: int, options: Options, recording_of: Make) -> None:
    seconds = np.arange(10 * rate) / rate
    signal = np.tile(0.4 * np.sin(2 * np.pi * 0.7 * seconds + 0.3), (12, 1))
    for page, empty in zip(render(recording_of(signal, rate), options), blank(options), strict=True):
        (segment,) = page.geometry.segments
        x0, x1 = 6, round(min(segment.x(segment.t1), segment.x(10 - 1 / rate))) - 8
        columns = np.arange(x0, x1)
        rows = _middle(_coverage(page, empty), x0, x1, segment.baseline)
        a, _, c, _, e, f = segment.affine
        error = (e * rows + f - 0.4 * np.sin(2 * np.pi * 0.7 * (a * columns + c) + 0.3)) * segment.px_per_mv
        assert np.sqrt((error**2).mean()) < 0.1
        assert abs(error.mean()) < 0.03


def test_every_lead_is_on_its_sheet(recording_of: Make) -> None:
    levels = {lead: (k - 5.5) * 0.1 + 0.013 for k, lead in enumerate(LEADS)}
    signal = np.repeat(np.array(list(levels.values()))[:, None], 5000, axis=1)
    for page, empty in zip(render(recording_of(signal)), blank(), strict=True):
        (segment,) = page.geometry.segments
        rows = _middle(_coverage(page, empty), 6, 980, segment.baseline)
        assert rows == pytest.approx(segment.y(levels[segment.lead]), abs=0.2)


def test_names_and_scale_are_set_anew_at_full_size_in_the_ink_of_the_page() -> None:
    for options in (Options(), Options(grid="blue", ink="blue", font="serif")):
        for enlarged, drawn in zip(blank(options), patches.blank(options), strict=True):
            box = drawn.geometry.segments[0].label
            with Image.open(BytesIO(drawn.png)) as image:
                full = (np.asarray(image) & 63)[box.y0 : box.y1, box.x0 : box.x1] == 63
            one, other = (_rgb(page)[box.y0 : box.y1, box.x0 : box.x1][full] for page in (enlarged, drawn))
            assert full.sum() > 20
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("lead", "millivolts", "clipped"),
    [("I", 1.98, False), ("I", 2.03, True), ("V1", -2.46, False), ("V1", -2.53, True)],
)
def test_what_was_not_cut_out_is_flagged(lead: str, millivolts: float, clipped: bool, recording_of: Make) -> None:
    signal = np.zeros((12, 5000))
    signal[LEADS.index(lead), 700::1250] = millivolts
    marked = [one.lead for page in render(recording_of(signal)) for one in page.geometry.segments if one.clipped]
    assert marked == ([lead] if clipped else [])
