"""The safety audits of runs: ``audit.json`` beside ``result.json``, checked before a word of it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from einthoven.bench.audit.document import AUDIT, read_audit
from einthoven.bench.audit.lines import model_rank
from einthoven.bench.scoring.danger_matrix import MATRICES
from einthoven.errors import EinthovenError, Exit
from einthoven.leaderboard.boards import Board
from einthoven.leaderboard.runs import Run
from einthoven.leaderboard.strangers import visible

__all__ = ["Audited", "audit_of_run", "audited_runs", "figures_of", "ranked"]


@dataclass(frozen=True, slots=True)
class Audited:
    """A run that has an audit.

    Attributes
    ----------
    run : Run
        The run.
    audit : mapping
        Its ``audit.json``.
    """

    run: Run
    audit: Mapping[str, Any]

    def matrix(self, name: str) -> Mapping[str, Any]:
        """Return what stands under a matrix; all shipped ones do in every audit."""
        found: Mapping[str, Any] = next(one for one in self.audit["matrices"] if one["name"] == name)
        return found

    def place(self, name: str) -> tuple[int, int]:
        """Return the model's place among the constant readers under a matrix, and how many they are together."""
        return model_rank(self.matrix(name))


def audit_of_run(run: Run) -> Mapping[str, Any] | None:
    """Return a run's audit, `None` where it has none.

    Raises
    ------
    EinthovenError
        The file is damaged, or it is of another run than the result beside it.
    """
    path = run.path.with_name(AUDIT)
    if not path.is_file():
        return None
    try:
        audit = read_audit(path)
    except EinthovenError as error:
        raise EinthovenError(visible(error.problem, 300), error.remedy, Exit.MISSING) from None
    result = run.result
    same = (
        audit["model"]["name"] == run.model,
        audit["task"] == result["task"] or audit["task"].get("version") == result["task"]["version"],
        *(audit["data"][key] == result["data"][key] for key in ("fingerprint", "records", "patients", "simulated")),
        set(MATRICES) <= {one["name"] for one in audit["matrices"]},
        _unusable(audit) == _unusable_in(result, audit["arm"]),
    )
    if not all(same):
        raise EinthovenError(
            f"{visible(str(path), 300)} is not the audit of the result beside it",
            "audit the bundle again",
            Exit.MISSING,
        )
    return audit


def _unusable(audit: Mapping[str, Any]) -> int:
    count: int = audit["records"]["invalid"]
    return count


def _unusable_in(result: Mapping[str, Any], arm: str) -> int:
    statuses = result["arms"].get(arm, {"statuses": {}})["statuses"]
    return sum(count for status, count in statuses.items() if status != "ok")


def audited_runs(board: Board) -> list[Audited]:
    """Return the runs of a board that were audited on what the board is about: the picture alone."""
    found = [(run, audit_of_run(run)) for run in board.runs]
    return [Audited(run, audit) for run, audit in found if audit is not None and audit["arm"] == "image"]


def ranked(members: Sequence[Audited], name: str) -> list[tuple[Audited | None, str, Mapping[str, Any], int]]:
    """Return models and constant readers in the order of their cost under a matrix.

    Returns
    -------
    list of tuple
        The model or `None`, the reader's name, the row of the audit, the rank; equals share the better rank.
    """
    rows: list[tuple[Audited | None, str, Mapping[str, Any]]] = [
        (one, one.run.model, one.matrix(name)["rows"][0]) for one in members
    ]
    if members:
        rows += [(None, row["reader"], row) for row in members[0].matrix(name)["rows"][1:]]
    costs = [row["cost"]["value"] for _, _, row in rows]
    order = sorted(range(len(rows)), key=lambda k: (costs[k], rows[k][0] is None, rows[k][1]))
    return [(*rows[k], 1 + sum(other < costs[k] for other in costs)) for k in order]


def figures_of(one: Mapping[str, Any], digits: int = 2) -> str:
    """Write a value with its interval, which does not break; an en dash where there is none."""
    if one["value"] is None:
        return "–"
    value = f"{one['value']:.{digits}f}".replace("-", "−")
    if one["ci"] is None:
        return value
    low, high = (f"{end:.{digits}f}".replace("-", "−") for end in one["ci"])
    return f"{value} [{low},\u00a0{high}]"
