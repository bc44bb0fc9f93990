"""The view `grid`: the page of an ECG cart, leads and rhythm strips on millimetre paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.recording import Recording
from einthoven.renderers.header import header
from einthoven.renderers.ink import draw
from einthoven.renderers.layout import Layout, Text, laid_out
from einthoven.renderers.lettering import SMALL
from einthoven.renderers.options import STANDARD, Options
from einthoven.renderers.page import Geometry, Page
from einthoven.renderers.paper import palette, paper, written
from einthoven.renderers.sheet import finished
from einthoven.renderers.strokes import strokes
from einthoven.renderers.workspace import copied

__all__ = ["blank", "blank_plane", "plane", "render"]


def render(recording: Recording, options: Options = STANDARD) -> tuple[Page, ...]:
    """Draw a recording as a cart prints it.

    Amplitudes are never scaled to fit. A trace may run into its neighbours' rows, as on paper; it is cut at the edge
    of the page only, and its segment is then marked `clipped`. Samples that are not finite are gaps, and so is what a
    recording shorter than the page's ten seconds (five at 50 mm/s) lacks; a longer one shows its first.

    Parameters
    ----------
    recording : Recording
        With a signal, sampled at 50 Hz or more.
    options : Options
        Layout, scale, colours, letters, header; every one is honoured.

    Returns
    -------
    tuple of Page
        One page, 2200 x 1700 pixels unless another layout was asked for.

    Raises
    ------
    EinthovenError
        There is no signal, or it is sampled too slowly.
    """
    inked, geometry = plane(recording, options)
    return (finished(inked, palette(options), geometry, "grid"),)


def blank(options: Options = STANDARD) -> tuple[Page, ...]:
    """Give the page with everything printed on it but the traces.

    Grid, lead names, pulses, ticks and footer stay, and the names of the header's fields with dashes behind them: a
    blind arm that shows this differs from the real one in nothing but the ECG and whom it is of.
    """
    printed, geometry = blank_plane(options)
    return (finished(printed, palette(options), geometry, "grid"),)


def plane(recording: Recording, options: Options = STANDARD) -> tuple[NDArray[np.uint8], Geometry]:
    """Draw the page as an index plane, for other views of the same page.

    Parameters
    ----------
    recording, options
        As `render`.

    Returns
    -------
    plane : ndarray of uint8, shape (height, width)
        Indices as `einthoven.renderers.paper` defines them, the caller's own.
    geometry : Geometry
        With the clipped segments marked.

    Raises
    ------
    EinthovenError
        As `render`.
    """
    layout = laid_out(options)
    drawn, segments = strokes(recording, layout.geometry.segments, layout.geometry.height)
    inked = copied(paper(layout, options))
    if options.header:
        heading = header(
            options.header, _room(layout), options.font, recording.id, recording.patient, recording.duration
        )
        _head(inked, layout, heading, options)
    draw(inked, drawn)
    return inked, replace(layout.geometry, segments=segments)


def blank_plane(options: Options = STANDARD) -> tuple[NDArray[np.uint8], Geometry]:
    """Give the blank page as an index plane: read-only without a header, the same array at every call."""
    layout = laid_out(options)
    printed = paper(layout, options)
    if options.header:
        printed = printed.copy()
        _head(printed, layout, header(options.header, _room(layout), options.font), options)
    return printed, layout.geometry


def _room(layout: Layout) -> int:
    x, _, end = layout.header
    return end - x


def _head(plane: NDArray[np.uint8], layout: Layout, heading: str, options: Options) -> None:
    x, baseline, _ = layout.header
    written(plane, Text(heading, SMALL, x, baseline, options.font))
