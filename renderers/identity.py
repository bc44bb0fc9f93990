"""The identity of an image: the SHA-256 of its decoded pixels, the same whatever compressed them.

Hashed are, one after the other: the text ``MODE WIDTHxHEIGHT `` in Pillow's words (``P 2200x1700 ``), the palette as
RGB bytes (nothing for an image without one), and the pixels row by row. Anyone recomputes it with Pillow::

    image = Image.open("page.png")
    head = f"{image.mode} {image.width}x{image.height} ".encode()
    hashlib.sha256(head + bytes(image.getpalette() or ()) + image.tobytes()).hexdigest()

A palette image is hashed as palette and indices, which determine its RGB pixels, because hashing three times the
bytes would cost more than drawing them.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

__all__ = ["of_image", "of_plane", "of_png"]


def of_plane(plane: NDArray[np.uint8], palette: bytes) -> str:
    """Identify an index plane and its palette without encoding them.

    Parameters
    ----------
    plane : ndarray of uint8, shape (height, width)
        Palette indices.
    palette : bytes
        256 RGB triples.

    Returns
    -------
    str
        64 hex digits.
    """
    height, width = plane.shape
    digest = hashlib.sha256(f"P {width}x{height} ".encode())
    digest.update(palette)
    digest.update(plane.data if plane.flags.c_contiguous else plane.tobytes())
    return digest.hexdigest()


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
