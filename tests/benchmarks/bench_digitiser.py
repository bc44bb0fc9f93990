"""How true ``reference/digitiser`` is to the signal behind a page, view by view, and how long a page takes.

Run with ``python tests/benchmarks/bench_digitiser.py --data ptbxl:DIR [--view grid] [--degrade scan:2] [--limit N]``.
Over the samples that a page shows: correlation of each lead with the recording, median absolute error; agreement of
the rate and axis class with those that the signal itself is measured to have; milliseconds a page on one core.
Targets on PTB-XL's test fold, view grid: 0.99, 20 uV (a flat line makes 46), 97 %, 93 %, 150 ms.
"""

from __future__ import annotations

import argparse
import json
import os
import time
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402

from einthoven.adapters.digitiser.beats import beats  # noqa: E402
from einthoven.adapters.digitiser.digitise import digitised  # noqa: E402
from einthoven.adapters.digitiser.digitised import Digitised  # noqa: E402
from einthoven.adapters.digitiser.undigitisable import Undigitisable  # noqa: E402
from einthoven.bench.sources.registry import open_source  # noqa: E402
from einthoven.bench.sources.source import Source  # noqa: E402
from einthoven.ecg.measure import measure  # noqa: E402
from einthoven.ecg.recording import LEADS, Recording  # noqa: E402
from einthoven.errors import RecordingFault  # noqa: E402
from einthoven.renderers.page import Page  # noqa: E402
from einthoven.renderers.registry import view  # noqa: E402
from einthoven.tasks.measured import axis_truth, rate_truth  # noqa: E402

Row = dict[str, Any]


def pages_of(recording: Recording, asked: argparse.Namespace) -> tuple[Page, ...]:
    """Draw a recording as asked."""
    pages: tuple[Page, ...]
    if asked.option:
        from einthoven.renderers.options import Options

        given: dict[str, Any] = {}
        for key, _, value in (pair.partition("=") for pair in asked.option):
            kind = type(getattr(Options(), key))
            if key in ("strips", "header"):
                given[key] = tuple(filter(None, value.split(",")))
            else:
                given[key] = value == "true" if kind is bool else kind(value)
        pages = view(asked.view, options=Options(**given))(recording)
    else:
        pages = view(asked.view)(recording)
    if asked.degrade:
        from einthoven.renderers.degrade import degraded, seed_of

        kind_, _, severity = asked.degrade.partition(":")
        pages = tuple(
            degraded(page, kind_, int(severity or 1), seed_of(recording.id, 0, number))
            for number, page in enumerate(pages)
        )
    return pages


def fidelity(found: Digitised, pages: tuple[Page, ...], recording: Recording) -> tuple[list[float], list[float]]:
    """Give each shown lead's correlation with the recording, and its median absolute error in uV."""
    assert recording.signal is not None
    drawn: dict[str, Any] = {}
    for page in pages:
        for segment in page.geometry.segments:
            drawn.setdefault(segment.lead, segment)
    own = {stretch.lead: stretch for stretch in found.stretches if not stretch.strip}
    alike, wrong = [], []
    for lead, segment in drawn.items():
        stretch = own.get(lead)
        length = min(segment.t1 - segment.t0, stretch.seconds) if stretch else 0.0
        moments = np.arange(0.0, max(length - 0.004, 0.0), 1.0 / found.sampling_rate)
        row = found.signal[LEADS.index(lead)]
        at = np.round(((stretch.t0 if stretch else 0.0) + moments) * found.sampling_rate).astype(int)
        at = at[at < row.size]
        truth = recording.signal[LEADS.index(lead)]
        true = np.interp((segment.t0 + moments[: at.size]) * recording.sampling_rate, np.arange(truth.size), truth)
        seen = np.isfinite(row[at])
        read, true = row[at][seen], true[seen]
        if seen.sum() < 50 or read.std() < 1e-6 or true.std() < 1e-6:
            alike.append(0.0)
            continue
        alike.append(float(np.corrcoef(read, true)[0, 1]))
        wrong.append(float(np.median(np.abs(read - true)) * 1e3))
    return alike, wrong


