"""Other words for the taxonomy's values: a stated table, matched word for word, never by parts of words."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

from einthoven.tasks.version import text_of

__all__ = ["spelled", "synonyms", "synonyms_text"]


def spelled(word: str) -> str:
    """Return a word as it is compared: case, and spaces or hyphens for underscores, are spelling."""
    return word.strip().lower().replace(" ", "_").replace("-", "_")


@cache
def synonyms_text() -> str:
    """Return the table as it stands in the file: part of the version of every task that uses it."""
    return text_of("synonyms.csv")


@cache
def synonyms(where: str) -> Mapping[str, str]:
    """Return what is also said for the values of an axis.

    Parameters
    ----------
    where : str
        An axis, ``territory``, or the name of a task's own label space.

    Returns
    -------
    mapping of str to str
        The word as `spelled`, and the value that it means; empty where the table has none.
    """
    rows = csv.DictReader(synonyms_text().splitlines())
    return {spelled(row["said"]): row["means"] for row in rows if row["axis"] == where}
