"""How fast the simulator is, what the measurer recovers of its numbers, and how it compares with real recordings.

    python tests/benchmarks/bench_simulator.py [--count 300] [--ptbxl DIR] [--plot FILE.png]

Prints four tables: milliseconds a page; told against measured numbers, by condition, in the median and spread of the
error; amplitudes and intervals of normal ECGs as quantiles, simulated and (with DIR) PTB-XL's NORM, by lead; and,
with DIR, what tells simulated from real: a gradient-boosted tree on simple features, cross-validated, and the
features it leans on most. ``--plot`` draws the quantiles.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.sources.registry import open_source
from einthoven.ecg.measure import Measured, measure
from einthoven.ecg.recording import LEADS, Recording
from einthoven.ecg.simulator import Parameters, simulate
from einthoven.ecg.simulator.population import draw
from einthoven.ecg.simulator.truth import reading

Floats = NDArray[np.float64]

QUANTILES = (5, 25, 50, 75, 95)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=300)
    arguments.add_argument("--ptbxl", default="")
    arguments.add_argument("--plot", type=Path)
    told = arguments.parse_args()
    hearts = draw(2027, told.count)
    timing(hearts)
    recovery(hearts)
    simulated = [measure(simulate(*heart)) for heart in _normal(told.count)]
    real, pages = [], []
    if told.ptbxl:
        source = open_source(f"ptbxl:{told.ptbxl}")
        order = np.random.RandomState(0).permutation(len(source.entries))
        for i in order:
            entry = source.entries[i]
            if "NORM" in entry.statements and len(real) < told.count:
                recording = source.load(entry)
                real.append(measure(recording))
                pages.append(recording)
    quantiles(simulated, real)
    if told.plot:
        plot(simulated, real, told.plot)
    if pages:
        separation([simulate(*heart) for heart in _normal(len(pages))], simulated[: len(pages)], pages, real)


def _normal(count: int) -> list[tuple[Parameters, int]]:
    """Normal ECGs of simulated hearts, at a resting ECG's noise."""
    found: list[tuple[Parameters, int]] = []
    seed = 77
    while len(found) < count:
        for parameters, heart in draw(seed, 2000):
            if "normal_ecg" in (reading(parameters)[0].diagnosis or ()) and parameters.artifact == "none":
                found.append((parameters, heart))
        seed += 1
    return found[:count]


def timing(hearts: Sequence[tuple[Parameters, int]]) -> None:
    spent = []
    for heart in hearts[:200]:
        start = time.process_time()
        simulate(*heart)
        spent.append(1e3 * (time.process_time() - start))
    low, middle, high = np.percentile(spent, (5, 50, 95))
    print(f"milliseconds a page, one core: median {middle:.1f}, 5th to 95th percentile {low:.1f} to {high:.1f}\n")


def recovery(hearts: Iterable[tuple[Parameters, int]]) -> None:
    rows: dict[str, list[tuple[Parameters, Measured]]] = {}
    for parameters, seed in hearts:
        rows.setdefault(_condition(parameters), []).append((parameters, measure(simulate(parameters, seed))))
    rows["all"] = [pair for pairs in rows.values() for pair in pairs]
    fields: dict[str, Callable[[Parameters], float | None]] = {
        "heart_rate": lambda p: None if p.rhythm == "ventricular_fibrillation" else p.heart_rate,
        "pr": lambda p: None if p.block == "wenckebach" else p.pr,
        "qrs": lambda p: None if p.rhythm == "ventricular_fibrillation" else p.qrs,
        "qt": lambda p: None if p.rhythm == "ventricular_fibrillation" else p.qt,
        "qrs_axis": lambda p: None if p.reversal != "none" else p.qrs_axis,
    }
    print("error, median (half the distance of the quartiles), share found")
    print(f"{'condition':>32}" + "".join(f"{name:>22}" for name in fields))
    for condition, pairs in rows.items():
        cells = []
        for name, told in fields.items():
            known = [(told(p), getattr(m.measurements, name)) for p, m in pairs if told(p) is not None]
            errors = np.array([found - want for want, found in known if found is not None and want is not None])
            if name == "qrs_axis":
                errors = (errors + 180.0) % 360.0 - 180.0
            if errors.size == 0:
                cells.append(f"{'-':>22}")
                continue
            low, middle, high = np.percentile(errors, (25, 50, 75))
            cells.append(f"{middle:8.1f} ({(high - low) / 2:5.1f}) {errors.size / len(known):4.0%}")
        print(f"{condition + f' ({len(pairs)})':>32}" + "".join(f"{cell:>22}" for cell in cells))
    print()


