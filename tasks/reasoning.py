"""A short reasoning out of a truth, line by line in a cardiologist's order: a training target, by stated rules.

The texts stand in ``reasoning.toml``. A line says what the reading says and no more; an axis that the reading does
not answer has no line. So a model trained on it cannot learn to name waves that nobody saw.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from typing import Any

from einthoven.ecg.reading import Ischemia, Reading
from einthoven.tasks import taxonomy
from einthoven.tasks.consolidation import consolidated_space
from einthoven.tasks.statements.table import statements
from einthoven.tasks.version import text_of

__all__ = ["answer_line", "reasoning", "reasoning_text"]


def reasoning_text() -> str:
    """Return the templates as they stand in the file: part of the task's version."""
    return text_of("reasoning.toml")


@cache
def _templates() -> dict[str, Any]:
    return tomllib.loads(reasoning_text())


def answer_line() -> str:
    """Return the line that ends the reasoning."""
    return str(_templates()["answer"])


def _title(name: str) -> str:
    """Return a statement's title; a group of findings has its name for one."""
    known = statements().get(name)
    return name.replace("_", " ") if known is None else known.title


def _listed(axis: str, titles: Iterable[str]) -> str:
    together = "; ".join(titles)
    texts = _templates()[axis]
    return str(texts["some"]).replace("{}", together) if together else str(texts["none"])


def _entry(entry: Ischemia) -> str:
    texts, stage = _templates()["ischemia"], _templates()["stage"][entry.stage]
    if not entry.walls:
        return str(texts["entry_without_territory"]).format(stage=stage)
    names = {walls: name for name, walls in taxonomy.territories().items()}
    return str(texts["entry"]).format(stage=stage, territory=names.get(entry.walls, ", ".join(sorted(entry.walls))))


def reasoning(reading: Reading) -> str:
    """Return the lines for a reading.

    Parameters
    ----------
    reading : Reading
        What is there. Other findings are named by their consolidated groups.

    Returns
    -------
    str
        One line an axis that is answered: rate, rhythm, axis, conduction, ischaemia, other findings, diagnosis.
    """
    lines = []
    for axis in ("rate", "rhythm", "axis"):
        value = getattr(reading, axis)
        if value is not None:
            lines.append(str(_templates()[axis][value]))
    if reading.conduction is not None:
        lines.append(_listed("conduction", map(_title, sorted(reading.conduction))))
    if reading.ischemia is not None:
        lines.append(_listed("ischemia", sorted(map(_entry, reading.ischemia))))
    findings = consolidated_space().answer(reading)
    if findings is not None:
        lines.append(_listed("other_findings", map(_title, sorted(findings))))
    if reading.diagnosis is not None:
        lines.append(_listed("diagnosis", map(_title, sorted(reading.diagnosis))))
    return "\n".join(lines)
