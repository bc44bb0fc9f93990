"""Accuracy of `einthoven.ecg.measure` on LUDB beside neurokit2 and a constant, its agreement with PTB-XL, its speed.

Run with ``EINTHOVEN_DATA=DIR python tests/benchmarks/bench_measure.py``; neurokit2 is compared where it is installed
(``pip install neurokit2``), and without real data only the speed is measured, on the embedded ECGs. Goals: 250
recordings a second on two cores, and the limits of `GOALS` on LUDB. ``--ptbxl`` adds the table of PTB-XL.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

# One thread a process: two processes are what the goal is stated for.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "ecg" / "measure"))

import numpy as np  # noqa: E402
from agreement import Agreement, agreement  # noqa: E402
from ludb_reference import Reference, is_tuning, reference  # noqa: E402

from einthoven.bench.sources.registry import open_source  # noqa: E402
from einthoven.ecg.measure import measure  # noqa: E402
from einthoven.ecg.recording import Recording  # noqa: E402

GOAL_A_SECOND = 250.0
KINDS = ("heart_rate", "qrs", "pr", "qt")

#: Largest median absolute error, least rank correlation, and least share measured of the records LUDB has it in.
GOALS = {"heart_rate": (1.0, 0.0, 0.9), "qrs": (6.0, 0.8, 0.9), "pr": (10.0, 0.9, 0.9), "qt": (15.0, 0.9, 0.9)}

Row = Mapping[str, float | None]


def ours(recording: Recording) -> Row:
    """Measure with einthoven."""
    numbers = measure(recording).measurements
    return {kind: getattr(numbers, kind) for kind in KINDS}


def neurokit(recording: Recording) -> tuple[Row, Row]:
    """Measure with neurokit2's wavelet delineation: lead II alone, and all leads by the reference's own rule."""
    import neurokit2 as nk

    warnings.simplefilter("ignore")
    assert recording.signal is not None
    rate = int(recording.sampling_rate)
    cleaned = [nk.ecg_clean(lead.astype(np.float64), sampling_rate=rate) for lead in recording.signal]
    try:
        peaks = nk.ecg_peaks(cleaned[1], sampling_rate=rate)[1]["ECG_R_Peaks"]
    except Exception:  # neurokit2 raises many kinds where it finds no beat
        peaks = np.zeros(0)
    nothing: Row = dict.fromkeys(KINDS)
    if len(peaks) < 2:
        return nothing, nothing
    beat_count, names = len(peaks), ("ECG_P_Onsets", "ECG_R_Onsets", "ECG_R_Offsets", "ECG_T_Offsets")
    marks = np.full((12, 4, beat_count), np.nan)
    for lead, signal in enumerate(cleaned):
        try:
            found = nk.ecg_delineate(signal, peaks, sampling_rate=rate, method="dwt")[1]
        except Exception:
            continue
        for k, name in enumerate(names):
            marks[lead, k] = np.asarray(found[name], dtype=np.float64)[:beat_count]
    heart_rate = 60.0 * rate / float(np.diff(peaks).mean())
    ranked = np.sort(marks, axis=0)  # nan last
    many = np.isfinite(marks).sum(axis=0) >= 8
    last = np.maximum(np.isfinite(marks).sum(axis=0) - 3, 0)
    ends = np.take_along_axis(ranked, last[None], axis=0)[0]
    combined = np.where(many, np.stack([ranked[2, 0], ranked[2, 1], ends[2], ends[3]]), np.nan)
    return _intervals(marks[1], rate, heart_rate), _intervals(combined, rate, heart_rate)


def _intervals(marks: np.ndarray, rate: float, heart_rate: float) -> Row:
    p, onset, end, t = marks

    def middle(values: np.ndarray) -> float | None:
        return float(np.nanmedian(values)) * 1e3 / rate if np.isfinite(values).any() else None

    return {"heart_rate": heart_rate, "pr": middle(onset - p), "qrs": middle(end - onset), "qt": middle(t - onset)}


def table(title: str, rows: Mapping[str, Sequence[Row]], truth: Sequence[Reference]) -> dict[str, Agreement]:
    """Print a table; return the numbers of its first row."""
    print(f"\n{title}: {len(truth)} records")
    print(f"{'':26}{'':12}{'median abs. error':>18}{'bias':>8}{'rank corr.':>12}{'measured':>12}{'beyond':>8}")
    first: dict[str, Agreement] = {}
    for number, (name, values) in enumerate(rows.items()):
        for kind in KINDS:
            found = agreement([value[kind] for value in values], [getattr(one, kind) for one in truth])
            unit = "bpm" if kind == "heart_rate" else "ms"
            share = f"{found.measured}/{found.known}"
            print(
                f"{name if kind == KINDS[0] else '':26}{kind:12}{found.error:14.1f} {unit:3}{found.bias:+8.1f}"
                f"{found.rank:12.3f}{share:>12}{found.extra:8d}"
            )
            if number == 0:
                first[kind] = found
    return first


def ludb(folder: str) -> bool:
    """Print the tables of LUDB; return whether the goals are reached on all records."""
    source = open_source(f"ludb:{folder}")
    truth = {entry.id: reference(Path(entry.locator).with_suffix("")) for entry in source.entries}
    recordings = [source.load(entry) for entry in source.entries]
    rows: dict[str, list[Row]] = {"einthoven": [ours(one) for one in recordings]}
    try:
        import neurokit2
    except ImportError:
        print("neurokit2 is not installed: no comparison (pip install neurokit2)")
    else:
        with ProcessPoolExecutor(2) as pool:
            both = list(pool.map(neurokit, recordings, chunksize=5))
        rows[f"neurokit2 {neurokit2.__version__}, lead II"] = [one for one, _ in both]
        rows["neurokit2, twelve leads"] = [many for _, many in both]
    middle = {k: float(np.nanmedian([getattr(one, k) for one in truth.values()])) for k in KINDS}
    rows["always the median"] = [middle] * len(truth)
    ids = [entry.id for entry in source.entries]
    found = table("LUDB, all", rows, [truth[i] for i in ids])
    for title, tuning in (("LUDB, tuning half", True), ("LUDB, held-out half", False)):
        chosen = [k for k, i in enumerate(ids) if is_tuning(i) == tuning]
        table(title, {"einthoven": [rows["einthoven"][k] for k in chosen]}, [truth[ids[k]] for k in chosen])
    reached = True
    for kind, (error, rank, share) in GOALS.items():
        one = found[kind]
        good = one.error <= error and one.rank >= rank and one.measured >= share * one.known
        reached &= good
        print(
            f"goal {kind}: error <= {error:g}, rank >= {rank:g}, measured >= {share:.0%}: {'yes' if good else 'NO'}"
        )
    return reached


def speed() -> bool:
    """Time two processes on the embedded ECGs; return whether the goal is reached."""
    with ProcessPoolExecutor(2) as pool:
        passes = [both for _ in range(3) for both in [list(pool.map(_timed, [200, 200]))]]
    wall = max(400 / max(one[0] for one in both) for both in passes)
    processor = min(one[1] for both in passes for one in both) / 200
    # Judged by processor time: other people's work on the machine is not the measurer's.
    print(
        f"\nmeasure: {1e3 * processor:.1f} ms of processor time a recording (12 leads x 10 s x 500 Hz), that is "
        f"{2.0 / processor:.0f} a second on two cores (goal {GOAL_A_SECOND:.0f}); by the clock {wall:.0f} just now"
    )
    return 2.0 / processor >= GOAL_A_SECOND


def _timed(count: int) -> tuple[float, float]:
    """Return wall and processor seconds for so many recordings, simulated beforehand."""
    source = open_source("sim")
    recordings = [source.load(entry) for entry in source.entries[:count]]
    measure(recordings[0])
    began, processor = time.perf_counter(), time.process_time()
    for recording in recordings:
        measure(recording)
    return time.perf_counter() - began, time.process_time() - processor


def main() -> int:
    """Print everything; fail where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ptbxl", action="store_true", help="also the table of PTB-XL")
    options = parser.parse_args()
    reached = True
    if folder := os.environ.get("EINTHOVEN_DATA"):
        reached &= ludb(folder)
        if options.ptbxl:
            from ptbxl_agreement import print_table

            print_table(folder)
    else:
        print("EINTHOVEN_DATA is not set: no LUDB, no accuracy")
    reached &= speed()
    return int(not reached)


if __name__ == "__main__":
    sys.exit(main())
