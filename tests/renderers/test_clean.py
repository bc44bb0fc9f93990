from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import binary_dilation, generate_binary_structure

from einthoven.ecg.recording import Recording
from einthoven.renderers import chroma, grid
from einthoven.renderers.clean import LEAST_COVERAGE, blank, inked, render
from einthoven.renderers.options import Options
from einthoven.renderers.page import Page
from einthoven.renderers.paper import palette

Make = Callable[..., Recording]

LOOKS = [
    Options(),
    Options(layout="6x2", header=("id", "duration")),
    Options(layout="12x1", strips=("V1",)),
    Options(cabrera=True, mm_per_second=50, mm_per_mv=5, font="serif"),
    Options(crop="tight", separators=False, columns="simultaneous"),
]


def _black(page: Page) -> NDArray[np.bool_]:
    with Image.open(BytesIO(page.png)) as image:
        assert image.mode == "1"
        return ~np.asarray(image)


@pytest.mark.parametrize("options", LOOKS)
def test_it_is_the_ink_of_the_grid_page_binarised_and_dilated(
    options: Options, recording_of: Make, fixed_signal: NDArray[np.float32]
) -> None:
    (page,), (whole,) = render(recording_of(fixed_signal), options), grid.render(recording_of(fixed_signal), options)
    with Image.open(BytesIO(whole.png)) as image:
        coverage = np.asarray(image) & 63
    np.testing.assert_array_equal(
        _black(page), binary_dilation(coverage >= LEAST_COVERAGE, generate_binary_structure(2, 1))
    )
    assert page.geometry == whole.geometry


@pytest.mark.parametrize("options", LOOKS[:2])
def test_it_is_what_the_recipe_makes_of_the_same_page_on_white_paper(
    options: Options, recording_of: Make, fixed_signal: NDArray[np.float32]
) -> None:
    (page,) = render(recording_of(fixed_signal), options)
    (white,) = grid.render(recording_of(fixed_signal), replace(options, grid="none"))
    with Image.open(BytesIO(white.png)) as image:
        np.testing.assert_array_equal(_black(page), chroma.cleaned(image) == 0)


@pytest.mark.parametrize("grid_color", ["orange", "green", "blue", "grey", "black", "none"])
@pytest.mark.parametrize("ink", ["black", "blue", "grey"])
def test_no_color_of_grid_or_ink_is_left(
    grid_color: str, ink: str, recording_of: Make, fixed_signal: NDArray[np.float32]
) -> None:
    recording = recording_of(fixed_signal)
    (usual,), (other,) = render(recording), render(recording, Options(grid=grid_color, ink=ink))
    assert other.png == usual.png
    assert blank(Options(grid=grid_color, ink=ink))[0].png == blank()[0].png


@pytest.mark.parametrize("rate", [100, 250, 500, 1000])
def test_a_slow_sine_is_found_again_to_a_third_of_a_pixel(rate: int, recording_of: Make) -> None:
    # What is binarised has no finer edges: its middle line lies on whole and half pixels.
    seconds = np.arange(10 * rate) / rate
    (page,) = render(recording_of(np.tile(0.4 * np.sin(2 * np.pi * 0.7 * seconds), (12, 1)), rate))
    printed = _black(blank()[0])
    traced = _black(page) & ~printed
    for segment in page.geometry.segments:
        x0, x1 = segment.box.x0 + 3, segment.box.x1 - 3 - round(segment.px_per_second / rate)
        y0, y1 = round(segment.baseline) - 60, round(segment.baseline) + 60
        band = traced[y0:y1, x0:x1]
        free = ~printed[y0:y1, x0:x1].any(axis=0)
        rows = (band * np.arange(y0, y1)[:, None]).sum(axis=0)[free] / band.sum(axis=0)[free]
        a, _, c, _, e, f = segment.affine
        truth = 0.4 * np.sin(2 * np.pi * 0.7 * (a * np.arange(x0, x1)[free] + c))
        assert np.sqrt(np.mean((e * rows + f - truth) ** 2)) * segment.px_per_mv < 0.33


def test_every_stroke_of_the_pen_survives(recording_of: Make) -> None:
    # One sample wide and far beyond the pen's width: the steepest line that a page can hold.
    signal = np.zeros((12, 5000))
    signal[:, 300::400] = 1.5
    (page,) = render(recording_of(signal))
    black = _black(page)
    for segment in page.geometry.segments:
        for seconds in np.arange(0.6, 10, 0.8):
            if segment.t0 + 0.2 < seconds < segment.t1:
                column = black[round(segment.y(1.5)) : round(segment.baseline), round(segment.x(seconds))]
                assert column.mean() > 0.99


def test_the_file_is_small(recording_of: Make, fixed_signal: NDArray[np.float32]) -> None:
    recording = recording_of(fixed_signal)
    assert len(render(recording)[0].png) < len(grid.render(recording)[0].png) / 3


def test_the_threshold_is_the_first_coverage_that_the_rule_takes_on_white_paper() -> None:
    greys = np.frombuffer(palette(Options(grid="none")), dtype=np.uint8).reshape(-1, 3)[:64, 0]
    assert greys[LEAST_COVERAGE] < 140 <= greys[LEAST_COVERAGE - 1]
    plane = np.zeros((5, 5), dtype=np.uint8)
    plane[2, 2] = LEAST_COVERAGE
    plane[0, 0] = LEAST_COVERAGE - 1
    np.testing.assert_array_equal(np.argwhere(inked(plane)), [[1, 2], [2, 1], [2, 2], [2, 3], [3, 2]])
