"""The arm `pairs`: simulator pairs that are asked about in every run, whatever its records are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from einthoven.bench.arms import arm
from einthoven.bench.ask import Question
from einthoven.bench.settings import Settings
from einthoven.bench.sources.sim_pairs import PairSource, open_pairs
from einthoven.bench.sources.source import Entry
from einthoven.errors import EinthovenError
from einthoven.tasks.task import Task

__all__ = ["ARM", "FOLD", "Pairs", "pairs_of", "refuse_pairs_twice"]

#: The arm's name.
ARM = "pairs"

#: A fitted adapter is asked about the pairs as it learnt for the first fold: none of its records is among them.
FOLD = 0


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of a run.

    Attributes
    ----------
    source : PairSource
        Where they come from.
    entries : sequence of Entry
        Both sides of each pair that says something about what the task asks for; none where the arm is not asked.
    settings : Settings
        The run's, as far as drawing goes: where the run shows page images, the pairs are drawn on the grid.
    """

    source: PairSource
    entries: Sequence[Entry]
    settings: Settings

    def questions(self) -> list[Question]:
        """Return what is asked: each side once."""
        return [Question(entry, arm(ARM), FOLD) for entry in self.entries]

    def digests(self) -> dict[str, str]:
        """Return what stands for each side's signal, by id."""
        return {entry.id: self.source.digest(entry)[:16] for entry in self.entries}

    def facts(self) -> dict[str, Any]:
        """Return what ``run.json`` says of them; nothing where there are none."""
        if not self.entries:
            return {}
        facts = {"name": self.source.name, "per_contrast": self.settings.pairs, "view": self.settings.view}
        return {ARM: facts}


def refuse_pairs_twice(settings: Settings) -> None:
    """Refuse the arm where the data are pairs already."""
    if ARM in settings.arms and settings.data.partition(":")[0] == "sim-pairs":
        raise EinthovenError(
            f"the arm {ARM} beside {settings.data}: the same pairs would be asked about twice",
            "ask without this arm (--controls none), or choose other --data",
        )


def pairs_of(settings: Settings, chosen: Task) -> Pairs:
    """Give the pairs of a run.

    Contrasts on axes that the task does not ask for are left out; nuisances never are. A run on ``sim:SEED``, which
    nobody can have seen, has pairs of the same seed; all others have the frozen ones.

    Raises
    ------
    EinthovenError
        The data are pairs already.
    """
    if ARM not in settings.arms:
        return Pairs(PairSource("sim-pairs", ()), (), settings)
    refuse_pairs_twice(settings)
    name, _, path = settings.data.partition(":")
    source = open_pairs(path if name == "sim" else "", per_contrast=settings.pairs)
    entries = [e for e in source.entries if e.side is not None and (not e.side.axis or e.side.axis in chosen.asked)]
    shown = settings
    if settings.undrawn:
        shown = replace(settings, data="sim-pairs", view="grid")
    return Pairs(source, entries, shown)
