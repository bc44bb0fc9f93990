"""``result.json``: computed from the rows of a bundle and from nothing else."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from einthoven.adapters.local.twin import TWIN
from einthoven.bench.arms import arm
from einthoven.bench.bundle import Bundle, read_bundle
from einthoven.bench.conflicts import ARM as CONFLICT
from einthoven.bench.contradictions import ARMS as CONTRADICTING
from einthoven.bench.declared import declared
from einthoven.bench.findings import findings_per_ecg
from einthoven.bench.follow_scores import conflict_scores, swap_scores
from einthoven.bench.leaks import leak_flags
from einthoven.bench.mirage import mirage
from einthoven.bench.paired_rows import asked_pairs
from einthoven.bench.pairs import ARM as PAIRS
from einthoven.bench.readings import readings_of
from einthoven.bench.scoring.axis_score import AxisScore
from einthoven.bench.scoring.bootstrap import RESAMPLES
from einthoven.bench.scoring.deltas import Delta, frozen_deltas
from einthoven.bench.scoring.encode import ArmData, AxisData
from einthoven.bench.scoring.score import score
from einthoven.bench.secondary import own_space, secondary_axes
from einthoven.bench.swaps import ARM as SWAPPED
from einthoven.bench.versions import same_version
from einthoven.ecg.reading import AXES, Reading, Truth
from einthoven.errors import EinthovenError, Exit
from einthoven.exchange import Status
from einthoven.tasks import taxonomy
from einthoven.tasks.registry import task

__all__ = ["SCHEMA_VERSION", "result_of", "scored", "validate"]

#: The version of ``result.schema.json``; raise it when a reader of the old one would misread the new.
SCHEMA_VERSION = "1"

#: Of every random draw in the scores.
_SEED = 0


@cache
def _validator() -> Any:
    import jsonschema

    schema = json.loads(files("einthoven.bench").joinpath("result.schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema)


def validate(result: Mapping[str, Any]) -> None:
    """Check a ``result.json`` against its schema.

    Raises
    ------
    EinthovenError
        It does not hold; the first fault is named with its place.
    """
    fault = next(_validator().iter_errors(result), None)  # the first is enough: a hostile file has many
    if fault is not None:
        place = ".".join(map(str, fault.absolute_path)) or "the top"
        raise EinthovenError(
            f"not a valid result.json: at {place}: {fault.message[:200]}", "score the bundle again", Exit.MISSING
        )


def result_of(bundle: Bundle, deltas: Mapping[str, Delta] | None = None) -> dict[str, Any]:
    """Score a bundle.

    Parameters
    ----------
    bundle : Bundle
        A finished run.
    deltas : mapping of str to Delta, optional
        The smallest gain that matters, by axis; those frozen for its records where missing.

    Returns
    -------
    dict
        What stands in ``result.json``: valid by ``result.schema.json``, and of equal bytes for equal bundles.

    Raises
    ------
    EinthovenError
        The bundle is of another version of the taxonomy or the task, or its rows do not fit together.
    """
    run, identity = bundle.run, bundle.run["identity"]
    chosen = task(identity["task"]["name"])
    same_version(identity["taxonomy"], taxonomy.version(), "taxonomy")
    same_version(identity["task"]["version"], chosen.version, f"task {chosen.name}")
    apart = {row["record"] for row in bundle.answers if row["arm"] == PAIRS}
    records = sorted((row for row in bundle.records if row["id"] not in apart), key=lambda row: row["id"])
    patients = [row["patient"] for row in records]
    truths = [Truth.from_json(row["truth"]) for row in records]
    by_place = {(row["record"], row["arm"]): row for row in bundle.answers}
    names = [name for name in run["arms"] if name not in (PAIRS, *CONTRADICTING)]
    missing = [(row["id"], name) for name in names for row in records if (row["id"], name) not in by_place]
    if missing:
        raise EinthovenError(
            f"{len(missing)} answers are missing, such as record {missing[0][0]} in arm {missing[0][1]}",
            "copy the bundle again, or run the command that made it",
            Exit.MISSING,
        )

    learnt = {row["fold"]: chosen.parse(row["answer"]) for row in run["majority"]}
    majority = [learnt[row["fold"]] for row in records]
    rows_of = {name: [by_place[row["id"], name] for row in records] for name in names}
    readings: dict[str, list[Reading | None]] = {"majority": list(majority)}
    arms = []
    for name, rows in rows_of.items():
        found = readings_of(rows, chosen)
        if arm(name).blind:  # a refusal to read what is not there is no error: it scores as the majority
            found = [
                m if r["status"] == Status.DECLINED else f for f, r, m in zip(found, rows, majority, strict=True)
            ]
        readings[name] = found
        arms.append(ArmData(name, arm(name).role, [Status(row["status"]) for row in rows]))
    arms.append(ArmData("majority", "blind"))

    axes = {
        name: AxisData.of(
            axis,
            [truth[name] for truth in truths],
            {a: [None if r is None else taxonomy.axis_value(r, name) for r in rows] for a, rows in readings.items()},
        )
        for name, axis in taxonomy.axes().items()
        if name in chosen.asked
    }
    if not declared(chosen.name, identity["view"]["name"]):
        axes = {name: replace(data, secondary=True) for name, data in axes.items()}
    secondary = (*own_space(chosen, truths, readings), *secondary_axes(axes, truths, readings))
    paired = asked_pairs(bundle, chosen)
    frozen = frozen_deltas(run["data"]["fingerprint"]) if deltas is None else deltas
    scores = score(
        [*axes.values(), *secondary],
        patients,
        arms,
        seed=_SEED,
        deltas=frozen,
        contrasts=None if paired is None else paired.scores.contrasts,
    )
    found_per_ecg = findings_per_ecg(
        truths, readings["image"], patients, asked=chosen.asked, resamples=RESAMPLES, seed=_SEED
    )

    result = {
        "schema_version": SCHEMA_VERSION,
        "model": dict(run["model"]),
        "data": {
            "name": run["data"]["name"],
            "fingerprint": run["data"]["fingerprint"],
            "split": identity["data"]["split"],
            "records": len(records),
            "patients": len(set(patients)),
            "simulated": run["data"]["simulated"],
            "folds": run["data"]["folds"],
            "limit": run["data"]["limit"],
            "measurers": run["data"]["measurers"],
            "faults": run["data"]["faults"],
        },
        "task": dict(identity["task"]) | ({} if chosen.space is None else {"space": chosen.space.name}),
        "view": dict(identity["view"]),
        "arms": {name: _arm_summary(rows) for name, rows in rows_of.items()},
        "axes": {name: scores[name].to_json() for name in axes},
        "secondary": {data.name: scores[data.name].to_json() for data in secondary},
        "leaks": _leaks(run["model"]["name"], scores, arms),
        "findings_per_ecg": found_per_ecg,
        "pretraining_overlap": run["pretraining_overlap"],
        "versions": dict(run["versions"]),
        "environment": dict(run["environment"]),
    }
    # The twin learnt to answer without a picture: that it does is no mirage.
    blind = {name: rows for name, rows in rows_of.items() if arm(name).blind and name != TWIN}
    if blind and records:
        result["mirage"] = {name: mirage(rows, patients) for name, rows in blind.items()}
    for name, scores_of in ((SWAPPED, swap_scores), (CONFLICT, conflict_scores)):
        asked = [row for row in records if (row["id"], name) in by_place]
        if asked:
            rows = [by_place[row["id"], name] for row in asked]
            result["arms"][name] = _arm_summary(rows)
            said = dict(zip([row["id"] for row in asked], readings_of(rows, chosen), strict=True))
            result[name] = scores_of(records, said, chosen)
    if paired is not None:
        result["arms"] |= {PAIRS: _arm_summary(paired.answers)} if apart else {}
        result["pairs"] = paired.to_json()
    if "resolution" in run:  # older bundles know nothing of it
        result["resolution"] = run["resolution"]
    validate(result)
    return result


def _leaks(model: str, scores: Mapping[str, AxisScore], arms: Sequence[ArmData]) -> dict[str, Any] | None:
    text = next((one.name for one in arms if one.role == "text"), None)
    tested = all(name in scores and scores[name].verdict is not None for name in AXES)
    if text is None or not tested or not model.startswith("baseline/measurements"):
        return None
    return leak_flags(scores, text)


def scored(folder: Path) -> dict[str, Any]:
    """Score the bundle in a folder, which may be a stranger's: rows that make no sense are its fault, not ours.

    Raises
    ------
    EinthovenError
        The folder is no bundle, or its rows do not fit together.
    """
    bundle = read_bundle(folder)
    try:
        return result_of(bundle)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise EinthovenError(
            f"the rows of {folder} make no sense: {type(error).__name__}: {error}",
            "copy the bundle again",
            Exit.MISSING,
        ) from error


def _arm_summary(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Count what came back in one arm; a sum with an unknown part is unknown, never smaller."""
    usage = [row.get("usage", [None, None, None]) for row in rows]
    sums = [None if any(row[k] is None for row in usage) else sum(row[k] for row in usage) for k in range(3)]
    latencies = [row["latency_s"] for row in rows if "latency_s" in row]
    return {
        "asked": len(rows),
        "statuses": dict(sorted(Counter(row["status"] for row in rows).items())),
        "input_tokens": sums[0],
        "output_tokens": sums[1],
        "cost_usd": None if sums[2] is None else round(sums[2], 6),
        "median_latency_s": round(statistics.median(latencies), 3) if latencies else None,
    }
