"""A layout without its margins: moved to the page's corner by whole millimetres, so that every line stays a line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from einthoven.renderers.page import Box

if TYPE_CHECKING:
    from einthoven.renderers.layout import Layout

__all__ = ["cropped"]

#: Left of, right of, above and below all that is printed.
_MARGIN_MM = 1

#: Kept above the first baseline and below the last: room for 2.5 mV at 10 mm/mV, however close the rows stand.
_WAVE_MM = 25


def cropped(layout: Layout, headed: bool) -> Layout:
    """Cut the margins off.

    Kept are all lines, texts and the leads' own space, 25 mm for the waves of every lead, a line for the header where
    there is one, and one millimetre around them. The offset and, as far as the page reaches, the size are whole
    millimetres.

    Parameters
    ----------
    layout : Layout
        A page that begins with a millimetre line on its first column and row.
    headed : bool
        Whether something will be written on the header's line.
    """
    geometry = layout.geometry
    step_x, step_y = round(geometry.px_per_mm_x), round(geometry.px_per_mm_y)
    kept = [one.box for one in geometry.segments] + [one.box for one in layout.texts]
    kept += [Box(one.x0 - 1, one.y0 - 1, one.x1 + 2, one.y1 + 2) for one in layout.lines]
    kept += [
        Box(one.box.x0, int(one.baseline) - _WAVE_MM * step_y, one.box.x1, int(one.baseline) + _WAVE_MM * step_y)
        for one in geometry.segments
    ]
    if headed:
        x, baseline, end = layout.header
        kept.append(Box(x, baseline - 4 * step_y, end, baseline + step_y))
    x = max(min(box.x0 for box in kept) // step_x - _MARGIN_MM, 0) * step_x
    y = max(min(box.y0 for box in kept) // step_y - _MARGIN_MM, 0) * step_y
    right = min((-(-max(box.x1 for box in kept) // step_x) + _MARGIN_MM) * step_x, geometry.width)
    bottom = min((-(-max(box.y1 for box in kept) // step_y) + _MARGIN_MM) * step_y, geometry.height)

    def moved(box: Box) -> Box:
        return Box(box.x0 - x, box.y0 - y, box.x1 - x, box.y1 - y)

    segments = tuple(
        replace(one, x0=one.x0 - x, baseline=one.baseline - y, box=moved(one.box), label=moved(one.label))
        for one in geometry.segments
    )
    return replace(
        layout,
        geometry=replace(
            geometry,
            width=right - x,
            height=bottom - y,
            segments=segments,
            pulses=tuple(map(moved, geometry.pulses)),
        ),
        lines=tuple(replace(one, x0=one.x0 - x, y0=one.y0 - y, x1=one.x1 - x, y1=one.y1 - y) for one in layout.lines),
        texts=tuple(replace(one, x=one.x - x, baseline=one.baseline - y) for one in layout.texts),
        origin=(layout.origin[0] - x, layout.origin[1] - y),
        header=(layout.header[0] - x, layout.header[1] - y, layout.header[2] - x),
    )
