"""The identity of an image: the SHA-256 of its decoded pixels, the same whatever compressed them.

Hashed are, one after the other: the text ``MODE WIDTHxHEIGHT `` in Pillow's words (``P 2200x1700 ``), the palette as
RGB bytes (nothing for an image without one), and the pixels row by row. Anyone recomputes it with Pillow::

    image = Image.open("page.png")
    head = f"{image.mode} {image.width}x{image.height} ".encode()
    hashlib.sha256(head + bytes(image.getpalette() or ()) + image.tobytes()).hexdigest()

A palette image is hashed as palette and indices, which determine its RGB pixels, because hashing three times the
bytes would cost more than drawing them. Of a black and white image Pillow gives eight pixels a byte, the leftmost in
the highest bit, white as 1, each row filled up with zeros to whole bytes.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

__all__ = ["begun", "of_image", "of_plane", "of_png"]


def of_plane(plane: NDArray[np.uint8] | NDArray[np.bool_], palette: bytes | None) -> str:
    """Identify an index plane and its palette without encoding them.

    Parameters
    ----------
    plane : ndarray of uint8 or bool, shape (height, width)
        Palette indices; without a palette 0 for black and anything else for white.
    palette : bytes or None
        256 RGB triples; None for a black and white page.

    Returns
    -------
    str
        64 hex digits.
    """
    import numpy as np

    digest = begun(plane.shape, palette)
    digest.update(np.ascontiguousarray(plane if palette is not None else np.packbits(plane, axis=1)).data)
    return digest.hexdigest()


def begun(shape: tuple[int, ...], palette: bytes | None) -> hashlib._Hash:
    """Hash all but the pixels of an index plane: for who adds them as they pass, row by row.

    Parameters
    ----------
    shape : tuple of int
        Height and width.
    palette : bytes or None
        As for `of_plane`.
    """
    height, width = shape
    return hashlib.sha256(f"{'1' if palette is None else 'P'} {width}x{height} ".encode() + (palette or b""))


def of_png(png: bytes) -> str:
    """Identify any image file by decoding it with Pillow.

    Parameters
    ----------
    png : bytes
        The whole file.

    Returns
    -------
    str
        64 hex digits; for a page of ours equal to its `Page.pixel_id`.
    """
    from io import BytesIO

    from PIL import Image

    with Image.open(BytesIO(png)) as image:
        return of_image(image)


def of_image(image: Image) -> str:
    """Identify an image that Pillow has decoded.

    Parameters
    ----------
    image : PIL.Image.Image
        Of any mode.

    Returns
    -------
    str
        64 hex digits.
    """
    head = f"{image.mode} {image.width}x{image.height} ".encode()
    return hashlib.sha256(head + bytes(image.getpalette() or ()) + image.tobytes()).hexdigest()
