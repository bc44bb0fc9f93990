"""Millimetre paper as an index plane, with all that is printed on it beforehand, and the palette to see it by.

An index is ``grid_class << 6 | coverage``: two bits say what lies beneath (paper, thin line, bold line), six how much
of the pixel is inked. A pixel is therefore drawn by changing its coverage alone, and the palette does the mixing.
"""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.renderers.layout import Layout, Text
from einthoven.renderers.lettering import lettered
from einthoven.renderers.options import STANDARD, Options

__all__ = ["BOLD", "COVERAGE", "FULL", "PAPER", "PEN", "THIN", "palette", "paper", "written"]

#: Grid classes. A fourth is free.
PAPER, THIN, BOLD = 0, 1, 2

#: The bits of an index that hold coverage, and the most they hold.
COVERAGE = FULL = 63

#: Width of the trace in pixels: 0.375 mm. Odd, so that a level line can fill whole pixels.
PEN = 3

#: Every fifth line is bold: 5 mm, 0.2 s, 0.5 mV.
_BOLD_EVERY = 5

#: The colour of the free class.
_FREE = (255, 255, 255)


@cache
def _colors() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("colors.toml").read_text(encoding="utf-8"))


def palette(options: Options = STANDARD) -> bytes:
    """Give the 256 RGB triples: ink mixed over each grid class in 63 even steps.

    Parameters
    ----------
    options : Options
        Of which `grid` and `ink` count.
    """
    return _mixed(options.grid, options.ink)


@cache
def _mixed(grid: str, ink: str) -> bytes:
    ground_of, ink_of = _colors()["grid"][grid], _colors()["ink"][ink]
    coverage = np.arange(FULL + 1, dtype=np.int64)[None, :, None]
    grounds = (ground_of["paper"], ground_of["thin"], ground_of["bold"], _FREE)
    ground = np.array(grounds, dtype=np.int64)[:, None, :]
    mixed = (ground * (FULL - coverage) + np.array(ink_of, dtype=np.int64) * coverage + FULL // 2) // FULL
    return mixed.astype(np.uint8).tobytes()


def _millimetres(length: int, step: int, origin: int) -> NDArray[np.uint8]:
    """Classify the pixels across the lines of one direction.

    A thin line is one pixel at every millimetre. A bold one has its core there and a thin line's colour on either
    side, so that it is wider and still centred on its millimetre.
    """
    classes = np.full(length, PAPER, dtype=np.uint8)
    classes[origin % step :: step] = THIN
    bold = np.arange(origin % (step * _BOLD_EVERY), length + 1, step * _BOLD_EVERY)
    for side in (bold - 1, bold + 1):
        classes[side[(side >= 0) & (side < length)]] = THIN
    classes[bold[bold < length]] = BOLD
    return classes


#: A plane is some megabytes: a run draws with few options.
@lru_cache(maxsize=32)
def _printed(layout: Layout, lined: bool) -> NDArray[np.uint8]:
    geometry = layout.geometry
    plane = np.full((geometry.height, geometry.width), PAPER, dtype=np.uint8)
    if lined:
        across = _millimetres(geometry.width, round(geometry.px_per_mm_x), layout.origin[0])
        down = _millimetres(geometry.height, round(geometry.px_per_mm_y), layout.origin[1])
        np.maximum(down[:, None], across[None, :], out=plane)
        plane <<= np.uint8(6)
    for line in layout.lines:
        reach = PEN // 2 if line.heavy else 0
        plane[line.y0 - reach : line.y1 + reach + 1, line.x0 - reach : line.x1 + reach + 1] |= FULL
    for text in layout.texts:
        written(plane, text)
    plane.setflags(write=False)
    return plane


def paper(layout: Layout, options: Options = STANDARD) -> NDArray[np.uint8]:
    """Give the page without its traces.

    Parameters
    ----------
    layout : Layout
        What to print. Its geometry's pixels a millimetre are whole numbers; they may differ along the two axes.
    options : Options
        Of which `grid` counts: ``none`` gives paper without lines.

    Returns
    -------
    ndarray of uint8, shape (height, width)
        Read-only, the same array at every call: copy it before drawing.
    """
    return _printed(layout, options.grid != "none")


def written(plane: NDArray[np.uint8], text: Text) -> None:
    """Ink a line of text onto a page in place; what lies beneath shows where the letters do not cover it.

    Parameters
    ----------
    plane : ndarray of uint8, shape (height, width)
        Indices; the text's box lies on it.
    text : Text
        What to write and where.
    """
    box = text.box
    part = plane[box.y0 : box.y1, box.x0 : box.x1]
    ink = lettered(text.text, text.size, text.font)[2]
    np.maximum(part, part & np.uint8(0xFF ^ COVERAGE) | ink, out=part)
