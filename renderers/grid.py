"""The view `grid`: the page of an ECG cart, 3x4 leads and a rhythm strip on millimetre paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.recording import LEADS, PAGE_SECONDS, Recording
from einthoven.errors import EinthovenError
from einthoven.renderers import identity
from einthoven.renderers.ink import STEPS, Stroke, draw
from einthoven.renderers.layout import three_by_four
from einthoven.renderers.page import Geometry, Page, Segment
from einthoven.renderers.paper import palette, paper
from einthoven.renderers.png import encoded
from einthoven.renderers.registry import RENDERER_VERSION
from einthoven.renderers.trace import centre_line

__all__ = ["LEAST_SAMPLING_RATE", "blank", "render"]

#: Hz. Below it a QRS of 80 ms has fewer than four samples and the page would show something else.
LEAST_SAMPLING_RATE = 50.0


def render(recording: Recording) -> tuple[Page, ...]:
    """Draw a recording as a cart prints it.

    25 mm/s and 10 mm/mV always: amplitudes are never scaled to fit. A trace may run into its neighbours' rows, as on
    paper; it is cut at the edge of the page only, and its segment is then marked `clipped`. Samples that are not
    finite are gaps, and so is what a recording shorter than ten seconds lacks; a longer one shows its first ten.

    Parameters
    ----------
    recording : Recording
        With a signal, sampled at 50 Hz or more.

    Returns
    -------
    tuple of Page
        One page, 2200 x 1700 pixels.

    Raises
    ------
    EinthovenError
        There is no signal, or it is sampled too slowly.
    """
    if recording.signal is None:
        raise EinthovenError(
            f"{recording.id}: a page image without a signal cannot be drawn as a grid",
            "use the recording's own image, or a source that has signals",
        )
    if recording.sampling_rate < LEAST_SAMPLING_RATE:
        raise EinthovenError(
            f"{recording.id}: {recording.sampling_rate:g} Hz is too slow to draw a QRS complex",
            f"give recordings of {LEAST_SAMPLING_RATE:g} Hz or more",
        )
    layout = three_by_four()
    # What comes after ten seconds must not show in the last pixel either: length goes with class.
    signal = recording.signal[:, : round(PAGE_SECONDS * recording.sampling_rate)]
    plane = paper(layout).copy()
    strokes, segments = [], []
    for segment in layout.geometry.segments:
        low, high = centre_line(
            signal[LEADS.index(segment.lead)],
            recording.sampling_rate,
            segment.t0,
            segment.t1,
            round(segment.px_per_second) * STEPS,
        )
        top, bottom = (segment.baseline - segment.px_per_mv * line for line in (high, low))
        strokes.append(Stroke(round(segment.x0), top, bottom))
        segments.append(_marked(segment, top, bottom, layout.geometry.height))
    draw(plane, strokes)
    return (_page(plane, replace(layout.geometry, segments=tuple(segments))),)


def blank() -> tuple[Page, ...]:
    """Give the page with everything printed on it but the traces.

    Grid, lead names, pulses, ticks and footer stay: a blind arm that shows this differs from the real one in nothing
    but the ECG.
    """
    layout = three_by_four()
    return (_page(paper(layout), layout.geometry),)


def _marked(segment: Segment, top: NDArray[np.float64], bottom: NDArray[np.float64], height: int) -> Segment:
    """Mark a segment whose centre line leaves the page."""
    clipped = bool((top < -0.5).any() or (bottom > height - 0.5).any())  # a comparison with NaN is false
    return replace(segment, clipped=clipped)


def _page(plane: NDArray[np.uint8], geometry: Geometry) -> Page:
    return Page(
        png=encoded(plane, palette(), geometry.px_per_mm),
        pixel_id=identity.of_plane(plane, palette()),
        geometry=geometry,
        view="grid",
        version=RENDERER_VERSION,
    )
