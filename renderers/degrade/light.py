"""Light on the sheet: fields of gain, one number a pixel, made small and enlarged, and the tone of paper and ink."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from einthoven.renderers.degrade.draw import share, stream

__all__ = ["Field", "both", "creases", "gutter", "lit", "patchy", "shade", "slope", "toned", "vignette"]

#: Shape (rows, columns), of float32: gain, 1 where nothing changes. Smaller than the image; `lit` enlarges it.
Field = NDArray[np.float32]

#: Pixels of the image a cell of a field, along each side.
_CELL = 4

#: Millimetres over which the paper beside a fold stands up, and half the width of the broken fibres along it.
_FLANK, _BREAK = 9.0, 0.35

#: Cells of the draw behind `patchy`.
_PATCHES = (5, 7)

#: Millimetres over which a shadow's rim softens.
_PENUMBRA = 7.0


def _grid(height: int, width: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Give x and y of a field's cells in pixels of the image, as a row and a column."""
    rows, columns = -(-height // _CELL), -(-width // _CELL)
    x = (np.arange(columns, dtype=np.float32) + 0.5) * width / columns - 0.5
    y = (np.arange(rows, dtype=np.float32) + 0.5) * height / rows - 0.5
    return x[None, :].astype(np.float32), y[:, None].astype(np.float32)


def both(*fields: Field) -> Field:
    """Multiply fields of one shape."""
    product = fields[0]
    for field in fields[1:]:
        product = product * field
    return product


def lit(image: NDArray[np.uint8], field: Field) -> NDArray[np.uint8]:
    """Multiply an image by a field."""
    height, width = image.shape[:2]
    # 8 bits of gain up to 1.275 are enough: what follows is noisier.
    coarse = np.clip(np.rint(field * 200), 0, 255).astype(np.uint8)
    gain = cv2.cvtColor(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR), cv2.COLOR_GRAY2BGR)
    return cv2.multiply(image, gain, scale=1 / 200).astype(np.uint8, copy=False)


def toned(
    image: NDArray[np.uint8], fade: float, white: tuple[float, float, float], keep: Field | None = None
) -> NDArray[np.uint8]:
    """Take contrast from a sheet and colour its paper.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
        The sheet.
    fade : float
        Share of the contrast to white that is lost.
    white : tuple of three float
        What becomes of white: gain of blue, green and red.
    keep : Field, optional
        Share of the contrast that is left in places.
    """
    paper = np.rint(np.array(white) * 255)
    lack = np.rint((255 - np.arange(256)[:, None]) * (1.0 - fade) * np.array(white))
    # What lacks to white is what fades; the second table takes it from the paper again.
    taken = np.clip(paper - np.arange(256)[:, None], 0, 255).astype(np.uint8)
    if keep is None:
        return cv2.LUT(image, np.clip(paper - lack, 0, 255).astype(np.uint8)[None]).astype(np.uint8, copy=False)
    lacking = lit(cv2.LUT(image, lack.astype(np.uint8)[None]).astype(np.uint8, copy=False), keep)
    return cv2.LUT(lacking, taken[None]).astype(np.uint8, copy=False)


def patchy(height: int, width: int, depth: float, seed: int) -> Field:
    """Give a field of soft patches between 1 - `depth` and 1."""
    x, y = _grid(height, width)
    draws = stream(seed, "patches").uniform(0.0, 1.0, _PATCHES).astype(np.float32)
    soft = cv2.resize(draws, (x.size, y.size), interpolation=cv2.INTER_CUBIC)
    return (1.0 - depth * np.clip(soft, 0.0, 1.0)).astype(np.float32)


