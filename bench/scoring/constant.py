"""The best constant answer: what every other is held against, beside the training majority.

The majority is learnt elsewhere, from the training folds. Where it is no eligible class here its informedness lies
below 0, and where it was cross-fitted it leans away from the fold it is scored on; a constant answer would then gain
over it. So the commonest eligible class of the scored records, always answered, is a blind arm too; on a set axis,
every label that more than half of them have. Its informedness is exactly 0 in every resample.

The empty set would not do for labels that most records have. A model that says nothing but strays a few times in a
hundred names such a label rightly almost whenever it strays. Against silence each of these is a small gain, and the
rare false alarm, a large loss, often does not happen at all: the swaps, which only turn the signs of what was seen,
know nothing of it. At a prevalence of 94 %, 1,000 records and a label strayed to once in a hundred, 33 % of such
models passed against silence at a level of 0.6 %, none against the label always named.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.scoring.counts import eligible
from einthoven.bench.scoring.encode import AxisData, Codes, Prediction, encode

__all__ = ["CONSTANT", "constant_answer", "with_constant"]

#: Name of the blind arm; no arm of a run may be called so.
CONSTANT = "constant"


def with_constant(data: AxisData, index: NDArray[np.intp], min_cases: int) -> AxisData:
    """Add the constant arm to an axis.

    On a categorical axis without an eligible class it is no answer.

    Parameters
    ----------
    data : AxisData
        Of one axis.
    index : ndarray of int, shape (records,)
        The patient of each record.
    min_cases : int
        What a class needs to be eligible.
    """
    codes = encode(replace(data, predictions={}))
    rows = constant_answer(codes, eligible(codes, index, min_cases))
    answer: Prediction = None
    if rows is not None:
        named = [data.values[row] for row in rows]
        answer = named[0] if data.kind == "categorical" else frozenset(named)
    return replace(data, predictions={**data.predictions, CONSTANT: [answer] * len(data.truths)})


def constant_answer(codes: Codes, chosen: NDArray[np.intp]) -> tuple[int, ...] | None:
    """Return the rows that the constant arm names: one class, any number of labels; `None` is no answer.

    Parameters
    ----------
    codes : Codes
        The encoded truth.
    chosen : ndarray of int
        The eligible classes or labels.
    """
    if codes.kind == "set":
        return tuple(np.flatnonzero(codes.cases.sum(axis=1) > codes.others.sum(axis=1)).tolist())
    cases = codes.cases[chosen].sum(axis=1)
    return (int(chosen[int(cases.argmax())]),) if len(chosen) else None
