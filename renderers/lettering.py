"""Letters on the page, as bitmaps that ship with the package.

Pixels must not depend on the fonts of the machine, nor on its FreeType, so ``lettering.json`` holds the glyphs ready
rasterised: of each font and size one row of numbers a character (advance, left, top, width, height) and their
coverages one after the other, compressed. It was made once, with Pillow 13.0, FreeType 2.14.3 and the DejaVu fonts of
matplotlib 3.11, by ``python -m einthoven.renderers.lettering > renderers/lettering.json``; the licence of the latter
stands in ``lettering_license.txt``.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "CHARACTERS",
    "FONTS",
    "LABEL",
    "SMALL",
    "Glyph",
    "extent",
    "glyphs",
    "lettered",
    "printable",
    "rasterised",
]

#: Font sizes in pixels: lead names (capitals 3 mm high at 8 px/mm, as carts print them), and footer and header.
LABEL, SMALL = 34, 26

#: All that a page may say: printable ASCII.
CHARACTERS = "".join(map(chr, range(0x20, 0x7F)))

#: Names of the fonts to where they come from, and the file among matplotlib's; without one it is Pillow's own.
FONTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "sans": ("Aileron Regular, Sora Sagano, CC0 1.0, as embedded in Pillow", ""),
        "serif": ("DejaVu Serif, Bitstream and others, see lettering_license.txt", "DejaVuSerif.ttf"),
        "mono": ("DejaVu Sans Mono, Bitstream and others, see lettering_license.txt", "DejaVuSansMono.ttf"),
    }
)

_FULL = 63


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
def _stored() -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(files(__package__).joinpath("lettering.json").read_text(encoding="utf-8"))
    return stored


@cache
def glyphs(size: int, font: str = "sans") -> Mapping[str, Glyph]:
    """Give the letters of one size.

    Parameters
    ----------
    size : int
        `LABEL` or `SMALL`.
    font : str
        A key of `FONTS`.
    """
    row = _stored()[font]["sizes"][str(size)]
    inks = np.frombuffer(zlib.decompress(b64decode(row["ink"])), dtype=np.uint8)
    letters, at = {}, 0
    for character, (advance, left, top, width, height) in zip(CHARACTERS, row["glyphs"], strict=True):
        ink = inks[at : at + width * height].reshape(height, width)
        letters[character] = Glyph(advance, left, top, ink)
        at += width * height
    return MappingProxyType(letters)


def printable(text: str) -> str:
    """Put a question mark for every character that no font here has."""
    return "".join(one if one in CHARACTERS else "?" for one in text)


def lettered(text: str, size: int, font: str = "sans") -> tuple[int, int, NDArray[np.uint8]]:
    """Set a line of text.

    Parameters
    ----------
    text : str
        Of `CHARACTERS`.
    size : int
        `LABEL` or `SMALL`.
    font : str
        A key of `FONTS`.

    Returns
    -------
    left, top : int
        Where the bitmap's first pixel lies relative to the start of the baseline.
    ink : ndarray of uint8, shape (height, width)
        Coverage, 0 to 63; of no size where nothing but spaces is set.
    """
    letters = [glyphs(size, font)[character] for character in text]
    origins = np.cumsum([0, *(letter.advance for letter in letters)]).tolist()
    inked = [(x + g.left, g) for x, g in zip(origins[:-1], letters, strict=True) if g.ink.size]
    if not inked:
        return 0, 0, np.zeros((0, 0), dtype=np.uint8)
    left = min(x for x, _ in inked)
    top = min(g.top for _, g in inked)
    right = max(x + g.ink.shape[1] for x, g in inked)
    bottom = max(g.top + g.ink.shape[0] for _, g in inked)
    ink = np.zeros((bottom - top, right - left), dtype=np.uint8)
    for x, g in inked:
        part = ink[g.top - top :, x - left :][: g.ink.shape[0], : g.ink.shape[1]]
        np.maximum(part, g.ink, out=part)
    return left, top, ink


def extent(text: str, size: int, font: str = "sans") -> tuple[int, int, int, int]:
    """Measure a line of text: left, top, right and bottom of its ink relative to the start of its baseline."""
    left, top, ink = lettered(text, size, font)
    return left, top, left + ink.shape[1], top + ink.shape[0]


def rasterised() -> dict[str, Any]:
    """Make the content of ``lettering.json`` anew with the Pillow and matplotlib that are installed.

    Another FreeType may give other pixels; the stored ones are what counts.
    """
    from pathlib import Path

    from matplotlib import get_data_path
    from PIL import Image, ImageDraw, ImageFont

    made = {}
    for name, (description, file) in FONTS.items():
        sizes = {}
        for size in (LABEL, SMALL):
            path = Path(get_data_path()) / "fonts" / "ttf" / file
            font = ImageFont.truetype(str(path), size) if file else ImageFont.load_default(size=size)
            rows, inks = [], []
            for character in CHARACTERS:
                canvas = Image.new("L", (3 * size, 3 * size))
                ImageDraw.Draw(canvas).text((size, 2 * size), character, fill=255, font=font, anchor="ls")
                box = canvas.getbbox() or (size, 2 * size, size, 2 * size)
                ink = (np.asarray(canvas.crop(box), dtype=np.int32) * _FULL + 127) // 255
                advance = round(font.getlength(character))
                rows.append([advance, box[0] - size, box[1] - 2 * size, box[2] - box[0], box[3] - box[1]])
                inks.append(ink.astype(np.uint8).tobytes())
            packed = b64encode(zlib.compress(b"".join(inks), 9)).decode("ascii")
            sizes[str(size)] = {"glyphs": rows, "ink": packed}
        made[name] = {"font": description, "sizes": sizes}
    return made


if __name__ == "__main__":
    print(json.dumps(rasterised()))
