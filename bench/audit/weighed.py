"""What each reader costs under each danger matrix: the model, and the five who always say the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.audit.labelled import Labelled, Labels
from einthoven.bench.scoring.axis_score import Estimate
from einthoven.bench.scoring.clustered_mean import clustered_means, estimates
from einthoven.bench.scoring.clustered_share import clustered_share
from einthoven.bench.scoring.danger import critical_errors, record_cost
from einthoven.bench.scoring.danger_matrix import CLASSES, Danger

__all__ = ["MODEL", "Reader", "confusion", "constants", "costs", "row", "single_costs", "weighed"]

#: The reader whose bundle it is; the others always say one class.
MODEL = "the model"

_Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who answers.

    Attributes
    ----------
    name : str
        `MODEL`, or what is always said.
    answers : sequence of frozenset of int or None
        The classes named, by record; `None` where an answer cannot be used.
    said : sequence of int or None
        One class of each answer.
    """

    name: str
    answers: Sequence[frozenset[int] | None]
    said: Sequence[int | None]

    @classmethod
    def of(cls, found: Labelled) -> Reader:
        """Return the model of a bundle."""
        return cls(MODEL, found.answers, found.said)


def constants(records: int) -> tuple[Reader, ...]:
    """Return the readers who always say one class: no figure of a model means much without theirs."""
    return tuple(
        Reader(f"always {name}", [frozenset({one})] * records, [one] * records) for one, name in enumerate(CLASSES)
    )


def costs(labels: Sequence[Labels | None], reader: Reader, danger: Danger, *, by_likelihood: bool = False) -> _Array:
    """Return what each record costs, any number of labels, shape (records,); NaN where the diagnosis is masked."""
    cells = danger.cells
    known: dict[tuple[Any, ...], float] = {}
    found = np.full(len(labels), np.nan)
    for place, (one, answer) in enumerate(zip(labels, reader.answers, strict=True)):
        if one is None:
            continue
        likelihood = one.likelihood if by_likelihood else {}
        key = (one.present, one.unknown, answer, tuple(sorted(likelihood.items())))
        if key not in known:
            known[key] = round(record_cost(one.present, answer, cells, unknown=one.unknown, likelihood=likelihood), 6)
        found[place] = known[key]
    return found


def single_costs(labels: Sequence[Labels | None], reader: Reader, danger: Danger) -> _Array:
    """Return what each record costs on one label, as published; NaN where it has none, or nobody knows."""
    cells = danger.cells
    found = np.full(len(labels), np.nan)
    for place, (one, said) in enumerate(zip(labels, reader.said, strict=True)):
        if one is not None and one.single is not None and said not in one.unknown:
            found[place] = cells[one.single].max() if said is None else cells[one.single, said]
    return found


def confusion(labels: Sequence[Labels | None], reader: Reader) -> NDArray[np.int64]:
    """Count records on one label, shape (true, said and unusable)."""
    counts = np.zeros((len(CLASSES), len(CLASSES) + 1), np.int64)
    for one, said in zip(labels, reader.said, strict=True):
        if one is not None and one.single is not None and said not in one.unknown:
            counts[one.single, len(CLASSES) if said is None else said] += 1
    return counts


def weighed(
    labels: Sequence[Labels | None],
    readers: Sequence[Reader],
    matrices: Sequence[Danger],
    patients: NDArray[np.integer],
    seed: int = 0,
) -> list[dict[str, Any]]:
    """Weigh the errors of all readers under all matrices, in the same resamples of patients.

    Returns
    -------
    list of dict
        One a matrix, each with a row a reader. ``dearer`` is what a reader costs beyond the first, ``cheaper`` names
        those that cost less by more than chance, ``alike`` those of which nobody can tell.
    """
    pairs = [(matrix, reader) for matrix in matrices for reader in readers]
    single = np.array([single_costs(labels, reader, matrix) for matrix, reader in pairs])
    several = np.array([costs(labels, reader, matrix) for matrix, reader in pairs])
    # what each reader costs beyond the first one under the same matrix, record by record
    first = np.repeat(np.arange(len(matrices)) * len(readers), len(readers))
    rows = np.vstack([single, several, single - single[first], several - several[first]])
    found = np.array(estimates(*clustered_means(rows, patients, seed=seed)), object).reshape(4, len(matrices), -1)
    documents = []
    for place, matrix in enumerate(matrices):
        lines = []
        for at, reader in enumerate(readers):
            lines.append(
                {
                    "reader": reader.name,
                    "cost": row(found[1, place, at]),
                    "single": row(found[0, place, at]),
                    "dearer": row(found[3, place, at]),
                    "dearer_single": row(found[2, place, at]),
                    "critical": critical_errors(confusion(labels, reader), matrix.cells),
                    "critical_share": row(_critical_share(labels, reader, matrix, patients)),
                }
            )
        documents.append(matrix.to_json() | {"rows": lines} | _compared(lines, "") | _compared(lines, "_single"))
    return documents


def _critical_share(
    labels: Sequence[Labels | None], reader: Reader, matrix: Danger, patients: NDArray[np.integer]
) -> Estimate:
    """Return the share of records in the cells with the highest weight; an unusable answer is not critical."""
    paid = single_costs(labels, reader, matrix)
    usable = np.array([said is not None for said in reader.said])
    return clustered_share((paid == matrix.cells.max()) & usable, ~np.isnan(paid), patients)


def _compared(lines: Sequence[Mapping[str, Any]], which: str) -> dict[str, list[str]]:
    """Name the readers that cost less than the first by more than chance, and those not to be told from it."""
    cheaper: list[str] = []
    alike: list[str] = []
    for one in lines[1:]:
        ends = one[f"dearer{which}"]["ci"]
        if ends is not None and ends[0] <= 0:
            (cheaper if ends[1] < 0 else alike).append(one["reader"])
    return {f"cheaper{which}": cheaper, f"alike{which}": alike}


def row(one: Estimate) -> dict[str, Any]:
    """Give a value and its interval as they stand in the document."""
    return {"value": one.value, "ci": None if one.interval is None else list(one.interval)}
