"""The best constant answer: what every other is held against, beside the training majority.

The majority is learnt elsewhere, from the training folds. Where it is no eligible class here its informedness lies
below 0, and where it was cross-fitted it leans away from the fold it is scored on; a constant answer would then gain
over it. So the commonest eligible class of the scored records, always answered, is a blind arm too. Its
informedness is exactly 0 in every resample.
"""

from __future__ import annotations

from dataclasses import replace

from einthoven.bench.scoring.counts import eligible
from einthoven.bench.scoring.encode import AxisData, Prediction, encode

__all__ = ["CONSTANT", "with_constant"]

#: Name of the blind arm; no arm of a run may be called so.
CONSTANT = "constant"


def with_constant(data: AxisData, min_cases: int) -> AxisData:
    """Add the constant arm to an axis.

    On a set axis it is the empty set: any constant has informedness 0 there. On a categorical axis without an
    eligible class it is no answer.

    Parameters
    ----------
    data : AxisData
        Of one axis.
    min_cases : int
        What a class needs to be eligible.
    """
    answer: Prediction = frozenset()
    if data.kind == "categorical":
        codes = encode(replace(data, predictions={}))
        chosen = eligible(codes, min_cases)
        cases = codes.cases[chosen].sum(axis=1)
        answer = data.values[chosen[int(cases.argmax())]] if len(chosen) else None
    return replace(data, predictions={**data.predictions, CONSTANT: [answer] * len(data.truths)})
