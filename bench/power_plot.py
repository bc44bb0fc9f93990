"""Detectable gain against the number of records, drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from einthoven.errors import EinthovenError

__all__ = ["check_plot", "power_plot"]


def check_plot(path: Path) -> None:
    """Refuse a plot that could not be written, before the records are read for it.

    Raises
    ------
    EinthovenError
        An ending that is no format; a folder that is not there.
    """
    from matplotlib.backend_bases import FigureCanvasBase

    formats = FigureCanvasBase.get_supported_filetypes()
    if path.suffix[1:].lower() not in formats:
        raise EinthovenError(
            f"--plot {path}: its ending names no format", f"end it in .{', .'.join(sorted(formats))}"
        )
    if not path.absolute().parent.is_dir():
        raise EinthovenError(f"--plot {path}: the folder {path.parent} does not exist", "make it, or name another")


def power_plot(found: Mapping[str, Sequence[tuple[int, float | None]]], records: int, path: Path) -> None:
    """Draw one line an axis; both scales are logarithmic, since four times the records halve the gain.

    Parameters
    ----------
    found : mapping of str to sequence of (int, float or None)
        By axis: records, and the gain found with 80 % power; `None` where there is none.
    records : int
        Of the data as they are: marked.
    path : Path
        Where it goes; its ending is its format.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.5, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for number, (axis, points) in enumerate(found.items()):
        seen = [(n, gain) for n, gain in points if gain is not None]
        if seen:
            style = ("-", "--", "-.", ":")[number % 4]
            axes.plot(*zip(*seen, strict=True), style, marker="o", markersize=4, label=axis)
    axes.axvline(records, color="0.6", linewidth=0.8)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log", base=2)
    ticks = sorted({n for points in found.values() for n, _ in points})
    axes.set_xticks(ticks, [f"{n:,}" for n in ticks])
    gains = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0]
    axes.set_yticks(gains, [f"{gain:g}" for gain in gains])
    axes.minorticks_off()
    least = min((gain for points in found.values() for _, gain in points if gain is not None), default=1.0)
    axes.set_ylim(min(0.007, 0.8 * least), 1.05)
    axes.set_xlabel("records (the line: as many as there are)")
    axes.set_ylabel("gain found with 80 % power")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8, ncols=2)
    figure.savefig(path, dpi=120)
