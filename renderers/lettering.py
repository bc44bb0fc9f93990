"""Letters on the page, as bitmaps that ship with the package.

Pixels must not depend on the fonts of the machine, nor on its FreeType, so ``lettering.json`` holds the glyphs ready
rasterised: Aileron Regular (Sora Sagano, CC0), the font embedded in Pillow. It was made once, with Pillow 13.0 and
FreeType 2.14.3, by ``python -m einthoven.renderers.lettering > renderers/lettering.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["CHARACTERS", "LABEL", "SMALL", "Glyph", "extent", "glyphs", "lettered", "rasterised"]

#: Font sizes in pixels: lead names (capitals 3 mm high at 8 px/mm, as carts print them) and the footer.
LABEL, SMALL = 34, 26

#: All that a page may say: lead names, paper speed, gain.
CHARACTERS = " -./0123456789IVaRLFms"

#: One character a pixel, coverage 0 to 63.
_SCALE = ".0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#"


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """One letter.

    Attributes
    ----------
    advance : int
        Pixels from this letter's origin to the next one's.
    left, top : int
        Where the bitmap's first pixel lies relative to the origin, which is on the baseline; up is negative.
    ink : ndarray of uint8, shape (height, width)
        Coverage, 0 to 63.
    """

    advance: int
    left: int
    top: int
    ink: NDArray[np.uint8]


@cache
def glyphs(size: int) -> Mapping[str, Glyph]:
    """Give the letters of one size.

    Parameters
    ----------
    size : int
        `LABEL` or `SMALL`.
    """
    stored = json.loads(files(__package__).joinpath("lettering.json").read_text(encoding="utf-8"))
    letters = {}
    for character, row in stored["sizes"][str(size)].items():
        ink = np.array([[_SCALE.index(pixel) for pixel in line] for line in row["rows"]], dtype=np.uint8)
        ink = ink.reshape(len(row["rows"]), -1) if row["rows"] else np.zeros((0, 0), dtype=np.uint8)
        ink.setflags(write=False)
        letters[character] = Glyph(row["advance"], row["left"], row["top"], ink)
    return MappingProxyType(letters)


def lettered(text: str, size: int) -> tuple[int, int, NDArray[np.uint8]]:
    """Set a line of text.

    Parameters
    ----------
    text : str
        Of `CHARACTERS`.
    size : int
        `LABEL` or `SMALL`.

    Returns
    -------
    left, top : int
        Where the bitmap's first pixel lies relative to the start of the baseline.
    ink : ndarray of uint8, shape (height, width)
        Coverage, 0 to 63.
    """
    letters = [glyphs(size)[character] for character in text]
    origins = np.cumsum([0, *(letter.advance for letter in letters)]).tolist()
    inked = [(x + g.left, g) for x, g in zip(origins[:-1], letters, strict=True) if g.ink.size]
    left = min(x for x, _ in inked)
    top = min(g.top for _, g in inked)
    right = max(x + g.ink.shape[1] for x, g in inked)
    bottom = max(g.top + g.ink.shape[0] for _, g in inked)
    ink = np.zeros((bottom - top, right - left), dtype=np.uint8)
    for x, g in inked:
        part = ink[g.top - top :, x - left :][: g.ink.shape[0], : g.ink.shape[1]]
        np.maximum(part, g.ink, out=part)
    return left, top, ink


def extent(text: str, size: int) -> tuple[int, int, int, int]:
    """Measure a line of text: left, top, right and bottom of its ink relative to the start of its baseline."""
    left, top, ink = lettered(text, size)
    return left, top, left + ink.shape[1], top + ink.shape[0]


def rasterised() -> dict[str, Any]:
    """Make the content of ``lettering.json`` anew with the Pillow that is installed.

    Another FreeType may give other pixels; the stored ones are what counts.
    """
    from PIL import Image, ImageDraw, ImageFont

    sizes: dict[str, Any] = {}
    for size in (LABEL, SMALL):
        font = ImageFont.load_default(size=size)
        rows = sizes[str(size)] = {}
        for character in CHARACTERS:
            canvas = Image.new("L", (3 * size, 3 * size))
            ImageDraw.Draw(canvas).text((size, 2 * size), character, fill=255, font=font, anchor="ls")
            box = canvas.getbbox() or (size, 2 * size, size, 2 * size)
            ink = (np.asarray(canvas.crop(box), dtype=np.int32) * 63 + 127) // 255
            rows[character] = {
                "advance": round(font.getlength(character)),
                "left": box[0] - size,
                "top": box[1] - 2 * size,
                "rows": ["".join(_SCALE[pixel] for pixel in line) for line in ink.tolist()],
            }
    return {"font": "Aileron Regular, Sora Sagano, CC0 1.0, as embedded in Pillow", "sizes": sizes}


if __name__ == "__main__":
    print(json.dumps(rasterised(), indent=1))
