"""How the millimetre paper lies in the image: its lines tile by tile, then one homography for all.

A ruling is a plane wave: in the spectrum of a tile it is one bright point whose place says how the lines run and how
far they are apart, and whose phase says where they are. From tile to tile the lines are counted on, and the counts at
the tiles' centres are coordinates on the paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["Lattice", "lattice"]

Plane = NDArray[np.uint8]
Floats = NDArray[np.float64]
Spectrum = tuple[NDArray[np.float32], NDArray[np.complex64], float]
Key = tuple[int, int]

#: Pixels of a tile, and tiles along the shorter side.
_TILE, _ALONG = 256, 4

#: Lines a pixel that are looked for: closer ones are lost in JPEG, and wider ones do not fill a tile.
_LOWEST, _HIGHEST = 1.0 / 64.0, 1.0 / 3.2

#: Frequencies of a tile's spectrum that are kept, in lines a tile, from the lowest negative one up.
_HALF = int(_HIGHEST * _TILE) + 2
_LOW = np.arange(-_HALF, _HALF + 1)

#: Tangent of the angle by which the paper may lie askew.
_ASKEW = 0.30

#: Times the tile's usual amplitude that its ruling stands out by.
_STANDS_OUT = 9.0

#: Thin lines to a bold one.
_THIN = 5.0

#: Share by which frequency may change from one tile to its neighbour, and lines that the count may be off.
_CHANGES, _OFF = 0.06, 0.22

#: Tiles that are needed to fit a homography, and pixels by which one may miss it.
_LEAST_TILES, _MISSES = 6, 1.5


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """The paper in the image.

    Attributes
    ----------
    homography : ndarray, shape (3, 3)
        From the image to the paper: pixels as far apart as in the middle of the image, lines along the axes.
    turned : float
        Pixels by which any corner of the image moves.
    apart : tuple of two float
        Pixels of the paper between the lines that were counted, along time and along voltage: every line, or every
        bold one.
    """

    homography: Floats
    turned: float
    apart: tuple[float, float]


def lattice(dark: Plane) -> Lattice | None:
    """Find how the paper lies.

    Parameters
    ----------
    dark : ndarray of uint8, shape (height, width)
        Darkness in which the lines show, ink cut off.

    Returns
    -------
    Lattice or None
        `None` where there is no ruling in two directions, or the image is too small for tiles.
    """
    height, width = dark.shape
    if min(height, width) < 1.5 * _TILE:
        return None
    step = (min(height, width) - _TILE) / (_ALONG - 1)
    rows, columns = (round((side - _TILE) / step) + 1 for side in (height, width))
    tops = np.round(np.linspace(0, height - _TILE, rows)).astype(int).tolist()
    lefts = np.round(np.linspace(0, width - _TILE, columns)).astype(int).tolist()
    spectra = {
        (r, c): _spectrum(dark[y : y + _TILE, x : x + _TILE]) for r, y in enumerate(tops) for c, x in enumerate(lefts)
    }
    middle = (_TILE - 1) / 2.0
    centre = {(r, c): (lefts[c] + middle, tops[r] + middle) for r, c in spectra}
    across, down = (_counted(spectra, centre, axis) for axis in (0, 1))
    if across is None or down is None:
        return None
    both = sorted(set(across[0]) & set(down[0]))
    if len(both) < _LEAST_TILES:
        return None
    image = np.array([centre[key] for key in both])
    paper = np.array([(across[0][key] / across[1], down[0][key] / down[1]) for key in both])
    return _fitted(image, paper, (1.0 / across[1], 1.0 / down[1]), width, height)


def _spectrum(tile: Plane) -> Spectrum:
    """Give the windowed tile's amplitudes, its spectrum, and what amplitude is usual; frequency 0 in the middle."""
    from scipy.fft import rfft2

    level = tile.astype(np.float32)
    level -= level.mean()
    level *= _window()
    half = np.asarray(rfft2(level))  # frequencies along x from 0 up: the others mirror these
    usual = max(float(np.median(np.abs(half[::3, ::3]))), 1e-6)
    right = half[_LOW, : _HALF + 1]  # higher ones are no ruling's
    spectrum = np.concatenate([np.conj(right[::-1, :0:-1]), right], axis=1)
    return np.abs(spectrum), spectrum, usual


@cache
def _window() -> NDArray[np.float32]:
    hann = np.hanning(_TILE).astype(np.float32)
    return np.asarray(hann[:, None] * hann[None, :])


@cache
def _sector(axis: int) -> NDArray[np.bool_]:
    """Mark the frequencies that a ruling may have: upright lines (axis 0) vary along x."""
    lines = _LOW / _TILE
    along, aside = (lines[None, :], lines[:, None]) if axis == 0 else (lines[:, None], lines[None, :])
    return np.asarray((np.abs(aside) < _ASKEW * along) & (along > _LOWEST) & (along < _HIGHEST))


