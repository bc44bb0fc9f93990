"""Where the sheet goes: 3x3 matrices from the pixels of one image to those of the next."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Matrix", "composed", "cornered", "laid", "turned", "turned_about"]

#: Shape (3, 3), of float64; pixel centres are whole numbers on both sides, as in `einthoven.renderers.page`.
Matrix = NDArray[np.float64]


def turned_about(x: float, y: float, degrees: float) -> Matrix:
    """Turn about a point that stays where it is; positive is clockwise to the eye."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array(
        [
            [cosine, -sine, x - cosine * x + sine * y],
            [sine, cosine, y - sine * x - cosine * y],
            [0.0, 0.0, 1.0],
        ]
    )


def turned(width: int, height: int, degrees: float) -> tuple[Matrix, int, int]:
    """Turn a sheet on a canvas that grows around it.

    Returns
    -------
    Matrix, int, int
        Sheet to canvas, and the canvas's width and height.
    """
    matrix = turned_about((width - 1) / 2, (height - 1) / 2, degrees)
    edges = np.array([[-0.5, -0.5], [width - 0.5, -0.5], [width - 0.5, height - 0.5], [-0.5, height - 0.5]])
    corners = edges @ matrix[:2, :2].T + matrix[:2, 2]
    low, high = np.floor(corners.min(axis=0) + 0.5), np.ceil(corners.max(axis=0) + 0.5)
    matrix[:2, 2] -= low
    grown = (high - low).astype(int)
    return matrix, int(grown[0]), int(grown[1])


def cornered(width: int, height: int, corners: NDArray[np.float64]) -> Matrix:
    """Give the projection that takes the outer corners of a sheet to four points.

    Parameters
    ----------
    width, height : int
        Of the sheet in pixels.
    corners : ndarray, shape (4, 2)
        Image coordinates of its top left, top right, bottom right and bottom left corner.
    """
    edges = np.array([[-0.5, -0.5], [width - 0.5, -0.5], [width - 0.5, height - 0.5], [-0.5, height - 0.5]])
    rows, values = [], []
    for (x, y), (u, v) in zip(edges, corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    # In double precision; OpenCV's own solver takes its points as single.
    return np.append(np.linalg.solve(np.array(rows), np.array(values)), 1.0).reshape(3, 3)


def laid(image: NDArray[np.uint8], matrix: Matrix, ground: NDArray[np.uint8], edge: float = 1.0) -> NDArray[np.uint8]:
    """Lay a sheet on a ground.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
        The sheet.
    matrix : Matrix
        Sheet to ground.
    ground : ndarray of uint8, shape (rows, columns, 3)
        What it lies on; drawn over.
    edge : float
        Light at the sheet's rim, of 1: paper has a thickness.
    """
    rows, columns = ground.shape[:2]
    sheet = image
    if edge < 1.0:
        sheet = image.copy()
        for rim in (sheet[:1], sheet[-1:], sheet[:, :1], sheet[:, -1:]):
            rim[:] = (rim * edge).astype(np.uint8)
    cv2.warpPerspective(
        sheet, matrix, (columns, rows), dst=ground, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT
    )
    return ground


def composed(matrix: Matrix, before: tuple[float, ...]) -> tuple[float, ...]:
    """Put a matrix behind a `Geometry.homography`: nine numbers row by row, the last of them 1."""
    both = matrix @ np.array(before, dtype=np.float64).reshape(3, 3)
    return tuple(float(value) for value in (both / both[2, 2]).ravel())
