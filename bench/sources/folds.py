"""Patient folds for sources without official ones: baselines are cross-fitted over them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from einthoven.bench.sources.source import Entry

__all__ = ["patient_folds"]


def patient_folds(entries: Iterable[Entry], k: int = 5, seed: int = 0) -> dict[str, int]:
    """Assign each record to one of `k` folds by its patient.

    A patient's fold depends on the patient's id, `k` and the seed alone: no patient is split, the order of the
    records does not matter, and a record that is added moves no other. The sizes are those of a fair die: roughly
    equal.

    Parameters
    ----------
    entries : iterable of Entry
        The records.
    k : int
        How many folds, at least 2.
    seed : int
        Another seed, another assignment.

    Returns
    -------
    dict of str to int
        Record id -> fold, 0 to `k` - 1.

    Raises
    ------
    ValueError
        With fewer than two folds.
    """
    if k < 2:
        raise ValueError(f"cross-fitting needs two folds or more, not {k}")
    return {entry.id: _fold(entry.patient.id, k, seed) for entry in entries}


def _fold(patient_id: str, k: int, seed: int) -> int:
    digest = hashlib.sha256(f"{seed}\n{patient_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % k
