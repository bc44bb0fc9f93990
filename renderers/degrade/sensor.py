"""What optics, sensor and file format do: blur, smear, noise, JPEG. None of them moves anything."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from einthoven.renderers.degrade.draw import dice, stream

__all__ = ["blurred", "noise_tables", "noisy", "smeared", "squeezed"]

#: Smears shorter than this many pixels change nothing.
_LEAST_SMEAR = 1.5


def blurred(image: NDArray[np.uint8], sigma: float) -> NDArray[np.uint8]:
    """Blur by a Gaussian of `sigma` pixels."""
    return cv2.GaussianBlur(image, (0, 0), max(sigma, 1e-3)).astype(np.uint8, copy=False)


def smeared(image: NDArray[np.uint8], length: float, seed: int) -> NDArray[np.uint8]:
    """Smear along a line of `length` pixels, the same to both sides."""
    if length < _LEAST_SMEAR:
        return image
    angle = stream(seed, "smear").uniform(0.0, np.pi)
    reach = int(np.ceil(length / 2)) + 1
    row, column = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float64)
    along = np.abs(column * np.cos(angle) + row * np.sin(angle))
    across = np.abs(row * np.cos(angle) - column * np.sin(angle))
    kernel = np.clip(length / 2 + 0.5 - along, 0, 1) * np.clip(1 - across, 0, 1)
    return cv2.filter2D(image, -1, kernel / kernel.sum()).astype(np.uint8, copy=False)


@cache
def noise_tables(sigma: float) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Give what a random byte adds and what it takes away: the quantiles of a normal distribution.

    Parameters
    ----------
    sigma : float
        Of 255.
    """
    from scipy.special import ndtri

    quantiles = np.rint(sigma * ndtri((np.arange(256) + 0.5) / 256))
    return np.clip(quantiles, 0, 255).astype(np.uint8), np.clip(-quantiles, 0, 255).astype(np.uint8)


def noisy(image: NDArray[np.uint8], sigma: float, colored: bool, seed: int) -> NDArray[np.uint8]:
    """Add noise.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
        The image.
    sigma : float
        Of 255.
    colored : bool
        Each colour by itself, as in a telephone; else grey, as from a scanner's lamp.
    seed : int
        Of the page.
    """
    height, width = image.shape[:2]
    drawn = dice(stream(seed, "noise"), height * width * (3 if colored else 1))
    # One channel, however many there are: OpenCV looks a single one up faster.
    more, less = (_looked_up(drawn.reshape(height, -1), table, image.shape) for table in noise_tables(sigma))
    return cv2.subtract(cv2.add(image, more), less).astype(np.uint8, copy=False)


def _looked_up(drawn: NDArray[np.uint8], table: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Give what a table makes of random bytes, grey ones for all three colours."""
    found = cv2.LUT(drawn, table)
    if found.size < np.prod(shape):
        found = cv2.cvtColor(found, cv2.COLOR_GRAY2BGR)
    return found.reshape(shape).astype(np.uint8, copy=False)


def squeezed(image: NDArray[np.uint8], quality: float) -> NDArray[np.uint8]:
    """Store as JPEG and read back."""
    _, file = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(quality)])
    return np.asarray(cv2.imdecode(file, cv2.IMREAD_COLOR), dtype=np.uint8)