def _wave(found: Spectrum, axis: int, near: Floats | None) -> tuple[Floats, float, float] | None:
    """Find the ruling of a tile: lines a pixel along x and y, lines counted at the centre, how it stands out."""
    amplitude, spectrum, usual = found
    half, size = _HALF, len(_LOW)
    if near is None:
        r, c = divmod(int(np.argmax(amplitude * _sector(axis))), size)
    else:
        reach = max(round(_CHANGES * float(np.hypot(*near)) * _TILE), 2)
        r1 = max(round(float(near[1]) * _TILE) + half - reach, 1)
        c1 = max(round(float(near[0]) * _TILE) + half - reach, 1)
        part = amplitude[r1 : r1 + 2 * reach + 1, c1 : c1 + 2 * reach + 1]
        if not part.size or min(part.shape) < 2 * reach + 1:
            return None
        r, c = divmod(int(np.argmax(part)), part.shape[1])
        r, c = r + r1, c + c1
    if not (0 < r < size - 1 and 0 < c < size - 1):
        return None
    height = float(amplitude[r, c])
    along = (c if axis == 0 else r) - half
    if height < _STANDS_OUT * usual or along < _LOWEST * _TILE:
        return None
    dx = _peak(*(float(amplitude[r, c + k]) for k in (-1, 0, 1)))
    dy = _peak(*(float(amplitude[r + k, c]) for k in (-1, 0, 1)))
    vector = np.array([(c - half + dx) / _TILE, (r - half + dy) / _TILE])
    # The phase at the tile's first pixel, carried to its centre: there the window leaves it alone. Lines stand where
    # the wave is highest, at whole counts.
    middle = (_TILE - 1) / 2.0
    turns = np.exp(2j * np.pi * middle * (c - half + r - half) / _TILE)
    return vector, float(np.angle(spectrum[r, c] * turns)) / (2.0 * np.pi), height / usual


def _peak(left: float, middle: float, right: float) -> float:
    """Place the top of a windowed peak between its neighbours, on the logarithm."""
    a, b, c = (float(np.log(max(value, 1e-9))) for value in (left, middle, right))
    bend = a - 2.0 * b + c
    return float(np.clip(0.5 * (a - c) / bend, -0.5, 0.5)) if bend < 0 else 0.0


def _counted(
    spectra: dict[Key, Spectrum], centre: dict[Key, tuple[float, float]], axis: int
) -> tuple[dict[Key, float], float] | None:
    """Count lines from the clearest tile on to all others: counts at the centres, lines a pixel in the middle."""
    waves = {key: _wave(spectra[key], axis, None) for key in _inner(spectra)}
    clear = {key: wave for key, wave in waves.items() if wave is not None}
    if not clear:
        return None
    seed = max(clear, key=lambda key: clear[key][2])
    # Bold lines are few to a tile, and a QRS complex moves them: what stands out between them is counted instead.
    first = _wave(spectra[seed], axis, _THIN * clear[seed][0]) or clear[seed]
    vectors: dict[Key, Floats] = {seed: first[0]}
    counts: dict[Key, float] = {seed: first[1]}
    edge = [seed]
    while edge:
        key = edge.pop(0)
        for to in ((key[0] + 1, key[1]), (key[0] - 1, key[1]), (key[0], key[1] + 1), (key[0], key[1] - 1)):
            if to in counts or to not in spectra:
                continue
            wave = _wave(spectra[to], axis, vectors[key])
            if wave is None:
                continue
            vector, phase, _ = wave
            expected = counts[key] + float(0.5 * (vector + vectors[key]) @ np.subtract(centre[to], centre[key]))
            count = round(expected - phase) + phase
            if abs(count - expected) > _OFF:
                continue
            vectors[to], counts[to] = vector, count
            edge.append(to)
    return counts, float(np.median([np.hypot(*vector) for vector in vectors.values()]))


def _inner(spectra: dict[Key, Spectrum]) -> list[Key]:
    """Give the tiles that are not at the edge, where there are any."""
    rows, columns = (max(key[k] for key in spectra) for k in (0, 1))
    return [key for key in spectra if 0 < key[0] < rows and 0 < key[1] < columns] or list(spectra)


def _fitted(image: Floats, paper: Floats, apart: tuple[float, float], width: int, height: int) -> Lattice | None:
    from cv2 import RANSAC, findHomography

    fit, kept = findHomography(image, paper, RANSAC, _MISSES)
    if fit is None or kept.sum() < _LEAST_TILES or abs(np.linalg.det(fit)) < 1e-9:
        return None
    found = np.asarray(fit, dtype=np.float64) / fit[2, 2]
    # The paper's origin is any of its lines: the middle of the image stays where it is.
    middle = np.array([width / 2.0, height / 2.0])
    moved = middle - _projected(found, middle[None, :])[0]
    found = np.array([[1.0, 0.0, moved[0]], [0.0, 1.0, moved[1]], [0.0, 0.0, 1.0]]) @ found
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], dtype=np.float64)
    turned = float(np.abs(_projected(found, corners) - corners).max())
    return Lattice(found, turned, apart) if turned < 0.5 * max(width, height) else None


def _projected(matrix: Floats, points: Floats) -> Floats:
    moved = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:])