def _condition(parameters: Parameters) -> str:
    if parameters.rhythm != "sinus":
        return parameters.rhythm
    if parameters.block != "none":
        return parameters.block
    return "sinus, " + (parameters.conduction if parameters.conduction != "none" else "narrow")


def _waves(found: Measured) -> dict[str, Floats]:
    """Heights in mV in the twelve leads, against the PR segment."""
    bounds, beat, at = found.boundaries, found.beat.astype(float), found.beat_time
    points = (bounds.p_onset, bounds.p_end, bounds.qrs_onset, bounds.qrs_end, bounds.t_end)
    if any(point is None for point in points):
        return {}
    p_on, p_end, onset, end, t_end = (int(np.searchsorted(at, float(point))) for point in points if point is not None)
    beat = beat - beat[:, max(onset - 4, 0) : onset + 1].mean(axis=1, keepdims=True)
    p, qrs, t = beat[:, p_on : p_end + 1], beat[:, onset : end + 1], beat[:, end + 20 : t_end + 1]
    if min(p.shape[1], qrs.shape[1], t.shape[1]) < 3:
        return {}
    return {
        "P": p[np.arange(12), np.abs(p).argmax(axis=1)],
        "R": qrs.max(axis=1),
        "S": qrs.min(axis=1),
        "J": beat[:, min(end + 10, beat.shape[1] - 1)],
        "T": t[np.arange(12), np.abs(t).argmax(axis=1)],
    }


def quantiles(simulated: Sequence[Measured], real: Sequence[Measured]) -> None:
    print(f"quantiles {QUANTILES} of normal ECGs: simulated | real")
    for name in ("heart_rate", "pr", "qrs", "qt", "qtc_fridericia", "p_axis", "qrs_axis", "t_axis"):
        cells = []
        for group in (simulated, real):
            values = [getattr(m.measurements, name) for m in group if getattr(m.measurements, name) is not None]
            cells.append("".join(f"{q:7.0f}" for q in np.percentile(values, QUANTILES)) if values else "")
        print(f"{name:>16} {' |'.join(cells)}")
    tables = [[waves for waves in map(_waves, group) if waves] for group in (simulated, real)]
    for wave in ("P", "R", "S", "J", "T"):
        for i, lead in enumerate(LEADS):
            cells = []
            for table in tables:
                values = [waves[wave][i] for waves in table]
                cells.append("".join(f"{q:7.2f}" for q in np.percentile(values, QUANTILES)) if values else "")
            print(f"{wave + ' ' + lead:>16} {' |'.join(cells)}")
    print()


