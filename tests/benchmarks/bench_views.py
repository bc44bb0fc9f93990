"""How fast are the views? From an array to PNG bytes, beside a plain matplotlib page of the same content.

``python tests/benchmarks/bench_views.py [--rounds N] [--matplotlib-rounds N]``, wherever einthoven is installed.
All contestants take turns in one process on one core, so that a busy machine slows them all alike; a ratio is the
median over the turns of what two of them took in the same turn. Of absolute numbers trust the minimum.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from statistics import median

import numpy as np

from einthoven.ecg.patient import Patient
from einthoven.ecg.recording import LEADS, Recording
from einthoven.renderers import engine, png
from einthoven.renderers.page import Page
from einthoven.renderers.registry import FOUR, view

#: The promises, on one core of a quiet machine: images a second of `grid` with the extra `fast`, and with isal but
#: without numba; how many times faster than matplotlib; milliseconds a recording for all four views together.
LEAST_RATE, LEAST_RATE_WITHOUT, LEAST_RATIO, MOST_MS = 80, 25, 60, 40

_ALL = "all four views"


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


def _with(found: engine._Engine, deflate: png.Deflate, draw: Callable[[], object]) -> Callable[[], object]:
    """Draw with one arithmetic and one compressor, whatever this process would choose."""

    def drawn() -> object:
        before, kept = engine._engine, png.fastest_deflate
        engine._engine, png.fastest_deflate = found, lambda: deflate
        try:
            return draw()
        finally:
            engine._engine, png.fastest_deflate = before, kept

    return drawn


def _views() -> dict[str, Callable[[Recording], tuple[Page, ...]]]:
    """The views of the protocol that this installation can draw."""
    found = {}
    for name in FOUR:
        try:
            found[name] = view(name)
        except ImportError as error:
            print(f"{name} cannot be drawn here: {error}")
    return found


def _contestants(subject: Recording) -> dict[str, Callable[[], object]]:
    numpy, numba = engine._Engine(), engine._Engine()
    numpy.settled = True
    numba.settle(wait=True)
    deflates = {"zlib": png.deflate_zlib}
    if png.fastest_deflate() is png.deflate_isal:
        deflates = {"isal": png.deflate_isal, **deflates}
    else:
        print("isal is not installed (the extra `fast`): only the standard library's zlib is measured")
    best = next(iter(deflates))
    engines = {"NumPy": numpy}
    if numba.kernels:
        engines = {"numba": numba, **engines}
    else:
        print(f"numba is not measured: {numba.why}")
    first = next(iter(engines))

    views, contestants = _views(), {}
    for name in engines:
        contestants[f"grid, {name} + {best}"] = _with(engines[name], deflates[best], lambda: views["grid"](subject))
    if best != "zlib":
        contestants["grid, NumPy + zlib"] = _with(numpy, png.deflate_zlib, lambda: views["grid"](subject))
    for name, draw in views.items():
        if name != "grid":
            contestants[f"{name}, {first} + {best}"] = _with(
                engines[first], deflates[best], lambda draw=draw: draw(subject)
            )
    if len(views) == len(FOUR):
        for name in engines:
            contestants[f"{_ALL}, {name} + {best}"] = _with(
                engines[name], deflates[best], lambda: sum((draw(subject) for draw in views.values()), ())
            )
    return contestants


def _bytes(drawn: object) -> int:
    return len(drawn) if isinstance(drawn, bytes) else sum(len(page.png) for page in drawn)  # type: ignore[attr-defined]


def _timed(contestants: dict[str, Callable[[], object]], rounds: dict[str, int]) -> dict[str, dict[int, float]]:
    """Let all take turns; seconds by contestant and turn. Fewer rounds are spread over the whole run."""
    most = max(rounds.values())
    times: dict[str, dict[int, float]] = {name: {} for name in contestants}
    for turn in range(most):
        for name, draw in contestants.items():
            if turn * rounds[name] // most != (turn + 1) * rounds[name] // most:
                begin = time.perf_counter()
                draw()
                times[name][turn] = time.perf_counter() - begin
    return times


def _said(what: str, kept: bool) -> str:
    return f"{what}: {'kept' if kept else 'NOT kept'}"


def main() -> None:
    """Run the contest and print a table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=60)
    options.add_argument("--matplotlib-rounds", type=int, default=6)
    given = options.parse_args()
    with suppress(AttributeError, OSError):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

    subject = recording()
    contestants = _contestants(subject)
    plain = None
    try:
        import matplotlib

        plain = f"plain matplotlib {matplotlib.__version__}"
        contestants[plain] = lambda: with_matplotlib(subject)
    except ImportError:
        print("matplotlib is not installed: nothing to compare with")

    sizes = {name: _bytes(draw()) for name, draw in contestants.items()}  # also warms the caches
    times = _timed(
        contestants, {name: given.matplotlib_rounds if name == plain else given.rounds for name in contestants}
    )

    print(
        f"{'array -> PNG bytes, one core':<36}{'min ms':>9}{'median ms':>11}{'a second':>10}{'kB':>7}{'to plain':>10}"
    )
    ratios = {}
    for name, taken in times.items():
        least, middle = min(taken.values()), median(taken.values())
        row = f"{name:<36}{least * 1e3:>9.1f}{middle * 1e3:>11.1f}{1 / least:>10.1f}{sizes[name] / 1e3:>7.0f}"
        if plain and name.startswith("grid"):
            ratios[name] = median(slow / taken[turn] for turn, slow in times[plain].items())
            row += f"{ratios[name]:>9.0f}x"
        print(row)

    first = next(iter(times))
    least = {name: min(taken.values()) for name, taken in times.items()}
    print("By the minimum, which a busy machine spoils least; ratios are medians of turns:")
    if first.startswith("grid, numba"):
        print(
            _said(f"at least {LEAST_RATE} grid pages a second with the extra `fast`", 1 / least[first] >= LEAST_RATE)
        )
    if plain:
        print(_said(f"at least {LEAST_RATIO} times plain matplotlib", ratios[first] >= LEAST_RATIO))
    without = next(name for name in least if name.startswith("grid, NumPy"))
    print(
        _said(
            f"at least {LEAST_RATE_WITHOUT} grid pages a second without numba",
            1 / least[without] >= LEAST_RATE_WITHOUT,
        )
    )
    for name in least:
        if name.startswith(_ALL) and ("numba" in name) == first.startswith("grid, numba"):
            print(_said(f"at most {MOST_MS} ms for {_ALL}", least[name] * 1e3 <= MOST_MS))


if __name__ == "__main__":
    main()
