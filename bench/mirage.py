"""The mirage: how often a model reads an ECG that it was not shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.scoring.clustered_share import clustered_share
from einthoven.bench.scoring.counts import patient_index
from einthoven.exchange import Status

__all__ = ["mirage"]


def mirage(rows: Sequence[Mapping[str, Any]], patients: Sequence[str]) -> dict[str, Any]:
    """Count the answers of a blind arm that are readings; a refusal, or no valid answer, is none.

    Without a picture and without text every record makes the same request, which is asked once: then one answer
    stands in every row, and the interval is that of one observation, not of as many as there are records.

    Parameters
    ----------
    rows : sequence of mapping
        The arm's answers.
    patients : sequence of str
        Whose each is.

    Returns
    -------
    dict
        ``n``, ``requests`` (how many different ones were asked), ``answered``, their ``share`` and its 95 % interval
        (`clustered_share`), with answers of one patient, or to one request, as a cluster.
    """
    answered = np.array([row["status"] == Status.OK for row in rows])
    requests = patient_index([str(row["key"]) for row in rows])
    share = clustered_share(answered, np.ones_like(answered), _joined(requests, patient_index(patients)))
    ends = share.interval or (0.0, 1.0)
    return {
        "n": len(rows),
        "requests": int(requests.max()) + 1,
        "answered": int(answered.sum()),
        "share": round(float(answered.mean()), 6),
        "share_ci": [round(end, 6) for end in ends],
    }


def _joined(one: NDArray[np.intp], other: NDArray[np.intp]) -> NDArray[np.intp]:
    """Give one number to all rows that hang together by either of two numberings."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = int(one.max()) + 1
    edges = coo_array((np.ones(len(one)), (one, size + other)), shape=(size + int(other.max()) + 1,) * 2)
    _, group = connected_components(edges, directed=False)
    return np.asarray(group[one], dtype=np.intp)
