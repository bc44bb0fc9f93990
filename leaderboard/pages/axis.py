"""An axis: what it asks, where its truth comes from, and how every model does on it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from einthoven.leaderboard.boards import GROUPS, Board
from einthoven.leaderboard.figures import percent
from einthoven.leaderboard.render import render
from einthoven.leaderboard.runs import Run
from einthoven.leaderboard.site import Site
from einthoven.tasks import taxonomy

__all__ = ["AxisBoard", "pages"]


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files("einthoven.leaderboard").joinpath("axes.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class AxisBoard:
    """One axis on one board.

    Attributes
    ----------
    board : Board
        The board.
    truth : mapping
        Counts of the truth, as the first run has them.
    rows : list of (str, Run, mapping)
        Group, run, its scores; in each group the highest gain first.
    leak : mapping or None
        What the printed numbers alone gain, where `baseline/measurements` was run.
    """

    board: Board
    truth: Mapping[str, Any]
    rows: list[tuple[str, Run, Mapping[str, Any]]]
    leak: Mapping[str, Any] | None

    @property
    def source(self) -> str:
        """Who says what is true here."""
        if self.board.simulated:
            return "the parameters that each ECG was simulated from"
        return "the statements of the source; what they leave open is measured, or masked"

    @property
    def masked_share(self) -> str:
        """ECGs that are not counted."""
        return percent(self.truth["masked"] / max(1, self.truth["n"] + self.truth["masked"]))


def pages(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield a page an axis, and the list of all."""
    found = {name: _boards(site, name) for name in taxonomy.axes()}
    for name, axis in taxonomy.axes().items():
        yield render(
            site,
            f"axes/{name}.html",
            "axis.html.j2",
            axis=axis,
            text=_texts()[name],
            boards=found[name],
            standings=site.standings,
        )
    yield render(site, "axes/index.html", "axes.html.j2", axes=taxonomy.axes(), texts=_texts(), found=found)


def _boards(site: Site, name: str) -> list[AxisBoard]:
    boards = []
    for board in site.boards:
        if name not in board.runs[0].result["axes"]:
            continue
        rows = [
            (group, run, run.result["axes"][name])
            for group in GROUPS
            for run in sorted(board.group(group), key=lambda run: (-_gain(run, name), run.model))
        ]
        leaks = [run.result["leaks"][name] for run in board.runs if run.result["leaks"]]
        boards.append(AxisBoard(board, board.axis(name), rows, leaks[0] if leaks else None))
    return boards


def _gain(run: Run, name: str) -> float:
    gain = run.result["axes"][name]["arms"]["image"]["gain"]
    return -9.0 if gain is None else float(gain)
