from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from einthoven.bench.sources.page_check import shows_ecg, trace_grade
from einthoven.bench.sources.registry import open_source
from einthoven.ecg.recording import Recording
from einthoven.renderers import grid


@pytest.fixture(scope="module")
def recording() -> Recording:
    source = open_source("sim")
    return source.load(source.entries[0])


@pytest.fixture(scope="module")
def page(recording: Recording) -> Image.Image:
    return Image.open(BytesIO(grid.render(recording)[0].png)).convert("RGB")


def jpeg(image: Image.Image, quality: int) -> Image.Image:
    file = BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


def shaded(image: Image.Image) -> Image.Image:
    light = np.linspace(1.0, 0.4, image.width)[None, :, None]
    return Image.fromarray((np.asarray(image) * light).astype(np.uint8))


WAYS = {
    "as it is": lambda page: page,
    "grey": lambda page: page.convert("L"),
    "ten degrees": lambda page: page.rotate(10, expand=True, fillcolor="white"),
    "ten degrees back": lambda page: page.rotate(-10, expand=True, fillcolor="white"),
    "sideways": lambda page: page.transpose(Image.Transpose.ROTATE_90),
    "blurred": lambda page: page.filter(ImageFilter.GaussianBlur(2)),
    "poor JPEG": lambda page: jpeg(page, 20),
    "shaded": lambda page: shaded(page),
    "dark mode": lambda page: Image.fromarray(255 - np.asarray(page)),
    "blue grid": lambda page: Image.fromarray(np.asarray(page)[..., ::-1].copy()),
    "fax": lambda page: page.convert("L").point(lambda value: 255 * (value > 140)),
    "small": lambda page: page.resize((700, 541), Image.Resampling.LANCZOS),
    "in a corner": lambda page: corner(page),
}


def corner(page: Image.Image) -> Image.Image:
    table = Image.new("RGB", (4000, 3000), (90, 70, 50))
    table.paste(page, (100, 100))
    return table


@pytest.mark.parametrize("way", WAYS)
def test_a_page_is_taken_for_what_it_is(page: Image.Image, way: str) -> None:
    assert shows_ecg(WAYS[way](page))


def test_a_single_lead_without_a_grid_is_enough(recording: Recording) -> None:
    assert recording.signal is not None
    for lead in (1, 7, 10):
        patch = Image.new("L", (600, 320), 255)
        trace = recording.signal[lead, :1250]
        points = [(10 + 580 * k / 1250, 160 - 60 * value) for k, value in enumerate(trace)]
        ImageDraw.Draw(patch).line(points, fill=0, width=2)
        assert shows_ecg(patch, part=True)


def text(ruled: bool) -> Image.Image:
    image = Image.new("RGB", (1200, 1600), "white")
    pen = ImageDraw.Draw(image)
    for y in range(60, 1500, 60):
        pen.text(
            (50, y), "patient yjgpq rhythm axis block report 123 mm/s", font=ImageFont.load_default(40), fill="black"
        )
        if ruled:
            pen.line((50, y + 43, 1150, y + 43), fill="black", width=3)
    return image


def table() -> Image.Image:
    image = text(False)
    pen = ImageDraw.Draw(image)
    for x in range(40, 1200, 180):
        pen.line((x, 40, x, 1520), fill="black", width=3)
    for y in range(40, 1560, 60):
        pen.line((40, y, 1160, y), fill="black", width=3)
    return image


def noise(grain: int) -> Image.Image:
    small = np.random.RandomState(grain).normal(128, 60, (1000 // grain, 1400 // grain, 3))
    return Image.fromarray(np.clip(small, 0, 255).astype(np.uint8)).resize((1400, 1000), Image.Resampling.BICUBIC)


def axes() -> Image.Image:
    image = Image.new("RGB", (1200, 900), "white")
    pen = ImageDraw.Draw(image)
    pen.line((100, 800, 1150, 800), fill="black", width=3)
    pen.line((100, 50, 100, 800), fill="black", width=3)
    for x in range(100, 1150, 100):
        pen.line((x, 800, x, 812), fill="black", width=3)
        pen.text((x - 8, 820), str(x), font=ImageFont.load_default(24), fill="black")
    return image


def blank(kind: str) -> Image.Image:
    image = Image.open(BytesIO(grid.blank()[0].png)).convert("RGB")
    return {"rendered": image, "turned": image.rotate(4, fillcolor="white"), "jpeg": jpeg(image, 30)}[kind]


def gradient() -> Image.Image:
    return Image.fromarray(np.tile(np.linspace(20, 240, 1400), (1000, 1)).astype(np.uint8))


NOTHING = {
    "white": lambda: Image.new("L", (1400, 1000), 255),
    "black": lambda: Image.new("RGB", (1400, 1000)),
    "red": lambda: Image.new("RGB", (300, 300), (200, 30, 30)),
    "gradient": gradient,
    "text": lambda: text(False),
    "ruled text": lambda: text(True),
    "table": table,
    "axes": axes,
    "fine noise": lambda: noise(1),
    "coarse noise": lambda: noise(4),
    "empty page": lambda: blank("rendered"),
    "empty page, turned": lambda: blank("turned"),
    "empty page, JPEG": lambda: blank("jpeg"),
}


@pytest.mark.parametrize("what", NOTHING)
def test_what_is_no_ecg_is_seen(what: str) -> None:
    assert not shows_ecg(NOTHING[what]())


def test_a_grid_as_dark_as_the_trace_is_taken_on_trust(page: Image.Image) -> None:
    """Nobody can cut such a page into traces and paper."""
    lines = np.asarray(page.convert("L")).copy()
    lines[::40] = lines[1::40] = lines[2::40] = 0
    lines[:, ::40] = lines[:, 1::40] = lines[:, 2::40] = 0
    assert shows_ecg(Image.fromarray(lines))
    empty = np.full((1700, 2200), 255, np.uint8)
    empty[::40] = empty[:, ::40] = 0
    assert not shows_ecg(Image.fromarray(empty[:300, :300]))  # too few lines to be a grid


def test_one_piece_at_a_time() -> None:
    def piece(heights: list[int], thick: int = 2) -> np.ndarray:
        found = np.zeros((200, len(heights)), bool)
        previous = heights[0]
        for x, y in enumerate(heights):
            found[min(previous, y) : max(previous, y) + thick, x] = True
            previous = y
        return found

    beats = [100 - 60 * (x % 80 == 40) + 12 * (x % 80 in range(50, 62)) for x in range(600)]
    assert trace_grade(piece(beats), 1000) == 2
    assert trace_grade(piece(beats).T, 1000) == 2
    assert trace_grade(piece(beats[:250]), 500) == 1  # a lead of three beats
    assert trace_grade(piece([100] * 600), 1000) == 0  # a rule
    assert trace_grade(piece([100 - x // 6 for x in range(600)]), 1000) == 0  # a rule askew
    corner = [100 if x < 300 else 100 - (x - 300) // 4 for x in range(600)]
    assert trace_grade(piece(corner), 1000) == 0  # two edges of a sheet
    assert trace_grade(piece(beats, thick=20), 1000) == 0  # no pen
    assert trace_grade(piece(beats) | piece([180] * 600), 1000) == 0  # two lines at once
