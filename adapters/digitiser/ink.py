"""How much of each pixel the pen covers: the paper and its grid are unmixed from the colours.

A pixel is a mixture of paper, grid and ink. Where the grid has a colour of its own, one combination of the three
channels is blind to it and still sees the ink; a grid of the ink's own hue is told from it by how dark it is, and by
running straight through the whole page.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.digitiser.paper import Paper
from einthoven.adapters.digitiser.undigitisable import Undigitisable

__all__ = ["Ink", "ink"]

Plane = NDArray[np.uint8]
Floats = NDArray[np.float64]

#: Every so manieth pixel along both sides gives the colours: prime, and so in step with no ruling.
_EVERY = 7

#: Levels that ink is darker than its paper in its darkest channel, at least, and that paper is light at least.
_LEAST_CONTRAST, _LIGHT = 45.0, 90.0

#: Share of a page that is ink at most; one with more is no page.
_MOST_INK = 0.25

#: Share of a page that lines of a grid cover at least: a page without one is white but for its ink.
_GRID_SHARE = 0.04

#: Cosine between the directions of grid and ink above which they are of one hue.
_ONE_HUE = 0.975

#: Pixels of a block of light, samples along its side, and levels by which the light may differ over a page that is
#: taken as evenly lit.
_BLOCK, _SAMPLES, _EVEN = 40, 8, 5.0

#: Rows of pixels that are unmixed at a time.
_BAND = 64

#: Share of the page's width that a straight rule runs through; traces leave a margin and move.
_RULE = 0.93

#: Coverage above which a ridge is one of ink, also as a share of the strongest ink: what is left of a grid in JPEG is
#: fainter. Coverage below which lines are weak.
_FAINT, _OF_STRONGEST, _STRONG = 50, 0.35, 190.0

#: A grid line this dark, as a share of the ink, hides the ink upon it.
_HIDES = 0.72


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """The ink of a page.

    Attributes
    ----------
    coverage : ndarray of uint8, shape (height, width)
        255 where the pen covers all of a pixel.
    hidden_grid : bool
        Whether a grid had to be told from the ink by its darkness alone.
    """

    coverage: Plane
    hidden_grid: bool


def ink(sheet: Paper) -> Ink:
    """Find the ink.

    The image is unmixed as it was given and one plane is laid straight afterwards: three would take thrice as long.

    Parameters
    ----------
    sheet : Paper
        The page.

    Raises
    ------
    Undigitisable
        Nothing on it is as dark as ink, or too much is.
    """
    picture = sheet.picture
    light = _uneven_light(picture)
    sample = _sampled(picture)
    single = picture[::_EVERY, ::_EVERY].astype(np.float32)
    if light is not None:
        sample *= _enlarged(light.gain, sample.shape)
        single *= _enlarged(light.gain, single.shape)
    colour = np.ascontiguousarray(sample.reshape(-1, 3).T)
    # Of single pixels: more than half of all fours have a line of the grid among them.
    paper = np.median(single.reshape(-1, 3), axis=0)
    if paper.max() < _LIGHT:
        raise Undigitisable("the page is dark: dark ink on light paper is needed")
    darker = paper[:, None] - colour
    depth = np.sqrt(np.einsum("cn,cn->n", darker, darker))
    pen = _pen(darker, depth)
    if np.abs(pen).max() < _LEAST_CONTRAST:
        raise Undigitisable("nothing on the page is as dark as ink")
    between = (depth > max(12.0, 0.04 * np.linalg.norm(pen))) & (depth < 0.75 * np.linalg.norm(pen))
    hidden = False
    weight = pen / float(pen @ pen)
    if between.mean() > _GRID_SHARE:
        grid = np.median(darker[:, between] / depth[between], axis=1)
        grid /= np.linalg.norm(grid)
        along = float(grid @ pen)
        hidden = bool(along > _ONE_HUE * np.linalg.norm(pen))
        if not hidden:
            across = pen - along * grid
            weight = across / float(across @ pen)
    coverage = sheet.laid(_unmixed(picture, 255.0 * weight, paper, light))
    if hidden:
        coverage = _without_rulings(coverage)
    _without_rules(coverage)
    coverage = _strengthened(coverage)
    if float((coverage[::_EVERY, ::_EVERY] > 127).mean()) > _MOST_INK:
        raise Undigitisable("too much of the page is as dark as ink")
    return Ink(coverage, hidden)


def _sampled(picture: Plane) -> NDArray[np.float32]:
    """Give the colours at every so manieth place, of four pixels each: a single dark one may be noise."""
    found = np.zeros(picture[:-1:_EVERY, :-1:_EVERY].shape, dtype=np.float32)
    for y, x in ((0, 0), (0, 1), (1, 0), (1, 1)):
        found += picture[y : len(picture) - 1 + y : _EVERY, x : picture.shape[1] - 1 + x : _EVERY]
    return found / 4.0


def _unmixed(picture: Plane, weight: Floats, paper: NDArray[np.float32], light: _Light | None) -> Plane:
    """Give how much each pixel lacks of its paper, along one combination of the channels."""
    from cv2 import CV_8U, CV_32F, addWeighted, multiply, split, subtract, transform

    if light is None:
        row = np.concatenate([-weight, [float(weight @ paper)]])
        return np.asarray(transform(picture, row[None, :].astype(np.float32)), dtype=np.uint8)
    # Paper is paper whatever the colour of the light on it; how dark ink is on it goes by how much light there is.
    white = _enlarged((light.level @ weight).astype(np.float32), picture.shape)
    much = _enlarged((paper.mean() / light.level.mean(axis=2)).astype(np.float32), picture.shape)
    found = np.empty(picture.shape[:2], dtype=np.uint8)
    for begin in range(0, len(picture), _BAND):  # all of a band stays in the processor's cache
        part = slice(begin, begin + _BAND)
        blue, green, red = split(picture[part])
        seen = addWeighted(blue, weight[0], green, weight[1], 0.0, dtype=CV_32F)
        seen = addWeighted(seen, 1.0, red, weight[2], 0.0, dtype=CV_32F)
        multiply(subtract(white[part], seen), much[part], dst=found[part], dtype=CV_8U)
    return found


def _enlarged(field: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    from cv2 import INTER_LINEAR, resize

    return np.asarray(resize(field, (shape[1], shape[0]), interpolation=INTER_LINEAR), dtype=np.float32)


def _pen(darker: NDArray[np.float32], depth: NDArray[np.float32]) -> Floats:
    """Give the ink's colour as its difference from the paper: the middle of the darkest pixels."""
    count = min(max(len(depth) // 400, 20), len(depth))
    order = np.argpartition(-depth, count - 1)
    return np.asarray(np.median(darker[:, order[:count]], axis=1), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class _Light:
    """The light on a page, block by block: shape (rows, columns, 3)."""

    level: NDArray[np.float32]
    gain: NDArray[np.float32]


def _uneven_light(picture: Plane) -> _Light | None:
    """Find the light, where it is uneven: the paper between lines, block by block, smoothed."""
    from cv2 import BORDER_REPLICATE, GaussianBlur

    height, width = picture.shape[:2]
    rows, columns = max(height // _BLOCK, 1), max(width // _BLOCK, 1)
    # Rows and columns of pixels that stand in step with no ruling: their places differ from block to block.
    y = np.linspace(0, height - 1, rows * _SAMPLES).astype(np.int64)
    x = np.linspace(0, width - 1, columns * _SAMPLES).astype(np.int64)
    blocks = np.take(np.take(picture, y, axis=0), x, axis=1).reshape(rows, _SAMPLES, columns, _SAMPLES, 3)
    blocks = blocks.transpose(0, 2, 4, 1, 3).reshape(rows, columns, 3, _SAMPLES**2)
    rank = round(0.75 * _SAMPLES**2)
    light = np.partition(blocks, rank, axis=3)[..., rank].astype(np.float32)
    if float(np.ptp(np.percentile(light, (3, 97), axis=(0, 1)), axis=0).max()) < _EVEN:
        return None
    usual = np.percentile(light, 80, axis=(0, 1))
    smooth = np.asarray(GaussianBlur(light, (0, 0), 1.5, borderType=BORDER_REPLICATE), dtype=np.float32)
    smooth = np.maximum(smooth, 30.0)
    return _Light(smooth, (usual / smooth).astype(np.float32))


def _strengthened(coverage: Plane) -> Plane:
    """Raise the coverage where the usual line is weak: a pen thinner than a pixel, or paler than the lettering."""
    some = coverage[:, ::_EVERY]
    inner = some[1:-1]
    strongest = float(np.percentile(some[some > _FAINT], 95)) if (some > _FAINT).any() else 0.0
    ridge = inner[(inner > max(_FAINT, _OF_STRONGEST * strongest)) & (inner >= some[:-2]) & (inner >= some[2:])]
    if ridge.size < 50:
        return coverage
    usual = float(np.percentile(ridge, 60))
    if usual > _STRONG:
        return coverage
    table = np.clip(np.arange(256) * (255.0 / usual), 0, 255).astype(np.uint8)
    return np.asarray(table[coverage])


def _without_rules(coverage: Plane) -> None:
    """Clear the rows that are inked over the page's whole width: the edge of a sheet or a frame, never a trace."""
    inked = (coverage[:, ::_EVERY] > 80).mean(axis=1)
    for row in np.flatnonzero(inked > _RULE):
        coverage[max(row - 2, 0) : row + 3] = 0


def _without_rulings(coverage: Plane) -> Plane:
    """Take out lines that run through the whole page: the median along each row and each column is the line's own."""
    across = np.median(coverage[:, ::_EVERY], axis=1).astype(np.float32)
    down = np.median(coverage[::_EVERY, :], axis=0).astype(np.float32)
    ruled = np.maximum(across[:, None], down[None, :])
    gain = 255.0 / np.maximum(255.0 - ruled, 50.0)
    found = np.clip((coverage - ruled) * gain, 0, 255).astype(np.uint8)
    hidden = across > 255 * _HIDES, down > 255 * _HIDES
    return _bridged(found, *hidden) if hidden[0].any() or hidden[1].any() else found


def _bridged(coverage: Plane, rows: NDArray[np.bool_], columns: NDArray[np.bool_]) -> Plane:
    """Fill rows and columns that a black line hides with the mean of their nearest clear neighbours."""
    filled = coverage.copy()
    for axis, hidden in ((0, rows), (1, columns)):
        clear, lost = np.flatnonzero(~hidden), np.flatnonzero(hidden)
        if not lost.size or not clear.size:
            continue
        after = np.clip(np.searchsorted(clear, lost), 0, len(clear) - 1)
        before = np.clip(after - 1, 0, len(clear) - 1)
        left = np.take(filled, clear[before], axis=axis).astype(np.uint16)
        right = np.take(filled, clear[after], axis=axis)
        middle = ((left + right) // 2).astype(np.uint8)
        if axis == 0:
            filled[lost] = middle
        else:
            filled[:, lost] = middle
    return filled
