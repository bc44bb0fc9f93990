"""Runs that are experiments of the published study, and what came of each, computed anew from its bundle."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from einthoven.bench.experiments.commands import TWIN_OF
from einthoven.bench.experiments.diary import DIARY
from einthoven.bench.experiments.outcome import outcome
from einthoven.bench.experiments.preset import Preset, presets
from einthoven.errors import EinthovenError, Exit
from einthoven.leaderboard.boards import Board
from einthoven.leaderboard.runs import Run
from einthoven.leaderboard.site import Site
from einthoven.leaderboard.strangers import visible

__all__ = ["Experiment", "Study", "studies_of"]

#: Bytes. A diary of seven steps has about 20,000.
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Experiment:
    """One part of an experiment that a model has done.

    Attributes
    ----------
    preset : Preset
        Which.
    board, run
        Where it stands on the site.
    outcome : mapping
        What `outcome.outcome` gives.
    """

    preset: Preset
    board: Board
    run: Run
    outcome: Mapping[str, Any]

    @property
    def title(self) -> str:
        """The heading of its column."""
        return f"{self.preset.number} {self.outcome['part'] or self.preset.name}"

    def row(self, axis: str) -> Mapping[str, Any] | None:
        """Return its accuracy on an axis, with all that stands beside it; `None` where it was not asked."""
        return next(
            (row for row in self.outcome["rows"] if row["axis"] == axis and row["metric"] == "accuracy"), None
        )

    def gap(self, axis: str) -> Mapping[str, Any] | None:
        """Return what it has over its blind twin on an axis; `None` without one."""
        return next((row for row in self.outcome["twin"] or () if row["axis"] == axis), None)


@dataclass(frozen=True, slots=True)
class Study:
    """All that one model has done of the study on the ECGs of one source.

    Attributes
    ----------
    model : str
        As it was given to ``einthoven experiment run``: a stranger's string.
    experiments : tuple of Experiment
        By number, then as the preset has its parts.
    """

    model: str
    experiments: tuple[Experiment, ...]

    @property
    def data(self) -> Mapping[str, Any]:
        """What the bundle of the first says of its data."""
        return self.experiments[0].run.result["data"]  # type: ignore[no-any-return]

    @property
    def axes(self) -> list[str]:
        """The axes and label spaces that any of them asked for, in the order in which they come."""
        rows = (row["axis"] for one in self.experiments for row in one.outcome["rows"])
        return list(dict.fromkeys(rows))


def _facts(folder: Path) -> Mapping[str, Any]:
    """Read which experiment stands in a folder: a stranger's file, of which nothing else is taken."""
    path = folder / DIARY
    if not path.is_file() or path.stat().st_size > _LARGEST:
        return {}
    try:
        facts = json.loads(path.read_bytes())["facts"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}


def _found(board: Board, run: Run) -> tuple[str, Experiment] | None:
    """Return the model and the experiment behind a run; `None` for an ordinary one."""
    home = run.path.parent.parent
    for folder, part in ((home, ""), (home.parent, home.name)):
        facts = _facts(folder)
        preset = next((one for one in presets().values() if one.name == facts.get("experiment")), None)
        given = str(facts.get("given"))
        if preset is None or part not in {one.name for one in preset.parts} or given not in TWIN_OF:
            continue
        bundle = run.bundle()
        same = (run.result["task"]["name"], given in run.result["arms"]) == (preset.run["task"], True)
        if bundle is None or not same:
            continue
        try:
            found = outcome(preset, part, given, run.result, bundle)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise EinthovenError(
                f"the rows of {visible(str(run.path.parent), 300)} make no sense: {type(error).__name__}",
                "copy the bundle again, or leave it out",
                Exit.MISSING,
            ) from None
        return str(facts.get("model", "")), Experiment(preset, board, run, found)
    return None


def studies_of(site: Site) -> Iterator[Study]:
    """Yield what each model has done of the study, by the model's name and the data's."""
    own: dict[tuple[str, str, bool], list[Experiment]] = {}
    for board in site.boards:
        for run in board.runs:
            found = _found(board, run)
            if found is not None:
                model, experiment = found
                data = run.result["data"]
                own.setdefault((model, str(data["name"]), bool(data["simulated"])), []).append(experiment)
    for (model, _, _), members in sorted(own.items()):
        order = sorted(members, key=lambda one: (one.preset.number, one.outcome["part"], str(one.run.path)))
        yield Study(model, tuple(order))
