from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from einthoven.renderers.grid import blank
from einthoven.renderers.layout import laid_out
from einthoven.renderers.options import CHOICES, STANDARD, Options
from einthoven.renderers.paper import BOLD, COVERAGE, PAPER, THIN, palette, paper

LAYOUT = laid_out()


@pytest.fixture(scope="module")
def rgb() -> np.ndarray:
    with Image.open(BytesIO(blank()[0].png)) as image:
        return np.asarray(image.convert("RGB")).astype(int)


@pytest.mark.parametrize("across", ["x", "y"])
def test_every_grid_line_stands_at_its_millimetre(across: str) -> None:
    classes = paper(LAYOUT) >> 6
    length = {"x": 2200, "y": 1700}[across]
    # Between two lines of the other direction nothing but this direction's lines is to be seen.
    profile = classes[4, :] if across == "x" else classes[:, 4]
    assert profile.size == length
    np.testing.assert_array_equal(np.flatnonzero(profile == BOLD), np.arange(0, length, 40))
    lines = np.zeros(length, dtype=bool)
    lines[::8] = True
    flanks = np.zeros(length, dtype=bool)
    for bold in range(0, length + 1, 40):
        flanks[[p for p in (bold - 1, bold + 1) if 0 <= p < length]] = True
    np.testing.assert_array_equal(profile != PAPER, lines | flanks)
    assert set(profile[flanks]) == {THIN}


def test_the_lines_run_over_the_whole_page() -> None:
    classes = paper(LAYOUT) >> 6
    assert (classes[:, ::40] == BOLD).all()
    assert (classes[::40, :] == BOLD).all()
    assert (classes[:, ::8] >= THIN).all()
    assert (classes[::8, :] >= THIN).all()


def test_the_paper_is_pink_and_its_lines_red_the_bold_ones_darker(rgb: np.ndarray) -> None:
    ground, thin, bold = rgb[4, 4], rgb[4, 8], rgb[4, 40]
    assert ground.sum() > thin.sum() > bold.sum()
    for color in (thin, bold):
        assert color[0] > color[1] + 30
        assert color[0] > color[2] + 30
    assert ground.min() > 240


def test_the_pulse_is_ten_by_five_millimetres_at_the_left_of_every_row(rgb: np.ndarray) -> None:
    black = rgb.sum(axis=2) == 0
    for baseline in (320, 720, 1120, 1480):
        for x in (80, 120):  # the edges, from the level of the top to the baseline
            edge = black[baseline - 81 : baseline + 2, x - 6 : x + 7]
            assert edge[:, 5:8].all()
        assert not black[baseline - 60 : baseline - 20, 82:119].any()
        assert not black[baseline - 60 : baseline - 20, :79].any()
        assert not black[baseline - 60 : baseline - 20, 122:160].any()
        top = np.flatnonzero(black[baseline - 120 : baseline + 40, 100]) + baseline - 120
        assert top.mean() == baseline - 80
        for foot in (70, 130):
            rows = np.flatnonzero(black[baseline - 120 : baseline + 40, foot]) + baseline - 120
            assert rows.mean() == baseline


def test_the_ticks_between_columns_leave_the_trace_free() -> None:
    inked = (paper(LAYOUT) & COVERAGE) > 0
    for baseline in (320, 720, 1120):
        for x in (660, 1160, 1660):
            assert inked[baseline - 60, x]
            assert inked[baseline + 60, x]
            assert not inked[baseline - 36 : baseline + 37, x - 5 : x + 6].any()
    assert not inked[1330:1600, 500:].any()  # none on the rhythm strip


def test_labels_are_inked_in_their_boxes_and_nothing_else_is(rgb: np.ndarray) -> None:
    inked = (paper(LAYOUT) & COVERAGE) > 0
    for text in LAYOUT.texts:
        box = text.box
        part = inked[box.y0 : box.y1, box.x0 : box.x1]
        assert part.any(axis=0)[[0, -1]].all()
        assert part.any(axis=1)[[0, -1]].all()
        inked[box.y0 : box.y1, box.x0 : box.x1] = False
    for line in LAYOUT.lines:
        inked[line.y0 - 1 : line.y1 + 2, line.x0 - 1 : line.x1 + 2] = False
    assert not inked.any()


