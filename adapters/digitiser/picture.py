"""An image file becomes three planes of pixels, of a size that can be worked on."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.digitiser.png_lines import png_lines
from einthoven.adapters.digitiser.undigitisable import Undigitisable

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["picture"]

Picture = NDArray[np.uint8]

#: Pixels of the shorter side below which no page, no strip and no lead can be read.
_SMALLEST = 120

#: Pixels of an image that are decoded at most: a telephone's 50 megapixels and a little.
_LARGEST = 64_000_000

#: Pixels of the longer side that are worked on: 10 px/mm on a page of 275 mm, more than a printed trace holds.
_WORKED_ON = 2800


def picture(file: bytes) -> Picture:
    """Decode an image file.

    Parameters
    ----------
    file : bytes
        PNG, JPEG or what else Pillow knows; transparent parts are white paper.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        Blue, green, red; the longer side is at most 2800 pixels.

    Raises
    ------
    Undigitisable
        It is no image, or too small or too large.
    """
    from cv2 import INTER_AREA, resize
    from PIL import Image

    if not file:
        raise Undigitisable("the image is empty")
    try:
        with Image.open(io.BytesIO(file)) as opened:
            width, height = opened.size
            if min(width, height) < _SMALLEST:
                raise Undigitisable(f"the image is too small: {width} x {height} pixels")
            if width * height > _LARGEST:
                raise Undigitisable(f"the image is too large: {width} x {height} pixels")
            pixels = _blue_green_red(opened, file)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Undigitisable("the file cannot be decoded as an image") from error
    scale = _WORKED_ON / max(pixels.shape[:2])
    if scale < 1.0:
        size = round(pixels.shape[1] * scale), round(pixels.shape[0] * scale)
        pixels = np.asarray(resize(pixels, size, interpolation=INTER_AREA), dtype=np.uint8)
    return pixels


def _blue_green_red(opened: Image.Image, file: bytes) -> Picture:
    from cv2 import IMREAD_COLOR, imdecode
    from PIL import Image

    if "A" in opened.getbands() or "transparency" in opened.info:
        layered = opened.convert("RGBA")
        flat = Image.alpha_composite(Image.new("RGBA", layered.size, (255, 255, 255, 255)), layered)
        return np.ascontiguousarray(np.asarray(flat.convert("RGB"))[..., ::-1])
    plain = png_lines(file)
    if plain is not None:
        return plain
    found = imdecode(np.frombuffer(file, dtype=np.uint8), IMREAD_COLOR)
    if found is None:
        return np.ascontiguousarray(np.asarray(opened.convert("RGB"))[..., ::-1])
    return np.asarray(found, dtype=np.uint8)
