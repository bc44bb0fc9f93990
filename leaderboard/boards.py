"""Which runs may stand on one board: those asked the same about the same ECGs, with the same versions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from einthoven.bench.declared import declared
from einthoven.bench.table import asked_for
from einthoven.ecg.reading import AXES
from einthoven.errors import EinthovenError
from einthoven.exchange import Input
from einthoven.leaderboard.runs import Run
from einthoven.leaderboard.slugs import slug
from einthoven.leaderboard.strangers import visible
from einthoven.tasks import taxonomy

__all__ = ["GROUPS", "Board", "Column", "boards_of", "group_of"]

#: Row groups of a board, in their order.
GROUPS: Mapping[str, str] = {
    "vlm": "Vision-language models",
    "reference": "Reference and other models",
    "baseline": "Baselines: what is scored without a look at the ECG",
    "control": "Controls: made to behave in one known way",
}

_SPLITS = ("test", "validation", "train")


def group_of(run: Run) -> str:
    """Return the row group of a run, by the model's provider and by what it looks at.

    ``reference/`` models may look at pictures too, but they answer in classes, not in language.
    """
    provider = run.model.split("/")[0]
    if provider in ("baseline", "control"):
        return provider
    return "vlm" if Input.IMAGE in run.result["model"]["inputs"] and provider != "reference" else "reference"


#: Headings of the blocks of columns.
_LEAKABLE = "The printed measurements could give the answer away"
_TRACE = "Needs the trace"
_OWN = "In the task's own words"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a board: an axis, or the label space of its task.

    Attributes
    ----------
    name, title : str
        The word in ``result.json``, which of a label space is a stranger's, and the words for people.
    kind : str
        ``categorical`` or ``set``.
    """

    name: str
    title: str
    kind: str


@dataclass(frozen=True)
class Board:
    """The runs of one data set, split, task and view, and of one version of each.

    Attributes
    ----------
    number : int
        From 1, in the order of the boards.
    identity : mapping
        What all its runs share, in words; two boards differ in at least one of these.
    runs : tuple of Run
        Sorted by the model's name.
    apart : tuple of (int, str)
        Other boards of the same data, split, task and view: (number, what differs).
    """

    number: int
    identity: Mapping[str, Any]
    runs: tuple[Run, ...]
    apart: tuple[tuple[int, str], ...] = ()

    @cached_property
    def slug(self) -> str:
        """A file name: what it is of, and the start of the hash of its identity, whatever other boards there are."""
        name = "-".join(str(self.identity[key]) for key in ("data", "split", "task", "view"))
        digest = hashlib.sha256(json.dumps(self.identity, sort_keys=True).encode()).hexdigest()[:12]
        return f"{slug(name).partition('~')[0]}~{digest}"

    @property
    def path(self) -> str:
        """The board's page."""
        return f"boards/{self.slug}.html"

    @property
    def simulated(self) -> bool:
        """Whether its ECGs are simulated."""
        return bool(self.identity["simulated"])

    @property
    def preview(self) -> bool:
        """Whether only a part of the ECGs was asked about."""
        return self.identity["limit"] is not None

    @property
    def data(self) -> Mapping[str, Any]:
        """The data as the first run describes them; what is shown of them is the same in all."""
        return self._first["data"]  # type: ignore[no-any-return]

    @property
    def _first(self) -> Mapping[str, Any]:
        return self.runs[0].result

    def axis(self, name: str) -> Mapping[str, Any]:
        """Return what the first run scored on an axis, or label space: the counts are the same in all."""
        return asked_for(self._first)[name]  # type: ignore[no-any-return]

    @property
    def blocks(self) -> list[tuple[str, list[Column]]]:
        """The columns under their headings: axes that the printed numbers could give away stand apart."""
        asked = [taxonomy.axes()[name] for name in AXES if name in self._first["axes"]]
        space = self._first["task"].get("space")
        blocks = [
            (_LEAKABLE, [Column(axis.name, axis.title, axis.kind) for axis in asked if axis.leakable_by]),
            (_TRACE, [Column(axis.name, axis.title, axis.kind) for axis in asked if not axis.leakable_by]),
        ]
        if space is not None:
            title = str(space).replace("_", " ").capitalize()
            blocks.append((_OWN, [Column(space, title, self.axis(space)["kind"])]))
        return [(title, columns) for title, columns in blocks if columns]

    @property
    def columns(self) -> list[Column]:
        """All columns, in order."""
        return [column for _, columns in self.blocks for column in columns]

    @property
    def worded(self) -> bool:
        """Whether its runs are of the declared cell, whose axes get a word."""
        return any("verdict" in axis for axis in self._first["axes"].values())

    def group(self, name: str) -> list[Run]:
        """Return the runs of one row group."""
        return [run for run in self.runs if group_of(run) == name]

    def detectable(self, axis: str) -> list[float]:
        """Return the least and the largest minimum detectable gain; nothing where no gain could be found."""
        found = [asked_for(run.result)[axis]["arms"]["image"].get("mde") for run in self.runs]
        known = sorted(value for value in found if value is not None)
        return [known[0], known[-1]] if known else []

    def made_with(self) -> list[str]:
        """Return the versions of einthoven that made the runs."""
        return sorted({run.result["versions"]["einthoven"] for run in self.runs})

    def faults(self) -> list[tuple[list[Run], list[Mapping[str, str]]]]:
        """Return the records that could not be used, each distinct list once with the runs that have it."""
        lists: dict[str, tuple[list[Run], list[Mapping[str, str]]]] = {}
        for run in self.runs:
            faults = sorted(run.result["data"]["faults"], key=lambda row: (row["reason"], row["id"], row["detail"]))
            if faults:
                lists.setdefault(json.dumps(faults), ([], faults))[0].append(run)
        return list(lists.values())


