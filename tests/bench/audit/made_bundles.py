"""Small bundles made by hand: a few records with known labels, and what was said of them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from einthoven.bench.bundle import Bundle, write_json, write_rows
from einthoven.ecg.reading import AXES, AxisTruth, Ischemia, Truth
from einthoven.tasks import taxonomy
from einthoven.tasks.registry import task

NORMAL = {"rate": "normal", "rhythm": "sinus", "axis": "normal", "ischemia_stage": "none"}


def truth(diagnosis: Sequence[str] | AxisTruth | None = (), **axes: Any) -> dict[str, Any]:
    """The JSON form of a truth; what is not given is normal, `None` masks."""
    found = {}
    axes["diagnosis"] = frozenset(diagnosis) if isinstance(diagnosis, (list, tuple)) else diagnosis
    for name in AXES:
        value = axes.get(name, NORMAL.get(name, frozenset()))
        found[name] = value if isinstance(value, AxisTruth) else AxisTruth(value)
    stage = found["ischemia_stage"].value
    entries = frozenset() if stage in (None, "none") else frozenset({Ischemia(str(stage))})
    return Truth(found, entries).to_json()


def answer(diagnosis: Sequence[str] = ("normal_ecg",), **axes: Any) -> str:
    row = {"rate": "normal", "rhythm": "sinus", "axis": "normal", "conduction": [], "ischemia": []}
    return json.dumps(row | {"other_findings": [], "diagnosis": list(diagnosis)} | axes)


def made(
    rows: Sequence[tuple[dict[str, Any], str | None]],
    *,
    name: str = "ptbxl",
    model: str = "compatible/tester",
    of_task: str = "dense",
    simulated: bool = False,
) -> Bundle:
    """A bundle of records and answers; an answer of `None` is invalid. Two records a patient, unless they say."""
    chosen = task(of_task)
    records, answers = [], []
    for number, (record, text) in enumerate(rows):
        own = {"id": f"r{number:04}", "patient": f"p{number // 2:04}", "age": 50.0, "sex": number % 2, "fold": 0}
        records.append(own | {"digest": "0", "statements": {}} | record)
        status = "invalid" if text is None else "ok"
        answers.append({"record": own["id"], "arm": "image", "status": status, "text": text or "?", "asked": "ok"})
    run = {
        "bundle_version": "1",
        "identity": {
            "model": model,
            "parameters": {},
            "data": {"name": name, "index": "0", "split": "test"},
            "task": {"name": of_task, "version": chosen.version},
            "view": {"name": "grid", "version": "1"},
            "taxonomy": taxonomy.version(),
        },
        "model": {"name": model, "inputs": ["prompt", "image"]},
        "data": {"name": name, "fingerprint": "f" * 64, "simulated": simulated, "limit": None},
        "arms": ["image"],
        "versions": {"einthoven": "0"},
    }
    return Bundle(run, records, answers)


def write(bundle: Bundle, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "run.json", bundle.run)
    write_rows(folder / "records.jsonl.gz", bundle.records)
    write_rows(folder / "answers.jsonl.gz", bundle.answers)
    return folder


MI = "inferior_myocardial_infarction"


def mixed(count: int = 40, **changes: Any) -> Bundle:
    """Half normal, half infarction, as PTB-XL codes them; the model calls every fourth infarction normal."""
    rows = []
    for number in range(count):
        if number % 2:
            said = answer() if number % 8 == 1 else answer([MI], ischemia=[{"stage": "old", "territory": "inferior"}])
            rows.append(({"statements": {"IMI": 80.0, "SR": 0.0}, "truth": truth([MI], ischemia_stage="old")}, said))
        else:
            rows.append(({"statements": {"NORM": 100.0, "SR": 0.0}, "truth": truth(["normal_ecg"])}, answer()))
    return made(rows, **changes)
