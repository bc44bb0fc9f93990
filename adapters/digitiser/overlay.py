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

#: Blue, green, red of the lines: the first that differs enough from the page's own colors is taken.
_COLORS: tuple[Color, ...] = ((40, 150, 0), (210, 0, 200), (255, 60, 0), (0, 110, 255))

#: Share of white that the page is mixed with, and the steps of what is left: scanner noise would fill the file.
_PALE, _STEP = 0.45, 8

#: Millivolts that the line is thick and letters are high; seconds and millivolts by which a lead's name stands inside
#: and below the beginning of its line.
_THICK, _HIGH_LETTERS, _INSIDE, _BELOW = 0.025, 0.3, 0.06, 0.35

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

    color = _contrast(found.papers[0].pixels)
    alone = len(found.papers) == 1
    sheets = [
        _drawn(found, paper.pixels, [one for one in found.stretches if alone or one.row == number], color)
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


def _drawn(found: Digitised, pixels: Plane, stretches: Sequence[Stretch], color: Color) -> Plane:
    """Draw stretches over one sheet."""
    from cv2 import LINE_AA, polylines

    pale = pixels.astype(np.float32) * (1.0 - _PALE) + 255.0 * _PALE
    sheet = np.ascontiguousarray(np.minimum(np.round(pale / _STEP) * _STEP, 255.0).astype(np.uint8))
    thick = max(round(_THICK * found.scale.px_per_mv), 1)
    for stretch in stretches:
        runs = [np.round(run * 2**_FRACTION).astype(np.int32) for run in _unbroken(*line(found, stretch))]
        polylines(sheet, runs, False, color, thick, LINE_AA, _FRACTION)
    image = Image.fromarray(sheet)  # the channels are swapped for drawing and for OpenCV's writer alike
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(max(_HIGH_LETTERS * found.scale.px_per_mv, 12.0))
    for stretch in stretches:
        x = stretch.x0 + _INSIDE * found.scale.px_per_second
        y = float(found.baselines[stretch.row]) + _BELOW * found.scale.px_per_mv
        name = ("-" if stretch.sign < 0 else "") + stretch.lead
        pen.text((x, y), name, color, font, stroke_width=3, stroke_fill=(255, 255, 255))
    return np.array(image)


def _unbroken(x: Floats, y: Floats) -> Iterator[Floats]:
    """Cut a line where nothing was recovered: points, shape (points, 2)."""
    known = np.isfinite(y)
    for part in np.split(np.arange(len(y)), np.flatnonzero(np.diff(known)) + 1):
        if part.size and known[part[0]]:
            yield np.column_stack([x[part], y[part]])


def _contrast(pixels: Plane) -> Color:
    """Choose the color that is farthest from ink, ruling and paper."""
    seen = pixels[::5, ::5].reshape(-1, 3).astype(np.float64)
    light = seen.sum(axis=1)
    own = [np.median(seen, axis=0)]
    for low, high in ((0.0, 1.0), (5.0, 15.0)):  # percentiles: ink, and the ruling between it and the paper
        a, b = np.percentile(light, (low, high))
        own.append(np.median(seen[(light >= a) & (light <= b)], axis=0))
    page = np.array(own) * (1.0 - _PALE) + 255.0 * _PALE
    apart = [float(np.linalg.norm(page - np.array(color), axis=1).min()) for color in _COLORS]
    enough = 0.8 * max(apart)
    return next(color for color, distance in zip(_COLORS, apart, strict=True) if distance >= enough)


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
