"""The figures of the published study, as its source reports them: a lane of their own beside every run."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["Column", "Figure", "Published", "published"]

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Attributes
    ----------
    text : str
        As the source gives it: ``92.1``, ``about 74``, ``-``.
    """

    text: str

    @property
    def value(self) -> float | None:
        """The number in it; `None` where there is none."""
        found = _NUMBER.search(self.text)
        return float(found.group()) if found else None

    @property
    def exact(self) -> bool:
        """Whether the source gives it as a plain number."""
        return _NUMBER.fullmatch(self.text) is not None


@dataclass(frozen=True, slots=True)
class Column:
    """What one model scored in one experiment.

    Attributes
    ----------
    experiment, part : str
        Names of presets and of their parts; no part where the experiment has one only.
    model : str
        As the source names it; empty where it does not.
    metric : str
        ``accuracy`` in percent, or ``macro_f1`` between 0 and 1.
    figures : mapping of str to Figure
        By axis or label space, and ``findings_per_ecg``.
    """

    experiment: str
    part: str
    model: str
    metric: str
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Published:
    """The study.

    Attributes
    ----------
    title, authors, publisher, address : str
        Of the source.
    read : date
        When its figures were taken from it.
    lane : str
        What must stand above its figures wherever they are shown.
    records : int
        About how many ECGs it tested on.
    records_note, prompt_note : str
        How that number is known; what stood in the prompts.
    majority : mapping of str to Figure
        What the commonest answer scores, by axis.
    columns : tuple of Column
        In the source's order.
    """

    title: str
    authors: str
    publisher: str
    address: str
    read: date
    lane: str
    records: int
    records_note: str
    prompt_note: str
    majority: Mapping[str, Figure]
    columns: tuple[Column, ...]

    def of(self, experiment: str, part: str = "") -> list[Column]:
        """Return the columns of an experiment, or of one part of it; all parts where none is named."""
        return [
            column
            for column in self.columns
            if column.experiment == experiment and (not part or not column.part or column.part == part)
        ]


def _figures(given: Mapping[str, str]) -> Mapping[str, Figure]:
    return {name: Figure(text) for name, text in given.items()}


@cache
def published() -> Published:
    """Read the study's figures from ``published.toml``."""
    document: dict[str, Any] = tomllib.loads(
        files("einthoven.bench").joinpath("published.toml").read_text(encoding="utf-8")
    )
    columns = tuple(
        Column(
            row["experiment"],
            row.get("part", ""),
            row.get("model", ""),
            row.get("metric", "accuracy"),
            _figures(row["figures"]),
        )
        for row in document["column"]
    )
    return Published(**document["source"], majority=_figures(document["majority"]), columns=columns)
