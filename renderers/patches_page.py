"""The view `patches-page`: the leads cut from the grid page and enlarged twice, names and scale set anew."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from einthoven.ecg.recording import Recording
from einthoven.renderers import identity, patches
from einthoven.renderers.ink import draw
from einthoven.renderers.layout import Layout
from einthoven.renderers.lead_order import leads_of, page_of
from einthoven.renderers.options import STANDARD, Options
from einthoven.renderers.page import Geometry, Page, Segment
from einthoven.renderers.paper import FULL, palette, paper
from einthoven.renderers.registry import RENDERER_VERSION
from einthoven.renderers.strokes import leaves, strokes
from einthoven.renderers.workspace import copied

__all__ = ["OPTIONS", "blank", "render"]

#: What it honours of `einthoven.renderers.options.Options`.
OPTIONS = patches.OPTIONS

#: zlib's fastest level: other bytes, the same pixels.
_COMPRESSION = 1

#: Pixels by which the centre of an enlarged pixel lies from that of its first.
_CENTRE = (patches.ENLARGED - 1) / 2

_MM_PER_INCH = 25.4


def render(recording: Recording, options: Options = STANDARD) -> tuple[Page, ...]:
    """Cut the leads from the grid page and enlarge them twice, with OpenCV's bicubic interpolation.

    No detail is added: a patch is enlarged pixels, and whatever ran into the lead's space from its neighbours is
    enlarged along. Which rows are cut is as in the view `patches`.

    Parameters
    ----------
    recording : Recording
        With a signal, sampled at 50 Hz or more.
    options : Options
        As the view `patches`.

    Returns
    -------
    tuple of Page
        Twelve pages in lead order (or Cabrera's), 1000 x 640 pixels each, RGB, one segment a page. `clipped` is
        what was outside the cut.

    Raises
    ------
    EinthovenError
        There is no signal, it is sampled too slowly, or an option makes no sense here.
    """
    options.only("patches-page", OPTIONS)
    page = page_of(options)
    drawn, _ = strokes(recording, page.geometry.segments, page.geometry.height)
    source = copied(paper(page, options))
    draw(source, drawn)
    lines = dict(zip(page.geometry.segments, drawn, strict=True))
    return tuple(
        _page(source, slot, layout, options, leaves(lines[slot], _cut(slot, layout)))
        for slot, layout in zip(leads_of(options), patches.laid_out(options), strict=True)
    )


def blank(options: Options = STANDARD) -> tuple[Page, ...]:
    """Give the twelve patches with everything printed on them but the traces.

    Raises
    ------
    EinthovenError
        An option makes no sense here.
    """
    options.only("patches-page", OPTIONS)
    source = paper(page_of(options), options)
    return tuple(
        _page(source, slot, layout, options, False)
        for slot, layout in zip(leads_of(options), patches.laid_out(options), strict=True)
    )


def _cut(slot: Segment, layout: Layout) -> range:
    """Give the rows of the page that a patch shows."""
    above = round(layout.geometry.segments[0].baseline) // patches.ENLARGED
    top = round(slot.baseline) - above
    return range(top, top + layout.geometry.height // patches.ENLARGED)


def _page(source: NDArray[np.uint8], slot: Segment, layout: Layout, options: Options, clipped: bool) -> Page:
    rows = _cut(slot, layout)
    colors = np.frombuffer(palette(options), dtype=np.uint8).reshape(256, 3)
    cut = colors[source[rows.start : rows.stop, slot.box.x0 : slot.box.x1]]
    large = cv2.resize(cut, None, fx=patches.ENLARGED, fy=patches.ENLARGED, interpolation=cv2.INTER_CUBIC)
    image = Image.fromarray(_printed(large.astype(np.uint8, copy=False), layout, colors[FULL]))
    drawn = layout.geometry
    (patch,) = drawn.segments
    segment = replace(patch, x0=patch.x0 + _CENTRE, baseline=patch.baseline + _CENTRE, clipped=clipped)
    file = BytesIO()
    inch = (_MM_PER_INCH * drawn.px_per_mm_x, _MM_PER_INCH * drawn.px_per_mm_y)
    image.save(file, "PNG", compress_level=_COMPRESSION, dpi=inch)
    return Page(
        png=file.getvalue(),
        pixel_id=identity.of_image(image),
        geometry=Geometry(drawn.width, drawn.height, drawn.px_per_mm_x, drawn.px_per_mm_y, (segment,), drawn.pulses),
        view="patches-page",
        version=RENDERER_VERSION,
    )


def _printed(image: NDArray[np.uint8], layout: Layout, ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Print a patch's name and scale onto an RGB image in place."""
    coverage = paper(layout, Options(grid="none"))
    rows, columns = np.nonzero(coverage)
    share = coverage[rows, columns].astype(np.int64)[:, None]
    ground = image[rows, columns].astype(np.int64)
    image[rows, columns] = (ground * (FULL - share) + ink.astype(np.int64) * share + FULL // 2) // FULL
    return image
