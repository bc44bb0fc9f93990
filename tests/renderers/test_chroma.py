import os
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from einthoven.ecg.patient import Patient
from einthoven.ecg.recording import Recording, checked_signal
from einthoven.errors import EinthovenError
from einthoven.renderers import chroma, clean, grid, patches, stacked
from einthoven.renderers.chroma import blank, cleaned, render
from einthoven.renderers.options import CHOICES, Options
from einthoven.renderers.page import Page
from einthoven.renderers.paper import palette

Make = Callable[..., Recording]
Image8 = NDArray[np.uint8]


def _black(page: Page) -> NDArray[np.bool_]:
    with Image.open(BytesIO(page.png)) as image:
        assert image.mode == "1"
        return ~np.asarray(image)


def _rgb(page: Page) -> Image8:
    with Image.open(BytesIO(page.png)) as image:
        return np.asarray(image.convert("RGB"))


@pytest.fixture(scope="module")
def ecg(recording_of: Make, fixed_signal: NDArray[np.float32]) -> Recording:
    return recording_of(fixed_signal)


@pytest.fixture(scope="module")
def drawn(fixed_signal: NDArray[np.float32]) -> Callable[..., Image8]:
    """The page of another program: matplotlib's strokes, and grids in the colours of the field's tools."""

    def draw(
        major: Any, minor: Any, ink: Any = "black", paper: Any = "white", dpi: int = 200, pen: float = 1.0
    ) -> Image8:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure(figsize=(11, 8.5), dpi=dpi, facecolor=paper)
        canvas = FigureCanvasAgg(figure)
        axes = figure.add_axes((0.02, 0.02, 0.96, 0.96), facecolor=paper)
        axes.set(xlim=(0, 264), ylim=(0, 204), xticks=[], yticks=[])
        for spine in axes.spines.values():
            spine.set_visible(False)
        for color, step, width in ((minor, 1, 0.4), (major, 5, 0.8)):
            if color is not None:
                axes.vlines(np.arange(0, 264, step), 0, 204, color=color, linewidth=width)
                axes.hlines(np.arange(0, 204, step), 0, 264, color=color, linewidth=width)
        seconds = np.arange(5000) / 500
        for lead in range(12):
            part, x, y = slice(1250 * (lead // 3), 1250 * (lead // 3 + 1)), 7, 160 - 45 * (lead % 3)
            axes.plot(x + 25 * seconds[part], y + 10 * fixed_signal[lead, part], color=ink, linewidth=pen)
            axes.text(x + 62.5 * (lead // 3), y + 16, "aVR", color=ink)
        axes.plot(7 + 25 * seconds, 25 + 10 * fixed_signal[1], color=ink, linewidth=pen)
        canvas.draw()
        return np.ascontiguousarray(np.asarray(canvas.buffer_rgba())[:, :, :3])

    return draw


@pytest.mark.parametrize("color", ["red", "orange", "green", "blue", "none"])
def test_on_our_own_pages_it_finds_the_ink_that_the_index_plane_knows(color: str, ecg: Recording) -> None:
    found, exact = (_black(draw(ecg, Options(grid=color))[0]) for draw in (render, clean.render))
    recall, precision = (found & exact).sum() / exact.sum(), (found & exact).sum() / found.sum()
    assert recall >= 0.998
    assert precision >= (0.992 if color != "none" else 1)


def test_the_geometry_is_that_of_the_grid_page(ecg: Recording) -> None:
    options = Options(layout="6x2", header=("id",), mm_per_mv=5, crop="tight")
    assert render(ecg, options)[0].geometry == grid.render(ecg, options)[0].geometry


@pytest.mark.parametrize("color", ["grey", "black"])
@pytest.mark.parametrize("layout", CHOICES["layout"])
def test_a_grey_or_black_grid_is_refused_in_two_lines(color: str, layout: str, ecg: Recording) -> None:
    options = Options(grid=color, layout=layout)
    for attempt in (lambda: render(ecg, options), lambda: blank(options)):
        with pytest.raises(EinthovenError, match="grid is as dark as ink") as caught:
            attempt()
        assert str(caught.value).count("\n") == 1
        assert "view clean" in caught.value.remedy


@pytest.mark.parametrize("color", ["red", "orange", "green", "blue", "none"])
@pytest.mark.parametrize("ink", CHOICES["ink"])
def test_an_ink_is_found_or_refused_as_the_rule_says_of_its_color(ink: str, color: str, ecg: Recording) -> None:
    options = Options(grid=color, ink=ink)
    solid = palette(options)[3 * 63 : 3 * 63 + 3]
    if max(solid) >= 140 or max(solid) - min(solid) >= 60:
        for attempt in (lambda: render(ecg, options), lambda: blank(options)):
            with pytest.raises(EinthovenError, match=r"ink is (left|pale)"):
                attempt()
        return
    found, exact = (_black(draw(ecg, options)[0]) for draw in (render, clean.render))
    # Paler ink reaches the threshold nearer to the middle of the stroke: thinner lines, none of them lost.
    assert (found & exact).sum() / exact.sum() > 0.9
    assert (found & exact).sum() / found.sum() > 0.99


@pytest.mark.parametrize("ink", [(24, 44, 140), (150, 150, 150), (120, 10, 10)])
@pytest.mark.parametrize("color", ["red", "none"])
def test_a_page_in_an_ink_that_is_pale_or_has_a_color_is_refused_blank_or_not(
    ink: tuple[int, int, int], color: str, ecg: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The strokes of the page again, mixed with this ink in the palette's place.
    grounds = np.frombuffer(palette(Options(grid=color)), dtype=np.uint8).reshape(4, 64, 3)[:, :1]
    share = np.arange(64)[None, :, None] / 63
    mixed = np.rint(grounds * (1 - share) + np.array(ink) * share).astype(np.uint8).reshape(256, 3)
    with Image.open(BytesIO(grid.render(ecg, Options(grid=color))[0].png)) as image:
        page = mixed[np.asarray(image)]
    with pytest.raises(EinthovenError, match="the page cannot be cleaned: no"):
        cleaned(page)
    monkeypatch.setattr(chroma, "palette", lambda options: mixed.tobytes())
    with pytest.raises(EinthovenError, match="its ink is pale or has a color"):
        blank(Options(grid=color))


#: Colours of grid lines in ecg-image-kit, ecg_plot and a page of plain matplotlib.
PALE = {
    "ecg-image-kit pink": ((1, 0.796, 0.866), (0.996, 0.929, 0.973)),
    "ecg-image-kit brown": ((0.427, 0.196, 0.184), (1, 0.796, 0.866)),
    "ecg_plot red": ((1, 0, 0), (1, 0.7, 0.7)),
    "matplotlib": ("#ea9690", "#f9d3ce"),
    "blue": ((0.1, 0.1, 0.8), (0.6, 0.7, 1)),
    "green": ((0, 0.5, 0.2), (0.6, 0.9, 0.7)),
    "light grey": ((0.6, 0.6, 0.6), (0.8, 0.8, 0.8)),
    "none": (None, None),
}


@pytest.mark.parametrize("name", PALE)
@pytest.mark.parametrize(("dpi", "pen"), [(200, 0.5), (200, 1.0), (110, 1.0)])
def test_pages_of_other_programs_are_cleaned(name: str, dpi: int, pen: float, drawn: Callable[..., Image8]) -> None:
    major, minor = PALE[name]
    found = cleaned(drawn(major, minor, dpi=dpi, pen=pen)) == 0
    truth = cleaned(drawn(None, None, dpi=dpi, pen=pen)) == 0
    near = cv2.dilate(truth.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    assert (found & truth).sum() / truth.sum() > 0.97
    assert (found & near).sum() / found.sum() > 0.99


@pytest.mark.parametrize("shade", [0.0, 0.2, 0.4, 0.5])
@pytest.mark.parametrize("minor", [None, 0.9, 0.0])
@pytest.mark.parametrize("dpi", [110, 200])
def test_no_dark_grid_of_another_program_passes(
    shade: float, minor: float | None, dpi: int, drawn: Callable[..., Image8]
) -> None:
    page = drawn((shade,) * 3, None if minor is None else (min(minor + shade, 0.9),) * 3, dpi=dpi)
    with pytest.raises(EinthovenError, match="the page cannot be cleaned"):
        cleaned(page)


@pytest.mark.parametrize("degrees", [1, 3, 10, 30])
def test_nor_does_one_that_lies_askew(degrees: float, drawn: Callable[..., Image8]) -> None:
    page = drawn((0.2, 0.2, 0.2), None)
    turn = cv2.getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), degrees, 1)
    askew = cv2.warpAffine(page, turn, (page.shape[1], page.shape[0]), borderValue=(255, 255, 255))
    with pytest.raises(EinthovenError, match="grid"):
        cleaned(askew.astype(np.uint8))


def test_lines_across_alone_are_a_grid_too(drawn: Callable[..., Image8]) -> None:
    page = drawn(None, None).copy()
    page[::40] = 40
    with pytest.raises(EinthovenError, match="grid is as dark as ink"):
        cleaned(page)


def test_a_small_piece_of_grey_paper_is_refused_too(ecg: Recording) -> None:
    for page in patches.render(ecg, Options(grid="grey")):
        with pytest.raises(EinthovenError, match="lines across and 13 down"):
            cleaned(_rgb(page))


def test_twelve_rows_of_tall_complexes_at_once_are_no_grid(recording_of: Make) -> None:
    # In step, flat in between, and so tall that they ink whole columns: lines across and down, and cells.
    beats = np.zeros(5000)
    for beat in range(100, 5000, 250):
        beats[beat : beat + 20] = np.interp(np.arange(20), [0, 5, 10, 15, 19], [0, 2.2, 0, -2.2, 0])
    for gain in CHOICES["mm_per_mv"]:
        options = Options(layout="12x1", mm_per_mv=gain)
        recording = recording_of(np.tile(beats, (12, 1)))
        found, exact = (_black(draw(recording, options)[0]) for draw in (render, clean.render))
        assert (found & exact).sum() / exact.sum() > 0.99


def test_pieces_of_our_own_pages_are_cleaned(ecg: Recording) -> None:
    for page in (*patches.render(ecg), *stacked.render(ecg)):
        white = cleaned(_rgb(page)) == 255
        assert 0.8 < white.mean() < 1


def _noise(kind: str) -> Image8:
    draws = np.random.RandomState(11)
    if kind == "color":
        return draws.randint(0, 256, (600, 800, 3)).astype(np.uint8)
    if kind == "grey":
        return np.repeat(draws.randint(0, 256, (600, 800, 1)), 3, axis=2).astype(np.uint8)
    speckled = np.full((600, 800, 3), 250, dtype=np.uint8)
    speckled[draws.rand(600, 800) < 0.01] = 0
    return speckled


def _scene() -> Image8:
    """A photograph of nothing: soft light, a dark object, grain."""
    y, x = np.mgrid[0:900, 0:1200]
    light = 190 + 40 * np.sin(x / 400) + 20 * np.cos(y / 300)
    light = np.where((x - 700) ** 2 / 3 + (y - 500) ** 2 < 150**2, 60.0, light)
    grain = np.random.RandomState(4).randn(900, 1200, 3) * 6
    return np.clip(light[:, :, None] + grain, 0, 255).astype(np.uint8)


def _letter() -> Image8:
    """A page of text: dark on white, but no trace."""
    image = Image.new("RGB", (1200, 1600), "white")
    for row in range(40):
        ImageDraw.Draw(image).text((80, 60 + 36 * row), "Sinus rhythm, normal axis, no acute change. " * 2, fill=0)
    return np.asarray(image)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (np.full((1700, 2200, 3), 255, dtype=np.uint8), "no ink is left"),
        (np.zeros((1700, 2200, 3), dtype=np.uint8), "100% of it would be ink"),
        (_noise("color"), "would be ink"),
        (_noise("grey"), "would be ink"),
        (_noise("speckled"), "only specks or letters"),
        (_scene(), "cannot be cleaned"),
        (_letter(), "only specks or letters"),
    ],
    ids=["white", "black", "color noise", "grey noise", "speckles", "scene", "letter"],
)
def test_what_is_no_page_is_refused(what: Image8, words: str) -> None:
    with pytest.raises(EinthovenError, match=words):
        cleaned(what)


@pytest.mark.parametrize("page", ["red", "none", "black"])
def test_an_inverted_or_dark_page_is_refused(page: str, ecg: Recording) -> None:
    image = _rgb(grid.render(ecg, Options(grid=page))[0])
    for dark in (255 - image, image // 3):
        with pytest.raises(EinthovenError, match="cannot be cleaned"):
            cleaned(dark)


@pytest.mark.parametrize("ink", ["red", (0, 0, 0.7), (0.7, 0.7, 0.7)])
def test_colored_and_pale_traces_of_other_programs_are_refused(ink: Any, drawn: Callable[..., Image8]) -> None:
    # (0, 0, 0.7) is ecg_plot's usual ink.
    with pytest.raises(EinthovenError, match="ink"):
        cleaned(drawn((1, 0, 0), (1, 0.7, 0.7), ink=ink))


def test_labels_alone_are_no_page() -> None:
    with pytest.raises(EinthovenError, match="no traces are left"):
        cleaned(_rgb(grid.blank()[0]))


def test_the_noisiest_and_the_flattest_pages_pass(recording_of: Make) -> None:
    draws = np.random.RandomState(2)
    noisy = recording_of(draws.randn(12, 5000) * 0.1)
    flat = recording_of(np.zeros((12, 5000)))
    tall = recording_of(np.where(np.arange(5000) % 300 < 8, 2.5, 0) * draws.uniform(-1, 1, (12, 1)))
    for recording in (noisy, flat, tall):
        for layout in CHOICES["layout"]:
            found = _black(render(recording, Options(layout=layout))[0])
            exact = _black(clean.render(recording, Options(layout=layout))[0])
            assert (found & exact).sum() / exact.sum() > 0.99


def test_an_image_comes_in_any_mode_and_keeps_its_size(ecg: Recording) -> None:
    (page,) = grid.render(ecg)
    rgb = _rgb(page)
    expected = cleaned(rgb)
    assert expected.shape == rgb.shape[:2]
    assert expected.dtype == np.uint8
    assert set(np.unique(expected)) == {0, 255}
    np.testing.assert_array_equal(cleaned(rgb[:, :, ::-1]), expected)  # OpenCV's order
    with Image.open(BytesIO(page.png)) as image:
        np.testing.assert_array_equal(cleaned(image), expected)
    clear = np.dstack([np.zeros_like(rgb), np.where(expected == 0, 255, 0).astype(np.uint8)])  # ink on nothing
    again = cleaned(Image.fromarray(clear, "RGBA"))
    assert ((again == 0) >= (expected == 0)).all()


@pytest.mark.parametrize("wrong", [np.zeros((5, 5), np.uint8), np.zeros((5, 5, 3)), np.zeros((0, 5, 3), np.uint8)])
def test_an_array_that_is_no_image_is_a_fault_of_the_caller(wrong: Any) -> None:
    with pytest.raises(ValueError, match="an image is uint8"):
        cleaned(wrong)


def test_every_color_of_the_options_is_cleaned_rightly_or_refused(ecg: Recording) -> None:
    for color in CHOICES["grid"]:
        options = Options(grid=color)
        try:
            found = _black(render(ecg, options)[0])
        except EinthovenError:
            continue
        exact = _black(clean.render(ecg, replace(options, grid="red"))[0])
        assert (found & exact).sum() / (found | exact).sum() > 0.98


@pytest.mark.real_data
@pytest.mark.skipif("EINTHOVEN_DATA" not in os.environ, reason="EINTHOVEN_DATA is not set: no real recordings")
def test_no_page_of_a_real_recording_is_refused() -> None:
    import wfdb

    root = Path(os.environ["EINTHOVEN_DATA"]) / "ptb-xl" / "records500"
    paths = sorted(root.glob("*/*_hr.hea"))[::100]
    assert paths
    hits = np.zeros(3)
    for path in paths:
        samples, fields = wfdb.rdsamp(str(path.with_suffix("")))
        signal = checked_signal(path.stem, samples, fields["sig_name"], fields["units"], fields["fs"])
        recording = Recording(path.stem, signal, fields["fs"], Patient(path.stem))
        for options in (Options(), Options(layout="12x1", mm_per_mv=20)):
            found, exact = (_black(draw(recording, options)[0]) for draw in (render, clean.render))
            hits += (found & exact).sum(), exact.sum(), found.sum()
    recall, precision = hits[0] / hits[1], hits[0] / hits[2]
    assert recall > 0.999
    assert precision > 0.99
