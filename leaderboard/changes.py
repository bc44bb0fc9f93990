"""What changed on the boards, written by those who keep them: ``changelog.toml`` above the bundles."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from einthoven.errors import EinthovenError, Exit
from einthoven.leaderboard.runs import Run
from einthoven.leaderboard.strangers import visible

__all__ = ["Change", "changes"]

_NAME = "changelog.toml"

#: Bytes, and folders above a bundle that are looked at: ``results/BOARD/RUN`` has it in ``results``.
_LARGEST, _ABOVE = 1_000_000, 3


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One entry.

    Attributes
    ----------
    date : date
        When the boards changed.
    text : str
        What changed.
    """

    date: date
    text: str


def changes(runs: Iterable[Run]) -> list[Change]:
    """Return all entries above some runs, the newest first.

    Raises
    ------
    EinthovenError
        A changelog is no list of dates and texts.
    """
    places = {above / _NAME for run in runs for above in list(run.path.parents)[:_ABOVE]}
    found: set[Change] = set()
    for place in sorted(places):
        if place.is_file() and not place.is_symlink():
            found |= set(_read(place))
    return sorted(found, reverse=True)


def _read(place: Path) -> list[Change]:
    try:
        with place.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise ValueError(f"larger than {_LARGEST:,} bytes")
        rows = tomllib.loads(content.decode())["change"]
        entries = [Change(row["date"], row["text"]) for row in rows]
        if not all(type(one.date) is date and isinstance(one.text, str) for one in entries):
            raise ValueError("a date or a text that is none")
    except (OSError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise EinthovenError(
            f"{visible(str(place), 300)} is no changelog: {visible(f'{type(error).__name__}: {error}', 200)}",
            'write entries as [[change]], date = 2026-01-31, text = "…"',
            Exit.MISSING,
        ) from None
    return entries