def creases(height: int, width: int, px_per_mm: float, count: int, depth: float, seed: int) -> Field:
    """Give the shading of folds: one flank in the light, the other in its shadow, broken fibres between them.

    The first fold halves the longer side, the second the shorter one, the third lies anywhere.
    """
    x, y = _grid(height, width)
    field = np.ones((y.size, x.size), dtype=np.float32)
    draws = stream(seed, "folds")
    for number in range(count):
        upright = (number == 0) == (width >= height) if number < 2 else bool(draws.randint(2))
        place = draws.uniform(0.46, 0.54) if number < 2 else draws.uniform(0.18, 0.82)
        lean, side = draws.uniform(-0.012, 0.012), share(draws, 0.7)
        along, across, length = (y, x, width) if upright else (x, y, height)
        middle = (height if upright else width) / 2
        distance = (across - place * length - lean * (along - middle)) / px_per_mm
        flank = np.sign(distance) * np.exp(-np.abs(distance) / _FLANK)
        fibres = np.exp(-((distance / _BREAK) ** 2))
        field *= (1.0 + depth * (0.5 * side * flank - 0.9 * fibres)).astype(np.float32)
    return field


def gutter(height: int, width: int, px_per_mm: float, depth: float, seed: int) -> Field:
    """Give the shade along the edge that does not lie flat on the glass."""
    x, y = _grid(height, width)
    draws = stream(seed, "gutter")
    edge, reach = draws.randint(4), draws.uniform(12.0, 22.0) * px_per_mm
    distance = (x, width - 1 - x, y, height - 1 - y)[edge]
    shade = np.broadcast_to(np.exp(-distance / reach), (y.size, x.size))
    return np.asarray(1.0 - depth * shade, dtype=np.float32)


def slope(height: int, width: int, depth: float, seed: int) -> Field:
    """Give light that falls off evenly across the frame, in any direction."""
    x, y = _grid(height, width)
    angle = stream(seed, "slope").uniform(0.0, 2.0 * np.pi)
    across = np.cos(angle) * (x / width - 0.5) + np.sin(angle) * (y / height - 0.5)
    return np.asarray(1.0 - depth * (across + 0.5), dtype=np.float32)


def vignette(height: int, width: int, depth: float) -> Field:
    """Give a lens's loss of light, `depth` in the corners."""
    x, y = _grid(height, width)
    radius = (2 * x / width - 1) ** 2 + (2 * y / height - 1) ** 2
    return np.asarray(1.0 - depth * radius / 2, dtype=np.float32)


def shade(height: int, width: int, px_per_mm: float, depth: float, reach: float, seed: int) -> Field:
    """Give the shadow of a hand with a telephone, reaching into the frame from one of its sides.

    Parameters
    ----------
    height, width, px_per_mm
        Of the image.
    depth : float
        Share of the light that is lost in it.
    reach : float
        How far it comes in, as a share of the diagonal.
    seed : int
        Of the page.
    """
    x, y = _grid(height, width)
    draws = stream(seed, "shade")
    angle, slip = draws.uniform(0.0, 2.0 * np.pi), draws.uniform(-0.22, 0.22)
    # Along its axis (0 at its tip, towards the viewer 1) and across: telephone, four fingers' width, wrist, arm.
    outline = np.array(
        [
            [0.0, 0.0, 0.34, 0.38, 0.62, 0.80, 2.5, 2.5, 0.80, 0.60, 0.34],
            [-0.13, 0.13, 0.13, 0.20, 0.22, 0.14, 0.20, -0.20, -0.14, -0.17, -0.13],
        ]
    ).T
    outline[:, 1] += draws.uniform(-0.015, 0.015, len(outline))
    diagonal = float(np.hypot(width, height)) / _CELL
    axis, normal = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    # The frame's rim in this direction, then back by the reach.
    rim = min(abs(x.size / 2 / axis[0]), abs(y.size / 2 / axis[1]))
    tip = np.array([x.size / 2, y.size / 2]) + axis * (rim - reach * diagonal) + normal * slip * diagonal
    points = tip + diagonal * 0.62 * (outline[:, :1] * axis + outline[:, 1:] * normal)
    dark = np.zeros((y.size, x.size), dtype=np.float32)
    cv2.fillPoly(dark, [np.rint(points * 16).astype(np.int32)], (1.0,), cv2.LINE_8, 4)
    soft = cv2.GaussianBlur(dark, (0, 0), _PENUMBRA * px_per_mm / _CELL / 2)
    return (1.0 - depth * soft).astype(np.float32)
