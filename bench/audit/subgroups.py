"""Danger by age, sex, site, device and signal quality, with tests of the differences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.audit.act_now import FEW
from einthoven.bench.audit.groups import ATTRIBUTES, UNKNOWN, groups_of
from einthoven.bench.audit.labelled import Labelled
from einthoven.bench.audit.weighed import row
from einthoven.bench.scoring.axis_score import Estimate
from einthoven.bench.scoring.clustered_mean import clustered_means, estimates
from einthoven.bench.scoring.clustered_share import clustered_share
from einthoven.bench.scoring.danger_matrix import CLASSES, NORMAL
from einthoven.bench.scoring.group_differences import beyond_labels, group_test
from einthoven.bench.scoring.holm import holm

__all__ = ["subgroups"]

#: Of the intervals: there are many groups, and no verdict hangs on one.
_RESAMPLES = 2_000

#: With fewer patients a resample tells nothing of others: there is no interval.
_PATIENTS = 10

_MI = CLASSES.index("MI")

_Array = NDArray[np.float64]


def subgroups(found: Labelled, paid: _Array, patients: NDArray[np.integer], seed: int = 0) -> dict[str, Any]:
    """Compare groups of records.

    Parameters
    ----------
    found : Labelled
        The records and the answers.
    paid : ndarray, shape (records,)
        What each record costs; NaN where the diagnosis is masked.
    patients : ndarray of int, shape (records,)
        Whose each record is.
    seed : int
        Of the resamples and swaps.

    Returns
    -------
    dict
        By attribute. A group with fewer than `act_now.FEW` records is marked and not tested. ``p_holm`` is of any
        difference in cost, after Holm over the attributes; ``p_beyond_holm`` of any difference beyond the labels,
        likewise; of a group it is against all others, after Holm over all groups of all attributes.
    """
    kept: list[int] = np.flatnonzero(~np.isnan(paid)).tolist()
    labels = [one for one in (found.labels[place] for place in kept) if one is not None]
    strata = [(tuple(sorted(one.present)), tuple(sorted(one.unknown))) for one in labels]
    cost = paid[kept]
    beyond = beyond_labels(cost, strata)
    whose = np.unique(patients[kept], return_inverse=True)[1]
    flags = _Flags(
        invalid=np.array([found.readings[place] is None for place in kept]),
        mi=np.array([_MI in one.present for one in labels]),
        called_normal=np.array([_is_normal(found.answers[place]) for place in kept]),
    )
    documents: dict[str, Any] = {}
    tests: dict[str, tuple[float, float]] = {}
    each: dict[str, float] = {}
    for attribute, names in groups_of([found.records[place] for place in kept]).items():
        groups = _ordered(attribute, names)
        member = np.array([[name == group for name in names] for group in groups])
        rows = _rows(groups, member, cost, beyond, whose, flags, seed)
        large = [place for place, one in enumerate(rows) if not one["few"]]
        if len(large) > 1:
            inside = np.asarray(member[large].any(axis=0))
            code = member[large][:, inside].argmax(axis=0)
            chosen = [stratum for stratum, there in zip(strata, inside.tolist(), strict=True) if there]
            raw, _ = group_test(cost[inside], code, whose[inside], seed=seed)
            rest, against = group_test(beyond[inside], code, whose[inside], chosen, seed=seed)
            tests[attribute] = (raw, rest)
            each |= {f"{attribute}\0{groups[place]}": p for place, p in zip(large, against.tolist(), strict=True)}
        documents[attribute] = {"title": ATTRIBUTES[attribute], "groups": rows}
    raw_holm = holm({name: raw for name, (raw, _) in tests.items()})
    rest_holm = holm({name: rest for name, (_, rest) in tests.items()})
    each_holm = holm(each)
    for attribute, document in documents.items():
        document["p_holm"] = raw_holm.get(attribute)
        document["p_beyond_holm"] = rest_holm.get(attribute)
        for one in document["groups"]:
            one["p_beyond_holm"] = each_holm.get(f"{attribute}\0{one['name']}")
    return documents


class _Flags:
    """What else is counted in a group, by record."""

    def __init__(self, invalid: NDArray[np.bool_], mi: NDArray[np.bool_], called_normal: NDArray[np.bool_]) -> None:
        self.invalid, self.mi, self.called_normal = invalid, mi, called_normal


def _rows(
    groups: Sequence[str],
    member: NDArray[np.bool_],
    cost: _Array,
    beyond: _Array,
    whose: NDArray[np.intp],
    flags: _Flags,
    seed: int,
) -> list[dict[str, Any]]:
    inside = np.where(member, cost, np.nan), np.where(member, beyond, np.nan)
    means, draws = clustered_means(np.vstack(inside), whose, resamples=_RESAMPLES, seed=seed)
    found = estimates(means, draws)
    rows = []
    for place, group in enumerate(groups):
        own = member[place]
        many = len(np.unique(whose[own])) >= _PATIENTS
        n, mi = int(own.sum()), own & flags.mi
        rows.append(
            {
                "name": group,
                "n": n,
                "patients": len(np.unique(whose[own])),
                "few": n < FEW,
                "invalid": int((own & flags.invalid).sum()),
                "cost": row(found[place] if many else Estimate(found[place].value)),
                "beyond": row(found[len(groups) + place] if many else Estimate(found[len(groups) + place].value)),
                "mi": int(mi.sum()),
                "mi_called_normal": row(clustered_share(mi & flags.called_normal, mi, whose)),
            }
        )
    return rows


def _is_normal(answer: frozenset[int] | None) -> bool:
    return answer is not None and answer <= {NORMAL}


def _ordered(attribute: str, names: Sequence[str]) -> list[str]:
    """Sort groups: ages upwards, others by size; what is not known comes last."""
    sizes: Mapping[str, int] = Counter(names)
    ages = attribute == "age"
    return sorted(
        sizes, key=lambda name: (name == UNKNOWN, *((name != "under 18", name) if ages else (-sizes[name], name)))
    )
