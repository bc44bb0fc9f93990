"""``reference/measurements-gbm``: the numbers a measurer takes from the samples, read by boosted trees.

Where it equals a network, intervals and axes were all that was needed; where it falls behind, the shape of the waves.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from einthoven.adapters.measurement_trees import MeasurementTrees
from einthoven.ecg.measurements import Measurements
from einthoven.exchange import Answer, Input, Request, Status

__all__ = ["MeasurementBoosting"]


class MeasurementBoosting(MeasurementTrees):
    """Measure each recording and answer from the numbers by fitted trees, boosted one on another.

    Parameters
    ----------
    rounds : int
        Trees, of each axis's class and of each label.
    leaf : int
        Records in a leaf, at least.
    """

    #: The measurements are those of the training records; a request's own are not looked at.
    inputs = frozenset({Input.SIGNAL, Input.MEASUREMENTS})

    def __init__(self, name: str = "reference/measurements-gbm", rounds: int = 40, leaf: int = 10) -> None:
        if rounds < 1:
            raise ValueError("rounds is 1 or more")
        super().__init__(name, leaf=leaf)
        self.parameters: Mapping[str, Any] = {"rounds": rounds, "leaf": leaf}

    async def answer(self, request: Request) -> Answer:
        """Answer from the recording; decline where an arm shows none."""
        if request.recording is None or request.recording.signal is None:
            return Answer("", Status.DECLINED, latency_s=0.0, detail="there is no signal")
        begin = time.perf_counter()
        found = await super().answer(request)
        return replace(found, latency_s=time.perf_counter() - begin)

    def _numbers(self, request: Request) -> Measurements | None:
        from einthoven.ecg.measure import measure

        return None if request.recording is None else measure(request.recording).measurements

    def _learner(self) -> Any:
        from sklearn.ensemble import HistGradientBoostingClassifier

        return HistGradientBoostingClassifier(
            max_iter=self.parameters["rounds"],
            min_samples_leaf=self.parameters["leaf"],
            max_leaf_nodes=8,
            class_weight="balanced",
            early_stopping=False,
            random_state=0,
        )