def plot(simulated: Sequence[Measured], real: Sequence[Measured], file: Path) -> None:
    """Draw boxes from the 25th to the 75th percentile and whiskers from the 5th to the 95th, side by side."""
    from matplotlib.figure import Figure
    from PIL import Image

    figure = Figure((11.0, 11.0), layout="constrained")
    panels = figure.subplots(6, 1)
    tables = [[waves for waves in map(_waves, group) if waves] for group in (simulated, real)]
    intervals = {"pr": "PR", "qrs": "QRS", "qtc_fridericia": "QTc", "qrs_axis": "QRS axis", "t_axis": "T axis"}
    for shift, color, label, group, table in (
        (-0.17, "#b03a2e", "simulated", simulated, tables[0]),
        (0.17, "#1f4e79", "PTB-XL, NORM", real, tables[1]),
    ):
        columns = [_known(group, name) - np.median(_known(real, name)) for name in intervals]
        rows = [columns, *([[waves[wave][i] for waves in table] for i in range(12)] for wave in "PRSJT")]
        for panel, row in zip(panels, rows, strict=True):
            for place, values in enumerate(row):
                low, quarter, middle, three, high = np.percentile(values, QUANTILES)
                panel.plot([place + shift] * 2, [low, high], color=color, linewidth=1)
                panel.bar(place + shift, three - quarter, 0.28, quarter, color=color, alpha=0.5)
                panel.plot([place + shift - 0.14, place + shift + 0.14], [middle] * 2, color=color, linewidth=2)
        panels[0].plot([], [], color=color, linewidth=5, label=label)
    panels[0].set_xticks(range(len(intervals)), list(intervals.values()))
    panels[0].set_ylabel("ms, degrees from\nPTB-XL's median")
    panels[0].legend(frameon=False)
    for panel, wave in zip(panels[1:], "PRSJT", strict=True):
        panel.set_xticks(range(12), LEADS)
        panel.set_ylabel(f"{wave}, mV")
        panel.axhline(0.0, color="#999999", linewidth=0.5)
    figure.savefig(file, dpi=80)
    with Image.open(file) as image:
        image.convert("RGB").quantize(48, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)


def _known(group: Sequence[Measured], name: str) -> Floats:
    return np.array([v for found in group if (v := getattr(found.measurements, name)) is not None])


def separation(
    drawn: Sequence[Recording], drawn_found: Sequence[Measured], pages: Sequence[Recording], found: Sequence[Measured]
) -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.inspection import permutation_importance
    from sklearn.model_selection import cross_val_score, train_test_split

    rows = [_features(*pair) for pair in zip([*drawn, *pages], [*drawn_found, *found], strict=True)]
    names = sorted({name for row in rows for name in row})
    x = np.array([[row.get(name, np.nan) for name in names] for row in rows])
    y = np.array([1] * len(drawn) + [0] * len(pages))
    model = HistGradientBoostingClassifier(random_state=0)
    accuracy = cross_val_score(model, x, y, cv=5).mean()
    print(f"simulated or real, {len(drawn)} and {len(pages)} normal ECGs: {accuracy:.1%} right (chance 50 %)")
    train_x, test_x, train_y, test_y = train_test_split(x, y, random_state=0, stratify=y)
    model.fit(train_x, train_y)
    importance = permutation_importance(model, test_x, test_y, n_repeats=10, random_state=0).importances_mean
    for i in np.argsort(importance)[::-1][:3]:
        medians = [np.nanmedian(x[y == label, i]) for label in (1, 0)]
        print(f"  {names[i]}: simulated {medians[0]:.3g}, real {medians[1]:.3g} (importance {importance[i]:.3f})")


def _features(recording: Recording, found: Measured) -> dict[str, float]:
    """Numbers of a page that a reader could name."""
    assert recording.signal is not None
    signal = recording.signal.astype(float)
    spectrum = np.abs(np.fft.rfft(signal - signal.mean(axis=1, keepdims=True), axis=1)) ** 2
    at = np.fft.rfftfreq(signal.shape[1], 1.0 / recording.sampling_rate)
    row = {f"{wave} {lead}": float(v) for wave, leads in _waves(found).items() for lead, v in zip(LEADS, leads)}  # noqa: B905
    for low, high in ((0.05, 0.5), (0.5, 5), (5, 15), (15, 30), (30, 45), (45, 55), (55, 100), (100, 200)):
        share = spectrum[:, (at >= low) & (at < high)].sum(axis=1) / spectrum[:, at > 0.05].sum(axis=1)
        row[f"log power {low:g} to {high:g} Hz"] = float(np.log10(np.median(share) + 1e-12))
    for name in ("heart_rate", "pr", "qrs", "qtc_fridericia", "p_axis", "qrs_axis", "t_axis"):
        value = getattr(found.measurements, name)
        row[name] = float("nan") if value is None else float(value)
    row["irregularity"] = float(found.rhythm.irregularity or 0.0)
    return row


if __name__ == "__main__":
    main()
