"""The counts that every metric is made of, by patient, by resample or in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.scoring.encode import Codes
from einthoven.tasks.taxonomy import Kind

__all__ = ["MIN_CASES", "MIN_PATIENTS", "Counts", "count", "eligible", "patient_index", "patients_with"]

#: A class needs this many cases to be scored; a label as many cases and as many records known to be without it.
MIN_CASES = 20

#: Of so many patients at least, because patients are what is resampled: of 20 cases of four patients a reader exactly
#: at delta was called `prior` 27 times in 100, of seven 11, of ten 4 and of twenty 5 times
#: (`tests/bench/scoring/test_scoring_few_patients.py`).
MIN_PATIENTS = 10


@dataclass(frozen=True, slots=True)
class Counts:
    """One axis and arm, counted. The last dimension is patients, resamples or 1 (all records).

    Whole numbers, as float64: sums of them are exact in any order, and products of four outgrow int64.

    Only eligible classes or labels stand here, K of them. On categorical axes everything but `records` and `right`
    is counted over the records whose truth is exactly one eligible class.

    Attributes
    ----------
    kind : {"categorical", "set"}
        One class a record, or any number of labels.
    records, right : ndarray, shape (n,)
        Records that count in accuracy; those answered rightly.
    cases : ndarray, shape (K, n)
        Records of the class; records with the label.
    others : ndarray, shape (K, n) or (0, n)
        Set axes: records known to be without the label. Categorical axes: no rows.
    hits : ndarray, shape (K, n)
        Cases that were answered with the class or label.
    false : ndarray, shape (K, n)
        Answers with the class or label where the truth is another.
    elsewhere : ndarray, shape (values + 1 - K, n) or (0, n)
        Categorical axes: answers with each class that is not eligible; last, answers that are no class.
    """

    kind: Kind
    records: NDArray[np.float64]
    right: NDArray[np.float64]
    cases: NDArray[np.float64]
    others: NDArray[np.float64]
    hits: NDArray[np.float64]
    false: NDArray[np.float64]
    elsewhere: NDArray[np.float64]

    @property
    def size(self) -> int:
        """Number of eligible classes or labels."""
        return len(self.cases)

    @property
    def scorable(self) -> bool:
        """Whether there is something to tell apart: two classes, or one label (present against absent)."""
        return self.size >= (2 if self.kind == "categorical" else 1)

    def parts(self) -> tuple[NDArray[np.float64], ...]:
        """Return all arrays, in the order in which they are given to a new one."""
        return self.records, self.right, self.cases, self.others, self.hits, self.false, self.elsewhere

    def rows(self) -> NDArray[np.float64]:
        """Stack all counts, shape (rows, n); `like` takes them apart again."""
        return np.concatenate([np.atleast_2d(part) for part in self.parts()])

    def like(self, rows: NDArray[np.float64]) -> Counts:
        """Give rows of another last dimension, in the order of `rows`, the shape of these counts."""
        parts = np.split(
            rows, np.cumsum([1, 1, self.size, len(self.others), self.size, self.size]).tolist()
        )  # what is left over is `elsewhere`
        return Counts(self.kind, parts[0][0], parts[1][0], *parts[2:])

    def total(self) -> Counts:
        """Sum over the last dimension, kept with length 1."""
        return Counts(self.kind, *(part.sum(axis=-1, keepdims=True) for part in self.parts()))


def eligible(codes: Codes, index: NDArray[np.intp], min_cases: int = MIN_CASES) -> NDArray[np.intp]:
    """Return the positions of the classes or labels with enough cases (and, for labels, enough non-cases).

    Parameters
    ----------
    codes : Codes
        The encoded axis.
    index : ndarray of int, shape (records,)
        The patient of each record, as `patient_index` numbers them.
    min_cases : int
        How many cases are enough: of at least `MIN_PATIENTS` patients, or of as many where fewer cases are enough.
    """
    enough = np.ones(len(codes.cases), bool)
    for flags in (codes.cases, codes.others) if codes.kind == "set" else (codes.cases,):
        enough &= flags.sum(axis=1) >= min_cases
        enough &= patients_with(flags, index) >= min(MIN_PATIENTS, min_cases)
    return np.flatnonzero(enough)


def patients_with(flags: NDArray[np.bool_], index: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return how many patients have a record that is flagged, shape (rows,), of flags of shape (rows, records)."""
    there = np.zeros((len(flags), index.max(initial=-1) + 1), bool)
    rows, columns = np.nonzero(flags)
    there[rows, index[columns]] = True
    return np.asarray(there.sum(axis=1))


def patient_index(patients: Sequence[str]) -> NDArray[np.intp]:
    """Return the number of each record's patient, in the order of the sorted patient ids.

    The order of the rows then cannot matter: patients come in a fixed order, and what is summed within a patient
    are whole numbers.
    """
    position = {patient: number for number, patient in enumerate(sorted(set(patients)))}
    return np.array([position[patient] for patient in patients], dtype=np.intp)


def count(
    codes: Codes, arm: str, chosen: NDArray[np.intp], index: NDArray[np.intp], beside: Counts | None = None
) -> Counts:
    """Count one arm by patient.

    Parameters
    ----------
    codes : Codes
        The encoded axis.
    arm : str
        One of its arms.
    chosen : ndarray of int
        The eligible classes or labels.
    index : ndarray of int, shape (records,)
        The patient of each record, as `patient_index` numbers them.
    beside : Counts, optional
        Of another arm of the same axis: what the truth alone fixes is taken from there.

    Returns
    -------
    Counts
        Last dimension patients.
    """
    cases, others, answers = codes.cases[chosen], codes.others, codes.answers[arm]
    if codes.kind == "categorical":
        elsewhere = np.delete(answers, chosen, axis=0) & cases.any(axis=0)
        false = answers[chosen] & cases.any(axis=0) & ~cases
    else:
        others = others[chosen]
        elsewhere = answers[:0]
        false = answers[chosen] & others
    order = np.argsort(index, kind="stable")
    starts = np.searchsorted(index[order], np.arange(index.max(initial=-1) + 1))

    def by_patient(indicators: NDArray[np.bool_]) -> NDArray[np.float64]:
        if not indicators.size:
            return np.zeros((len(indicators), len(starts)))
        return np.add.reduceat(indicators[:, order], starts, axis=1, dtype=np.float64)

    answered = by_patient(answers[chosen] & cases), by_patient(false), by_patient(elsewhere)
    right = by_patient(codes.right[arm][None])[0]
    if beside is not None:
        return Counts(codes.kind, beside.records, right, beside.cases, beside.others, *answered)
    return Counts(
        codes.kind, by_patient(codes.counted[None])[0], right, by_patient(cases), by_patient(others), *answered
    )
