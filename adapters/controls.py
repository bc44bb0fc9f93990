"""Controls: models whose verdict is known beforehand, because they never look."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from einthoven.adapters.majority import training_values, untaught
from einthoven.ecg.reading import Ischemia, Reading
from einthoven.errors import unknown_name
from einthoven.exchange import Answer, Example, Input, Request
from einthoven.tasks import taxonomy
from einthoven.tasks.registry import task

__all__ = ["Constant", "Prior", "Random", "stream"]


def stream(seed: int, record_id: str) -> np.random.RandomState:
    """Return a stream of its own for each record: the answer must not depend on the order of asking."""
    digest = hashlib.sha256(f"{seed}/{record_id}".encode()).digest()
    return np.random.RandomState(np.frombuffer(digest, dtype="<u4"))


class Constant:
    """Give one fixed answer: normal on every axis unless told otherwise.

    Parameters
    ----------
    rate, rhythm, axis : str
        The class to answer; the taxonomy's normal one where empty.
    conduction, stage, territory, other_findings, diagnosis : str
        One label to answer; none where empty. A stage without a territory has none.
    """

    inputs: frozenset[Input] = frozenset()
    concurrency = 1

    def __init__(
        self,
        name: str = "control/constant",
        rate: str = "",
        rhythm: str = "",
        axis: str = "",
        conduction: str = "",
        stage: str = "",
        territory: str = "",
        other_findings: str = "",
        diagnosis: str = "",
    ) -> None:
        self.name = name
        given = {
            "rate": rate,
            "rhythm": rhythm,
            "axis": axis,
            "conduction": conduction,
            "ischemia_stage": stage,
            "other_findings": other_findings,
            "diagnosis": diagnosis,
        }
        for where, value in given.items():
            if value and value not in taxonomy.axes()[where].values:
                raise unknown_name(f"value of {where}", value, taxonomy.axes()[where].values)
        if territory and territory not in taxonomy.territories():
            raise unknown_name("territory", territory, taxonomy.territories())
        if territory and not stage:
            raise ValueError("a territory needs a stage")
        walls = taxonomy.territories()[territory or "unspecified"]
        self.parameters: Mapping[str, Any] = {k: v for k, v in (given | {"territory": territory}).items() if v}
        self._reading = Reading(
            rate=rate or taxonomy.axes()["rate"].normal,
            rhythm=rhythm or taxonomy.axes()["rhythm"].normal,
            axis=axis or taxonomy.axes()["axis"].normal,
            conduction=frozenset(filter(None, [conduction])),
            ischemia=frozenset([Ischemia(stage, walls)] if stage and stage != "none" else []),
            other_findings=frozenset(filter(None, [other_findings])),
            diagnosis=frozenset(filter(None, [diagnosis])),
        )

    async def answer(self, request: Request) -> Answer:
        """Answer the same thing, in the task's own form."""
        return Answer(task(request.task).target(self._reading), latency_s=0.0)

    async def close(self) -> None:
        """Nothing to let go."""


class Random:
    """Draw every answer evenly: one class; of labels none or one, half of the time each."""

    inputs = frozenset({Input.RECORD})
    concurrency = 1

    def __init__(self, name: str = "control/random", seed: int = 0) -> None:
        self.name = name
        self.parameters: Mapping[str, Any] = {"seed": seed}

    async def answer(self, request: Request) -> Answer:
        """Answer by the record's own stream of random numbers."""
        draws = stream(self.parameters["seed"], request.record_id)
        chosen = task(request.task)

        def label(values: Iterable[str]) -> str:
            options = tuple(values)
            return options[draws.randint(len(options))]

        def labels(values: Iterable[str]) -> frozenset[str]:
            return frozenset() if draws.randint(2) else frozenset({label(values)})

        space = chosen.space
        if space is not None and not chosen.asked:
            drawn = label(space.values) if space.kind == "categorical" else labels(space.values)
            return Answer(chosen.target(Reading(label=drawn)), latency_s=0.0)
        axes = taxonomy.axes()
        stages = labels(value for value in axes["ischemia_stage"].values if value != "none")
        walls = taxonomy.territories()[label(taxonomy.territories())]
        reading = Reading(
            rate=label(axes["rate"].values),
            rhythm=label(axes["rhythm"].values),
            axis=label(axes["axis"].values),
            conduction=labels(axes["conduction"].values),
            ischemia=frozenset(Ischemia(stage, walls) for stage in stages),
            other_findings=labels(axes["other_findings"].values),
            diagnosis=labels(axes["diagnosis"].values),
            label=None if space is None else labels(space.values),
        )
        return Answer(chosen.target(reading), latency_s=0.0)

    async def close(self) -> None:
        """Nothing to let go."""


class Prior:
    """Answer each axis as a training record drawn at random does: the right frequencies, no look at the ECG."""

    inputs = frozenset({Input.RECORD})
    concurrency = 1

    def __init__(self, name: str = "control/prior", seed: int = 0) -> None:
        self.name = name
        self.parameters: Mapping[str, Any] = {"seed": seed}
        self._examples: Sequence[Example] = ()
        self._values: dict[str, Mapping[str, list[Any]]] = {}

    def fit(self, examples: Iterable[Example]) -> None:
        """Keep the training folds; their values, axis by axis, depend on the task."""
        self._examples, self._values = list(examples), {}

    async def answer(self, request: Request) -> Answer:
        """Answer by the record's own stream of random numbers; normal on an axis nobody was trained on."""
        chosen = task(request.task)
        if chosen.name not in self._values:
            self._values[chosen.name] = training_values(self._examples, chosen)
        draws = stream(self.parameters["seed"], request.record_id)
        drawn: dict[str, Any] = {}
        for field, values in self._values[chosen.name].items():
            drawn[field] = values[draws.randint(len(values))] if values else untaught(field, chosen)
        return Answer(chosen.target(Reading(**drawn)), latency_s=0.0)

    async def close(self) -> None:
        """Nothing to let go."""
