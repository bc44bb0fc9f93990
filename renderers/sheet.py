"""A drawn plane becomes a page: encoded, identified, and handed over with its geometry."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from einthoven.renderers.page import Geometry, Page
from einthoven.renderers.png import identified
from einthoven.renderers.registry import RENDERER_VERSION

__all__ = ["finished"]


def finished(
    plane: NDArray[np.uint8] | NDArray[np.bool_],
    colors: bytes | None,
    geometry: Geometry,
    view: str,
    print_px_per_mm: float | None = None,
) -> Page:
    """Make the page of a plane.

    Parameters
    ----------
    plane : ndarray of uint8 or bool, shape (height, width)
        Palette indices; without a palette 0 for black and anything else for white.
    colors : bytes or None
        256 RGB triples; None for a black and white page.
    geometry : Geometry
        Where everything stands.
    view : str
        The view's name.
    print_px_per_mm : float, optional
        Pixels that make a millimetre in print, both ways, where they are not those of the paper drawn.
    """
    true_size = (print_px_per_mm or geometry.px_per_mm_x, print_px_per_mm or geometry.px_per_mm_y)
    png, pixel_id = identified(plane, colors, *true_size)
    return Page(png, pixel_id, geometry, view, RENDERER_VERSION)
