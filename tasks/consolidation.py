"""Rare findings put together, so that each word is common enough to be learnt and to be scored.

The data stand in ``consolidated_findings.csv``: finding -> group, with its count in the databases of the
PhysioNet/CinC Challenge 2021 (``statements/snomed.csv``) and in PTB-XL's test fold (``results/``). A finding is rare
where fewer than 1 in 100 records have it in both. Every rare finding shares a group with others; no two findings that
are not rare do, so nothing is put together that could be told apart.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

from einthoven.ecg.reading import AxisTruth, Reading, Truth
from einthoven.tasks.groups import grouped_truth, touched
from einthoven.tasks.label_space import LabelSpace
from einthoven.tasks.version import text_of
from einthoven.tasks.words import Vocabulary, axis_words, words_of

__all__ = ["consolidated", "consolidated_space", "consolidated_words", "consolidation_text"]


def consolidation_text() -> str:
    """Return the table as it stands in the file: part of the version of every task that uses it."""
    return text_of("consolidated_findings.csv")


@cache
def consolidated() -> Mapping[str, frozenset[str]]:
    """Return the groups in the table's order, each with its findings."""
    groups: dict[str, list[str]] = {}
    for row in csv.DictReader(consolidation_text().splitlines()):
        groups.setdefault(row["group"], []).append(row["finding"])
    return {name: frozenset(findings) for name, findings in groups.items()}


@cache
def consolidated_words() -> Vocabulary:
    """Return the words for the groups: their names, and the findings in them with their synonyms."""
    group_of = {finding: name for name, findings in consolidated().items() for finding in findings}
    said = {word: group_of[finding] for word, finding in axis_words("other_findings", also=True).items()}
    return {**said, **words_of(consolidated(), "", also=False)}


def _truth(truth: Truth) -> AxisTruth:
    return grouped_truth(truth["other_findings"], consolidated())


def _restated(reading: Reading) -> frozenset[str] | None:
    return None if reading.other_findings is None else touched(reading.other_findings, consolidated())


@cache
def consolidated_space() -> LabelSpace:
    """Return the other findings by group: present where one of the group's findings is."""
    return LabelSpace(
        "other_findings_consolidated",
        "Other findings, rare ones put together",
        "set",
        tuple(consolidated()),
        frozenset(),
        _truth,
        _restated,
    )
