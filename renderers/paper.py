"""Millimetre paper as an index plane, with all that is printed on it beforehand, and the palette to see it by.

An index is ``grid_class << 6 | coverage``: two bits say what lies beneath (paper, thin line, bold line), six how much
of the pixel is inked. A pixel is therefore drawn by changing its coverage alone, and the palette does the mixing.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from einthoven.renderers.layout import PX_PER_MM, Layout
from einthoven.renderers.lettering import lettered

__all__ = ["BOLD", "COVERAGE", "FULL", "INK", "PAPER", "PEN", "THIN", "palette", "paper"]

#: Grid classes. A fourth is free.
PAPER, THIN, BOLD = 0, 1, 2

#: The bits of an index that hold coverage, and the most they hold.
COVERAGE = FULL = 63

#: Colours of the grid classes, and the ink: the red on pink of thermal paper.
_COLORS = ((255, 248, 246), (249, 211, 206), (234, 150, 144), (255, 255, 255))
INK = (0, 0, 0)

#: Width of the trace in pixels: 0.375 mm. Odd, so that a level line can fill whole pixels.
PEN = 3

#: Every fifth line is bold: 5 mm, 0.2 s, 0.5 mV.
_BOLD_EVERY = 5


@cache
def palette() -> bytes:
    """Give the 256 RGB triples: ink mixed over each grid class in 63 even steps."""
    coverage = np.arange(FULL + 1, dtype=np.int64)[None, :, None]
    ground = np.array(_COLORS, dtype=np.int64)[:, None, :]
    mixed = (ground * (FULL - coverage) + np.array(INK, dtype=np.int64) * coverage + FULL // 2) // FULL
    return mixed.astype(np.uint8).tobytes()


def _millimetres(length: int) -> NDArray[np.uint8]:
    """Classify the pixels across the lines of one direction.

    A thin line is one pixel at every millimetre. A bold one has its core there and a thin line's colour on either
    side, so that it is wider and still centred on its millimetre.
    """
    classes = np.full(length, PAPER, dtype=np.uint8)
    classes[::PX_PER_MM] = THIN
    bold = np.arange(0, length + 1, PX_PER_MM * _BOLD_EVERY)
    for side in (bold - 1, bold + 1):
        classes[side[(side >= 0) & (side < length)]] = THIN
    classes[bold[bold < length]] = BOLD
    return classes


@cache
def paper(layout: Layout) -> NDArray[np.uint8]:
    """Give the page without its traces.

    Parameters
    ----------
    layout : Layout
        What to print.

    Returns
    -------
    ndarray of uint8, shape (height, width)
        Read-only, the same array at every call: copy it before drawing.
    """
    geometry = layout.geometry
    grid = np.maximum(_millimetres(geometry.height)[:, None], _millimetres(geometry.width)[None, :])
    ink = np.zeros_like(grid)
    for line in layout.lines:
        reach = PEN // 2 if line.heavy else 0
        ink[line.y0 - reach : line.y1 + reach + 1, line.x0 - reach : line.x1 + reach + 1] = FULL
    for text in layout.texts:
        box = text.box
        part = ink[box.y0 : box.y1, box.x0 : box.x1]
        np.maximum(part, lettered(text.text, text.size)[2], out=part)
    plane = grid << np.uint8(6) | ink
    plane.setflags(write=False)
    return plane
