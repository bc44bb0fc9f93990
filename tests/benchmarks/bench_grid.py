"""How fast is the view `grid`? From an array to PNG bytes, beside a plain matplotlib page of the same content.

``python tests/benchmarks/bench_grid.py [--rounds N] [--matplotlib-rounds N]``, wherever einthoven is installed.
All contestants take turns in one process on one core, so that a busy machine slows them all alike. Trust the minimum.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from statistics import median
from unittest.mock import patch

import numpy as np

from einthoven.ecg.patient import Patient
from einthoven.ecg.recording import LEADS, Recording
from einthoven.renderers import png
from einthoven.renderers.grid import render

#: The promise: images a second and core, with isal.
LEAST_RATE = 25


def recording() -> Recording:
    """Make ten seconds at 500 Hz with beats, drift and noise about as large as a resting ECG's."""
    draws = np.random.RandomState(1)
    seconds = np.arange(5000) / 500
    signal = draws.randn(12, 5000) * 0.01 + 0.1 * np.sin(2 * np.pi * 0.2 * seconds)
    shapes = ((-0.17, 0.02, 0.15), (-0.03, 0.008, -0.15), (0.0, 0.01, 1.2), (0.03, 0.01, -0.4), (0.25, 0.05, 0.3))
    for lead in range(12):
        for beat in np.arange(0.4, 10, 0.8):
            for at, width, height in shapes:
                size = height * (0.4 + 0.1 * lead)
                signal[lead] += size * np.exp(-0.5 * ((seconds - beat - at) / width) ** 2)
    return Recording("bench", signal.astype(np.float32), 500.0, Patient("p"))


def with_matplotlib(subject: Recording) -> bytes:
    """Draw the same page the plain way: 2200x1700, millimetre grid, 3x4 leads, strip, pulses and labels."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MultipleLocator

    assert subject.signal is not None
    figure = Figure(figsize=(11, 8.5), dpi=200)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, 275)
    axes.set_ylim(0, 212.5)
    for each in (axes.xaxis, axes.yaxis):
        each.set_major_locator(MultipleLocator(5))
        each.set_minor_locator(MultipleLocator(1))
    axes.grid(which="major", color="#ea9690", linewidth=0.8)
    axes.grid(which="minor", color="#f9d3ce", linewidth=0.4)
    axes.tick_params(which="both", length=0)
    seconds = np.arange(subject.signal.shape[1]) / subject.sampling_rate
    rows = (("I", "aVR", "V1", "V4"), ("II", "aVL", "V2", "V5"), ("III", "aVF", "V3", "V6"))
    for row, leads in enumerate(rows):
        baseline = 172.5 - 50 * row
        for k, lead in enumerate(leads):
            part = slice(1250 * k, 1250 * (k + 1))
            trace = subject.signal[LEADS.index(lead)]
            axes.plot(20 + 25 * seconds[part], baseline + 10 * trace[part], color="black", linewidth=1)
            axes.text(21 + 62.5 * k, baseline + 17, lead)
    axes.plot(20 + 25 * seconds, 27.5 + 10 * subject.signal[1], color="black", linewidth=1)
    axes.text(21, 41.5, "II")
    for baseline in (172.5, 122.5, 72.5, 27.5):
        x, y = np.array([8, 10, 10, 15, 15, 17]), np.array([0, 0, 10, 10, 0, 0])
        axes.plot(x, baseline + y, color="black", linewidth=1)
    axes.text(20, 3, "25 mm/s  10 mm/mV")
    file = BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def main() -> None:
    """Run the contest and print a table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=60)
    options.add_argument("--matplotlib-rounds", type=int, default=5)
    given = options.parse_args()
    with suppress(AttributeError, OSError):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

    subject = recording()

    def with_zlib() -> bytes:
        with patch.object(png, "fastest_deflate", return_value=png.deflate_zlib):
            return render(subject)[0].png

    contestants: dict[str, tuple[Callable[[], bytes], int]] = {}
    if png.fastest_deflate() is png.deflate_isal:
        contestants["grid, isal"] = (lambda: render(subject)[0].png, given.rounds)
    else:
        print("isal is not installed (the extra `fast`): only the standard library's zlib is measured")
    contestants["grid, zlib"] = (with_zlib, given.rounds)
    try:
        import matplotlib

        contestants[f"plain matplotlib {matplotlib.__version__}"] = (
            lambda: with_matplotlib(subject),
            given.matplotlib_rounds,
        )
    except ImportError:
        print("matplotlib is not installed: nothing to compare with")

    sizes = {name: len(draw()) for name, (draw, _) in contestants.items()}  # also warms the caches
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(given.rounds):
        for name, (draw, rounds) in contestants.items():
            # A contestant with fewer rounds takes them spread over the whole run.
            if turn * rounds // given.rounds != (turn + 1) * rounds // given.rounds:
                begin = time.perf_counter()
                draw()
                times[name].append(time.perf_counter() - begin)

    print(
        f"{'2200x1700, array -> PNG bytes':<32}{'min ms':>9}{'median ms':>11}{'images/s':>10}{'kB':>7}{'rounds':>8}"
    )
    for name, taken in times.items():
        least, middle = min(taken), median(taken)
        row = f"{name:<32}{least * 1e3:>9.1f}{middle * 1e3:>11.1f}{1 / middle:>10.1f}{sizes[name] / 1e3:>7.0f}"
        print(f"{row}{len(taken):>8}")
    first = next(iter(times))
    verdict = "kept" if 1 / median(times[first]) >= LEAST_RATE else "NOT kept"
    print(f"at least {LEAST_RATE} images/s and core: {verdict} ({first}, median)")


if __name__ == "__main__":
    main()
