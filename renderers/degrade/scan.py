"""A flat-bed scan of a sheet that has been in a file: askew, yellowed, faded, folded, stapled, punched."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from einthoven.renderers.degrade.draw import share, stream
from einthoven.renderers.degrade.homography import Matrix, laid, turned
from einthoven.renderers.degrade.light import both, creases, gutter, lit, patchy, toned
from einthoven.renderers.degrade.marks import dusted, punched, stapled
from einthoven.renderers.degrade.sensor import blurred, noisy, squeezed
from einthoven.renderers.degrade.severity import Numbers

__all__ = ["scan"]

#: Blue, green, red of the scanner's lid, and the light at the rim of the sheet upon it.
_LID, _RIM = (236, 238, 238), 0.72


def scan(
    image: NDArray[np.uint8], px_per_mm: float, strength: Numbers, seed: int
) -> tuple[NDArray[np.uint8], Matrix]:
    """Scan a sheet.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
        The sheet.
    px_per_mm : float
        Its scale.
    strength : mapping of str to float
        The table ``scan`` of `severities.toml` at one severity.
    seed : int
        Of all that is random.

    Returns
    -------
    ndarray of uint8, shape (rows, columns, 3)
        The scan, as large as the turned sheet needs.
    Matrix
        Sheet to scan.
    """
    height, width = image.shape[:2]
    white = (1.0 - strength["yellow"], 1.0 - strength["yellow"] / 3, 1.0 - strength["yellow"] / 12)
    patches = patchy(height, width, strength["blotches"], seed) if strength["blotches"] else None
    sheet = toned(image, strength["fade"], white, patches)
    fields = [gutter(height, width, px_per_mm, strength["gutter"], seed)]
    fields.append(creases(height, width, px_per_mm, int(strength["folds"]), strength["fold_depth"], seed))
    sheet = lit(sheet, both(*fields))
    if strength["staple"]:
        sheet = stapled(sheet, px_per_mm, seed)
    if strength["holes"]:
        sheet = punched(sheet, px_per_mm, seed)
    matrix, columns, rows = turned(width, height, strength["turn"] * share(stream(seed, "turn")))
    ground = np.empty((rows, columns, 3), dtype=np.uint8)
    ground[:] = _LID
    scanned = dusted(laid(sheet, matrix, ground, _RIM), px_per_mm, int(strength["dust"]), seed)
    scanned = blurred(scanned, strength["blur"] * px_per_mm)
    return squeezed(noisy(scanned, strength["noise"], False, seed), strength["jpeg_quality"]), matrix
