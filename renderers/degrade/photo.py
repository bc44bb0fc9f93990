"""A telephone's photograph of a sheet on a table: in perspective, unevenly lit, shaded by the hand that holds it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from einthoven.renderers.degrade.draw import share, stream
from einthoven.renderers.degrade.homography import Matrix, cornered, laid, turned_about
from einthoven.renderers.degrade.light import both, creases, lit, shade, slope, toned, vignette
from einthoven.renderers.degrade.sensor import blurred, noisy, smeared, squeezed
from einthoven.renderers.degrade.severity import Numbers

__all__ = ["photo"]

#: Blue, green, red of table tops: teal, walnut, slate.
_TABLES = ((92, 84, 40), (38, 52, 74), (62, 56, 52))

#: How much of the table's light its grain takes or gives.
_GRAIN = 0.10

#: Share of the frame's side that stays free around the sheet.
_MARGIN = 0.02

#: Millimetres the sheet's own shadow falls beside it, and the light lost there.
_DROP, _DROP_DEPTH = 2.5, 0.55


def photo(
    image: NDArray[np.uint8], px_per_mm: float, strength: Numbers, seed: int
) -> tuple[NDArray[np.uint8], Matrix]:
    """Photograph a sheet.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
        The sheet.
    px_per_mm : float
        Its scale.
    strength : mapping of str to float
        The table ``photo`` of `severities.toml` at one severity.
    seed : int
        Of all that is random.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        As many pixels as the sheet had, with the whole sheet in the frame.
    Matrix
        Sheet to photograph.
    """
    height, width = image.shape[:2]
    cast = strength["cast"] * share(stream(seed, "cast"))
    sheet = toned(image, strength["fade"], (0.97 - max(cast, 0), 0.97 - abs(cast) / 3, 0.97 + min(cast, 0)))
    if strength["folds"]:
        folds = creases(height, width, px_per_mm, int(strength["folds"]), strength["fold_depth"], seed)
        sheet = lit(sheet, folds)
    corners = _corners(height, width, strength, seed)
    matrix = cornered(width, height, corners)
    taken = laid(sheet, matrix, _table(height, width, corners, px_per_mm, seed))
    fields = [slope(height, width, strength["slope"], seed), vignette(height, width, strength["vignette"])]
    if strength["shadow"]:
        fields.append(shade(height, width, px_per_mm, strength["shadow"], strength["shadow_reach"], seed))
    taken = lit(taken, both(*fields))
    taken = smeared(blurred(taken, strength["blur"] * px_per_mm), strength["motion"] * px_per_mm, seed)
    return squeezed(noisy(taken, strength["noise"], True, seed), strength["jpeg_quality"]), matrix


def _corners(height: int, width: int, strength: Numbers, seed: int) -> NDArray[np.float64]:
    """Draw where the sheet's corners come to lie: turned, moved inwards, and shrunk until all are in the frame."""
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    half = np.array([width, height]) / 2
    signs = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], dtype=np.float64)
    inwards = stream(seed, "corners").uniform(0.25, 1.0, (4, 2)) * strength["perspective"] * 2
    turn = turned_about(0.0, 0.0, strength["turn"] * share(stream(seed, "turn")))[:2, :2]
    corners = (signs * (1.0 - inwards) * half) @ turn.T
    largest = float(np.abs(corners / half).max())
    return middle + corners * (1.0 - 2 * _MARGIN) / largest


def _table(height: int, width: int, corners: NDArray[np.float64], px_per_mm: float, seed: int) -> NDArray[np.uint8]:
    """Draw the table with its grain, and the sheet's shadow upon it."""
    draws = stream(seed, "table")
    color = np.array(_TABLES[draws.randint(len(_TABLES))], dtype=np.float32)
    grain = draws.uniform(-1, 1, (64, 5)).astype(np.float32)
    small = (-(-width // 8), -(-height // 8))
    gain = 1.0 + _GRAIN * cv2.resize(grain, small, interpolation=cv2.INTER_LINEAR)
    dark = np.zeros(gain.shape, dtype=np.float32)
    shadow = (corners + np.array([0.5, 1.0]) * _DROP * px_per_mm) / 8
    cv2.fillPoly(dark, [np.rint(shadow * 16).astype(np.int32)], (1.0,), cv2.LINE_8, 4)
    gain *= 1.0 - _DROP_DEPTH * cv2.GaussianBlur(dark, (0, 0), max(_DROP * px_per_mm / 8, 0.5))
    table = np.clip(gain[..., None] * color, 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(table, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
