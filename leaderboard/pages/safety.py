"""Safety: what the errors would cost, in which order the models stand under which weights, and whom it meets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from einthoven.bench.audit.act_now import conditions
from einthoven.bench.scoring.danger_matrix import CLASSES, MATRICES, danger
from einthoven.leaderboard.audits import Audited, audited_runs, figures_of, ranked
from einthoven.leaderboard.render import render
from einthoven.leaderboard.site import Site

__all__ = ["pages"]


def pages(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield the page."""
    boards = [(board, audited_runs(board)) for board in site.boards]
    yield render(
        site,
        "safety.html",
        "safety.html.j2",
        boards=[(board, members, _order(members)) for board, members in boards if members],
        unaudited=sum(len(board.runs) for board in site.boards) - sum(len(members) for _, members in boards),
        matrices=[danger(name) for name in MATRICES],
        classes=CLASSES,
        conditions=conditions(),
        named=_named,
        figures=figures_of,
    )


def _order(members: Sequence[Audited]) -> list[dict[str, Any]]:
    """Return a row a reader, in the order of the published weights, with its place under each of them."""
    by_matrix = {name: {row[1]: row for row in ranked(members, name)} for name in MATRICES}
    return [
        {"audited": one, "reader": reader, "under": {name: by_matrix[name][reader][2:] for name in MATRICES}}
        for one, reader, _, _ in by_matrix[MATRICES[0]].values()
    ]


def _named(rows: Sequence[Mapping[str, Any]], name: str) -> Mapping[str, Any] | None:
    """Return the row of a condition; `None` where the task did not ask for it."""
    return next((row for row in rows if row["name"] == name), None)
