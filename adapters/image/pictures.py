"""Pages as a network takes them: in the size that a model's own resize leaves, and how dark each pixel is."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from einthoven.errors import EinthovenError
from einthoven.renderers.profile import profile_named
from einthoven.renderers.resize import resized

__all__ = ["DARKEST", "pictures", "seen_size"]

#: Of a black pixel.
DARKEST = 255.0


def seen_size(profile: str, width: int, height: int) -> tuple[int, int]:
    """Return the width and height in pixels that a profile leaves of a picture.

    Raises
    ------
    EinthovenError
        There is no such profile, or its sizes are not published.
    """
    found = resized(width, height, profile_named(profile)).size
    if found is None:
        raise EinthovenError(
            f"the sizes that {profile} resizes to are not published", "choose another profile: docs/resolution.md"
        )
    return found


def pictures(images: Sequence[bytes], profile: str) -> NDArray[np.uint8]:
    """Return what is left of a record's pages.

    Parameters
    ----------
    images : sequence of bytes
        PNG files of one size.
    profile : str
        A profile of ``profiles.toml``.

    Returns
    -------
    ndarray of uint8, shape (pages, rows, columns)
        0 for white, 255 for black.

    Raises
    ------
    EinthovenError
        The pages are of several sizes, or the profile's sizes are not known.
    """
    from PIL import Image

    found = []
    for png in images:
        image = Image.open(io.BytesIO(png)).convert("L")
        left = image.resize(seen_size(profile, *image.size), Image.Resampling.BICUBIC)
        found.append(255 - np.asarray(left, np.uint8))
    if len({one.shape for one in found}) != 1:
        raise EinthovenError("the pages of one record are of several sizes", "give a view whose pages are alike")
    return np.stack(found)
