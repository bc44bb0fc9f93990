"""From probabilities to a Reading: thresholds from the validation records, chosen for informedness.

Informedness, the primary metric, weighs every class alike however rare. Of calibrated probabilities the best answer
by it is the class whose probability is highest *against its prevalence*, and the labels whose probability is above
theirs (Youden's index). Where the validation records have cases enough, the data choose: a share of the log
prevalence for each categorical axis, a threshold for each label.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.signal.outputs import ABSENT, PRESENT, SUPERCLASS, Outputs
from einthoven.ecg.reading import Ischemia, Reading

__all__ = ["CASES", "answers", "decided", "reading"]

#: A label with fewer validation cases, or fewer without it, has its training prevalence as its threshold.
CASES = 10

#: A class with fewer validation cases does not help to choose the share.
_CLASS_CASES = 3

_SHARES = tuple(round(0.1 * k, 1) for k in range(11))


def decided(
    of: Outputs, probabilities: NDArray[np.float64], targets: NDArray[np.int8], prevalence: NDArray[np.float64]
) -> dict[str, Any]:
    """Choose the thresholds.

    Parameters
    ----------
    of : Outputs
        What the columns mean.
    probabilities, targets : ndarray, shape (records, columns)
        Of the validation records.
    prevalence : ndarray, shape (columns,)
        In the training records; NaN where nothing is known.

    Returns
    -------
    dict
        By group: ``share`` of the log prevalence for a categorical axis, ``thresholds`` for a set.
    """
    found: dict[str, Any] = {}
    for group in of.every:
        columns = group.columns
        given, wanted, usual = probabilities[:, columns], targets[:, columns], prevalence[columns]
        if group.kind == "categorical":
            scores = {share: _recall(_classes(given, usual, share), wanted) for share in _SHARES}
            # the largest of equals: with too few cases to choose by, what calibrated probabilities would want
            found[group.name] = {"share": max(_SHARES, key=lambda share: (scores[share], share))}
        else:
            found[group.name] = {
                "thresholds": [
                    round(_threshold(given[:, k], wanted[:, k], float(usual[k])), 6) for k in range(len(group.values))
                ]
            }
    return found


def _classes(given: NDArray[np.float64], usual: NDArray[np.float64], share: float) -> NDArray[np.intp]:
    taught = np.nan_to_num(usual) > 0
    floor = np.where(taught, np.nan_to_num(usual), 1.0)
    odds = np.where(taught, np.log(np.maximum(given, 1e-12)) - share * np.log(floor), -np.inf)
    chosen: NDArray[np.intp] = odds.argmax(axis=1)
    return chosen


def _recall(chosen: NDArray[np.intp], wanted: NDArray[np.int8]) -> float:
    """Return the mean recall over the classes with cases enough; records that accept several are left out."""
    one = (wanted == PRESENT).sum(axis=1) == 1
    truth = wanted.argmax(axis=1)
    recalls = [
        float((chosen[cases] == k).mean())
        for k in range(wanted.shape[1])
        if (cases := one & (truth == k)).sum() >= _CLASS_CASES
    ]
    return round(float(np.mean(recalls)), 9) if recalls else 0.0


def _threshold(given: NDArray[np.float64], wanted: NDArray[np.int8], usual: float) -> float:
    """Return where sensitivity + specificity is highest, between two answers; the prevalence where cases are few."""
    cases, others = np.sort(given[wanted == PRESENT]), np.sort(given[wanted == ABSENT])
    if min(len(cases), len(others)) < CASES:
        return 0.5 if np.isnan(usual) else usual
    every = np.unique(np.concatenate([cases, others]))
    between = np.concatenate([every[:1] / 2, (every[1:] + every[:-1]) / 2])
    missed = np.searchsorted(cases, between) / len(cases)
    kept = np.searchsorted(others, between) / len(others)
    best = np.flatnonzero(kept - missed >= (kept - missed).max() - 1e-12)
    return float(between[best[len(best) // 2]])


def answers(
    of: Outputs, decision: Mapping[str, Any], prevalence: NDArray[np.float64], probabilities: NDArray[np.float64]
) -> dict[str, str | frozenset[str]]:
    """Answer one record: a class or labels by group.

    Parameters
    ----------
    of : Outputs
        What the columns mean.
    decision : mapping
        From `decided`.
    prevalence, probabilities : ndarray, shape (columns,)
        Of the training records; of this record.
    """
    found: dict[str, str | frozenset[str]] = {}
    for group in of.every:
        given, usual = probabilities[group.columns], prevalence[group.columns]
        chosen = decision[group.name]
        if group.kind == "categorical":
            found[group.name] = group.values[int(_classes(given[None], usual, chosen["share"])[0])]
        else:
            # a label that no training record had is never named
            named = (given > np.asarray(chosen["thresholds"])) & (np.nan_to_num(usual) > 0)
            found[group.name] = frozenset(v for v, there in zip(group.values, named, strict=True) if there)
    return found


def reading(found: Mapping[str, Any]) -> Reading:
    """Make a Reading of the answers by group; what no group answers is not in it."""
    ischemia = None
    if (stage := found.get("ischemia_stage")) is not None:
        walls = found.get("ischemia_territory", frozenset())
        ischemia = frozenset() if stage == "none" else frozenset({Ischemia(stage, walls)})
    return Reading(
        rate=found.get("rate"),
        rhythm=found.get("rhythm"),
        axis=found.get("axis"),
        conduction=found.get("conduction"),
        ischemia=ischemia,
        other_findings=found.get("other_findings"),
        diagnosis=found.get("diagnosis"),
        label=found.get(SUPERCLASS) if "diagnosis" not in found else None,
    )
