"""What came of one part of an experiment: its bundle's figures beside the majority's and the published ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from einthoven.bench.bundle import Bundle
from einthoven.bench.compare import compare
from einthoven.bench.experiments.commands import TWIN_OF
from einthoven.bench.experiments.preset import Preset
from einthoven.bench.findings import findings_per_ecg
from einthoven.bench.published import published
from einthoven.bench.published_power import interval_of
from einthoven.bench.readings import readings_of
from einthoven.bench.scoring.bootstrap import RESAMPLES
from einthoven.bench.table import asked_for
from einthoven.ecg.reading import Truth
from einthoven.tasks.registry import task

__all__ = ["outcome"]

#: Of every random draw.
_SEED = 0


def outcome(preset: Preset, part: str, given: str, result: Mapping[str, Any], bundle: Bundle) -> dict[str, Any]:
    """Return the figures of one part.

    Parameters
    ----------
    preset : Preset
        The experiment.
    part : str
        The name of its part.
    given : str
        The arm that stands beside the published figures.
    result : mapping
        The run's ``result.json``.
    bundle : Bundle
        The rows behind it.

    Returns
    -------
    dict
        ``part``, ``view``, ``task``, ``data`` and ``model`` of the bundle, ``rows`` (by axis
        and metric), ``findings`` an ECG, ``statuses`` of the arm's answers, ``unusable`` share of them,
        ``constrained``, ``twin`` (the paired gap by axis, or null), ``published`` lane.
    """
    lane = [
        {"model": column.model, "metric": column.metric, "figures": {k: f.text for k, f in column.figures.items()}}
        for column in published().of(preset.name, part)
    ]
    statuses = result["arms"][given]["statuses"]
    asked = result["arms"][given]["asked"]
    return {
        "part": part,
        "view": result["view"]["name"],
        "task": result["task"]["name"],
        "given": given,
        "model": result["model"]["name"],
        "data": {key: result["data"][key] for key in ("name", "split", "records", "patients", "simulated", "limit")},
        "rows": _rows(preset, part, result, given),
        "findings": _findings(bundle, given),
        "statuses": statuses,
        "unusable": round(1 - statuses.get("ok", 0) / asked, 6) if asked else None,
        "constrained": (bundle.run.get("provider") or {}).get("schema_enforced"),
        "twin": _gap(bundle, result, given),
        "published": lane,
    }


def _rows(preset: Preset, part: str, result: Mapping[str, Any], given: str) -> list[dict[str, Any]]:
    """Return a row an axis, and one more where the source gives another metric than accuracy."""
    columns = published().of(preset.name, part)
    rows = []
    for name, axis in asked_for(result).items():
        arm, majority = axis["arms"][given], axis["baselines"]["majority"]
        for metric in sorted({"accuracy", *(column.metric for column in columns if name in column.figures)}):
            figures = [
                {
                    "model": column.model,
                    "text": column.figures[name].text,
                    "ci": _ends(interval_of(column.figures[name])),
                }
                if metric == "accuracy"
                else {"model": column.model, "text": column.figures[name].text, "ci": None}
                for column in columns
                if name in column.figures and column.metric == metric
            ]
            rows.append(
                {
                    "axis": name,
                    "metric": metric,
                    "n": axis["n"],
                    "majority": majority[metric],
                    "value": arm[metric],
                    "ci": arm[f"{metric}_ci"],
                    "gain": arm["gain"],
                    "gain_ci": arm["gain_ci"],
                    "mde": axis["arms"]["image"]["mde"],
                    "modal_share": arm["modal_share"],
                    "modal_answer": arm["modal_answer"],
                    "published": figures,
                }
            )
    return rows


def _ends(span: tuple[float, float] | None) -> list[float] | None:
    return None if span is None else [round(end, 1) for end in span]


def _findings(bundle: Bundle, given: str) -> dict[str, Any] | None:
    """Return findings an ECG, true and answered in an arm; `None` for tasks that ask for no axis."""
    chosen = task(bundle.run["identity"]["task"]["name"])
    if not chosen.asked:
        return None
    said = {row["record"]: row for row in bundle.answers if row["arm"] == given}
    records = sorted((row for row in bundle.records if row["id"] in said), key=lambda row: str(row["id"]))
    truths = [Truth.from_json(row["truth"]) for row in records]
    readings = readings_of([said[row["id"]] for row in records], chosen)
    patients = [row["patient"] for row in records]
    return findings_per_ecg(truths, readings, patients, asked=chosen.asked, resamples=RESAMPLES, seed=_SEED)


def _gap(bundle: Bundle, result: Mapping[str, Any], given: str) -> list[dict[str, Any]] | None:
    """Return by axis what the model has over its blind twin on the same ECGs; `None` without a twin."""
    twin = TWIN_OF[given]
    if twin not in bundle.run["arms"]:
        return None
    found = compare(bundle, bundle, given, second_arm=twin)
    rows = []
    for name, one in found.items():
        arms, row = asked_for(result)[name]["arms"], one.to_json()
        rows.append(
            {
                "axis": name,
                "n": one.n,
                "sighted": arms[given]["accuracy"],
                "twin": arms[twin]["accuracy"],
                "sighted_only": len(one.first_only),
                "twin_only": len(one.second_only),
                **{key: row[key] for key in ("gain", "gain_ci", "p", "p_holm")},
            }
        )
    return rows
