"""Views and conflict: whether the way of showing matters, and what is followed when picture and text disagree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from einthoven.bench.table import asked_for
from einthoven.leaderboard.boards import Board
from einthoven.leaderboard.render import render
from einthoven.leaderboard.runs import Run
from einthoven.leaderboard.site import Site

__all__ = ["pages"]

#: What two boards must share so that only the view, or its wear, differs.
_SAME = ("simulated", "data", "split", "task", "limit", "taxonomy", "data fingerprint", "number of ECGs")


def pages(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield the page."""
    yield render(
        site,
        "views.html",
        "views.html.j2",
        families=_families(site),
        contradicted=[
            (board, [run for run in board.runs if "swapped" in run.result or "conflict" in run.result])
            for board in site.boards
        ],
        mirages=[(board, [run for run in board.runs if "mirage" in run.result]) for board in site.boards],
        follows=_follows,
    )


def _families(site: Site) -> list[dict[str, Any]]:
    """Return models that were shown the same ECGs in several views, each with its runs."""
    by_key: dict[tuple[str, ...], list[tuple[Board, Run]]] = {}
    for board in site.boards:
        for run in board.runs:
            key = (run.model, *(str(board.identity[name]) for name in _SAME))
            by_key.setdefault(key, []).append((board, run))
    families = []
    for members in by_key.values():
        if len({board.identity["view"] for board, _ in members}) > 1:
            axes = list(asked_for(members[0][1].result))
            families.append({"model": site.model(members[0][1]), "members": members, "axes": axes})
    return families


def _follows(run: Run, key: str, axis: str) -> dict[str, Any] | None:
    """Return the share of a run that follows the picture: of ``conflict`` what is left of the number's."""
    row = run.result.get(key, {}).get(axis)
    if row is None or row["share"] is None:
        return None
    if key == "swapped":
        return {"share": row["share"], "ends": row["share_ci"], "n": row["donor"] + row["recipient"]}
    ends = row["share_ci"]
    turned = None if ends is None else [1 - ends[1], 1 - ends[0]]
    return {"share": 1 - row["share"], "ends": turned, "n": row["text"] + row["picture"]}
