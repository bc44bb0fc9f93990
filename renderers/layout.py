"""Where everything stands on a page before anything is drawn: slots for the leads, pulses, ticks, footer.

All numbers are pixels of the page (see `einthoven.renderers.page`) unless they say otherwise. Every slot begins on a
bold line where time allows it (2.5 s are 62.5 mm, so every other column does) and every baseline lies on one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from einthoven.ecg.recording import PAGE_SECONDS
from einthoven.renderers.lettering import LABEL, SMALL, extent
from einthoven.renderers.page import Box, Geometry, Segment

__all__ = ["PX_PER_MM", "Layout", "Line", "Text", "three_by_four"]

#: The finest paper that fits 250 mm of trace and its margins into 2200 px in whole pixels a millimetre.
PX_PER_MM = 8

#: Paper speed and gain: the standard of AHA/ACC/HRS 2007, part I, and what any reader expects.
_MM_PER_SECOND = 25
_MM_PER_MV = 10

#: The calibration pulse: 1 mV for 0.2 s, that is 10 mm by 5 mm.
_PULSE_MV = 1.0
_PULSE_SECONDS = 0.2

_ROWS = (("I", "aVR", "V1", "V4"), ("II", "aVL", "V2", "V5"), ("III", "aVF", "V3", "V6"))
_RHYTHM = "II"
_COLUMN_SECONDS = 2.5


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; `x` and `baseline` are where its first letter's origin lies."""

    text: str
    size: int
    x: int
    baseline: int

    @property
    def box(self) -> Box:
        """The pixels its ink may touch."""
        left, top, right, bottom = extent(self.text, self.size)
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
        Lead names and footer.
    """

    geometry: Geometry
    lines: tuple[Line, ...]
    texts: tuple[Text, ...]


def _pulse(x: int, baseline: int, width: int, height: int, foot: int) -> tuple[Box, list[Line]]:
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


@cache
def three_by_four() -> Layout:
    """Lay out the page of a cart: three rows of four leads, column after column in time, and lead II below."""
    width, height, left = 2200, 1700, 160
    # 40 mm above the first row and 50 mm a row: with less room, tall R waves in V4 leave the page (of 1,530 PTB-XL
    # recordings 38 were cut with 30 mm, 7 with 40), and more rows run into each other.
    # Lead names stand as high as they can and still be nearer to their own row than to the one above, since an R wave
    # of V4 in the first 0.2 s of its column runs through them. Those of the first column stand left of the trace: an
    # R wave beside I or through II would spell another lead.
    rows, row_reach, row_label = (320, 720, 1120), 200, 17 * PX_PER_MM
    strip, strip_reach, strip_label = 1480, 160, 14 * PX_PER_MM
    per_second = _MM_PER_SECOND * PX_PER_MM
    per_mv = _MM_PER_MV * PX_PER_MM
    column = round(_COLUMN_SECONDS * per_second)

    segments: list[Segment] = []
    pulses: list[Box] = []
    lines: list[Line] = []
    texts: list[Text] = []

    def slot(lead: str, t0: float, t1: float, baseline: int, reach: int, rise: int) -> None:
        x0, x1 = (left + round(t * per_second) for t in (t0, t1))
        label = Text(lead, LABEL, x0 + (PX_PER_MM if t0 else -6 * PX_PER_MM), baseline - rise)
        texts.append(label)
        box = Box(x0, baseline - reach, x1, baseline + reach)
        segments.append(Segment(lead, t0, t1, x0, baseline, per_second, per_mv, box, label.box))

    for baseline in (*rows, strip):
        pulse, strokes = _pulse(
            80, baseline, round(_PULSE_SECONDS * per_second), round(_PULSE_MV * per_mv), 2 * PX_PER_MM
        )
        pulses.append(pulse)
        lines.extend(strokes)
    for leads, baseline in zip(_ROWS, rows, strict=True):
        for k, lead in enumerate(leads):
            slot(lead, k * _COLUMN_SECONDS, (k + 1) * _COLUMN_SECONDS, baseline, row_reach, row_label)
            if k:
                lines.extend(_tick(left + k * column, baseline))
    slot(_RHYTHM, 0.0, PAGE_SECONDS, strip, strip_reach, strip_label)

    texts.append(Text(f"{_MM_PER_SECOND} mm/s  {_MM_PER_MV} mm/mV", SMALL, left, height - 3 * PX_PER_MM))
    geometry = Geometry(width, height, PX_PER_MM, tuple(segments), tuple(pulses))
    return Layout(geometry, tuple(lines), tuple(texts))
