"""A signal and the slots of a page become strokes of the pen: the one place where millivolts become pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from einthoven.ecg.recording import LEADS, PAGE_SECONDS, Recording
from einthoven.errors import EinthovenError
from einthoven.renderers.ink import STEPS, Stroke
from einthoven.renderers.page import Segment
from einthoven.renderers.trace import centre_line

__all__ = ["LEAST_SAMPLING_RATE", "leaves", "strokes"]

#: Hz. Below it a QRS of 80 ms has fewer than four samples and the page would show something else.
LEAST_SAMPLING_RATE = 50.0


def strokes(
    recording: Recording, segments: Sequence[Segment], height: int
) -> tuple[list[Stroke], tuple[Segment, ...]]:
    """Trace the leads of a recording in their slots.

    Amplitudes are never scaled to fit. Samples that are not finite are gaps, and so is what a recording shorter than
    a slot's seconds lacks. What comes after ten seconds never shows, not in the last pixel either: the length of a
    recording goes with its class.

    Parameters
    ----------
    recording : Recording
        With a signal, sampled at 50 Hz or more.
    segments : sequence of Segment
        The slots. `x0` and `px_per_second` are whole numbers of pixels; a lead of `sign` -1 is drawn upside down.
    height : int
        Of the page, in pixels.

    Returns
    -------
    strokes : list of Stroke
        One a slot, for `einthoven.renderers.ink.draw`.
    segments : tuple of Segment
        The slots again, `clipped` where the trace's centre line leaves the page above or below.

    Raises
    ------
    EinthovenError
        There is no signal, or it is sampled too slowly.
    """
    if recording.signal is None:
        raise EinthovenError(
            f"{recording.id}: a page image without a signal cannot be drawn",
            "use the view page, which shows the recording's own image, or a source that has signals",
        )
    if recording.sampling_rate < LEAST_SAMPLING_RATE:
        raise EinthovenError(
            f"{recording.id}: {recording.sampling_rate:g} Hz is too slow to draw a QRS complex",
            f"give recordings of {LEAST_SAMPLING_RATE:g} Hz or more",
        )
    signal = recording.signal[:, : round(PAGE_SECONDS * recording.sampling_rate)]
    drawn, marked = [], []
    for segment in segments:
        lines = centre_line(
            signal[LEADS.index(segment.lead)],
            recording.sampling_rate,
            segment.t0,
            segment.t1,
            round(segment.px_per_second) * STEPS,
        )
        # Low and high: what is high in the lead is above on the page, unless it stands upside down.
        top, bottom = (segment.baseline - segment.sign * segment.px_per_mv * line for line in lines[:: -segment.sign])
        stroke = Stroke(round(segment.x0), top, bottom)
        drawn.append(stroke)
        marked.append(replace(segment, clipped=leaves(stroke, range(height))))
    return drawn, tuple(marked)


def leaves(stroke: Stroke, rows: range) -> bool:
    """Say whether a centre line leaves rows of the page; a comparison with NaN is false."""
    return bool((stroke.top < rows[0] - 0.5).any() or (stroke.bottom > rows[-1] + 0.5).any())
