"""What was recovered, drawn over the page it was recovered from: a person sees at once whether it is right.

The page is the one that was measured: laid straight where it lay askew, and pale, so that ink without a colored line
over it, and a colored line without ink under it, both stand out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from einthoven.adapters.digitiser.clock import Stretch
from einthoven.adapters.digitiser.digitised import Digitised
from einthoven.ecg.recording import LEADS

__all__ = ["line", "overlay"]

Plane = NDArray[np.uint8]
Floats = NDArray[np.float64]
Color = tuple[int, int, int]

#: Blue, green, red of the lines: the two that differ most from the page's own colors are taken, in turn from row to
#: row, so that lines that cross can be told apart.
_COLORS: tuple[Color, ...] = ((210, 0, 200), (40, 150, 0), (255, 60, 0), (0, 110, 255))

#: Share of white that the page is mixed with, and the steps of what is left: scanner noise would fill the file.
_PALE, _STEP = 0.45, 8

#: Millivolts that the line is thick and letters are high.
_THICK, _HIGH_LETTERS = 0.025, 0.3

#: Seconds by which a lead's name stands inside the beginning of its line, and millivolts below it: the first place of
#: those with the least ink. Levels by which ink differs from paper.
_INSIDE, _BELOW, _INK = 0.06, (0.35, 0.65, 0.95, -0.7, -1.1, -1.5), 40

#: Bits of a pixel's fraction that OpenCV draws with.
_FRACTION = 4

#: Images of a lead each are laid out so many below each other, as the leads of a 3x4 page are.
_HIGH = 3


def line(found: Digitised, stretch: Stretch) -> tuple[Floats, Floats]:
    """Give where a stretch's recovered line lies on its paper.

    Parameters
    ----------
    found : Digitised
        What was read off the page.
    stretch : Stretch
        One of its own.

    Returns
    -------
    (x, y) : ndarray of float
        Pixels of `Digitised.papers`; y is NaN where nothing was recovered.
    """
    rate = found.sampling_rate
    signal = found.strips[stretch.lead] if stretch.strip else found.signal[LEADS.index(stretch.lead)]
    part = signal[round(stretch.t0 * rate) : round(stretch.t1 * rate)].astype(np.float64)
    x = stretch.x0 + np.arange(len(part)) / rate * found.scale.px_per_second
    return x, found.baselines[stretch.row] - stretch.sign * part * found.scale.px_per_mv


def overlay(found: Digitised, caption: Sequence[str] = ()) -> bytes:
    """Draw what was recovered over its page.

    Parameters
    ----------
    found : Digitised
        What was read off the page.
    caption : sequence of str
        Lines that stand above it.

    Returns
    -------
    bytes
        A PNG file; images of a lead each side by side, three below each other.
    """
    from cv2 import IMWRITE_PNG_COMPRESSION, IMWRITE_PNG_STRATEGY, IMWRITE_PNG_STRATEGY_DEFAULT, imencode

    colors = _contrast(found)
    alone = len(found.papers) == 1
    sheets = [
        _drawn(found, paper.pixels, [one for one in found.stretches if alone or one.row == number], colors)
        for number, paper in enumerate(found.papers)
    ]
    whole = sheets[0] if alone else _side_by_side(sheets)
    if caption:
        whole = np.vstack([_written(caption, whole.shape[1]), whole])
    # A quarter of the size that OpenCV's own choice gives for ruled paper, in less time.
    _, file = imencode(
        ".png", whole, [IMWRITE_PNG_COMPRESSION, 3, IMWRITE_PNG_STRATEGY, IMWRITE_PNG_STRATEGY_DEFAULT]
    )
    return bytes(file)


def _drawn(found: Digitised, pixels: Plane, stretches: Sequence[Stretch], colors: Sequence[Color]) -> Plane:
    """Draw stretches over one sheet."""
    from cv2 import LINE_AA, LUT, polylines

    pale = np.arange(256) * (1.0 - _PALE) + 255.0 * _PALE
    sheet = np.asarray(
        LUT(pixels, np.minimum(np.round(pale / _STEP) * _STEP, 255.0).astype(np.uint8)), dtype=np.uint8
    )
    thick = max(round(_THICK * found.scale.px_per_mv), 2)
    for stretch in stretches:
        runs = [np.round(run * 2**_FRACTION).astype(np.int32) for run in _unbroken(*line(found, stretch))]
        polylines(sheet, runs, False, colors[stretch.row % 2], thick, LINE_AA, _FRACTION)
    image = Image.fromarray(sheet)  # the channels are swapped for drawing and for OpenCV's writer alike
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(max(_HIGH_LETTERS * found.scale.px_per_mv, 12.0))
    paper = np.median(sheet[::9, ::9], axis=(0, 1))
    for stretch in stretches:
        name = ("-" if stretch.sign < 0 else "") + stretch.lead
        x = stretch.x0 + _INSIDE * found.scale.px_per_second
        _, _, wide, high = pen.textbbox((0, 0), name, font)
        places = [float(found.baselines[stretch.row]) + below * found.scale.px_per_mv for below in _BELOW]
        y = min(places, key=lambda y: _inked(sheet, paper, x, y, wide, high))
        pen.text((x, y), name, colors[stretch.row % 2], font, stroke_width=3, stroke_fill=(255, 255, 255))
    return np.array(image)


def _inked(sheet: Plane, paper: Floats, x: float, y: float, wide: float, high: float) -> float:
    """Give the share of a box that is no paper; all of it where it leaves the sheet."""
    if y < 0 or y + high > len(sheet):
        return 1.0
    box = sheet[max(round(y) - 3, 0) : round(y + high) + 3, max(round(x) - 3, 0) : round(x + wide) + 3]
    return float((np.abs(box - paper) > _INK).any(axis=2).mean()) if box.size else 1.0


def _unbroken(x: Floats, y: Floats) -> Iterator[Floats]:
    """Cut a line where nothing was recovered: points, shape (points, 2)."""
    known = np.isfinite(y)
    for part in np.split(np.arange(len(y)), np.flatnonzero(np.diff(known)) + 1):
        if part.size and known[part[0]]:
            yield np.column_stack([x[part], y[part]])


def _contrast(found: Digitised) -> list[Color]:
    """Choose the two colors that are farthest from the paper, its ruling, and the ink below the lines."""
    pixels = found.papers[0].pixels
    seen = pixels[::5, ::5].reshape(-1, 3)
    light = seen.sum(axis=1, dtype=np.int64)
    dark, pale = np.percentile(
        light, (5.0, 15.0)
    )  # the ruling is darker than the paper, and there is more of it than ink
    ruling = seen[(light >= dark) & (light <= pale)]
    lines = np.concatenate(
        [np.column_stack(line(found, one)) for one in found.stretches if one.row == 0 or len(found.papers) == 1]
    )
    lines = np.round(lines[np.isfinite(lines).all(axis=1)]).astype(np.int64)
    x, y = (np.clip(lines[:, k], 0, pixels.shape[1 - k] - 1) for k in (0, 1))
    own = [np.median(seen, axis=0), np.median(ruling, axis=0)]
    if len(lines):
        own.append(np.percentile(pixels[y, x], 20.0, axis=0))  # a thin line is mixed with paper
    page = np.array(own) * (1.0 - _PALE) + 255.0 * _PALE
    return sorted(_COLORS, key=lambda color: -float(np.linalg.norm(page - np.array(color), axis=1).min()))[:2]


def _side_by_side(sheets: Sequence[Plane]) -> Plane:
    """Lay sheets out column by column."""
    height, width = (max(sheet.shape[k] for sheet in sheets) for k in (0, 1))
    columns = -(-len(sheets) // _HIGH)
    whole = np.full((_HIGH * height, columns * width, 3), 255, dtype=np.uint8)
    for number, sheet in enumerate(sheets):
        y, x = number % _HIGH * height, number // _HIGH * width
        whole[y : y + sheet.shape[0], x : x + sheet.shape[1]] = sheet
    return whole


def _written(lines: Sequence[str], width: int) -> Plane:
    """Write lines on a strip of paper; what does not fit is cut."""
    size = max(width / 90.0, 13.0)
    strip = Image.new("RGB", (width, round((len(lines) * 1.35 + 0.5) * size)), "white")
    pen, font = ImageDraw.Draw(strip), ImageFont.load_default(size)
    for number, text in enumerate(lines):
        plain = text.encode("ascii", "replace").decode()  # the font that comes with Pillow has no other letters
        pen.text((0.5 * size, (0.25 + number * 1.35) * size), plain, "black", font)
    return np.array(strip)
