"""Pages as other tools draw them, drawn here with matplotlib: what the digitiser must read without knowing them."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from einthoven.ecg.recording import LEADS

__all__ = ["GRIDS", "LAYOUTS", "kit_like", "patches", "plot_like", "saved"]

Floats = NDArray[np.float32]

#: Major lines, minor lines.
GRIDS = {
    "red": ("#f08a8a", "#f7c8c8"),
    "orange": ("#f0a860", "#f9dcbd"),
    "green": ("#7cbf7c", "#c5e6c5"),
    "blue": ("#7a9be0", "#c8d6f5"),
    "black": ("#7d7d7d", "#c9c9c9"),
}

LAYOUTS = {
    "3x4": [[LEADS[row + 3 * column] for column in range(4)] for row in range(3)],
    "6x2": [[LEADS[row + 6 * column] for column in range(2)] for row in range(6)],
    "12x1": [[lead] for lead in LEADS],
}


def _paper(width_mm: float, height_mm: float, dpi: int, grid: str | None) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width_mm / 25.4, height_mm / 25.4), dpi=dpi)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width_mm)
    axes.set_ylim(0, height_mm)
    axes.axis("off")
    if grid is not None:
        major, minor = GRIDS[grid]
        for step, color, wide in ((1, minor, 0.4), (5, major, 0.7)):
            for x in np.arange(0, width_mm, step):
                axes.plot([x, x], [0, height_mm], color=color, lw=wide, zorder=0)
            for y in np.arange(0, height_mm, step):
                axes.plot([0, width_mm], [y, y], color=color, lw=wide, zorder=0)
    return figure, axes


def saved(figure: Figure) -> bytes:
    """Give the figure as a PNG file."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=figure.dpi)
    return file.getvalue()


def kit_like(
    signal: Floats,
    rate: float,
    layout: str = "3x4",
    *,
    grid: str | None = "red",
    strips: Sequence[str] = ("II",),
    pulses: bool = True,
    names: bool = True,
    simultaneous: bool = False,
    gain: float = 10.0,
    speed: float = 25.0,
    dpi: int = 200,
    font: str = "DejaVu Sans",
) -> bytes:
    """Draw a page in the manner of ecg-image-kit: pulse, traces, names above their beginning, ticks between leads."""
    rows = LAYOUTS[layout]
    seconds = 250.0 / speed
    count = len(rows) + len(strips)
    spacing = 170.0 / max(count, 4)
    figure, axes = _paper(279.4, 215.9, dpi, grid)
    left = 18.0 + 0.2 * speed

    def line(x: float, y: float, values: Floats) -> None:
        axes.plot(x + np.arange(len(values)) / rate * speed, y + values * gain, color="black", lw=0.8, zorder=2)

    for k in range(count):
        y = round(200.0 - 0.8 * spacing - k * spacing)
        if pulses:
            w = 0.2 * speed
            axes.plot(
                [8, 10, 10, 10 + w, 10 + w, 12 + w], [y, y, y + gain, y + gain, y, y], color="black", lw=0.8, zorder=2
            )
        leads = rows[k] if k < len(rows) else [strips[k - len(rows)]]
        long = seconds / len(leads)
        for c, lead in enumerate(leads):
            t0 = 0.0 if simultaneous else c * long
            part = signal[LEADS.index(lead)][round(t0 * rate) : round((t0 + long) * rate)]
            line(left + c * long * speed, y, part)
            if names:
                axes.text(left + c * long * speed + 1.0, y + 0.3 * spacing, lead, fontsize=11, family=font, zorder=3)
            if c:
                x = left + c * long * speed
                axes.plot([x, x], [y - 6, y - 3], color="black", lw=0.5)
                axes.plot([x, x], [y + 3, y + 6], color="black", lw=0.5)
    return saved(figure)


def plot_like(
    signal: Floats, rate: float, *, grid: tuple[str, str] = ("#ff0000", "#ffb3b3"), dpi: int = 100
) -> bytes:
    """Draw a page in the manner of ecg_plot: two columns with all seconds in each, blue lines, no pulse."""
    seconds = signal.shape[1] / rate
    high = 3.0  # mV a row
    figure = Figure(figsize=(2 * seconds, 6 * high / 2 + 1), dpi=dpi)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, 2 * seconds)
    bottom = -high / 2 - 5 * high - 0.4
    axes.set_ylim(bottom, bottom + (6 * high / 2 + 1) * 2)
    axes.axis("off")
    for step_x, step_y, color, wide in ((0.04, 0.1, grid[1], 0.4), (0.2, 0.5, grid[0], 0.5)):
        for x in np.arange(0, 2 * seconds, step_x):
            axes.axvline(x, color=color, lw=wide, zorder=0)
        for y in np.arange(-20, 20, step_y):
            axes.axhline(y, color=color, lw=wide, zorder=0)
    for column in range(2):
        for row in range(6):
            lead = LEADS[6 * column + row]
            x, y = column * seconds, -row * high
            if column:
                axes.plot([x, x], [y - 0.3, y + 0.3], color="#0000b3", lw=0.5)
            axes.text(x + 0.07, y + 0.6, lead, fontsize=9)
            time = x + np.arange(signal.shape[1]) / rate
            axes.plot(time, y + signal[LEADS.index(lead)], color="#0000b3", lw=0.5)
    return saved(figure)


def patches(signal: Floats, rate: float, *, seconds: float = 2.5, dpi: int = 250) -> list[bytes]:
    """Draw an image a lead, each of its own column's seconds."""
    images = []
    for k, lead in enumerate(LEADS):
        figure, axes = _paper(25.0 * seconds + 10.0, 50.0, dpi, "red")
        t0 = (k // 3) * seconds
        part = signal[k][round(t0 * rate) : round((t0 + seconds) * rate)]
        axes.plot(5.0 + np.arange(len(part)) / rate * 25.0, 25.0 + part * 10.0, color="black", lw=0.8, zorder=2)
        axes.text(7.0, 42.0, lead, fontsize=11)
        images.append(saved(figure))
    return images
