"""Lead names on the page: small connected ink, grouped into words, held against the names in several fonts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.digitiser.runs import Pieces
from einthoven.ecg.recording import LEADS

__all__ = ["NAMES", "Word", "words"]

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

#: What may stand beside a trace.
NAMES = (*LEADS, "-aVR")

#: The fonts that any Python with matplotlib has, and Pillow's own; other sans-serif fonts come close to one of them.
_FONTS = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSerif", "DejaVuSansMono", "STIXGeneral", "STIXGeneralBol")

#: Pixels of the canvas that words are compared on: all are as high as it is.
_HIGH, _WIDE = 22, 72

#: Shares of the page's shorter side between which letters are high, and the least in pixels.
_LOWEST, _HIGHEST, _LEAST = 0.006, 0.06, 7

#: Letter heights between two letters of a word, at most, and share of the narrower letter by which they may overlap:
#: a name inside a box or a pulse is no part of it.
_GAP, _OVERLAP = 0.62, 0.5

#: Small pieces that are looked at, at most: noise has many.
_MOST = 500

#: Likeness, cosine of the two canvases, from which on a word may be a name.
_LIKE = 0.62


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """Ink that may be a lead's name.

    Attributes
    ----------
    x0, x1, y0, y1 : int
        Where it stands.
    likeness : ndarray, shape (len(NAMES),)
        How much it looks like each name, -1 to 1.
    pieces : ndarray of int
        The pieces it is made of.
    """

    x0: int
    x1: int
    y0: int
    y1: int
    likeness: Floats
    pieces: Integers

    @property
    def name(self) -> str:
        """What it looks like most."""
        return NAMES[int(np.argmax(self.likeness))]


def words(coverage: NDArray[np.uint8], parts: Pieces) -> tuple[Word, ...]:
    """Find what may be lead names.

    Parameters
    ----------
    coverage : ndarray of uint8, shape (height, width)
        The ink.
    parts : Pieces
        What hangs together.
    """
    side = min(coverage.shape)
    highest = _HIGHEST * side
    small = np.flatnonzero((parts.height <= highest) & (parts.width <= 3.0 * highest) & (parts.ink >= 4))
    if len(small) > _MOST:
        small = small[np.argsort(-parts.ink[small], kind="stable")[:_MOST]]
    if not len(small):
        return ()
    found = []
    lowest = max(_LOWEST * side, _LEAST)
    for group in _grouped(parts, small):
        x0, x1 = int(parts.x0[group].min()), int(parts.x1[group].max())
        y0, y1 = int(parts.y0[group].min()), int(parts.y1[group].max())
        high, wide = y1 - y0 + 1, x1 - x0 + 1
        if lowest <= high <= highest and wide <= _WIDE / _HIGH * high and len(group) <= 8:
            found.append((x0, x1, y0, y1, group))
    if not found:
        return ()
    seen = np.stack([_canvas(coverage[y0 : y1 + 1, x0 : x1 + 1]) for x0, x1, y0, y1, _ in found])
    shapes, owner = _templates()
    likeness = seen @ shapes.T
    best = np.stack([likeness[:, owner == k].max(axis=1) for k in range(len(NAMES))], axis=1)
    return tuple(
        Word(x0, x1, y0, y1, row, group)
        for (x0, x1, y0, y1, group), row in zip(found, best, strict=True)
        if row.max() > _LIKE
    )


def _grouped(parts: Pieces, small: Integers) -> list[Integers]:
    """Join pieces that stand beside each other."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    x0, x1, y0, y1 = (side[small].astype(np.float64) for side in (parts.x0, parts.x1, parts.y0, parts.y1))
    height = y1 - y0 + 1
    gap = np.maximum(x0[None, :] - x1[:, None], x0[:, None] - x1[None, :])
    shared = np.minimum(y1[:, None], y1[None, :]) - np.maximum(y0[:, None], y0[None, :]) + 1
    lower, higher = (one(height[:, None], height[None, :]) for one in (np.minimum, np.maximum))
    narrower = np.minimum((x1 - x0 + 1)[:, None], (x1 - x0 + 1)[None, :])
    near = (gap < _GAP * higher) & (gap > -_OVERLAP * narrower - 1.0) & (shared > 0.6 * lower)
    total, label = connected_components(coo_array(near), directed=False)
    return [small[label == k] for k in range(total)]


def _canvas(crop: NDArray[np.uint8]) -> Floats:
    from cv2 import INTER_AREA, INTER_LINEAR, GaussianBlur, resize

    wide = min(max(round(crop.shape[1] * _HIGH / crop.shape[0]), 1), _WIDE)
    how = INTER_AREA if crop.shape[0] > _HIGH else INTER_LINEAR
    canvas = np.zeros((_HIGH + 4, _WIDE + 4), dtype=np.float32)
    canvas[2:-2, 2 : 2 + wide] = resize(crop, (wide, _HIGH), interpolation=how)
    canvas = np.asarray(GaussianBlur(canvas, (0, 0), 1.2), dtype=np.float32)
    canvas -= canvas.mean()
    return np.asarray(canvas.reshape(-1) / max(float(np.linalg.norm(canvas)), 1e-6))


@cache
def _templates() -> tuple[Floats, Integers]:
    """Draw each name in each font."""
    from PIL import Image, ImageDraw, ImageFont

    fonts: list[ImageFont.ImageFont | ImageFont.FreeTypeFont] = [ImageFont.load_default(40)]
    folder = files("matplotlib").joinpath("mpl-data", "fonts", "ttf")
    for name in _FONTS:
        with as_file(folder.joinpath(f"{name}.ttf")) as path:
            if path.exists():
                fonts.append(ImageFont.truetype(str(path), 40))
    shapes, owner = [], []
    for font in fonts:
        for k, name in enumerate(NAMES):
            sheet = Image.new("L", (240, 90))
            ImageDraw.Draw(sheet).text((20, 15), name, fill=255, font=font)
            box = sheet.getbbox()
            if box is not None:
                shapes.append(_canvas(np.asarray(sheet.crop(box))))
                owner.append(k)
    return np.stack(shapes), np.array(owner)
