"""How many models read what: the board in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from einthoven.leaderboard.boards import Board, Column
from einthoven.leaderboard.runs import Run
from einthoven.leaderboard.words import ABOVE_BLIND

__all__ = ["AxisCount", "Tally", "axis_counts", "group_tally", "unlooking"]


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of some models.

    Attributes
    ----------
    of : int
        How many there are.
    reads, above : int
        Those that read; those that are better than blind, the former among them.
    """

    of: int
    reads: int
    above: int


@dataclass(frozen=True, slots=True)
class AxisCount:
    """One axis of a board.

    Attributes
    ----------
    column : Column
        The axis.
    vlm, reference : Tally
        Of the vision-language models; of the reference and other models.
    """

    column: Column
    vlm: Tally
    reference: Tally


def _words(run: Run) -> dict[str, str]:
    return {name: axis["verdict"]["word"] for name, axis in run.result["axes"].items() if "verdict" in axis}


def _tally(words: list[str]) -> Tally:
    return Tally(len(words), words.count("reads"), sum(word in ABOVE_BLIND for word in words))


def axis_counts(board: Board) -> list[AxisCount]:
    """Count axis by axis; nothing on a board without words."""
    if not board.worded:
        return []
    found = {key: [_words(run) for run in board.group(key)] for key in ("vlm", "reference")}
    return [
        AxisCount(column, *(_tally([words[column.name] for words in rows]) for rows in found.values()))
        for column in board.columns
    ]


def group_tally(board: Board, *groups: str) -> Tally:
    """Count the models of some groups that read, or are better than blind on, at least one axis."""
    rows = [set(_words(run).values()) for group in groups for run in board.group(group)]
    return Tally(len(rows), sum("reads" in words for words in rows), sum(bool(words & ABOVE_BLIND) for words in rows))


def unlooking(board: Board) -> Iterator[Run]:
    """Yield baselines and controls that cannot see and do not know the truth: none of them should be above blind."""
    for group in ("baseline", "control"):
        for run in board.group(group):
            if not {"image", "signal", "truth"} & set(run.result["model"]["inputs"]):
                yield run
