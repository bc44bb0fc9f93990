"""``baseline/measurements``: what the printed numbers alone give away, axis by axis.

Small decision trees on the measurements, one a categorical axis and one a label, classes weighted evenly because the
primary metric is informedness. An unknown measurement is information too (no PR in atrial fibrillation), so it goes
to the trees as missing. Where no numbers are given, it answers as the majority.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.majority import majority_reading
from einthoven.ecg.measurements import Measurements
from einthoven.ecg.reading import AxisTruth, Ischemia, Reading
from einthoven.exchange import Answer, Example, Input, Request
from einthoven.tasks import taxonomy
from einthoven.tasks.registry import task
from einthoven.tasks.task import Task
from einthoven.tasks.taxonomy import Kind

__all__ = ["FEATURES", "MeasurementTrees"]

#: The numbers, in the order of `Measurements`.
FEATURES = tuple(field.name for field in fields(Measurements) if field.name != "measurer")

Value = TypeVar("Value")

#: Fewer cases than this teach a tree nothing that would hold.
_LEAST_CASES = 5


def _row(measurements: Measurements) -> list[float]:
    values = (getattr(measurements, name) for name in FEATURES)
    return [np.nan if value is None else float(value) for value in values]


class MeasurementTrees:
    """Answer from the measurements by fitted trees.

    Parameters
    ----------
    depth : int
        Of each tree.
    leaf : int
        Records in a leaf, at least.
    """

    inputs = frozenset({Input.MEASUREMENTS})
    concurrency = 1

    def __init__(self, name: str = "baseline/measurements", depth: int = 4, leaf: int = 5) -> None:
        if depth < 1 or leaf < 1:
            raise ValueError("depth and leaf are 1 or more")
        self.name = name
        self.parameters: Mapping[str, Any] = {"depth": depth, "leaf": leaf}
        self._examples: Sequence[Example] = ()
        self._forests: dict[str, _Forest] = {}

    def fit(self, examples: Iterable[Example]) -> None:
        """Take the training folds; which trees are grown on them depends on the task."""
        self._examples, self._forests = list(examples), {}

    async def answer(self, request: Request) -> Answer:
        """Answer from the request's measurements, or as the majority where it gives none."""
        chosen = task(request.task)
        if chosen.name not in self._forests:
            self._forests[chosen.name] = _Forest(self._examples, chosen, self._learner)
        return Answer(chosen.target(self._forests[chosen.name].reading(self._numbers(request))), latency_s=0.0)

    def _numbers(self, request: Request) -> Measurements | None:
        return request.measurements

    def _learner(self) -> Any:
        """Return a tree that has learnt nothing yet; scikit-learn takes a second to import."""
        from sklearn.tree import DecisionTreeClassifier

        return DecisionTreeClassifier(
            max_depth=self.parameters["depth"],
            min_samples_leaf=self.parameters["leaf"],
            class_weight="balanced",
            random_state=0,
        )

    async def close(self) -> None:
        """Nothing to let go."""


class _Forest:
    """The trees of one task: one a categorical axis, one a label, and those of its own label space.

    Records without measurements teach the majority alone.
    """

    def __init__(self, examples: Sequence[Example], chosen: Task, learner: Callable[[], Any]) -> None:
        self._learner = learner
        self._majority = majority_reading(examples, chosen)
        measured = [(example, example.measurements) for example in examples if example.measurements is not None]
        numbers = np.array([_row(measurements) for _, measurements in measured]).reshape(-1, len(FEATURES))
        self._classes: dict[str, Any] = {}
        self._labels: dict[str, dict[str, Any]] = {}
        for name in chosen.asked:
            axis = taxonomy.axes()[name]
            self._grow(name, axis.kind, axis.values, numbers, [example.truth[name] for example, _ in measured])
        if chosen.space is not None:
            space = chosen.space
            truths = [space.truth(example.truth) for example, _ in measured]
            self._grow("label", space.kind, space.values, numbers, truths)

    def _grow(
        self, name: str, kind: Kind, values: Sequence[str], numbers: NDArray[np.float64], truths: Sequence[AxisTruth]
    ) -> None:
        if kind == "categorical":
            self._classes[name] = self._class_tree(numbers, truths)
        else:
            trees = {label: self._label_tree(numbers, truths, label) for label in values}
            self._labels[name] = {label: tree for label, tree in trees.items() if tree is not None}

    def _tree(self, numbers: NDArray[np.float64], targets: Sequence[str] | Sequence[bool]) -> Any:
        return self._learner().fit(numbers, np.asarray(targets))

    def _class_tree(self, numbers: NDArray[np.float64], truths: Sequence[AxisTruth]) -> Any:
        values = [t.value if len(t.accepted) == 1 else None for t in truths]
        common = {value for value in values if value is not None and values.count(value) >= _LEAST_CASES}
        kept = [k for k, value in enumerate(values) if value in common]
        return self._tree(numbers[kept], [cast("str", values[k]) for k in kept]) if len(common) > 1 else None

    def _label_tree(self, numbers: NDArray[np.float64], truths: Sequence[AxisTruth], label: str) -> Any:
        known = [k for k, t in enumerate(truths) if isinstance(t.value, frozenset) and label not in t.open]
        present = [label in cast("frozenset[str]", truths[k].value) for k in known]
        cases = sum(present)
        if cases < _LEAST_CASES or len(present) - cases < _LEAST_CASES:
            return None
        return self._tree(numbers[known], present)

    def reading(self, measurements: Measurements | None) -> Reading:
        """Return what the trees make of the numbers; without numbers, or without a tree, the majority."""
        fallback = self._majority
        if measurements is None:
            return fallback
        row = np.array([_row(measurements)])

        def the_class(axis: str) -> str | None:
            tree = self._classes.get(axis)
            return None if tree is None else str(tree.predict(row)[0])

        def labels(axis: str) -> frozenset[str] | None:
            trees = self._labels.get(axis)
            return None if not trees else frozenset(label for label, tree in trees.items() if tree.predict(row)[0])

        stage, walls = the_class("ischemia_stage"), labels("ischemia_territory")
        ischemia = fallback.ischemia
        if stage is not None:
            ischemia = frozenset() if stage == "none" else frozenset({Ischemia(stage, walls or frozenset())})
        return Reading(
            rate=the_class("rate") or fallback.rate,
            rhythm=the_class("rhythm") or fallback.rhythm,
            axis=the_class("axis") or fallback.axis,
            conduction=_first(labels("conduction"), fallback.conduction),
            ischemia=ischemia,
            other_findings=_first(labels("other_findings"), fallback.other_findings),
            diagnosis=_first(labels("diagnosis"), fallback.diagnosis),
            label=the_class("label") or _first(labels("label"), fallback.label),
        )


def _first(found: frozenset[str] | None, otherwise: Value) -> frozenset[str] | Value:
    return otherwise if found is None else found