@cache
def opened(data: str) -> Source:
    """Open a source once a process."""
    return open_source(data)


def examined(job: tuple[str, argparse.Namespace]) -> Row | None:
    """Digitise one record."""
    import cv2

    cv2.setNumThreads(1)
    warnings.simplefilter("ignore")
    record, asked = job
    source = opened(asked.data)
    try:
        recording = source.load(next(one for one in source.entries if one.id == record))
    except RecordingFault:
        return None
    pages = pages_of(recording, asked)
    begin = time.process_time()
    try:
        found = digitised([page.png for page in pages])
        digitised_ms = (time.process_time() - begin) * 1e3
        seen = beats(found)
    except Undigitisable as why:
        return {"id": record, "declined": why.reason}
    all_ms = (time.process_time() - begin) * 1e3
    own = measure(recording).measurements
    alike, wrong = fidelity(found, pages, recording)
    return {
        "id": record,
        "layout": found.layout,
        "alike": alike,
        "wrong": wrong,
        "rate": (rate_truth(own).value, rate_truth(seen.rhythm.measurements).value),
        "axis": (axis_truth(own).value, axis_truth(seen.form.measurements).value),
        "ms": digitised_ms,
        "all_ms": all_ms,
        "confidence": found.confidence,
    }


def summary(rows: list[Row], asked: argparse.Namespace) -> Row:
    """Give the line of results."""
    read = [row for row in rows if "alike" in row]
    reasons = dict(Counter(row["declined"] for row in rows if "declined" in row))
    result: Row = {
        "view": " ".join([asked.view, *asked.option, asked.degrade]).strip(),
        "records": len(rows),
        "declined": len(rows) - len(read),
        "reasons": reasons,
    }
    if not read:
        return result
    alike = np.concatenate([row["alike"] for row in read])
    wrong = np.concatenate([row["wrong"] for row in read])
    pairs = {axis: [row[axis] for row in read if row[axis][0] is not None] for axis in ("rate", "axis")}
    return result | {
        "correlation": round(float(np.median(alike)), 4),
        "correlation_p10": round(float(np.percentile(alike, 10)), 4),
        "error_uv": round(float(np.median(wrong)), 1),
        "error_uv_p90": round(float(np.percentile(wrong, 90)), 1),
        "rate_agrees": round(float(np.mean([a == b for a, b in pairs["rate"]])), 3),
        "axis_agrees": round(float(np.mean([a == b for a, b in pairs["axis"]])), 3),
        "ms_digitise": round(float(np.median([row["ms"] for row in read])), 1),
        "ms_with_measuring": round(float(np.median([row["all_ms"] for row in read])), 1),
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--view", default="grid")
    parser.add_argument("--option", action="append", default=[], help="of the view: layout=6x2, grid=blue, ...")
    parser.add_argument("--degrade", default="", help="KIND:SEVERITY")
    parser.add_argument("--split", default="test", help="test, validation, train, rest (all but test) or all")
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--worst", type=int, default=0, help="name so many records, the worst first")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    entries = [
        one.id
        for one in open_source(asked.data).entries
        if asked.split in ("all", one.split) or (asked.split == "rest" and one.split != "test")
    ]
    if asked.limit:
        entries = entries[:: max(len(entries) // asked.limit, 1)][: asked.limit]
    with ProcessPoolExecutor(asked.jobs) as pool:
        rows = [row for row in pool.map(examined, [(one, asked) for one in entries], chunksize=4) if row]
    result = summary(rows, asked)
    print(json.dumps(result) if asked.json else "\n".join(f"{key:18s} {value}" for key, value in result.items()))
    for row in sorted(rows, key=lambda one: np.median(one["alike"]) if "alike" in one else -1)[: asked.worst]:
        about = (
            (row["layout"], np.round(row["alike"], 2).tolist(), row["axis"]) if "alike" in row else row["declined"]
        )
        print(f"  {row['id']}:", about)


if __name__ == "__main__":
    main()
