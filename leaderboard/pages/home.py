"""Home: who reads the trace, at one glance; and a page for every board."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from einthoven.bench.published import published
from einthoven.bench.published_power import seen
from einthoven.leaderboard.boards import Board
from einthoven.leaderboard.counts import Tally, axis_counts, group_tally, unlooking
from einthoven.leaderboard.false_reads import error_rates, expected_reads
from einthoven.leaderboard.render import render
from einthoven.leaderboard.runs import Run
from einthoven.leaderboard.site import Site
from einthoven.tasks import taxonomy

__all__ = ["REPORTED_BESIDE", "pages"]

#: Columns of the lane of reported figures beside the axes that the study has.
REPORTED_BESIDE = {"flat_label": "One label", "findings_per_ecg": "Findings per ECG"}


def pages(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield the home page, which shows the leading board, and the page of each board."""
    tallies = {board.number: _tallies(board) for board in site.boards}
    study = published()
    given = study.majority.keys() | {name for column in study.columns for name in column.figures}
    rows = [(name, axis.title) for name, axis in taxonomy.axes().items() if name in given] + list(
        REPORTED_BESIDE.items()
    )
    yield render(
        site,
        "index.html",
        "home.html.j2",
        vlms=tallies[site.lead.number]["vlm"],
        others=tallies[site.lead.number]["reference"],
        tallies=tallies,
        study=study,
        seen=seen(),
        rows=rows,
        readers=_readers(site.lead),
        **_tiers(site, site.lead),
        **_board(site.lead),
    )
    for board in site.boards:
        yield render(site, board.path, "board.html.j2", **_board(board))


def _tallies(board: Board) -> dict[str, Tally]:
    return {group: group_tally(board, group) for group in ("vlm", "reference")}


def _readers(board: Board) -> list[tuple[Run, list[str]]]:
    """Return the models that read something, vision-language models first, and what they read."""
    runs = [*board.group("vlm"), *board.group("reference")]
    return [(run, run.worded("reads")) for run in runs if run.worded("reads")]


def _tiers(site: Site, board: Board) -> dict[str, Any]:
    """Return the tiers of each axis on which there is more than one model to tell apart."""
    standing = site.standings.get(board.number)
    if standing is None:
        return {"tiers": [], "rule": "", "names": {}}
    found = [
        (axis, standing.axes[axis.name].tiers) for axis in taxonomy.axes().values() if axis.name in standing.axes
    ]
    tiers = [(axis, each) for axis, each in found if sum(map(len, each)) > 1]
    return {"tiers": tiers, "rule": standing.rule, "names": standing.names}


def _board(board: Board) -> dict[str, Any]:
    blind = list(unlooking(board))
    above = (
        [
            run
            for run in blind
            if any(axis["verdict"]["word"] in ("reads", "associated") for axis in run.result["axes"].values())
        ]
        if board.worded
        else []
    )
    line = f"{len(above)} of {len(blind)} baselines and controls here that cannot see are called better than blind."
    return {
        "board": board,
        "counts": {found.column.name: found for found in axis_counts(board)},
        "expected": expected_reads(len(board.runs)) if board.worded else "",
        "rates": error_rates(),
        "below_line": line if blind else "",
    }
