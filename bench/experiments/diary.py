"""What an experiment has done so far: its commands that are finished, how long they took, and what came of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from einthoven.bench.bundle import write_json
from einthoven.bench.experiments.commands import Step, shown

__all__ = ["DIARY", "Diary"]

#: The file in an experiment's folder.
DIARY = "experiment.json"


@dataclass
class Diary:
    """The diary in one folder.

    Attributes
    ----------
    path : Path
        Of the file.
    facts : dict
        Which experiment, model and data.
    steps : dict
        By name: ``command``, ``seconds``, and how many ``units`` of work (samples learnt from, requests answered).
    outcome : list of dict
        What came of it, part by part; empty until it is finished.
    """

    path: Path
    facts: dict[str, Any] = field(default_factory=dict)
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    outcome: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, folder: Path, facts: Mapping[str, Any] | None = None) -> Diary:
        """Read the diary of a folder; a new one where there is none, or none that can be read."""
        path = folder / DIARY
        try:
            before = json.loads(path.read_text(encoding="utf-8"))
            return cls(path, dict(facts or before["facts"]), dict(before["steps"]), list(before["outcome"]))
        except (OSError, ValueError, KeyError, TypeError):
            return cls(path, dict(facts or {}))

    def finished(self, step: Step) -> bool:
        """Return whether this very command has finished, and what it made is still there."""
        return self.steps.get(step.name, {}).get("command") == shown(step.arguments) and step.product.is_file()

    def note(self, step: Step, seconds: float, units: int) -> None:
        """Write down that a command has finished."""
        self.steps[step.name] = {"command": shown(step.arguments), "seconds": round(seconds, 1), "units": units}
        self.outcome = []
        self.write()

    def write(self) -> None:
        """Write the file."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_json(self.path, {"facts": self.facts, "steps": self.steps, "outcome": self.outcome})
