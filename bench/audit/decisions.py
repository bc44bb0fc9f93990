"""What the same probabilities cost, decided in two ways: the most probable answer, the least dangerous one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.audit.labelled import Labels
from einthoven.bench.audit.weighed import MODEL, Reader, confusion, costs, row, single_costs
from einthoven.bench.scoring.clustered_mean import clustered_means, estimates
from einthoven.bench.scoring.clustered_share import clustered_share
from einthoven.bench.scoring.danger import critical_errors
from einthoven.bench.scoring.danger_decisions import (
    least_danger_label,
    least_danger_set,
    most_probable_label,
    most_probable_set,
    single_label,
)
from einthoven.bench.scoring.danger_matrix import Danger

__all__ = ["decisions"]


def decisions(
    labels: Sequence[Labels | None],
    probabilities: NDArray[np.float64],
    matrix: Danger,
    patients: NDArray[np.integer],
    seed: int = 0,
) -> dict[str, Any]:
    """Compare the two ways, on one label a record and on any number of them.

    Parameters
    ----------
    labels : sequence of Labels or None
        By record.
    probabilities : ndarray, shape (records, classes)
        Of each class for itself.
    matrix : Danger
        The weights, of the decision and of the cost.
    patients : ndarray of int, shape (records,)
        Whose each record is.
    seed : int
        Of the resamples.

    Returns
    -------
    dict
        ``rows``, one a decision; ``saved``, what the least dangerous one costs less than the most probable one.
    """
    alone = single_label(probabilities)
    likely, careful = most_probable_label(alone), least_danger_label(alone, matrix.cells)
    likely_set = most_probable_set(probabilities)
    careful_set = least_danger_set(probabilities, matrix.cells)
    readers = [
        Reader("most probable", list(map(frozenset, likely_set)), likely.tolist()),
        Reader("least expected danger", list(map(frozenset, careful_set)), careful.tolist()),
    ]
    single = np.array([single_costs(labels, one, matrix) for one in readers])
    several = np.array([costs(labels, one, matrix) for one in readers])
    means = clustered_means(
        np.vstack([single, several, single[:1] - single[1:], several[:1] - several[1:]]), patients, seed=seed
    )
    found = estimates(*means)
    rows = []
    for place, reader in enumerate(readers):
        counts = confusion(labels, reader)
        known = ~np.isnan(single[place])
        right = _right(labels, reader)
        rows.append(
            {
                "decision": reader.name,
                "accuracy": row(clustered_share(right & known, known, patients)),
                "single": row(found[place]),
                "critical": critical_errors(counts, matrix.cells),
                "critical_share": row(clustered_share(single[place] == matrix.cells.max(), known, patients)),
                "cost": row(found[2 + place]),
                "labels_per_ecg": sum(len(one or ()) for one in reader.answers) / max(len(labels), 1),
            }
        )
    return {"of": MODEL, "rows": rows, "saved_single": row(found[4]), "saved": row(found[5])}


def _right(labels: Sequence[Labels | None], reader: Reader) -> NDArray[np.bool_]:
    return np.array([one is not None and one.single == said for one, said in zip(labels, reader.said, strict=True)])
