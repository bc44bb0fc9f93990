"""The median beat as a picture, with its boundaries: the eye's check on the numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from einthoven.ecg.measure.measured import Measured
from einthoven.ecg.recording import LEADS

__all__ = ["plot_beat"]

_COLORS = {"p": "tab:red", "qrs": "tab:blue", "t": "tab:green"}


def plot_beat(measured: Measured, title: str, path: Path) -> None:
    """Draw the twelve leads of the median beat upon each other, its boundaries and its numbers.

    Parameters
    ----------
    measured : Measured
        With a median beat (`beats` above 0).
    title : str
        The record's name.
    path : Path
        The PNG to write.

    Raises
    ------
    OSError
        The file cannot be written.
    ImportError
        matplotlib is missing.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.0, 6.0), dpi=110, layout="constrained")
    axes: Any = figure.subplots()
    for name, lead in zip(LEADS, measured.beat, strict=True):
        axes.plot(measured.beat_time, lead, linewidth=0.9, label=name)
    found = measured.boundaries
    for wave, begin, end in (
        ("p", found.p_onset, found.p_end),
        ("qrs", found.qrs_onset, found.qrs_end),
        ("t", None, found.t_end),
    ):
        for time in (begin, end):
            if time is not None:
                axes.axvline(time, color=_COLORS[wave], linewidth=1.0, linestyle="--")
    axes.set(xlabel="ms", ylabel="mV", xlim=(measured.beat_time[0], measured.beat_time[-1]))
    axes.grid(alpha=0.3)
    axes.legend(ncols=2, fontsize="small", loc="upper right")
    numbers = measured.measurements
    shown = (
        ("rate", numbers.heart_rate, "/min"),
        ("PR", numbers.pr, " ms"),
        ("QRS", numbers.qrs, " ms"),
        ("QT", numbers.qt, " ms"),
        ("QTcF", numbers.qtc_fridericia, " ms"),
        ("QRS axis", numbers.qrs_axis, "°"),
    )
    words = ", ".join(f"{name} {'–' if value is None else f'{value:.0f}{unit}'}" for name, value, unit in shown)
    axes.set_title(f"{title}: {words}\nmedian of {measured.beats} beats, quality {measured.quality:.2f}", fontsize=10)
    figure.savefig(path, format="png")
