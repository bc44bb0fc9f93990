"""The view `stacked-page`: the leads cut from the clean page and widened fourfold, as in the published experiment."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from einthoven.ecg.recording import Recording
from einthoven.renderers import stacked
from einthoven.renderers.clean import inked
from einthoven.renderers.ink import draw
from einthoven.renderers.layout import PX_PER_MM
from einthoven.renderers.lead_order import leads_of, page_of
from einthoven.renderers.options import STANDARD, Options
from einthoven.renderers.page import Page, Segment
from einthoven.renderers.paper import FULL, palette, paper
from einthoven.renderers.sheet import finished
from einthoven.renderers.strokes import leaves, strokes
from einthoven.renderers.workspace import copied

__all__ = ["OPTIONS", "blank", "render"]

#: What it honours of `einthoven.renderers.options.Options`.
OPTIONS = stacked.OPTIONS

#: Plain paper, black ink: nothing else is left of a clean page.
_PLAIN = Options(grid="none")

#: Pixels by which a widened column's centre lies to the right of its first pixel's.
_CENTRE = (stacked.STRETCH - 1) / 2


def render(recording: Recording, options: Options = STANDARD) -> tuple[Page, ...]:
    """Cut the leads from the clean page, widen them and stack them as the view `stacked` does.

    No detail is added: a strip is stretched pixels, and whatever ran into the lead's space from its neighbours is
    stretched along. Interpolation is linear, as OpenCV does it unless told otherwise; repeating columns would cut
    every slope into steps four pixels wide, which no ECG has. A lead's own space is 50 mm high (2.5 mV to either
    side) and a strip 20: strips overlap, the darker pixel stays. Names, pulses and scale are set anew.

    Parameters
    ----------
    recording : Recording
        With a signal, sampled at 50 Hz or more.
    options : Options
        As the view `stacked`. The colours of grid and ink go with the cleaning.

    Returns
    -------
    tuple of Page
        One page, 2200 x 2080 pixels. `clipped` is what was outside the lead's own space or is outside the page.

    Raises
    ------
    EinthovenError
        There is no signal, it is sampled too slowly, or an option makes no sense here.
    """
    options.only("stacked-page", OPTIONS)
    page = page_of(options)
    drawn, _ = strokes(recording, page.geometry.segments, page.geometry.height)
    source = copied(paper(page, _PLAIN))
    draw(source, drawn)
    source = inked(source) * np.uint8(FULL)

    layout = stacked.laid_out(replace(options, grid="none"), timed=False)
    plane = copied(paper(layout, _PLAIN))
    lines = dict(zip(page.geometry.segments, drawn, strict=True))
    segments = []
    for slot, strip in zip(leads_of(options), _strips(options), strict=True):
        rows = _rows(slot, strip, layout.geometry.height)
        shift = round(strip.baseline - slot.baseline)
        cut = source[rows.start : rows.stop, slot.box.x0 : slot.box.x1]
        wide = cv2.resize(cut, None, fx=stacked.STRETCH, fy=1, interpolation=cv2.INTER_LINEAR)
        part = plane[rows.start + shift : rows.stop + shift, strip.box.x0 : strip.box.x1]
        np.maximum(part, wide, out=part)
        segments.append(replace(strip, clipped=leaves(lines[slot], rows)))
    geometry = replace(layout.geometry, segments=tuple(segments))
    return (finished(plane, palette(_PLAIN), geometry, "stacked-page", PX_PER_MM),)


def blank(options: Options = STANDARD) -> tuple[Page, ...]:
    """Give the page with everything printed on it but the traces.

    Raises
    ------
    EinthovenError
        An option makes no sense here.
    """
    options.only("stacked-page", OPTIONS)
    layout = stacked.laid_out(replace(options, grid="none"), timed=False)
    geometry = replace(layout.geometry, segments=_strips(options))
    return (finished(paper(layout, _PLAIN), palette(_PLAIN), geometry, "stacked-page", PX_PER_MM),)


def _strips(options: Options) -> tuple[Segment, ...]:
    """Give the slots of the view `stacked`, where t0 is the centre of the first widened column."""
    layout = stacked.laid_out(replace(options, grid="none"), timed=False)
    return tuple(replace(strip, x0=strip.x0 + _CENTRE) for strip in layout.geometry.segments)


def _rows(slot: Segment, strip: Segment, height: int) -> range:
    """Give the rows of the source page that a strip takes: its lead's own, as far as they are on the new page."""
    shift = round(strip.baseline - slot.baseline)
    return range(max(slot.box.y0, -shift), min(slot.box.y1, height - shift))