def _identity(run: Run) -> dict[str, Any]:
    result = run.result
    data, versions = result["data"], result["versions"]
    asked = asked_for(result)
    order = [axis for axis in AXES if axis in asked] + sorted(asked.keys() - set(AXES))
    truth = [[asked[axis][key] for key in ("n", "masked", "eligible", "cases")] for axis in order]
    return {
        "simulated": data["simulated"],
        "data": data["name"],
        "split": data["split"],
        "task": result["task"]["name"],
        "view": result["view"]["name"],
        "limit": data["limit"],
        "task version": result["task"]["version"],
        "view version": result["view"]["version"],
        "taxonomy": versions["taxonomy"],
        "renderer": versions["renderer"],
        "simulator": versions["simulator"] if data["simulated"] else None,  # no part in real ECGs
        "data fingerprint": data["fingerprint"],
        "number of ECGs": (data["records"], data["patients"]),
        "folds": data["folds"],
        "what is asked": json.dumps(order),
        "counts of truth": json.dumps(truth, sort_keys=True),
    }


#: Boards that agree in these look alike to a reader, who is told what else differs.
_NAME = ("simulated", "data", "split", "task", "view")


def _order(identity: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the order of boards: real before simulated; test, what gets words and whole ones before the rest."""
    ranks = (identity["simulated"], identity["data"], _SPLITS.index(identity["split"]))
    limit = identity["limit"]
    shown = (identity["task"], identity["view"])
    names = (not declared(*shown), *shown, limit is not None, limit or 0)
    return (*ranks, *names, json.dumps(identity, sort_keys=True))


def boards_of(runs: Sequence[Run]) -> list[Board]:
    """Sort runs into boards.

    Raises
    ------
    EinthovenError
        Two runs of one model belong on the same board: shown both, a reader would take the better one.
    """
    sorted_in: dict[str, tuple[dict[str, Any], list[Run]]] = {}
    for run in runs:
        identity = _identity(run)
        sorted_in.setdefault(json.dumps(identity, sort_keys=True), (identity, []))[1].append(run)
    boards = []
    for number, (identity, members) in enumerate(sorted(sorted_in.values(), key=lambda item: _order(item[0])), 1):
        members.sort(key=lambda run: (run.model, str(run.path)))
        for one, other in pairwise(members):
            if one.model == other.model:
                raise EinthovenError(
                    f"two runs of {visible(one.model)} on the same ECGs: {visible(str(one.path), 300)} and "
                    f"{visible(str(other.path), 300)}",
                    "leave one of them out: a model stands on a board once, or the better run would be picked",
                )
        boards.append(Board(number, identity, tuple(members)))
    return [replace(board, apart=_apart(board, boards)) for board in boards]


def _apart(board: Board, boards: Sequence[Board]) -> tuple[tuple[int, str], ...]:
    found = []
    for other in boards:
        if other is not board and all(other.identity[key] == board.identity[key] for key in _NAME):
            differs = [key for key, value in board.identity.items() if other.identity[key] != value]
            found.append((other.number, ", ".join(differs)))
    return tuple(found)
