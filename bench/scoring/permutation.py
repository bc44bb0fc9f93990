"""Test 1, whether informedness is higher in one arm than in another, by swapping patients' answers.

Were the arms alike, each patient's answers could as well stand in the other arm. The class counts come from the
truth and stay as they are, so informedness is linear in the answers (`metrics.informedness_weights`) and swapping a
patient turns the sign of the difference d that this patient makes. The statistic is the sum of +-d over patients.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.scoring.counts import Counts
from einthoven.bench.scoring.metrics import informedness_weights

__all__ = ["EXACT_UP_TO", "FLIPS", "one_sided_p", "patient_differences"]

#: Random swaps of a test.
FLIPS = 10_000

#: Up to this many differing patients all 2**n swaps are taken in place of random ones.
EXACT_UP_TO = 12

#: Sums that differ by less are ties.
_TIE = 1e-12

#: Swaps at a time; part of the frozen draw.
_CHUNK = 1_000


def patient_differences(one: Counts, other: Counts) -> NDArray[np.float64]:
    """Return what each patient adds to informedness of `one` minus informedness of `other`.

    Parameters
    ----------
    one, other : Counts
        The two arms of one axis by patient, last dimension patients; the same truth.

    Returns
    -------
    ndarray of float64, shape (patients,)
        Exactly 0 where the arms have the same counts.
    """
    hit_worth, false_worth = informedness_weights(one.total())
    return hit_worth @ (one.hits - other.hits) - false_worth @ (one.false - other.false)


def one_sided_p(differences: NDArray[np.float64], seed: int, flips: int = FLIPS) -> NDArray[np.float64]:
    """Test several differences against 0 with the same swaps.

    Parameters
    ----------
    differences : ndarray, shape (tests, patients)
        From `patient_differences`.
    seed : int
        Of the random swaps.
    flips : int
        Number of random swaps.

    Returns
    -------
    ndarray of float64, shape (tests,)
        The share of swaps whose sum reaches the observed one: ``(1 + reached) / (1 + flips)``, or among all swaps
        where at most `EXACT_UP_TO` patients differ. 1 where none does.
    """
    first: dict[bytes, int] = {}
    place = [first.setdefault(row.tobytes(), len(first)) for row in differences]
    if len(first) < len(place):  # the same answers in several blind arms: tested once
        return one_sided_p(differences[np.unique(place, return_index=True)[1]], seed, flips)[place]
    moving = np.abs(differences) > _TIE
    p = np.ones(len(differences))
    many = []
    for test, (row, moves) in enumerate(zip(differences, moving, strict=True)):
        if moves.sum() > EXACT_UP_TO:
            many.append(test)
        else:
            p[test] = _exact(row[moves])
    if not many:
        return p
    columns = np.flatnonzero(moving[many].any(axis=0))
    by_patient = np.ascontiguousarray(differences[many][:, columns].T)
    reached = np.zeros(len(many), dtype=np.int64)
    random = np.random.RandomState([seed, 2])
    width = differences.shape[1]
    for start in range(0, flips, _CHUNK):
        bits = np.unpackbits(
            np.frombuffer(random.bytes(_CHUNK * -(-width // 8)), np.uint8).reshape(_CHUNK, -1), axis=1
        )
        swapped = bits[: min(_CHUNK, flips - start), columns].astype(np.float64)
        # The sum falls by twice what the swapped patients had added.
        reached += (swapped @ by_patient <= _TIE / 2).sum(axis=0)
    p[many] = (1 + reached) / (1 + flips)
    return p


def _exact(differences: NDArray[np.float64]) -> float:
    swaps = (np.arange(2 ** len(differences))[:, None] >> np.arange(len(differences))) & 1
    return float(np.mean(swaps @ differences <= _TIE / 2))
