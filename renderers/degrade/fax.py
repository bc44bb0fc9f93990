"""A fax: sampled as ITU-T T.4 does, in black and white, through a dirty scanner, a bad line and a worn print head."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from einthoven.renderers.degrade.draw import dice, share, stream
from einthoven.renderers.degrade.homography import Matrix, turned_about
from einthoven.renderers.degrade.sensor import noise_tables
from einthoven.renderers.degrade.severity import Numbers

__all__ = ["fax"]

#: Dots a millimetre along a line: 1728 on 215 mm (ITU-T T.4).
_DOTS = 1728 / 215

#: Share of lost bands that are white; the others repeat the last good line.
_BLANKED = 0.5


def fax(image: NDArray[np.uint8], px_per_mm: float, strength: Numbers, seed: int) -> tuple[NDArray[np.bool_], Matrix]:
    """Fax a sheet.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
        The sheet.
    px_per_mm : float
        Its scale.
    strength : mapping of str to float
        The table ``fax`` of `severities.toml` at one severity.
    seed : int
        Of all that is random.

    Returns
    -------
    ndarray of bool, shape (height, width)
        True where the paper stays white; as large as the sheet.
    Matrix
        Sheet to fax.
    """
    height, width = image.shape[:2]
    matrix = turned_about((width - 1) / 2, (height - 1) / 2, strength["turn"] * share(stream(seed, "turn")))
    fed = cv2.warpPerspective(
        cv2.cvtColor(image, cv2.COLOR_BGR2GRAY),
        matrix,
        (width, height),
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255.0,),
    )
    dots, lines = (
        max(1, round(side / px_per_mm * rate)) for side, rate in ((width, _DOTS), (height, strength["lines_per_mm"]))
    )
    # Where the sheet is coarser than the fax, INTER_AREA is INTER_NEAREST: both keep pixel centres.
    light = cv2.resize(fed, (dots, lines), interpolation=cv2.INTER_AREA)
    white = _printed(light.astype(np.uint8, copy=False), strength, seed)
    white = _streaked(_received(white, strength, seed), strength, seed)
    # Not INTER_NEAREST, which shifts by half a pixel.
    full = cv2.resize(white.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST_EXACT)
    return np.asarray(full, dtype=np.bool_), matrix


def _printed(light: NDArray[np.uint8], strength: Numbers, seed: int) -> NDArray[np.bool_]:
    """Decide dot by dot: noise before the threshold, dots that burn for nothing, and dots that stay pale."""
    draws = stream(seed, "noise")
    drawn = dice(draws, light.size).reshape(light.shape)
    more, less = noise_tables(strength["noise"])
    noisy = cv2.subtract(cv2.add(light, cv2.LUT(drawn, more)), cv2.LUT(drawn, less))
    white = noisy >= 255 * strength["threshold"]
    luck = dice(draws, light.size * 2).view("<u2").reshape(light.shape)
    white |= luck < strength["pale"] * 65536
    white &= luck < (1 - strength["specks"]) * 65536
    return white.astype(np.bool_, copy=False)


def _received(white: NDArray[np.bool_], strength: Numbers, seed: int) -> NDArray[np.bool_]:
    """Replace what the line lost: by white, or by the last good line. Nothing below moves."""
    draws = stream(seed, "lost")
    received = white.copy()
    for _ in range(int(strength["lost"])):
        first, many, blanked = draws.randint(1, len(white)), draws.uniform(), draws.uniform() < _BLANKED
        last = first + 1 + int(many * strength["lost_lines"])
        received[first:last] = True if blanked else white[first - 1]
    return received


def _streaked(white: NDArray[np.bool_], strength: Numbers, seed: int) -> NDArray[np.bool_]:
    """Draw the marks of dirt on the scanner's sensor, black, and of dead elements of the print head, white."""
    draws = stream(seed, "streaks")
    lines, dots = white.shape
    for _ in range(int(strength["streaks"])):
        column, black, gaps = draws.randint(dots), draws.uniform() < 0.5, draws.uniform(0.0, 0.5)
        start, length = draws.uniform(0.0, 0.6), draws.uniform(0.3, 1.0)
        part = slice(int(start * lines), int(min(start + length, 1.0) * lines))
        burnt = np.asarray(draws.random_sample(lines))[part] >= gaps
        white[part, column][burnt] = not black
    return white
