"""Several models on the same ECGs, in the order of danger, under every matrix side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from einthoven.bench.audit.labelled import labelled
from einthoven.bench.audit.weighed import MODEL, Reader, constants, costs
from einthoven.bench.bundle import Bundle
from einthoven.bench.scoring.axis_score import Estimate
from einthoven.bench.scoring.bootstrap import interval
from einthoven.bench.scoring.clustered_mean import clustered_means
from einthoven.bench.scoring.counts import patient_index
from einthoven.bench.scoring.danger_matrix import MATRICES, Danger, danger
from einthoven.errors import EinthovenError

__all__ = ["ranking"]

#: Of the intervals of ranks.
_RESAMPLES = 2_000


def ranking(bundles: Sequence[Bundle], own: Danger | None = None, arm: str = "image") -> dict[str, Any]:
    """Rank models and the five constant readers, the cheapest first.

    Parameters
    ----------
    bundles : sequence of Bundle
        Runs on the same records.
    own : Danger, optional
        Weights beside the shipped ones.
    arm : str
        Whose answers.

    Returns
    -------
    dict
        ``readers``: names; by matrix the cost, the rank and the rank's 95 % interval, for which all are ranked anew
        in each resample of patients. ``order_changes``: whether the models stand in different orders.

    Raises
    ------
    EinthovenError
        The runs are on different records; see also `labelled`.
    """
    looked = [labelled(bundle, arm) for bundle in bundles]
    first: list[str] = [row["id"] for row in looked[0].records]
    prints = {bundle.run["data"]["fingerprint"] for bundle in bundles}
    if len(prints) > 1 or any([row["id"] for row in one.records] != first for one in looked):
        raise EinthovenError("these runs are on different records", "rank runs with the same --data and --limit")
    names: list[str] = [str(bundle.run["model"]["name"]) for bundle in bundles]
    if len(set(names)) < len(names):
        raise EinthovenError(f"{max(names, key=names.count)} is there twice", "give each run once")
    patients = patient_index([row["patient"] for row in looked[0].records])
    fixed = constants(len(first))
    shipped = [danger(name) for name in MATRICES]
    matrices = shipped if own is None else [own, *(one for one in shipped if one.name != own.name)]
    documents: list[dict[str, Any]] = []
    for matrix in matrices:
        rows = [costs(one.labels, Reader(MODEL, one.answers, one.said), matrix) for one in looked]
        rows += [costs(looked[0].labels, reader, matrix) for reader in fixed]
        means, draws = clustered_means(np.array(rows), patients, resamples=_RESAMPLES)
        # equals share the better place
        place = 1 + (means[:, None] > means[None]).sum(axis=1)
        places = 1 + np.array([(draws[k] > draws).sum(axis=0) for k in range(len(means))])
        documents.append(
            {
                "name": matrix.name,
                "title": matrix.title,
                "rows": [
                    {
                        "cost": _row(Estimate(float(means[k]), *interval(draws[k]))),
                        "rank": int(place[k]),
                        "rank_ci": _outwards(*interval(places[k].astype(float))),
                    }
                    for k in range(len(means))
                ],
            }
        )
    orders = {tuple(np.argsort([row["cost"]["value"] for row in one["rows"][: len(names)]])) for one in documents}
    return {
        "readers": names + [reader.name for reader in fixed],
        "models": len(names),
        "matrices": documents,
        "order_changes": len(orders) > 1,
    }


def _outwards(low: float, high: float) -> list[int]:
    """Round the ends of an interval of ranks, which may lie between two ranks, so that it becomes no shorter."""
    return [int(np.floor(low)), int(np.ceil(high))]


def _row(one: Estimate) -> dict[str, Any]:
    assert one.value is not None and one.interval is not None
    return {"value": round(one.value, 6), "ci": [round(end, 6) for end in one.interval]}
