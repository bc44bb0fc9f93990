"""The superclass task: PTB-XL's five diagnostic superclasses, the label set that most signal models are scored on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from einthoven.ecg.reading import AxisTruth, Reading, Truth
from einthoven.tasks import taxonomy
from einthoven.tasks.groups import grouped_truth, touched
from einthoven.tasks.label_space import LabelSpace
from einthoven.tasks.label_task import LabelTask
from einthoven.tasks.task import Intro
from einthoven.tasks.words import labels_of, words_of

__all__ = ["Superclass"]


def _truth(truth: Truth) -> AxisTruth:
    return grouped_truth(truth["diagnosis"], taxonomy.superclasses())


def _restated(reading: Reading) -> frozenset[str] | None:
    return None if reading.diagnosis is None else touched(reading.diagnosis, taxonomy.superclasses())


@cache
def _space() -> LabelSpace:
    return LabelSpace(
        "diagnosis_superclass",
        "Diagnosis by superclass",
        "set",
        tuple(taxonomy.superclasses()),
        frozenset(),
        _truth,
        _restated,
    )


class Superclass(LabelTask):
    """Ask for the set of superclasses, as ``{"superclasses": ["MI", "CD"]}``."""

    name = "superclass"
    key = "superclasses"

    def __init__(self) -> None:
        self.space = _space()
        super().__init__()

    def prompt(self, intro: Intro = "picture", measurements: str = "$measurements") -> str:
        """Return the question, with the five classes and what belongs to each."""
        return self.question("superclass.txt", {"classes": ", ".join(self.space.values)}, intro, measurements)

    def schema(self) -> Mapping[str, Any]:
        """Return the schema of an answer: a list of classes."""
        items = {"type": "string", "enum": list(self.space.values)}
        return self.closed({"type": "array", "items": items, "uniqueItems": True})

    def read(self, value: object) -> frozenset[str]:
        """Take a list of classes, a bare one as a list of one; ``"none"`` alone is the empty list."""
        return labels_of(value, words_of(self.space.values, self.space.name, also=True), self.key)
