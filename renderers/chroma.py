"""The view `clean-chroma`: a page freed of its grid by the published recipe, which knows nothing of how it was drawn.

Ink is what is dark and has no color: the greatest of blue, green and red below 140, and no more than 60 between the
greatest and the least. It is binarised and dilated by a 3x3 cross, black on white. The rule is for dark ink on pale
colored paper. Where it does not hold it leaves a wrong picture, not an empty one, so its outcome is checked.

The limits of the checks lie far from what they let pass. Clean pages of 214 recordings of PTB-XL, the Challenge sets
and LUDB, the noisiest among them too, as 3x4 and 12x1, at 10 and 20 mm/mV, have at most 14 % of ink, 79 % of it or
more in long pieces, 10 % of it or less in solid patches, 12 lines across the page, none through all of it, and 0.03 %
of it in cells (the eyes of letters, slivers between strokes).
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from einthoven.errors import EinthovenError
from einthoven.renderers import grid
from einthoven.renderers.options import STANDARD, Options
from einthoven.renderers.page import Page
from einthoven.renderers.paper import FULL, palette
from einthoven.renderers.sheet import finished

if TYPE_CHECKING:
    from einthoven.ecg.recording import Recording

__all__ = ["BRIGHTEST", "MOST_CHROMA", "blank", "cleaned", "dilated", "render"]

#: The rule: ink has its greatest channel below the one and the spread of its channels below the other.
BRIGHTEST, MOST_CHROMA = 140, 60

_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))

#: The most of a page that can be ink, as a share of its pixels.
_MOST_INK = 0.25

#: A piece of ink is long from this share of the page's width on; letters and pulses are shorter.
_LONG = 0.05

#: The least share of the ink in long pieces, and the most in patches that a square of 2 % of the width fits into.
_LEAST_LONG, _MOST_SOLID = 0.5, 0.5

#: The most lines across the page, as runs of rows that are inked over this share of it: twelve flat traces, three
#: rhythm strips, a frame. A 5 mm grid has 40.
_MOST_ACROSS, _ACROSS = 20, 0.6

#: From so many lines each way that run through, over this share of all that is inked, they are a grid, on a small
#: piece of paper too: 40 mm by 62.5 mm have 8 by 12 of 5 mm. QRS complexes that stand above one another on a page of
#: twelve rows ink up to 60 % of a column.
_LEAST_BOTH, _THROUGH = 5, 0.97

#: The most of the page that small cells, alike in size and enclosed by ink, can take up: a grid that lies askew has
#: hardly a full row. The largest cell, as a share of the page's width: 5 mm of 150.
_MOST_CELLS, _LARGEST_CELL = 0.1, 1 / 30

_REMEDY = "the chroma rule wants dark ink on pale colored paper: use the view clean, which needs no rule"


def render(recording: Recording, options: Options = STANDARD) -> tuple[Page, ...]:
    """Draw the grid page and clean it by the recipe.

    Parameters
    ----------
    recording : Recording
        With a signal, sampled at 50 Hz or more.
    options : Options
        All that the view `grid` knows.

    Returns
    -------
    tuple of Page
        One page, black and white, with the geometry of the grid page.

    Raises
    ------
    EinthovenError
        As the view `grid`; or the rule cannot clean this page: a grey or black grid, an ink with color.
    """
    return tuple(_page(page, cleaned(_decoded(page))) for page in grid.render(recording, options))


def blank(options: Options = STANDARD) -> tuple[Page, ...]:
    """Clean the grid page without its traces.

    Raises
    ------
    EinthovenError
        The rule cannot clean pages of these options: the grid survives, or nothing does.
    """
    solid = np.frombuffer(palette(options), dtype=np.uint8)[3 * FULL : 3 * FULL + 3].reshape(1, 1, 3)
    pages = []
    for page in grid.blank(options):
        ink = dilated(_inked(_decoded(page)))
        if reason := _too_much(ink) or ("" if _inked(solid).all() else "its ink is pale or has a color"):
            raise EinthovenError(f"the page cannot be cleaned: {reason}", _REMEDY)
        pages.append(_page(page, _black_on_white(ink)))
    return tuple(pages)


def cleaned(image: Image.Image | NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Clean any page image by the recipe.

    Parameters
    ----------
    image : PIL.Image.Image or ndarray of uint8, shape (height, width, 3)
        A scan, a photograph or a rendered page, upright, in RGB (to the rule the order of the channels is all the
        same). What is transparent is taken as white paper.

    Returns
    -------
    ndarray of uint8, shape (height, width)
        0 where there is ink, 255 elsewhere.

    Raises
    ------
    EinthovenError
        The rule cannot clean this page: the paper is dark, the grid survives, or no traces are left.
    ValueError
        An array of another shape or type.
    """
    ink = dilated(_inked(image if isinstance(image, np.ndarray) else _rgb(image)))
    if reason := _too_much(ink) or _too_little(ink):
        raise EinthovenError(f"the page cannot be cleaned: {reason}", _REMEDY)
    return _black_on_white(ink)


