"""The page of the view `grid` as SVG or PDF, for papers: the same layout in true millimetres, lines as lines.

Colours, slots and words are those of the pixels' page; matplotlib only writes them down. The traces are polylines
through the recording's own samples, and text stays text (DejaVu, which matplotlib brings along, so that bytes do not
depend on the machine's fonts). Coordinates of the page are those of `einthoven.renderers.page`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from math import ceil, floor
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.recording import LEADS, PAGE_SECONDS, Recording
from einthoven.errors import EinthovenError, Exit
from einthoven.renderers.header import header
from einthoven.renderers.layout import Layout, Text, laid_out
from einthoven.renderers.lettering import SMALL
from einthoven.renderers.options import STANDARD, Options
from einthoven.renderers.page import Segment
from einthoven.renderers.paper import BOLD, FULL, PAPER, PEN, THIN, palette
from einthoven.renderers.strokes import strokes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["curve", "vector"]

_Polyline = list[tuple[float, float]]

_MM_PER_INCH = 25.4
_POINTS_PER_INCH = 72.0

#: Every fifth line is bold, as on the pixels' page, and three pixels wide there.
_BOLD_EVERY, _BOLD_PEN = 5, 3

_FAMILIES = {"sans": "DejaVu Sans", "serif": "DejaVu Serif", "mono": "DejaVu Sans Mono"}

#: DejaVu is wider than the letters of the pixels' page: at this share of their size a line takes no more room.
_LETTER_SIZE = 0.86

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",  # text as text
    "svg.hashsalt": "einthoven",  # ids that are the same every time
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "path.simplify": False,
    "text.usetex": False,
}

#: Nothing of the day or the machine: equal pages are equal bytes.
_METADATA: dict[str, dict[str, str | None]] = {
    "svg": {"Date": None, "Creator": "einthoven"},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": "einthoven", "Producer": "matplotlib"},
}


def vector(recording: Recording, options: Options = STANDARD, form: Literal["svg", "pdf"] = "svg") -> bytes:
    """Draw a recording as a cart prints it, in lines instead of pixels.

    Parameters
    ----------
    recording : Recording
        With a signal, sampled at 50 Hz or more.
    options : Options
        As for the view `grid`; every one is honoured.
    form : {"svg", "pdf"}
        What to write.

    Returns
    -------
    bytes
        The whole file. Printed without scaling, a millimetre of paper is a millimetre.

    Raises
    ------
    EinthovenError
        There is no signal, it is sampled too slowly, or matplotlib is missing.
    """
    try:
        from matplotlib import rc_context, rcdefaults, rcParams
        from matplotlib.figure import Figure
    except ImportError:
        raise EinthovenError(
            f"a page as {form} needs matplotlib", "install it: pip install matplotlib", Exit.MISSING
        ) from None
    layout = laid_out(options)
    geometry = layout.geometry
    strokes(recording, geometry.segments, geometry.height)  # refuses what cannot be drawn, in the same words
    with rc_context():
        rcdefaults()  # a person's own matplotlibrc must not show
        rcParams.update(_STYLE)
        inches = (
            geometry.width / geometry.px_per_mm_x / _MM_PER_INCH,
            geometry.height / geometry.px_per_mm_y / _MM_PER_INCH,
        )
        figure = Figure(figsize=inches)
        axes = _page_axes(figure, layout)
        colors = _colors(options)
        _paper(axes, layout, colors, lined=options.grid != "none")
        _print(axes, layout, colors[-1])
        if options.header:
            x, baseline, end = layout.header
            words = header(options.header, end - x, options.font, recording.id, recording.patient, recording.duration)
            _write(axes, layout, [Text(words, SMALL, x, baseline, options.font)], colors[-1])
        for segment in geometry.segments:
            xs, ys = curve(recording, segment)
            axes.plot(
                xs,
                ys,
                color=colors[-1],
                linewidth=_points(layout, PEN),
                solid_joinstyle="round",
                solid_capstyle="round",
                gid=f"lead-{segment.lead}-{segment.x0:g}-{segment.baseline:g}",
            )
        file = BytesIO()
        figure.savefig(file, format=form, metadata=_METADATA[form])
    return file.getvalue()


def curve(recording: Recording, segment: Segment) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the points of a lead's polyline in its slot.

    Parameters
    ----------
    recording : Recording
        With a signal.
    segment : Segment
        The slot.

    Returns
    -------
    x, y : ndarray of float64
        Page coordinates: the samples within the slot's seconds, and where the line enters and leaves it. NaN in gaps.
    """
    assert recording.signal is not None
    rate = recording.sampling_rate
    samples = recording.signal[LEADS.index(segment.lead), : round(PAGE_SECONDS * rate)].astype(np.float64)
    samples[~np.isfinite(samples)] = np.nan
    first, last = ceil(segment.t0 * rate), min(floor(segment.t1 * rate), samples.size - 1)
    inner = np.arange(first, last + 1)
    seconds, millivolts = inner / rate, samples[first : last + 1]
    before, after = _between(samples, segment.t0 * rate), _between(samples, segment.t1 * rate)
    seconds = np.concatenate(([segment.t0], seconds, [segment.t1]))
    millivolts = np.concatenate(([before], millivolts, [after]))
    x = segment.x0 + (seconds - segment.t0) * segment.px_per_second
    y = segment.baseline - segment.sign * millivolts * segment.px_per_mv
    return x, y


