"""The view `patches`: twelve images in lead order, each a piece of paper twice as fine as the page."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from einthoven.ecg.recording import LEADS, Recording
from einthoven.renderers.ink import draw
from einthoven.renderers.layout import PX_PER_MM, Layout, Line, Text, pulse
from einthoven.renderers.lead_order import leads_of
from einthoven.renderers.lettering import LABEL, SMALL
from einthoven.renderers.options import STANDARD, Options
from einthoven.renderers.page import Box, Geometry, Page, Segment
from einthoven.renderers.paper import palette, paper
from einthoven.renderers.sheet import finished
from einthoven.renderers.strokes import strokes
from einthoven.renderers.workspace import copied

__all__ = ["ENLARGED", "OPTIONS", "blank", "laid_out", "render"]

#: The options it honours: a patch has no columns, strips, ticks or margins.
OPTIONS = ("columns", "cabrera", "mm_per_second", "mm_per_mv", "grid", "ink", "font")

#: How much finer than the page.
ENLARGED = 2

#: 62.5 mm by 40 mm: the length of a lead on the page, and 4 mV.
_PX_PER_MM = PX_PER_MM * ENLARGED
_WIDTH, _HEIGHT = 1000, 40 * _PX_PER_MM

#: Pen in pixels: 0.31 mm.
_PEN = 5

#: Millimetres of paper above the baseline, on a bold line: S waves are deep in V1 and V2 and R waves tall from V4 on.
#: A trace that would be cut there is moved as a whole, as a cart moves it: of 765 PTB-XL recordings 25 % have one.
_MIDDLE_MM = 20
_ABOVE_MM = MappingProxyType({"V1": 15, "V2": 15, "V4": 25, "V5": 25, "V6": 25})

#: A baseline is moved to a bold line, or to a thin one where no bold one will do; the pen stays so far from the edge.
_STEPS, _CLEAR = (5 * _PX_PER_MM, _PX_PER_MM), 3

#: Where a name and the scale begin, and where their baselines lie from the upper and from the lower edge.
_X, _NAME_Y, _SCALE_RISE = _PX_PER_MM, 3 * _PX_PER_MM, _PX_PER_MM

#: The pulse of a patch without a grid, which has no other scale: 1 mV by 0.2 s above the footer.
_PULSE_X, _PULSE_RISE, _PULSE_SECONDS = 2 * _PX_PER_MM, 4 * _PX_PER_MM, 0.2


def render(recording: Recording, options: Options = STANDARD) -> tuple[Page, ...]:
    """Draw every lead on a sheet of its own, with the seconds that its column of the 3x4 page shows.

    Drawn anew from the signal. The grid is the scale, and the footer names it; there is no pulse, for the trace has
    the whole width. Amplitudes are never scaled to fit: a trace that its usual place would cut is moved up or down by
    whole millimetres, by 5 where that will do, and what does not fit into 4 mV even so is cut and marked `clipped`.

    Parameters
    ----------
    recording : Recording
        With a signal, sampled at 50 Hz or more.
    options : Options
        `columns`, `cabrera`, `mm_per_second` (at 50 a patch shows 1.25 s), `mm_per_mv`, `grid` (``none`` brings a
        pulse), `ink`, `font`.

    Returns
    -------
    tuple of Page
        Twelve pages in lead order (or Cabrera's), 1000 x 640 pixels each, one segment a page.

    Raises
    ------
    EinthovenError
        There is no signal, it is sampled too slowly, or an option makes no sense here.
    """
    options.only("patches", OPTIONS)
    layouts = laid_out(options)
    slots = [_placed(slot, recording) for layout in layouts for slot in layout.geometry.segments]
    pages = []
    for layout, stroke, segment in zip(layouts, *strokes(recording, slots, _HEIGHT), strict=True):
        plane = copied(paper(layout, options))
        draw(plane, [stroke], _PEN)
        pages.append(finished(plane, palette(options), replace(layout.geometry, segments=(segment,)), "patches"))
    return tuple(pages)


def blank(options: Options = STANDARD) -> tuple[Page, ...]:
    """Give the twelve patches with everything printed on them but the traces.

    Raises
    ------
    EinthovenError
        An option makes no sense here.
    """
    options.only("patches", OPTIONS)
    return tuple(
        finished(paper(layout, options), palette(options), layout.geometry, "patches") for layout in laid_out(options)
    )


def _placed(slot: Segment, recording: Recording) -> Segment:
    """Move the baseline where the trace would be cut at its usual place."""
    if recording.signal is None:
        return slot
    first, end = (round(t * recording.sampling_rate) for t in (slot.t0, slot.t1))
    samples = recording.signal[LEADS.index(slot.lead), first : end + 1]
    samples = samples[np.isfinite(samples)]
    if not samples.size:
        return slot
    ends = slot.sign * slot.px_per_mv * np.array([samples.max(), samples.min()], dtype=np.float64)
    high, low = float(ends.max()), float(ends.min())
    baseline = slot.baseline
    for step in _STEPS:
        if baseline - high >= _CLEAR and baseline - low <= _HEIGHT - 1 - _CLEAR:
            break
        middle = round((_HEIGHT + high + low) / 2 / step) * step
        baseline = min(max(middle, 0), _HEIGHT)
    return replace(slot, baseline=baseline)


@lru_cache(maxsize=64)
def laid_out(options: Options = STANDARD) -> tuple[Layout, ...]:
    """Lay out the twelve patches.

    Parameters
    ----------
    options : Options
        Of which `columns`, `cabrera`, `mm_per_second`, `mm_per_mv`, `font` count, and whether there is a grid.
    """
    per_second, per_mv = options.mm_per_second * _PX_PER_MM, options.mm_per_mv * _PX_PER_MM
    usual = (options.mm_per_second, options.mm_per_mv) == (STANDARD.mm_per_second, STANDARD.mm_per_mv)
    size = SMALL if usual else LABEL
    pulses: tuple[Box, ...] = ()
    lines: list[Line] = []
    if options.grid == "none":
        box, lines = pulse(_PULSE_X, _HEIGHT - _PULSE_RISE, round(_PULSE_SECONDS * per_second), per_mv)
        pulses = (box,)
    layouts = []
    for slot in leads_of(options):
        baseline = _ABOVE_MM.get(slot.lead, _MIDDLE_MM) * _PX_PER_MM
        name = Text("-aVR" if slot.sign < 0 else slot.lead, LABEL, _X, _NAME_Y, options.font)
        # Patches side by side pass for simultaneous: each says which seconds it shows.
        words = f"{options.mm_per_second} mm/s  {options.mm_per_mv} mm/mV     {slot.t0:g} - {slot.t1:g} s"
        scale = Text(words, size, _X, _HEIGHT - _SCALE_RISE, options.font)
        segment = replace(
            slot,
            x0=0,
            baseline=baseline,
            px_per_second=per_second,
            px_per_mv=per_mv,
            box=Box(0, 0, _WIDTH, _HEIGHT),
            label=name.box,
        )
        geometry = Geometry(_WIDTH, _HEIGHT, _PX_PER_MM, _PX_PER_MM, (segment,), pulses)
        layouts.append(Layout(geometry, tuple(lines), (name, scale), (0, baseline)))
    return tuple(layouts)