@pytest.mark.parametrize("grid", CHOICES["grid"])
@pytest.mark.parametrize("ink", CHOICES["ink"])
def test_the_palette_mixes_ink_evenly_over_each_ground(grid: str, ink: str) -> None:
    colors = np.frombuffer(palette(Options(grid=grid, ink=ink)), dtype=np.uint8).reshape(4, 64, 3).astype(float)
    assert len({tuple(ground[63]) for ground in colors}) == 1
    share = np.arange(64)[:, None] / 63
    for ground in colors:
        assert abs(ground - ground[0] * (1 - share) - ground[63] * share).max() <= 0.5


def test_the_standard_colours_are_black_on_red() -> None:
    colors = np.frombuffer(palette(), dtype=np.uint8).reshape(4, 64, 3)
    assert colors[:3, 0].tolist() == [[255, 248, 246], [249, 211, 206], [234, 150, 144]]
    assert not colors[:, 63].any()


def _is_ink(rgb: np.ndarray) -> np.ndarray:
    """The published rule: dark, and of no colour."""
    high, low = rgb.max(axis=-1).astype(int), rgb.min(axis=-1).astype(int)
    return (high < 140) & (high - low < 60)


@pytest.mark.parametrize("grid", CHOICES["grid"])
@pytest.mark.parametrize("ink", CHOICES["ink"])
def test_colour_tells_black_and_grey_ink_from_the_grids_that_have_one(grid: str, ink: str) -> None:
    colors = np.frombuffer(palette(Options(grid=grid, ink=ink)), dtype=np.uint8).reshape(4, 64, 3)
    assert (_is_ink(colors[:, 63]) == (ink != "blue")).all()
    assert _is_ink(colors[:3, 0]).any() == (grid in ("grey", "black"))


@pytest.mark.parametrize(("grid", "channel"), [("red", 0), ("orange", 0), ("green", 1), ("blue", 2)])
def test_a_grid_is_of_its_colour_and_its_bold_lines_are_darker(grid: str, channel: int) -> None:
    colors = np.frombuffer(palette(Options(grid=grid)), dtype=np.uint8).reshape(4, 64, 3).astype(int)
    ground, thin, bold = colors[:3, 0]
    assert ground.min() > 240
    assert ground.sum() > thin.sum() + 30
    assert thin.sum() > bold.sum() + 60
    for color in (thin, bold):
        assert color.argmax() == channel
        assert color.max() - color.min() > 20


def test_colours_do_not_change_the_indices_but_no_grid_has_no_lines() -> None:
    assert paper(LAYOUT, Options(grid="blue", ink="grey")) is paper(LAYOUT)
    plain = paper(LAYOUT, Options(grid="none"))
    np.testing.assert_array_equal(plain & COVERAGE, paper(LAYOUT, STANDARD) & COVERAGE)
    assert not (plain >> 6).any()


def test_the_lines_may_be_further_apart_one_way_than_the_other() -> None:
    wide = replace(LAYOUT, geometry=replace(LAYOUT.geometry, px_per_mm_x=32), lines=(), texts=())
    classes = paper(wide) >> 6
    assert np.flatnonzero(classes[4] == BOLD).tolist() == list(range(0, 2200, 160))
    flanks = [p for bold in range(0, 2201, 160) for p in (bold - 1, bold + 1) if 0 <= p < 2200]
    assert np.flatnonzero(classes[4] >= THIN).tolist() == sorted({*range(0, 2200, 32), *flanks})
    assert np.flatnonzero(classes[:, 16] == BOLD).tolist() == list(range(0, 1700, 40))


def test_the_paper_cannot_be_written_on_by_mistake() -> None:
    assert paper(LAYOUT) is paper(LAYOUT)
    with pytest.raises(ValueError, match="read-only"):
        paper(LAYOUT)[0, 0] = 1