def _between(samples: NDArray[np.float64], position: float) -> float:
    """Read the polyline between two samples; NaN beyond the last."""
    left = floor(position)
    share = position - left
    if left >= samples.size or (share and left + 1 >= samples.size):
        return float("nan")
    return float(samples[left] + share * (samples[left + 1] - samples[left])) if share else float(samples[left])


def _points(layout: Layout, pixels: float) -> float:
    """Turn pixels of the page into printer's points."""
    return pixels / layout.geometry.px_per_mm_y / _MM_PER_INCH * _POINTS_PER_INCH


def _page_axes(figure: Figure, layout: Layout) -> Axes:
    """Make axes whose coordinates are those of the page."""
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(-0.5, layout.geometry.width - 0.5)
    axes.set_ylim(layout.geometry.height - 0.5, -0.5)
    axes.set_axis_off()
    return axes


def _colors(options: Options) -> tuple[str, str, str, str]:
    """Give paper, thin line, bold line and ink, as the palette has them."""
    table = palette(options)
    paper, thin, bold = (table[(kind << 6) * 3 :][:3].hex() for kind in (PAPER, THIN, BOLD))
    return f"#{paper}", f"#{thin}", f"#{bold}", f"#{table[FULL * 3 :][:3].hex()}"


def _paper(axes: Axes, layout: Layout, colors: tuple[str, ...], *, lined: bool) -> None:
    """Lay the sheet and its millimetres, the bold lines last and in their own colour with thin edges."""
    geometry = layout.geometry
    axes.axhspan(-0.5, geometry.height - 0.5, color=colors[0], linewidth=0, gid="paper")
    if not lined:
        return
    thin, bold = list(_lines(layout, 1)), list(_lines(layout, _BOLD_EVERY))
    for name, lines, color, pen in (
        ("thin", thin, colors[1], 1),
        ("edges", bold, colors[1], _BOLD_PEN),
        ("bold", bold, colors[2], 1),
    ):
        _stroke(axes, layout, lines, color, pen, f"grid-{name}")


def _lines(layout: Layout, every: int) -> Iterator[_Polyline]:
    geometry = layout.geometry
    for k in range(layout.origin[0] % (step := round(geometry.px_per_mm_x) * every), geometry.width, step):
        yield [(k, -0.5), (k, geometry.height - 0.5)]
    for k in range(layout.origin[1] % (step := round(geometry.px_per_mm_y) * every), geometry.height, step):
        yield [(-0.5, k), (geometry.width - 0.5, k)]


def _print(axes: Axes, layout: Layout, ink: str) -> None:
    """Print pulses, ticks, frames and words."""
    for heavy, pen in ((True, PEN), (False, 1)):
        chosen = [line for line in layout.lines if line.heavy is heavy]
        lines: list[_Polyline] = [[(line.x0, line.y0), (line.x1, line.y1)] for line in chosen]
        _stroke(axes, layout, lines, ink, pen, "printed-heavy" if heavy else "printed-fine")
    _write(axes, layout, layout.texts, ink)


def _stroke(axes: Axes, layout: Layout, lines: Iterable[_Polyline], color: str, pen: int, name: str) -> None:
    from matplotlib.collections import LineCollection

    axes.add_collection(
        LineCollection(list(lines), colors=color, linewidths=_points(layout, pen), capstyle="projecting", gid=name),
        autolim=False,
    )


def _write(axes: Axes, layout: Layout, texts: Iterable[Text], ink: str) -> None:
    for text in texts:
        axes.text(
            text.x,
            text.baseline,
            text.text,
            color=ink,
            fontsize=_points(layout, text.size * _LETTER_SIZE),
            fontfamily=_FAMILIES[text.font],
            verticalalignment="baseline",
            parse_math=False,
        )
