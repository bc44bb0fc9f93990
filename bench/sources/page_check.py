"""Whether a page image shows an ECG at all: a conservative look for thin lines that run far and move up and down.

The rule. The image is reduced to about 1400 pixels. Whatever is darker than its surroundings (or lighter: screens in
dark mode), by several thresholds, is cut into connected pieces. A piece is a *trace* when

- it runs far: 10 % of the image's longer side or more, in either direction (a page may lie sideways);
- it is one line: most columns meet it once. Grids, tables, texture and joined lettering are met many times;
- it is thin, as a pen is;
- it leaves its own course, a parabola fitted to it, again and again. Rules, axes and frames do not, and neither does
  an underline with the letters that touch it. A *restless* trace does so more often the longer it is; the edges of
  sheets and things do not.

A page shows an ECG when restless traces at one threshold add up to half of its longer side, or any traces to all of
it. A 3x4 page adds up to 2.8 in the median of its degraded forms, so most of its thirteen strips may be lost. A part
of a page (one of several images, or a strip) holds a few beats of one lead: two fifths of any traces are enough.

Where a black grid is as dark as the trace (photocopies), pieces cannot be told apart. Such a grid repeats itself in
two perpendicular directions; it is then accepted unseen: a wrong rejection loses data, a wrong acceptance only asks a
question in vain.

A chart with a jagged curve passes too: nothing but its meaning tells it from a rhythm strip. ``docs/sources.md`` has
the measured rates. The rule and its numbers are this project's own; there is no published standard for them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

__all__ = ["shows_ecg", "trace_grade"]

#: Pixels of the longer side that is looked at. A pen of 0.375 mm on a 275 mm page is then two pixels wide.
_SIDE = 1400

#: Pixels: wider dark things are ground, not line. Ten times a pen; illumination changes more slowly.
_GROUND = 24

#: Thresholds, as shares of the strongest contrast; low ones join broken lines, high ones drop the grid.
_LEVELS = (0.5, 0.35, 0.65, 0.8)

#: No threshold lies below this contrast: paper's own grain reaches 5 %.
_FAINTEST = 0.07

#: Shares of the longer side: the shortest trace, and how far they must run together.
_LEAST_SPAN = 0.1
_ENOUGH_RESTLESS, _ENOUGH_OF_PAGE, _ENOUGH_OF_PART = 0.5, 1.0, 0.4

#: An image longer than this, as a share of its shorter side, is a strip: no sheet of paper is.
_STRIP = 2.5

#: Shares of the longer side: ink beyond this from the course is an excursion (1 mm on a page); a column whose nearest
#: ink is beyond this has left the course altogether (0.75 mm). Not below these many pixels in small images.
_REACH, _GAP = (0.004, 2.0), (0.003, 1.5)

Plane = NDArray[np.uint8]
Mask = NDArray[np.bool_]


def shows_ecg(image: Image.Image, *, part: bool = False) -> bool:
    """Tell whether an image may show an ECG; in doubt it does.

    Parameters
    ----------
    image : PIL.Image.Image
        Grey (``L``) or ``RGB``, upright or sideways, up to some ten degrees askew.
    part : bool
        Whether it is one of several images of its record, perhaps a single lead.
    """
    part = part or max(image.size) > _STRIP * min(image.size)
    factor = max(1, round(max(image.size) / _SIDE))
    pixels = np.asarray(image.reduce(factor) if factor > 1 else image)
    return any(_traced(_contrast(plane), neutral, part) for plane, neutral in _planes(pixels))


def _planes(pixels: NDArray[np.uint8]) -> Iterator[tuple[Plane, bool]]:
    """Yield the planes to look for dark lines in, the likeliest first, and whether only neutral ink shows there.

    In the brightest channel a coloured grid vanishes and black ink stays; in the darkest a coloured trace stays. On
    a dark ground it is the other way about.
    """
    if pixels.ndim == 2:
        yield pixels, True
        yield 255 - pixels, True
    else:
        bright, dim = pixels.max(axis=2), pixels.min(axis=2)
        yield from ((bright, True), (dim, False), (255 - dim, True), (255 - bright, False))


def _contrast(plane: Plane) -> NDArray[np.float32]:
    """Return how much darker each pixel is than the ground around it, 0 to 1, whatever the light."""
    height, width = (side // 4 * 4 for side in plane.shape)
    # The ground is a closing, at a quarter of the resolution: it moves slowly, and so this takes a tenth of the time.
    blocks = plane[:height, :width].reshape(height // 4, 4, width // 4, 4).max(axis=(1, 3))
    closed = ndimage.grey_closing(blocks, size=(_GROUND // 4 + 1,) * 2)
    ground = ndimage.uniform_filter(closed.astype(np.float32), 3).repeat(4, axis=0).repeat(4, axis=1)
    found: NDArray[np.float32] = np.clip(1 - plane[:height, :width] / np.maximum(ground, 24), 0, 1)
    return found


def _traced(contrast: NDArray[np.float32], neutral: bool, part: bool) -> bool:
    """Tell whether the traces of one plane run far enough together, or a grid as dark as ink hides them."""
    strongest = float(np.percentile(contrast[::2, ::2], 99.9))
    side = max(contrast.shape)
    for threshold in (level * strongest for level in _LEVELS):
        if threshold < _FAINTEST:
            continue
        labels, _ = ndimage.label(contrast > threshold, structure=np.ones((3, 3)))
        restless = total = 0.0
        for number, box in enumerate(ndimage.find_objects(labels), start=1):
            span = max(part.stop - part.start for part in box)
            if span >= _LEAST_SPAN * side and (grade := trace_grade(labels[box] == number, side)):
                total += span / side
                restless += span / side if grade == 2 else 0.0
        if restless >= _ENOUGH_RESTLESS or total >= (_ENOUGH_OF_PART if part else _ENOUGH_OF_PAGE):
            return True
    return neutral and strongest > 0.5 and _grid_of_ink(contrast)


def trace_grade(piece: Mask, side: int) -> int:
    """Tell whether one connected piece is a trace: 0 it is none, 1 it is one, 2 it is a restless one.

    Parameters
    ----------
    piece : ndarray of bool, shape (height, width)
        The piece in its bounding box.
    side : int
        The longer side of the image it was found in, pixels.
    """
    if piece.shape[0] > piece.shape[1]:
        piece = piece.T
    thickness = piece.sum(axis=0)
    crossings = (np.diff(piece, axis=0, prepend=False) & piece).sum(axis=0)
    if (crossings == 1).mean() <= 0.7 or np.percentile(thickness, 25) > max(4.0, 0.006 * side):
        return 0
    top = piece.argmax(axis=0)
    bottom = piece.shape[0] - 1 - piece[::-1].argmax(axis=0)
    centre = np.arange(piece.shape[0]) @ piece / thickness
    course = _course(centre)
    inner = slice(len(course) // 20, len(course) - len(course) // 20)  # an axis has its corner at the end
    reach = np.maximum(course - top, bottom - course)[inner] / max(_REACH[0] * side, _REACH[1])
    away = np.maximum(top - course, course - bottom)[inner] / max(_GAP[0] * side, _GAP[1])
    span = piece.shape[1] / side
    if (away > 1).mean() <= 0.02 or _times(reach) < 3 or _times(away) < 2:
        return 0
    return 2 if _times(reach) >= 3 + 10 * span and _times(away) >= 2 + 6 * span else 1


def _course(centre: NDArray[np.float64]) -> NDArray[np.floating]:
    """Fit a parabola to most of a line: straight on a scan, bent a little on a photograph of curled paper."""
    x = np.linspace(-1, 1, len(centre))
    course: NDArray[np.floating] = centre
    kept = np.ones(len(x), dtype=bool)
    for _ in range(4):
        course = np.polyval(np.polyfit(x[kept], centre[kept], 2), x)
        off = np.abs(centre - course)
        kept = off <= max(2 * float(np.median(off)), 1.0)
    return course


def _times(distance: NDArray[np.float64]) -> int:
    """Count how often a distance rises above 1, having been below 1/2: the jags of one long excursion are one."""
    known = np.flatnonzero((distance > 1) | (distance < 0.5))
    out = np.concatenate(([False], distance[known] > 1))
    return int((out[1:] & ~out[:-1]).sum())


def _grid_of_ink(contrast: NDArray[np.float32]) -> bool:
    """Tell whether ink repeats itself in two perpendicular directions, by the autocorrelation of the middle."""
    size = min(512, *contrast.shape)
    top, left = ((side - size) // 2 for side in contrast.shape)
    tile = contrast[top : top + size, left : left + size] > 0.5
    if not 0.03 < tile.mean() < 0.4:
        return False
    spectrum = np.fft.rfft2(tile - tile.mean())
    repeats = np.fft.irfft2(np.abs(spectrum) ** 2, tile.shape)
    repeats /= repeats[0, 0]
    y, x = np.mgrid[0 : size // 8, 1 : size // 8]  # at least eight periods; from one direction to its perpendicular
    far = np.hypot(x, y) >= 8
    y, x = y[far], x[far]
    both = np.minimum(repeats[y, x], repeats[x, -y])
    # Any two crossing lines repeat themselves along their own course, by half; a grid does it better at its own step.
    halfway = np.minimum(repeats[y // 2, x // 2], repeats[x // 2, -(y // 2)])
    between = repeats[(x + y) // 2, (x - y) // 2]
    return bool(((both > 0.5) & (both > 1.3 * halfway) & (between < 0.5 * both)).any())
