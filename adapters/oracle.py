"""Readers of known strength: they are told the truth of the picture, and spoil it by as much as they are asked to.

Where no picture is shown they answer normal everywhere. Their verdicts are known: `reads` wherever strength and
records suffice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from einthoven.adapters.controls import stream
from einthoven.ecg.reading import AxisTruth, Ischemia, Reading, Truth
from einthoven.exchange import Answer, Input, Request
from einthoven.tasks import taxonomy
from einthoven.tasks.registry import task

__all__ = ["DonorFollower", "Oracle"]


class Oracle:
    """Find what is there with a sensitivity, and leave alone what is not with a specificity.

    On a categorical axis a class that is not normal is found with the sensitivity, else called normal; a normal one
    is called so with the specificity, else any other class. On a set axis each label that is there is found with the
    sensitivity; with 1 - specificity one label is added that is not there. What the truth does not say is normal.

    Parameters
    ----------
    sensitivity, specificity : float
        From 0 to 1.
    seed : int
        Of the draws, which each record has its own stream of.
    """

    inputs = frozenset({Input.TRUTH, Input.RECORD})
    concurrency = 1

    def __init__(
        self, name: str = "control/oracle", sensitivity: float = 1.0, specificity: float = 1.0, seed: int = 0
    ) -> None:
        if not (0 <= sensitivity <= 1 and 0 <= specificity <= 1):
            raise ValueError("sensitivity and specificity are between 0 and 1")
        self.name = name
        self.parameters: Mapping[str, Any] = {
            "sensitivity": sensitivity,
            "specificity": specificity,
            "seed": seed,
        }

    async def answer(self, request: Request) -> Answer:
        """Answer in the task's own form."""
        chosen = task(request.task)
        axes = taxonomy.axes()
        reading = Reading(
            rate=axes["rate"].normal,
            rhythm=axes["rhythm"].normal,
            axis=axes["axis"].normal,
            conduction=frozenset(),
            ischemia=frozenset(),
            other_findings=frozenset(),
            diagnosis=frozenset(),
            label=None if chosen.space is None else chosen.space.nothing,
        )
        if request.truth is not None:
            reading = self._spoilt(request.truth, stream(self.parameters["seed"], request.record_id))
            if chosen.space is not None:  # the label of a task's own space is told unspoilt
                label = chosen.space.truth(request.truth).value
                reading = replace(reading, label=chosen.space.nothing if label is None else label)
        return Answer(chosen.target(reading), latency_s=0.0)

    def _spoilt(self, truth: Truth, random: np.random.RandomState) -> Reading:
        return Reading(
            rate=self._class("rate", truth["rate"], random),
            rhythm=self._class("rhythm", truth["rhythm"], random),
            axis=self._class("axis", truth["axis"], random),
            conduction=self._labels("conduction", truth["conduction"], random),
            ischemia=self._ischemia(truth, random),
            other_findings=self._labels("other_findings", truth["other_findings"], random),
            diagnosis=self._labels("diagnosis", truth["diagnosis"], random),
        )

    def _class(self, axis: str, truth: AxisTruth, random: np.random.RandomState) -> str:
        normal, values = taxonomy.axes()[axis].normal, taxonomy.axes()[axis].values
        assert normal is not None
        value = truth.value if isinstance(truth.value, str) else normal
        kept = random.rand() < (self.parameters["specificity"] if value == normal else self.parameters["sensitivity"])
        other = [each for each in values if each != normal][random.randint(len(values) - 1)]
        return value if kept else other if value == normal else normal

    def _labels(self, axis: str, truth: AxisTruth, random: np.random.RandomState) -> frozenset[str]:
        there = sorted(truth.value) if isinstance(truth.value, frozenset) else []
        found = {label for label in there if random.rand() < self.parameters["sensitivity"]}
        absent = [label for label in taxonomy.axes()[axis].values if label not in there]
        extra = absent[random.randint(len(absent))]
        return frozenset(found | ({extra} if random.rand() >= self.parameters["specificity"] else set()))

    def _ischemia(self, truth: Truth, random: np.random.RandomState) -> frozenset[Ischemia]:
        there = sorted(truth.ischemia, key=lambda entry: (entry.stage, sorted(entry.walls)))
        if there:
            return frozenset(entry for entry in there if random.rand() < self.parameters["sensitivity"])
        stages = [stage for stage in taxonomy.axes()["ischemia_stage"].values if stage != "none"]
        territories = sorted(taxonomy.territories())
        walls = taxonomy.territories()[territories[random.randint(len(territories))]]
        extra = Ischemia(stages[random.randint(len(stages))], walls)
        return frozenset([extra] if random.rand() >= self.parameters["specificity"] else [])

    async def close(self) -> None:
        """Nothing to let go."""


class DonorFollower(Oracle):
    """Tell what is in the picture, whatever the text says: in the arm ``swapped`` it always follows the donor."""

    def __init__(self, name: str = "control/donor-follower") -> None:
        super().__init__(name)
