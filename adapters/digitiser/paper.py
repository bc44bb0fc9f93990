"""The paper: its ruling along both sides, and the image turned until the ruling runs along the pixels."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.digitiser.comb import Comb, comb
from einthoven.adapters.digitiser.lattice import lattice

__all__ = ["Paper", "paper", "rulings"]

Plane = NDArray[np.uint8]
Floats = NDArray[np.float64]

#: Darker than this share of all pixels is ink or shadow: a ruling's profile is cut off there.
_CUT = 96.0

#: Pixels by which a corner may be off on a page that lies straight.
_STRAIGHT = 0.7

#: Every so manieth pixel along a line is looked at where the page is laid straight.
_FEW = 4

#: Share by which two measures of one ruling may differ.
_SAME_LINES = 0.004

#: Bands of a page whose lines are held against each other, share of a space between lines that they may be apart, and
#: share of the page's profile that its ruling explains at least.
_BANDS, _IN_STEP, _CLEAR = 4, 0.05, 0.5

#: What a sheet lies on is looked for at every so manieth pixel; it is so many levels darker than the sheet, covers
#: this share of the image at least, and the sheet that.
_COARSE, _DARKER, _OUTSIDE, _SHEET = 8, 35.0, 0.01, 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Paper:
    """A page along its ruling.

    Attributes
    ----------
    picture : ndarray of uint8, shape (rows, columns, 3)
        Blue, green, red: the image as it was given, what the sheet lies on painted over.
    size : tuple of two int
        Width and height of the page once it is laid straight.
    across, down : Comb or None
        The ruling along time (upright lines) and along voltage of the page laid straight; `None` where there is none.
    homography : ndarray, shape (3, 3)
        From the image to the page laid straight.
    straight : bool
        Whether the page lies straight in the image: then the homography is that of doing nothing.
    """

    picture: Plane = field(repr=False)
    size: tuple[int, int]
    across: Comb | None
    down: Comb | None
    homography: Floats = field(default_factory=lambda: np.eye(3), repr=False)
    straight: bool = True

    @property
    def pixels(self) -> Plane:
        """The page laid straight, for people: shape (height, width, 3), blue, green, red."""
        return self.laid(self.picture, tuple(np.median(self.picture[::9, ::9].reshape(-1, 3), axis=0).tolist()))

    def laid(self, plane: Plane, ground: tuple[float, ...] = (0.0,)) -> Plane:
        """Lay a plane of the image, or all three, as straight as the page.

        Parameters
        ----------
        plane : ndarray of uint8, shape (rows, columns) or (rows, columns, 3)
            What belongs to the image.
        ground : tuple of float
            What stands where the image shows nothing.
        """
        if self.straight:
            return plane
        from cv2 import BORDER_CONSTANT, INTER_LINEAR, warpPerspective

        return np.asarray(
            warpPerspective(
                plane,
                self.homography,
                self.size,
                flags=INTER_LINEAR,
                borderMode=BORDER_CONSTANT,
                borderValue=ground,
            ),
            dtype=np.uint8,
        )


def paper(picture: Plane) -> Paper:
    """Find the ruling, and how the page has to be laid to be straight.

    Parameters
    ----------
    picture : ndarray of uint8, shape (rows, columns, 3)
        The image, upright within some fifteen degrees. What the sheet lies on is painted over in it.
    """
    _paint_surroundings(picture)
    height, width = picture.shape[:2]
    dark = _darkness(picture)
    across, down = rulings(dark)
    as_it_is = Paper(picture, (width, height), across, down)
    if _lies_straight(dark, across, down):
        return as_it_is
    found = lattice(dark)
    if found is None or found.turned <= _STRAIGHT:
        return as_it_is
    size, homography = _room(found.homography, width, height)
    after = _rulings_laid(dark, homography, size)
    # Where heavy ink misled the count, the lines run no straighter than before.
    if _clearness(*after) <= _clearness(across, down):
        return as_it_is
    # The count over all tiles knows the lines' distance better than their mean profile does.
    known = [_in_step_with(ruling, apart) for ruling, apart in zip(after, found.apart, strict=True)]
    return Paper(picture, size, known[0], known[1], homography, False)


def _in_step_with(ruling: Comb | None, apart: float) -> Comb | None:
    """Give a ruling the distance that lines were counted at, or a whole multiple or part of it."""
    if ruling is None:
        return None
    often = max(round(ruling.period / apart), 1) / max(round(apart / ruling.period), 1)
    near = abs(ruling.period / (often * apart) - 1.0) < _SAME_LINES
    return replace(ruling, period=often * apart) if near else ruling


def _rulings_laid(dark: Plane, homography: Floats, size: tuple[int, int]) -> tuple[Comb | None, Comb | None]:
    """Find the rulings of the page laid straight: along a line every few pixels say as much as all of them."""
    from cv2 import BORDER_CONSTANT, INTER_NEAREST, warpPerspective

    found = []
    ground = float(np.median(dark[::9, ::9]))
    for axis in (0, 1):
        few = [size[0], -(-size[1] // _FEW)] if axis == 0 else [-(-size[0] // _FEW), size[1]]
        shrunk = np.diag([1.0, 1.0 / _FEW, 1.0] if axis == 0 else [1.0 / _FEW, 1.0, 1.0]) @ homography
        laid = warpPerspective(dark, shrunk, few, flags=INTER_NEAREST, borderMode=BORDER_CONSTANT, borderValue=ground)
        found.append(comb(_profile(np.asarray(laid, dtype=np.uint8), axis)))
    return found[0], found[1]


def _clearness(across: Comb | None, down: Comb | None) -> float:
    return sum(ruling.strength for ruling in (across, down) if ruling is not None)


def rulings(dark: Plane) -> tuple[Comb | None, Comb | None]:
    """Find the rulings of a page that lies straight."""
    return comb(_profile(dark, 0)), comb(_profile(dark, 1))


def _profile(dark: Plane, axis: int) -> Floats:
    """Average along an axis."""
    from cv2 import CV_32F, REDUCE_AVG, reduce

    return np.asarray(reduce(dark, axis, REDUCE_AVG, dtype=CV_32F), dtype=np.float64).reshape(-1)


def _lies_straight(dark: Plane, across: Comb | None, down: Comb | None) -> bool:
    """Tell whether the lines stand at the same places all over the page."""
    for axis, ruling in ((0, across), (1, down)):
        if ruling is None or ruling.strength < _CLEAR:
            return False
        size = dark.shape[axis]
        edges = np.linspace(0, size, _BANDS + 1).astype(int).tolist()
        bands = [dark[a:b] if axis == 0 else dark[:, a:b] for a, b in pairwise(edges)]
        waves = []
        for band in bands:
            profile = _profile(band, axis)
            turns = np.exp(-2j * np.pi * np.arange(profile.size) / ruling.period) * np.hanning(profile.size)
            waves.append((profile - profile.mean()) @ turns)
        steps = np.angle(np.array(waves) * np.conj(waves[0])) / (2.0 * np.pi)
        if np.abs(steps).max() > _IN_STEP:
            return False
    return True


def _room(homography: Floats, width: int, height: int) -> tuple[tuple[int, int], Floats]:
    """Move the straightened page so that all of the image is on it, or nearly."""
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]], dtype=np.float64)
    moved = corners @ homography.T
    moved = moved[:, :2] / moved[:, 2:]
    low = np.maximum(np.floor(moved.min(axis=0)), [-0.15 * width, -0.15 * height])
    high = np.minimum(np.ceil(moved.max(axis=0)), [1.15 * width, 1.15 * height])
    shift = np.array([[1.0, 0.0, -low[0]], [0.0, 1.0, -low[1]], [0.0, 0.0, 1.0]])
    return (round(high[0] - low[0]), round(high[1] - low[1])), shift @ homography


def _paint_surroundings(picture: Plane) -> None:
    """Paint over what the sheet lies on, where that is darker than the sheet and reaches the edge of the image."""
    from cv2 import (
        CC_STAT_AREA,
        INTER_NEAREST,
        THRESH_BINARY,
        THRESH_OTSU,
        connectedComponentsWithStats,
        copyTo,
        dilate,
        rectangle,
        resize,
        threshold,
    )

    height, width = picture.shape[:2]
    small = picture[::_COARSE, ::_COARSE].max(axis=2)
    # The ruling and the ink are no ground: the lightest of a neighbourhood is the paper between them.
    light = np.asarray(dilate(small, np.ones((7, 7), dtype=np.uint8)), dtype=np.uint8)
    _, bright = threshold(light, 0, 255, THRESH_BINARY | THRESH_OTSU)
    low, high = light[bright == 0], light[bright > 0]
    if not low.size or not high.size or float(np.median(high)) - float(np.median(low)) < _DARKER:
        return
    count, label, about, _ = connectedComponentsWithStats(bright)
    sheet = 1 + int(np.argmax(about[1:, CC_STAT_AREA])) if count > 1 else 0
    if not sheet or about[sheet, CC_STAT_AREA] < _SHEET * bright.size:
        return
    outside = _reached_from_edge(np.asarray(label != sheet))
    if outside.mean() < _OUTSIDE:
        return
    # The light neighbourhood reaches beyond the sheet by three coarse pixels, and the sheet's edge is a line too.
    wide = dilate(outside.astype(np.uint8), np.ones((13, 13), dtype=np.uint8))
    mask = np.asarray(resize(wide, (width, height), interpolation=INTER_NEAREST), dtype=np.uint8)
    colour = np.median(picture[::9, ::9][mask[::9, ::9] == 0], axis=0).astype(int)
    ground = np.empty_like(picture)
    rectangle(ground, (0, 0), (width, height), colour.tolist(), -1)
    copyTo(ground, mask, picture)


def _reached_from_edge(ground: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Keep the parts that touch the edge of the image."""
    from cv2 import connectedComponents

    _, label = connectedComponents(ground.astype(np.uint8))
    label = np.asarray(label)
    rim = np.unique(np.concatenate([label[0], label[-1], label[:, 0], label[:, -1]]))
    return np.asarray(np.isin(label, rim[rim > 0]))


def _darkness(picture: Plane) -> Plane:
    """Give the darkness in the darkest channel, in which any coloured line shows, cut off where ink begins."""
    from cv2 import bitwise_not, split
    from cv2 import min as least

    blue, green, red = split(picture)
    dark = np.asarray(bitwise_not(least(least(blue, green), red)), dtype=np.uint8)
    cut = np.percentile(dark[::7, ::7], _CUT)
    return np.minimum(dark, np.uint8(cut))
