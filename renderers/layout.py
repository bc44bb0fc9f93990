"""Where everything stands on a page before anything is drawn: slots for the leads, pulses, ticks, names, footer.

All numbers are pixels of the page (see `einthoven.renderers.page`) unless they say otherwise. Every slot begins on a
bold line where time allows it (2.5 s are 62.5 mm, so every other column of 3x4 does) and every baseline lies on one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from einthoven.ecg.recording import LEADS
from einthoven.renderers.crop import cropped
from einthoven.renderers.footer import in_line
from einthoven.renderers.lettering import LABEL, SMALL, extent
from einthoven.renderers.options import STANDARD, Options
from einthoven.renderers.page import Box, Geometry, Segment

__all__ = ["CABRERA", "PX_PER_MM", "Layout", "Line", "Text", "laid_out", "pulse"]

#: The finest paper that fits 250 mm of trace and its margins into 2200 px in whole pixels a millimetre.
PX_PER_MM = 8

#: From one bold line to the next.
_BOLD = 5 * PX_PER_MM

#: The limb leads in anatomical order, aVR upside down (AHA/ACC/HRS 2007, part I), then the chest.
CABRERA = ("aVL", "I", "aVR", "II", "aVF", "III", "V1", "V2", "V3", "V4", "V5", "V6")

#: Of a row: ten seconds at the usual speed.
_TRACE_MM = 250

#: The calibration pulse: 1 mV for 0.2 s, that is 10 mm by 5 mm at 25 mm/s and 10 mm/mV.
_PULSE_MV, _PULSE_SECONDS = 1.0, 0.2

#: x of the pulse's falling edge, and its feet to either side.
_PULSE_END, _FOOT = 120, 2 * PX_PER_MM

#: Where the traces begin: with the lead's name above the pulse, and with room for it between pulse and trace.
_NARROW, _WIDE = 160, 240
_RIGHT = 40

#: Baseline of the header, and how far above the lower edge the footer's lies.
_HEAD, _FOOT_RISE = 7 * PX_PER_MM, 3 * PX_PER_MM

#: Between a framed text and its frame.
_PAD = PX_PER_MM


@dataclass(frozen=True, slots=True)
class _Form:
    """The measures of one layout.

    First baseline, the leads' reach to either side of theirs, rise of their names, room below the last baseline.
    """

    rows: int
    top: int
    reach: int
    rise: int
    below: int


#: 40 mm above the first row of 3x4 and 50 mm a row: with less room, tall R waves in V4 leave the page (of 1,530
#: PTB-XL recordings 38 were cut with 30 mm, 7 with 40), and more rows run into each other. Its lead names stand as
#: high as they can and still be nearer to their own row than to the one above, since an R wave of V4 in the first
#: 0.2 s of its column runs through them. Six rows stand 30 mm apart and twelve 20, much as carts print them.
_FORMS = {
    "3x4": _Form(3, 320, 200, 17 * PX_PER_MM, 320),
    "6x2": _Form(6, 280, 120, 11 * PX_PER_MM, 220),
    "12x1": _Form(12, 280, 80, 3 * PX_PER_MM, 220),
}
_STRIP_REACH, _STRIP_RISE, _STRIP_BELOW = 160, 14 * PX_PER_MM, 220

#: More above the first row at 20 mm/mV: without it 17 in 100 PTB-XL recordings are cut on 3x4.
_HEADROOM = 160

#: Rise of a name that stands beside the pulse instead of above it.
_BESIDE_RISE = 3 * PX_PER_MM


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; `x` and `baseline` are where its first letter's origin lies."""

    text: str
    size: int
    x: int
    baseline: int
    font: str = "sans"

    @property
    def box(self) -> Box:
        """The pixels its ink may touch."""
        left, top, right, bottom = extent(self.text, self.size, self.font)
        return Box(self.x + left, self.baseline + top, self.x + right, self.baseline + bottom)


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line along the grid, from pixel to pixel, both included; `heavy` is as wide as the trace."""

    x0: int
    y0: int
    x1: int
    y1: int
    heavy: bool = True


@dataclass(frozen=True, slots=True)
class Layout:
    """A page without its traces.

    Attributes
    ----------
    geometry : Geometry
        Size, slots and pulses; no slot is clipped yet.
    lines : tuple of Line
        The strokes of the pulses and the ticks between columns.
    texts : tuple of Text
        Lead names, scale and footer.
    origin : tuple of int
        x and y of a crossing of bold lines: the others are counted from there.
    header : tuple of int
        Of the line that a header may be written on: x, baseline, and the x where it must end.
    """

    geometry: Geometry
    lines: tuple[Line, ...]
    texts: tuple[Text, ...]
    origin: tuple[int, int] = (0, 0)
    header: tuple[int, int, int] = (0, 0, 0)


def pulse(x: int, baseline: int, width: int, height: int, foot: int = _FOOT) -> tuple[Box, list[Line]]:
    """Give a calibration pulse whose rising edge is centred on `x`, with a foot on either side."""
    top, end = baseline - height, x + width
    lines = [
        Line(x - foot, baseline, x, baseline),
        Line(x, top, x, baseline),
        Line(x, top, end, top),
        Line(end, top, end, baseline),
        Line(end, baseline, end + foot, baseline),
    ]
    return Box(x, top, end, baseline), lines


def _tick(x: int, baseline: int) -> list[Line]:
    """Mark the change of leads above and below the trace, never across it, where it would pass for a pacing spike."""
    near, far = 5 * PX_PER_MM, 9 * PX_PER_MM
    return [
        Line(x, baseline - far, x, baseline - near, heavy=False),
        Line(x, baseline + near, x, baseline + far, heavy=False),
    ]


def _framed(box: Box) -> list[Line]:
    """Draw a frame around a box."""
    x0, y0, x1, y1 = box.x0 - _PAD, box.y0 - _PAD, box.x1 + _PAD, box.y1 + _PAD
    return [Line(x0, y0, x1, y0), Line(x0, y1, x1, y1), Line(x0, y0, x0, y1), Line(x1, y0, x1, y1)]


@lru_cache(maxsize=64)
def laid_out(options: Options = STANDARD) -> Layout:
    """Lay out a cart's page: rows of leads, column after column, and rhythm strips below.

    Parameters
    ----------
    options : Options
        Colours do not matter here. The standard page has 2200 x 1700 pixels; a row's trace is always 250 mm long.
    """
    form = _FORMS[options.layout]
    per_second, per_mv = options.mm_per_second * PX_PER_MM, options.mm_per_mv * PX_PER_MM
    seconds = _TRACE_MM / options.mm_per_second
    columns = len(LEADS) // form.rows
    width_of_column, span = _TRACE_MM * PX_PER_MM // columns, seconds / columns
    pulse_width, pulse_height = round(_PULSE_SECONDS * per_second), round(_PULSE_MV * per_mv)
    # Names stand above the pulse where there is room for both, else between it and the trace: an R wave beside I or
    # through II would spell another lead.
    beside = options.layout != "3x4" or pulse_height > _STRIP_RISE
    left = _WIDE if beside else _NARROW
    reach = max(form.reach, pulse_height // 2 + _BOLD // 2)
    top = form.top + (_HEADROOM if options.mm_per_mv > STANDARD.mm_per_mv else 0)
    rows = [top + 2 * reach * k for k in range(form.rows)]
    first_strip = -(-(rows[-1] + reach + _STRIP_REACH) // _BOLD) * _BOLD
    strips = [first_strip + 2 * _STRIP_REACH * k for k in range(len(options.rhythm))]
    width = left + _TRACE_MM * PX_PER_MM + _RIGHT
    height = strips[-1] + _STRIP_BELOW if strips else rows[-1] + form.below

    segments: list[Segment] = []
    pulses: list[Box] = []
    lines: list[Line] = []
    texts: list[Text] = []

    def slot(lead: str, column: int, t0: float, t1: float, baseline: int, half: int, rise: int) -> None:
        x0 = left + column * width_of_column
        x1 = x0 + round((t1 - t0) * per_second)
        upside_down = options.cabrera and lead == "aVR"
        label = Text("-aVR" if upside_down else lead, LABEL, 0, baseline - rise, options.font)
        if column:
            label = replace(label, x=x0 + PX_PER_MM)
        elif beside:
            label = replace(label, x=_PULSE_END + _FOOT + PX_PER_MM, baseline=baseline - _BESIDE_RISE)
        else:
            label = replace(label, x=min(x0 - 6 * PX_PER_MM, x0 - PX_PER_MM // 2 - label.box.x1))
        texts.append(label)
        box = Box(x0, baseline - half, x1, baseline + half)
        sign = -1 if upside_down else 1
        segments.append(Segment(lead, t0, t1, x0, baseline, per_second, per_mv, box, label.box, sign=sign))

    for baseline in (*rows, *strips):
        box, strokes = pulse(_PULSE_END - pulse_width, baseline, pulse_width, pulse_height)
        pulses.append(box)
        lines.extend(strokes)
    order = CABRERA if options.cabrera else LEADS
    for row, baseline in enumerate(rows):
        for column, lead in enumerate(order[row :: form.rows]):
            t0 = column * span if options.columns == "sequential" else 0.0
            slot(lead, column, t0, t0 + span, baseline, reach, form.rise)
            if column and options.separators:
                lines.extend(_tick(left + column * width_of_column, baseline))
    for lead, baseline in zip(options.rhythm, strips, strict=True):
        slot(lead, 0, 0.0, seconds, baseline, _STRIP_REACH, _STRIP_RISE)

    unusual = (options.mm_per_second, options.mm_per_mv) != (STANDARD.mm_per_second, STANDARD.mm_per_mv)
    scale = f"{options.mm_per_second} mm/s  {options.mm_per_mv} mm/mV"
    at = left
    # Another speed or gain is said twice, large and framed: who overlooks it misreads every interval or voltage.
    if unusual:
        head = Text(scale, LABEL, left + _PAD, _HEAD, options.font)
        texts.append(head)
        lines.extend(_framed(head.box))
        at = head.box.x1 + 4 * PX_PER_MM
    foot = Text(scale, LABEL if unusual else SMALL, 0, height - _FOOT_RISE, options.font)
    remark = Text("", SMALL, 0, foot.baseline, options.font)
    if options.columns == "simultaneous" and columns > 1:
        remark = replace(remark, text=f"all columns 0 - {span:g} s")
    foot, remark = in_line(foot, remark, _PAD if unusual else 0, 4 * PX_PER_MM, (left, width - _RIGHT), options.scale)
    if unusual:
        lines.extend(_framed(foot.box))
    texts.append(foot)
    if remark.text:
        texts.append(remark)

    geometry = Geometry(width, height, PX_PER_MM, PX_PER_MM, tuple(segments), tuple(pulses))
    page = Layout(geometry, tuple(lines), tuple(texts), header=(at, _HEAD, width - _RIGHT))
    return cropped(page, bool(options.header)) if options.crop == "tight" else page
