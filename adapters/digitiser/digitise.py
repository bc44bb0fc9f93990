"""From the pixels of a page to millivolts: the whole procedure, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.digitiser.arrangement import arrangement, leads_of_images
from einthoven.adapters.digitiser.calibration import Scale, scale
from einthoven.adapters.digitiser.clock import Stretch, on_one_clock, stretches, strips_by_signal, timed
from einthoven.adapters.digitiser.consistency import contradiction
from einthoven.adapters.digitiser.digitised import SAMPLING_RATE, Digitised
from einthoven.adapters.digitiser.ink import ink
from einthoven.adapters.digitiser.paper import Paper, paper
from einthoven.adapters.digitiser.pen import Pen, pen_that_drew
from einthoven.adapters.digitiser.picture import picture
from einthoven.adapters.digitiser.pulses import Pulses, pulses
from einthoven.adapters.digitiser.rows import Rows, pen_of, rows
from einthoven.adapters.digitiser.runs import pieces, runs
from einthoven.adapters.digitiser.trace import traced
from einthoven.adapters.digitiser.undigitisable import Undigitisable
from einthoven.adapters.digitiser.words import Word, words
from einthoven.adapters.digitiser.zero_line import bold_lines, zero_shifts
from einthoven.ecg.recording import LEADS

__all__ = ["digitised"]

Floats = NDArray[np.float64]

#: Pens at either end of a stretch where the neighbour's ink lies over it: the last clear point is held.
_EDGE = 1.2

#: Share of the leads' stretches that was traced, at least.
_SHOWN = 0.5

#: What may remain of the limb leads' sums. Of PTB-XL's folds 1 to 9, not worn or worn as scans and photographs are,
#: 242 digitised pages with a correlation of .98 left .32 at most, and one, with a lead misread, .54; 18 that were
#: misread altogether left .53 and more, and one, whose columns were shifted, .17.
_CONTRADICTS = 0.4

#: Share by which the scales of twelve images may differ: a photograph's.
_SAME_SCALE = 0.08

#: Share of a lead's stretch that is shown within the same seconds of its strip, to level the two.
_LEVELLED = 0.5


def digitised(images: bytes | Sequence[bytes]) -> Digitised:
    """Digitise a page.

    Parameters
    ----------
    images : bytes or sequence of bytes
        One image file with all leads, or twelve with a lead each.

    Returns
    -------
    Digitised
        What the page shows. The zero of each lead is the foot of its row's pulse, else its row's usual level.

    Raises
    ------
    Undigitisable
        With the reason.
    """
    files = [images] if isinstance(images, bytes) else list(images)
    if not files:
        raise Undigitisable("there is no image")
    if len(files) == 1:
        return _page(files[0])
    if len(files) != len(LEADS):
        raise Undigitisable(f"{len(files)} images are neither one page nor twelve leads")
    return _patches(files)


def _lines(file: bytes) -> tuple[Paper, Rows, Pulses | None, tuple[Word, ...], Pen]:
    """Find what is drawn on an image."""
    sheet = paper(picture(file))
    found = ink(sheet)
    all_ink = runs(found.coverage)
    parts = pieces(all_ink)
    pen = pen_of(all_ink)
    marks = pulses(all_ink, pen)
    if marks is not None:  # a restless trace is thicker than the pen that drew it; their lines are level
        pen = marks.pen
    lines = rows(all_ink, parts, marks, pen, found.coverage)
    drew = pen_that_drew(found.coverage, lines.runs, pen)
    return sheet, lines, marks, words(found.coverage, parts), drew


def _page(file: bytes) -> Digitised:
    sheet, lines, marks, seen, pen = _lines(file)
    shown = arrangement(lines, seen)
    measure = scale(sheet.across, sheet.down, marks, lines.x1 - lines.x0, lines.spacing)
    traces = traced(lines, pen)
    baselines = _baselines(traces, lines.line, marks)
    x0, seconds, measure = timed(lines, measure)
    places = stretches(x0, seconds, shown, measure)
    values = [_sampled(traces[place.row], float(baselines[place.row]), place, measure, pen) for place in places]
    layout = shown.name + (f"+{len(shown.strips)}" if shown.strips else "")
    return _assembled(values, places, baselines, layout, shown.read, measure, (sheet,))


def _patches(files: Sequence[bytes]) -> Digitised:
    """Digitise twelve images of a lead each; names that cannot be read follow the usual order."""
    drawn = [_lines(file) for file in files]
    for number, (_, lines, _, _, _) in enumerate(drawn):
        if len(lines.line) != 1:
            raise Undigitisable(f"image {number + 1} of {len(files)} shows {len(lines.line)} rows, not one lead")
    leads, read = leads_of_images([seen for _, _, _, seen, _ in drawn])
    values, places, baselines = [], [], []
    scales = _scales([(sheet, lines, marks) for sheet, lines, marks, _, _ in drawn])
    for number, ((_, lines, marks, _, pen), lead, measure) in enumerate(zip(drawn, leads, scales, strict=True)):
        trace = traced(lines, pen)
        baselines.append(float(_baselines(trace, lines.line, marks)[0]))
        x0, seconds, own = timed(lines, measure)
        sign = -1 if lead.startswith("-") else 1
        place = Stretch(lead.lstrip("-"), sign, number, x0, x0 + seconds * own.px_per_second, 0.0, seconds)
        places.append(place)
        values.append(_sampled(trace[0], baselines[-1], place, own, pen))
    least = min(len(value) for value in values)
    values = [value[:least] for value in values]
    places = [replace(place, t1=least / SAMPLING_RATE) for place in places]
    papers = tuple(sheet for sheet, *_ in drawn)
    middle = scales[0]
    if all(marks is None for _, _, marks, _, _ in drawn):
        ruled = [bold_lines(sheet, one) for sheet, one in zip(papers, scales, strict=True)]
        gains = [one.px_per_mv for one in scales]
        heights = [sheet.pixels.shape[0] for sheet in papers]
        shifts, assumed = zero_shifts(leads, values, baselines, ruled, gains, heights)
        values = [
            value + place.sign * shift / gain
            for value, place, shift, gain in zip(values, places, shifts, gains, strict=True)
        ]
        baselines = [y + float(shift) for y, shift in zip(baselines, shifts, strict=True)]
        middle = replace(middle, warnings=(*middle.warnings, assumed))
    return _assembled(values, places, np.array(baselines), "patches", read, middle, papers)


def _scales(sheets: Sequence[tuple[Paper, Rows, Pulses | None]]) -> list[Scale]:
    """Find each image's scale; one that differs from most, or has none, takes the middle one."""
    own: list[Scale | None] = []
    why = ""
    for sheet, lines, marks in sheets:
        try:
            own.append(scale(sheet.across, sheet.down, marks, lines.x1 - lines.x0))
        except Undigitisable as reason:
            own.append(None)
            why = reason.reason
    found = sorted((one for one in own if one is not None), key=lambda one: one.px_per_second)
    if len(found) <= len(own) // 2:
        raise Undigitisable(why)
    middle = found[len(found) // 2]
    return [
        one
        if one is not None
        and abs(one.px_per_second / middle.px_per_second - 1.0) < _SAME_SCALE
        and abs(one.px_per_mv / middle.px_per_mv - 1.0) < _SAME_SCALE
        else middle
        for one in own
    ]


def _baselines(traces: Floats, line: Floats, marks: Pulses | None) -> Floats:
    """Give the y of 0 mV of each row: the foot of its pulse, else the row's own level."""
    level = np.array([np.nanmedian(row) if np.isfinite(row).any() else np.nan for row in traces])
    level = np.where(np.isfinite(level), level, np.median(line, axis=1))
    if marks is None:
        return level
    gap = float(np.diff(level).min()) / 2.0 if len(level) > 1 else np.inf
    for row, y in enumerate(level):
        near = int(np.argmin(np.abs(marks.base - y)))
        if abs(marks.base[near] - y) < min(gap, 1.5 * marks.height):
            level[row] = marks.base[near]
    return level


def _sampled(trace: Floats, baseline: float, place: Stretch, measure: Scale, pen: Pen) -> Floats:
    """Sample a stretch of a trace evenly in time: mV."""
    first, last = round(place.t0 * SAMPLING_RATE), round(place.t1 * SAMPLING_RATE)
    time = np.arange(first, last) / SAMPLING_RATE
    x = place.x0 + (time - place.t0) * measure.px_per_second
    # At either end the pen's round tip, or the neighbouring lead's, lies over the line.
    x = np.clip(x, place.x0 + _EDGE * pen.wide, place.x1 - _EDGE * pen.wide)
    return np.asarray(place.sign * (baseline - _between(trace, x)) / measure.px_per_mv)


def _between(trace: Floats, x: Floats) -> Floats:
    """Take a trace between its columns; NaN where the nearer one shows nothing."""
    left = np.clip(np.floor(x).astype(np.int64), 0, len(trace) - 2)
    share = np.clip(x - left, 0.0, 1.0)
    a, b = trace[left], trace[left + 1]
    mixed = a * (1.0 - share) + b * share
    return np.where(np.isfinite(mixed), mixed, np.where(share < 0.5, a, b))


def _assembled(
    values: Sequence[Floats],
    places: Sequence[Stretch],
    baselines: Floats,
    layout: str,
    read: float,
    measure: Scale,
    papers: tuple[Paper, ...],
) -> Digitised:
    """Put the stretches on one clock."""
    traced_share = float(np.mean([np.isfinite(value).mean() for value in values]))
    if traced_share < _SHOWN:
        raise Undigitisable("most of the traces are lost")
    places = strips_by_signal(on_one_clock(places, values, SAMPLING_RATE), values, SAMPLING_RATE)
    samples = max(round(place.t1 * SAMPLING_RATE) for place in places)
    signal = np.full((len(LEADS), samples), np.nan, dtype=np.float32)
    strips = {}
    for place, value in zip(places, values, strict=True):
        row = signal[LEADS.index(place.lead)]
        if place.strip:
            row = strips[place.lead] = np.full(samples, np.nan, dtype=np.float32)
        first = round(place.t0 * SAMPLING_RATE)
        row[first : first + len(value)] = value[: samples - first]
    for lead, strip in strips.items():
        own = signal[LEADS.index(lead)]
        both = np.isfinite(own) & np.isfinite(strip)
        # The strip has a zero of its own.
        shift = float(np.median(own[both] - strip[both])) if both.sum() > _LEVELLED * SAMPLING_RATE else 0.0
        np.copyto(own, strip + np.float32(shift), where=np.isnan(own))
    against = contradiction(signal, SAMPLING_RATE)
    if against is not None and against > _CONTRADICTS:
        raise Undigitisable("the limb leads contradict each other, so the traces were misread")
    return Digitised(
        signal=signal,
        sampling_rate=SAMPLING_RATE,
        stretches=tuple(places),
        strips=strips,
        layout=layout,
        scale=measure,
        papers=papers,
        baselines=baselines,
        confidence=traced_share * max(read, 0.5),
        warnings=measure.warnings,
    )
