"""The mirage: how often a model reads an ECG that it was not shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from einthoven.bench.scoring.bootstrap import RESAMPLES, interval, resampled
from einthoven.bench.scoring.counts import patient_index
from einthoven.exchange import Status

__all__ = ["mirage"]


def mirage(rows: Sequence[Mapping[str, Any]], patients: Sequence[str], seed: int) -> dict[str, Any]:
    """Count the answers of a blind arm that are readings; a refusal, or no valid answer, is none.

    Parameters
    ----------
    rows : sequence of mapping
        The arm's answers.
    patients : sequence of str
        Whose each is.
    seed : int
        Of the interval.

    Returns
    -------
    dict
        ``n``, ``answered``, their ``share`` and its 95 % interval over patients.
    """
    answered = np.array([row["status"] == Status.OK for row in rows])
    index = patient_index(patients)
    counts = [np.bincount(index, weights=weights).astype(np.float64) for weights in (answered, np.ones(len(rows)))]
    draws = np.empty(RESAMPLES)
    for part, drawn in resampled(np.stack(counts), RESAMPLES, seed):
        draws[part] = drawn[0] / drawn[1]
    return {
        "n": len(rows),
        "answered": int(answered.sum()),
        "share": round(float(answered.mean()), 6),
        "share_ci": [round(end, 6) for end in interval(draws)],
    }
