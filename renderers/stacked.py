"""The view `stacked`: twelve full-width strips in lead order, four times the page's time resolution."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from einthoven.ecg.recording import Recording
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

__all__ = ["OPTIONS", "STRETCH", "blank", "laid_out", "render"]

#: The options it honours. Paper speed is its own, and a strip has no columns, strips, ticks or margins.
OPTIONS = ("columns", "cabrera", "mm_per_mv", "grid", "ink", "font")

#: How much longer a second is than on the page.
STRETCH = 4

#: Left of the traces stand pulse and name; they reach to the right edge.
_LEFT, _TRACE = 200, 2000

#: Twenty millimetres a strip: 2 mV.
_STRIP = 160

#: Above and below, for the R waves of I and the S waves of V6: of 765 PTB-XL recordings four leave the page above and
#: one below. Without them 195 and 14 would; with 40 px 28 and 4.
_ABOVE = _BELOW = 80

#: Where a pulse rises: on a millimetre line; its feet end before the trace begins.
_PULSE_X, _PULSE_FOOT = 8, 6
_PULSE_SECONDS = 0.2

#: A name stands in its strip's pulse, this much above the baseline: an R wave at the beginning of the strip would
#: spell another lead, and below the baseline it would stand in the next strip's pulse at 20 mm/mV.
_NAME_RISE = 10

#: How far above the baseline the seconds of a group of strips stand, at the right edge.
_TIME_RISE = 7 * PX_PER_MM


def render(recording: Recording, options: Options = STANDARD) -> tuple[Page, ...]:
    """Draw the leads one below the other, time stretched fourfold, voltage as on the page.

    Each strip shows the 2.5 s that the lead's column of the 3x4 page shows, drawn anew from the signal: what the page
    holds (but for the rhythm strip), finer in time. The paper's millimetres are stretched with it, 32 by 8 px, and
    the footer says what a small box stands for; where the seconds change from one strip to the next they are named at
    the right edge. Amplitudes are never scaled to fit: a trace may run into the
    neighbouring strips; it is cut at the edge of the page only, and then marked `clipped`.

    Parameters
    ----------
    recording : Recording
        With a signal, sampled at 50 Hz or more.
    options : Options
        `columns` (simultaneous: the first 2.5 s of every lead), `cabrera`, `mm_per_mv`, `grid`, `ink`, `font`.

    Returns
    -------
    tuple of Page
        One page, 2200 x 2080 pixels.

    Raises
    ------
    EinthovenError
        There is no signal, it is sampled too slowly, or an option makes no sense here.
    """
    options.only("stacked", OPTIONS)
    layout = laid_out(options)
    drawn, segments = strokes(recording, layout.geometry.segments, layout.geometry.height)
    plane = copied(paper(layout, options))
    draw(plane, drawn)
    return (finished(plane, palette(options), replace(layout.geometry, segments=segments), "stacked", PX_PER_MM),)


def blank(options: Options = STANDARD) -> tuple[Page, ...]:
    """Give the page with everything printed on it but the traces.

    Raises
    ------
    EinthovenError
        An option makes no sense here.
    """
    options.only("stacked", OPTIONS)
    layout = laid_out(options)
    return (finished(paper(layout, options), palette(options), layout.geometry, "stacked", PX_PER_MM),)


@lru_cache(maxsize=64)
def laid_out(options: Options = STANDARD, timed: bool = True) -> Layout:
    """Lay out the strips.

    Parameters
    ----------
    options : Options
        Of which `columns`, `cabrera`, `mm_per_mv`, `font` count, and whether there is a grid.
    timed : bool
        Whether the seconds are named.
    """
    per_mv = options.mm_per_mv * PX_PER_MM
    segments: list[Segment] = []
    pulses: list[Box] = []
    lines: list[Line] = []
    texts: list[Text] = []
    for k, slot in enumerate(leads_of(options)):
        baseline = _ABOVE + _STRIP * k + _STRIP // 2
        per_second = slot.px_per_second * STRETCH
        box, edges = pulse(_PULSE_X, baseline, round(_PULSE_SECONDS * per_second), per_mv, _PULSE_FOOT)
        pulses.append(box)
        lines.extend(edges)
        name = Text("-aVR" if slot.sign < 0 else slot.lead, LABEL, 0, baseline - _NAME_RISE, options.font)
        name = replace(name, x=(box.x0 + box.x1 - name.box.x0 - name.box.x1) // 2)
        texts.append(name)
        segments.append(
            replace(
                slot,
                x0=_LEFT,
                baseline=baseline,
                px_per_second=per_second,
                px_per_mv=per_mv,
                box=Box(_LEFT, baseline - _STRIP // 2, _LEFT + _TRACE, baseline + _STRIP // 2),
                label=name.box,
            )
        )
    for before, segment in zip((None, *segments), segments, strict=False):
        # Strips one below the other pass for simultaneous: where the seconds change, they are named.
        if timed and (before is None or before.t0 != segment.t0):
            time = Text(
                f"{segment.t0:g} - {segment.t1:g} s", SMALL, 0, round(segment.baseline) - _TIME_RISE, options.font
            )
            texts.append(replace(time, x=_LEFT + _TRACE - PX_PER_MM - time.box.x1))
    height = _ABOVE + _STRIP * len(segments) + _BELOW
    usual = options.mm_per_mv == STANDARD.mm_per_mv
    texts.append(Text(_scale(options), SMALL if usual else LABEL, _LEFT, height - 3 * PX_PER_MM, options.font))
    geometry = Geometry(_LEFT + _TRACE, height, PX_PER_MM * STRETCH, PX_PER_MM, tuple(segments), tuple(pulses))
    return Layout(geometry, tuple(lines), tuple(texts), (_LEFT, _ABOVE))


def _scale(options: Options) -> str:
    """Say what the paper's lines mean: "25 mm/s" alone would be true of no ruler held to this page."""
    box = f"small box {1000 // options.mm_per_second} ms x {1 / options.mm_per_mv:g} mV"
    if options.grid == "none":
        box = f"pulse {1000 * _PULSE_SECONDS:g} ms x 1 mV"
    return f"{box}     {options.mm_per_second} mm/s stretched {STRETCH} times     {options.mm_per_mv} mm/mV"
