"""The answers of a bundle as readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from einthoven.ecg.reading import Reading
from einthoven.exchange import Status
from einthoven.tasks.task import Task

__all__ = ["readings_of"]


def readings_of(rows: Sequence[Mapping[str, Any]], chosen: Task) -> list[Reading | None]:
    """Return what was answered, `None` where it cannot be used; each distinct answer is parsed once."""
    parsed = {row["text"]: chosen.parse(row["text"]) for row in rows if row["status"] == Status.OK}
    return [parsed[row["text"]] if row["status"] == Status.OK else None for row in rows]
