"""The site at its largest: 200 invented models x 2,200 ECGs x 9 arms; seconds, bytes, and the size of the pages.

The bundles are made first and are not timed. ``--models 20`` is a tenth of it; ``--keep DIR`` keeps bundles and site.
Targets: 180 s on two cores, 300 MB without pictures, home 100 kB, model 150 kB and ECG 250 kB gzipped.
"""

import argparse
import copy
import gzip
import hashlib
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from einthoven.bench.arms import ARMS
from einthoven.bench.bundle import Bundle, read_bundle, write_json, write_rows
from einthoven.ecg.reading import Reading, Truth
from einthoven.leaderboard.build import build
from einthoven.leaderboard.sheets import sheet_of
from einthoven.leaderboard.truths import truths_of
from einthoven.tasks.registry import task

ROOT = Path(__file__).parents[2]
ARM_NAMES = tuple(name for name in ARMS if name != "pairs")
#: Its truths and its result are what the invented runs are made of.
LIKE = ROOT / "results" / "sim-v1" / "control-random"
FULL = {"models": 200, "records": 2200}
#: Seconds, megabytes on disk, kilobytes gzipped.
MOST = {"seconds": 180.0, "megabytes": 300.0, "home": 100.0, "model": 150.0, "ecg": 250.0}


def _reading(truth: Truth) -> Reading:
    one = {
        axis: truth[axis].value for axis in ("rate", "rhythm", "axis", "conduction", "other_findings", "diagnosis")
    }
    defaults = {"rate": "normal", "rhythm": "sinus", "axis": "normal"}
    known = {axis: defaults.get(axis, frozenset()) if value is None else value for axis, value in one.items()}
    return Reading(ischemia=truth.ischemia, **known)  # type: ignore[arg-type]


def _rows(number: int, texts: list[str], ids: list[str]) -> Iterator[dict[str, Any]]:
    """Answer every ECG in every arm: more or less often rightly, else with what is true of another ECG."""
    stream = np.random.RandomState(number)
    skill = stream.uniform(0.05, 0.9)
    for arm in ARM_NAMES:
        right = stream.uniform(size=len(ids)) < (skill if ARMS[arm].pictures == "view" else 0.05)
        others = stream.randint(len(texts), size=len(ids))
        fails = stream.uniform(size=len(ids)) < 0.01
        for place, record in enumerate(ids):
            text = texts[place if right[place] else others[place]]
            key = hashlib.sha256(f"{number}/{record}/{arm}".encode()).hexdigest()[:20]
            row = {"record": record, "arm": arm, "status": "ok", "text": text, "asked": "ok", "key": key}
            if fails[place]:
                row |= {"status": "invalid", "text": text[:-9], "detail": "no JSON object"}
            usage = [1500, len(text) // 4, 0.004]
            yield row | {"prompt": "0f5e763c0cba", "latency_s": round(2 + place % 7 / 10, 3), "usage": usage}


def _make(folder: Path, like: Bundle, result: dict[str, Any], number: int) -> None:
    """Write one invented bundle whose ``result.json`` agrees with its rows in what the site checks."""
    name = f"invented/model-{number:03}"
    chosen = task("dense")
    texts = [chosen.target(_reading(Truth.from_json(row["truth"]))) for row in like.records]
    ids = [row["id"] for row in like.records]
    run = like.run | {"model": {"name": name, "inputs": ["image", "prompt"]}, "arms": list(ARM_NAMES)}
    made = Bundle(run, like.records, list(_rows(number, texts, ids)))
    truths = truths_of(made)
    sheet = sheet_of(made, truths)
    document = copy.deepcopy(result)
    document["model"] = run["model"]
    document["data"] |= {"records": len(ids), "patients": len({row["patient"] for row in like.records})}
    summary = document["arms"]["image"]
    document["arms"] = {arm: summary | {"asked": len(ids), "statuses": {"ok": len(ids)}} for arm in ARM_NAMES}
    for axis in truths.axes:
        scores, right = document["axes"][axis.name], sheet.axes[axis.name].right["image"]
        counted = int((right >= 0).sum())
        scores |= {"n": counted, "masked": len(ids) - counted}
        scores["arms"]["image"]["accuracy"] = round(int((right == 1).sum()) / counted, 6) if counted else None
    place = folder / f"model-{number:03}"
    place.mkdir(parents=True, exist_ok=True)
    write_rows(place / "answers.jsonl.gz", made.answers)
    write_rows(place / "records.jsonl.gz", made.records)
    write_json(place / "run.json", run)
    write_json(place / "result.json", document)


def make(folder: Path, models: int, records: int) -> None:
    """Write all bundles."""
    like = read_bundle(LIKE)
    part = Bundle(like.run, like.records[:records], ())
    result = orjson.loads((LIKE / "result.json").read_bytes())
    missing = [number for number in range(models) if not (folder / f"model-{number:03}" / "result.json").is_file()]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(partial(_make, folder, part, result), missing))


def _zipped(path: Path) -> float:
    return len(gzip.compress(path.read_bytes(), 6)) / 1e3


def measure(bundles: Path, out: Path) -> dict[str, float]:
    """Build the site and measure it."""
    start, before = time.perf_counter(), sum(os.times()[:4])
    build([bundles], out)
    seconds, busy = time.perf_counter() - start, sum(os.times()[:4]) - before
    files = [path for path in out.rglob("*") if path.is_file()]
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    found = {
        "seconds": seconds,
        "seconds of all cores together": busy,
        "files": float(len(files)),
        "megabytes": sum(path.stat().st_size for path in files if path.parent.name != "media") / 1e6,
        "memory, MB of the largest process": peak / 1e3,
        "home": _zipped(out / "index.html"),
    }
    for kind, pattern in (
        ("model", "models/*.html"),
        ("ecg", "ecg/*/ecg--*.html"),
        ("list of ECGs", "ecg/*/index.html"),
    ):
        pages = sorted(out.glob(pattern))[:200]
        if pages:
            found[kind] = max(map(_zipped, pages))
    return found


def main() -> None:
    """Make, build, print; exit 1 beyond a target."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--models", type=int, default=FULL["models"])
    arguments.add_argument("--records", type=int, default=FULL["records"])
    arguments.add_argument("--keep", type=Path)
    arguments.add_argument("--bundles-only", action="store_true", help="make bundles (with --keep), build nothing")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        place = given.keep or Path(scratch)
        bundles = place / f"bundles-{given.records}"
        start = time.perf_counter()
        make(bundles, given.models, given.records)
        print(f"bundles made in {time.perf_counter() - start:.0f} s", flush=True)
        if given.bundles_only:
            return
        found = measure(bundles, place / "site")
    late = []
    for name, value in found.items():
        most = MOST.get(name)
        print(f"{name:36} {value:12,.1f}" + (f"   target {most:,.0f}" if most else ""))
        if most is not None and value > most:
            late.append(name)
    print(json.dumps({name: round(value, 1) for name, value in found.items()}))
    sys.exit(f"beyond the target: {', '.join(late)}" if late else 0)


if __name__ == "__main__":
    main()
