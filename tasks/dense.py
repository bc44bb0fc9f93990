"""The dense task: an answer on every axis at once."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

from einthoven.ecg.reading import Ischemia, Reading
from einthoven.tasks import taxonomy
from einthoven.tasks.measurement_text import measurement_template
from einthoven.tasks.parser import PARSER_REVISION, json_object
from einthoven.tasks.task import INTROS, Intro, InvalidAnswer

__all__ = ["Dense"]

_KEYS = ("rate", "rhythm", "axis", "conduction", "ischemia", "other_findings", "diagnosis")


def _word(value: object, allowed: frozenset[str], where: str) -> str:
    """Take one value: case, and spaces or hyphens for underscores, are spelling; everything else must be exact."""
    if not isinstance(value, str):
        raise InvalidAnswer(f"{where} holds {type(value).__name__}, not a word")
    word = value.strip().lower().replace(" ", "_").replace("-", "_")
    if word not in allowed:
        raise InvalidAnswer(f"{where} has no value {value[:40]!r}")
    return word


def _items(value: object, where: str) -> list[object]:
    """Take a list; a bare string or a single object is a list of one, and ``"none"`` alone is the empty list."""
    items = value if isinstance(value, list) else [value]
    words = [item.strip().lower() for item in items if isinstance(item, str)]
    if "none" not in words:
        return items
    if len(items) > 1:
        raise InvalidAnswer(f"{where} says none beside something")
    return []


def _labels(value: object, allowed: frozenset[str], where: str) -> frozenset[str]:
    return frozenset(_word(item, allowed, where) for item in _items(value, where))


def _ischemia(value: object, stages: frozenset[str]) -> frozenset[Ischemia]:
    territories = taxonomy.territories()
    found = set()
    for item in _items(value, "ischemia"):
        if isinstance(item, str):  # a bare stage, without a territory
            found.add(Ischemia(_word(item, stages, "ischemia")))
            continue
        if not isinstance(item, dict):
            raise InvalidAnswer(f"ischemia holds {type(item).__name__}, not an object")
        unknown = set(item) - {"stage", "territory"}
        if unknown or "stage" not in item:
            raise InvalidAnswer("an ischemia entry has the keys stage and territory")
        stage = item["stage"]
        if isinstance(stage, str) and stage.strip().lower() == "none" and len(_items(value, "ischemia")) == 1:
            return frozenset()
        names = _labels(item.get("territory", "unspecified"), frozenset(territories), "territory")
        walls = frozenset(wall for name in names for wall in territories[name])
        found.add(Ischemia(_word(stage, stages, "stage"), walls))
    return frozenset(found)


@cache
def _allowed() -> dict[str, frozenset[str]]:
    allowed = {name: frozenset(axis.values) for name, axis in taxonomy.axes().items()}
    allowed["ischemia_stage"] -= {"none"}
    return allowed


def _text(name: str) -> str:
    return files("einthoven.tasks").joinpath("prompts", name).read_text(encoding="utf-8")


@cache
def _intros() -> dict[str, str]:
    return tomllib.loads(_text("intros.toml"))


@cache
def _territory_names() -> dict[frozenset[str], str]:
    return {walls: name for name, walls in taxonomy.territories().items()}


def _entries(ischemia: frozenset[Ischemia]) -> list[dict[str, str]]:
    """Write ischaemia entries; walls that have no common name become an entry each."""
    names = _territory_names()
    rows = set()
    for entry in ischemia:
        groups = [entry.walls] if entry.walls in names else [frozenset({wall}) for wall in entry.walls]
        rows |= {(entry.stage, names[group]) for group in groups}
    return [{"stage": stage, "territory": territory} for stage, territory in sorted(rows)]


def _written(value: str | frozenset[str] | frozenset[Ischemia]) -> object:
    if isinstance(value, str):
        return value
    entries = frozenset(item for item in value if isinstance(item, Ischemia))
    return _entries(entries) if entries else sorted(item for item in value if isinstance(item, str))


class Dense:
    """Ask for a value or a list on every axis, as one JSON object."""

    name = "dense"

    def __init__(self) -> None:
        prompts = [self.prompt(intro) for intro in INTROS]
        content = json.dumps([prompts, measurement_template(), self.schema(), PARSER_REVISION], sort_keys=True)
        self.version = hashlib.sha256(content.encode()).hexdigest()[:12]

    def prompt(self, intro: Intro = "picture", measurements: str = "$measurements") -> str:
        """Return the question, with every allowed word in it."""
        words = {name: ", ".join(axis.values) for name, axis in taxonomy.axes().items()}
        words["stage"] = ", ".join(value for value in taxonomy.axes()["ischemia_stage"].values if value != "none")
        words["territory"] = ", ".join(taxonomy.territories())
        begin = Template(_intros()[intro]).substitute(measurements=measurements).strip()
        return Template(_text("dense.txt")).substitute(words, intro=begin).strip()

    def schema(self) -> Mapping[str, Any]:
        """Return the taxonomy's schema: a complete answer."""
        return taxonomy.answer_schema()

    def parse(self, text: str) -> Reading:
        """Read an answer strictly.

        Every key must be there and no other, every word must be the taxonomy's. Case, and spaces or hyphens in place
        of underscores, are forgiven; a bare string or a single object stands for a list of one; ``"none"`` alone
        stands for the empty list.

        Raises
        ------
        InvalidAnswer
            With the first thing that is wrong.
        """
        found = json_object(text)
        for key in _KEYS:
            if key not in found:
                raise InvalidAnswer(f"the key {key!r} is missing")
        for key in found:
            if key not in _KEYS:
                raise InvalidAnswer(f"the key {key[:40]!r} was not asked for")
        allowed = _allowed()
        return Reading(
            rate=_word(found["rate"], allowed["rate"], "rate"),
            rhythm=_word(found["rhythm"], allowed["rhythm"], "rhythm"),
            axis=_word(found["axis"], allowed["axis"], "axis"),
            conduction=_labels(found["conduction"], allowed["conduction"], "conduction"),
            ischemia=_ischemia(found["ischemia"], allowed["ischemia_stage"]),
            other_findings=_labels(found["other_findings"], allowed["other_findings"], "other_findings"),
            diagnosis=_labels(found["diagnosis"], allowed["diagnosis"], "diagnosis"),
        )

    def target(self, reading: Reading) -> str:
        """Write the answer of a perfect model, keys in the prompt's order, lists sorted; `None` is left out.

        A training target with masked axes therefore teaches nothing on them.
        """
        row = {key: _written(value) for key in _KEYS if (value := getattr(reading, key)) is not None}
        return json.dumps(row, separators=(", ", ": "))
