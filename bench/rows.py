"""The rows of a bundle: what was known of every record, what came back for every question."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from einthoven.bench.arms import Arm
from einthoven.bench.ask import Question
from einthoven.bench.sources.source import Entry
from einthoven.exchange import Status
from einthoven.tasks.measured import MEASURED_BY
from einthoven.tasks.task import InvalidAnswer, Task

__all__ = ["answer_row", "measurers", "prompt_id", "record_row"]

#: The arms that show a record's own view.
_SHOWN = ("image", "pairs")


def prompt_id(prompt: str) -> str:
    """Return the id under which a bundle keeps a prompt (measurements not filled in): the start of its SHA-256."""
    return hashlib.sha256(prompt.encode()).hexdigest()[:12]


def measurers(entries: Sequence[Entry], arms: Sequence[Arm]) -> dict[str, Any]:
    """Say who measured: the truth of rate and axis, and the numbers that the model was given.

    Returns
    -------
    dict
        ``truth`` and ``prompt``, names each, and ``same``: whether one measurer stands behind both, so that the model
        may have been given the very number that decides the truth.
    """
    reasons = {entry.truth[axis].reason for entry in entries for axis in ("rate", "axis")}
    truth = sorted(reason.removeprefix(MEASURED_BY) for reason in reasons if reason.startswith(MEASURED_BY))
    given = any(one.text for one in arms)
    prompt = sorted({e.measurements.measurer for e in entries if e.measurements is not None}) if given else []
    return {"truth": truth, "prompt": prompt, "same": bool(set(truth) & set(prompt))}


def record_row(
    entry: Entry, fold: int, digest: str, told: Mapping[tuple[str, str], Any], drawn: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what scoring needs to know of a record, what was drawn for it too; what is empty is left out."""
    row: dict[str, Any] = {
        "id": entry.id,
        "patient": entry.patient.id,
        "age": entry.patient.age,
        "sex": entry.patient.sex,
        "site": entry.site,
        "device": entry.device,
        "quality": entry.quality,
        "fold": fold,
        "statements": dict(entry.statements),
        "digest": digest,
        "images": _images(entry.id, told),
        "pair": {} if entry.side is None else entry.side.to_json(),
    }
    if entry.measurements is not None:
        row["measurements"] = {
            name: value if isinstance(value, str) else round(value, 1)
            for name, value in asdict(entry.measurements).items()
            if value is not None
        }
    row = {key: value for key, value in row.items() if value not in (None, "", [], {})}
    return row | dict(drawn) | {"truth": entry.truth.to_json()}


def _images(record: str, told: Mapping[tuple[str, str], Any]) -> list[str]:
    """Return the pictures of a record's own view, from the first arm that showed them."""
    shown = (told.get((record, name), {}).get("images", []) for name in _SHOWN)
    return next(filter(None, shown), [])


def answer_row(question: Question, row: Mapping[str, Any], chosen: Task, attempts: int) -> dict[str, Any]:
    """Return the final row of one answer: with what the parser made of it, and how often it was asked."""
    status, detail = row["status"], row.get("detail", "")
    if status == Status.OK:
        try:
            chosen.parse(row["text"])
        except InvalidAnswer as error:
            status, detail = str(Status.INVALID), str(error)
    found: dict[str, Any] = {
        "record": question.entry.id,
        "arm": question.arm.name,
        "status": status,
        "text": row["text"],
        "asked": row["status"],
        "key": row["key"],
        "prompt": prompt_id(chosen.prompt(question.arm.intro)),
    }
    if question.variant:
        found["variant"] = question.variant
    if attempts > 1:
        found["attempts"] = attempts
    return (
        found
        | {k: row[k] for k in ("latency_s", "usage", "images") if k in row}
        | ({"detail": detail} if detail else {})
    )