def dilated(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Widen ink by one pixel up, down, left and right.

    Parameters
    ----------
    ink : ndarray of uint8, shape (height, width)
        1 where there is ink, else 0.
    """
    wider: NDArray[np.uint8] = cv2.dilate(ink, _CROSS)  # type: ignore[assignment]
    return wider


def _rgb(image: Image.Image) -> NDArray[np.uint8]:
    if image.has_transparency_data:
        sheet = Image.new("RGBA", image.size, "white")
        sheet.alpha_composite(image.convert("RGBA"))
        image = sheet
    return np.asarray(image.convert("RGB"))


def _decoded(page: Page) -> NDArray[np.uint8]:
    with Image.open(BytesIO(page.png)) as image:
        return _rgb(image)


def _inked(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or not rgb.size:
        raise ValueError(f"an image is uint8 of shape (height, width, 3), not {rgb.dtype} {rgb.shape}")
    one, two, three = (rgb[:, :, channel] for channel in range(3))
    high, low = np.maximum(np.maximum(one, two), three), np.minimum(np.minimum(one, two), three)
    return ((high < BRIGHTEST) & (high - low < MOST_CHROMA)).view(np.uint8)


def _too_much(ink: NDArray[np.uint8]) -> str:
    """Say what passes for ink and is not, or nothing."""
    if (across := _lines(ink, 1, _ACROSS)) > _MOST_ACROSS:
        return f"its grid is as dark as ink; {across} lines across the page are left"
    if (share := float(ink.mean())) > _MOST_INK:
        return f"{share:.0%} of it would be ink; its paper is dark, or its grid is black or grey"
    inked = ink[np.ix_(ink.any(axis=1), ink.any(axis=0))]
    if inked.size and min(across := _lines(inked, 1, _THROUGH), down := _lines(inked, 0, _THROUGH)) >= _LEAST_BOTH:
        return f"its grid is as dark as ink; {across} lines across and {down} down the page are left"
    if (cells := _cells(ink)) > _MOST_CELLS:
        return f"its grid is as dark as ink; its squares are left on {cells:.0%} of it"
    return ""


def _too_little(ink: NDArray[np.uint8]) -> str:
    """Say why what is left are no traces, or nothing."""
    total = int(ink.sum())
    if not total:
        return "no ink is left; there was none, or it is pale or has a color"
    width = ink.shape[1]
    _, _, pieces, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    area = pieces[1:, cv2.CC_STAT_AREA]
    if area[pieces[1:, cv2.CC_STAT_WIDTH] >= _LONG * width].sum() < _LEAST_LONG * total:
        return "no traces are left, only specks or letters; its ink is pale or has a color, or it is no ECG"
    side = max(15, width // 50)
    if cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((side, side), np.uint8)).sum() > _MOST_SOLID * total:
        return "dark patches are left in place of traces; it is no ECG, or its paper is dark in places"
    return ""


def _lines(ink: NDArray[np.uint8], axis: int, share: float) -> int:
    """Count the runs of rows (axis 1) or of columns (axis 0) that are inked over a share of their length."""
    return int(np.count_nonzero(np.diff((ink.mean(axis=axis) > share).astype(np.int8), prepend=0) == 1))


def _cells(ink: NDArray[np.uint8]) -> float:
    """Give the share of the page taken up by patches of paper that look like the cells of one grid.

    They are enclosed by ink, as wide as high give or take the half, filled like a square that lies askew or better,
    small, and within 30 % of each other's size.
    """
    _, _, pieces, _ = cv2.connectedComponentsWithStats(1 - ink, connectivity=4)
    width, height, area = (
        pieces[1:, kind].astype(np.int64) for kind in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA)
    )
    short, long = np.minimum(width, height), np.maximum(width, height)
    square = (short >= 4) & (long <= 2 * short) & (long <= _LARGEST_CELL * ink.shape[1])
    found = np.sort(area[square & (area >= 0.45 * width * height)])
    alike = np.searchsorted(found, found * 1.3, side="right")
    total = np.concatenate([[0], np.cumsum(found)])
    return float((total[alike] - total[:-1]).max(initial=0)) / ink.size


def _black_on_white(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return (ink - np.uint8(1)) & np.uint8(255)


def _page(page: Page, clean: NDArray[np.uint8]) -> Page:
    return finished(clean, None, page.geometry, "clean-chroma")
