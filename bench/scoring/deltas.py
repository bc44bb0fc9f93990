"""The smallest gain that matters, frozen by data set and axis before any model is judged.

The figures stand in ``deltas.json``, which ``einthoven data delta BUNDLE`` writes. A bundle of the signal reference
gives half its gain on every axis where that gain's interval excludes 0; elsewhere, and from any other bundle, it is
half the gain of the modest reader (`power.delta`), which the truth of the data set fixes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["MODEST", "Delta", "frozen_deltas"]

#: Whose gain is halved where no signal reference is there.
MODEST = "a modest reader"


@dataclass(frozen=True, slots=True)
class Delta:
    """The smallest gain that matters on one axis of one data set.

    Attributes
    ----------
    value : float
        In informedness.
    of : str
        Whose gain it is half of, as it stands in a sentence.
    """

    value: float
    of: str = MODEST


@cache
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = json.loads(
        files("einthoven.bench.scoring").joinpath("deltas.json").read_text(encoding="utf-8")
    )
    return table


def frozen_deltas(fingerprint: str) -> dict[str, Delta]:
    """Return the deltas of a data set, by axis; of one that is not in the file (a preview, say) none.

    Parameters
    ----------
    fingerprint : str
        Of the records, as in ``data.fingerprint`` of a ``result.json``.
    """
    row = _table().get(fingerprint, {"axes": {}})
    return {axis: Delta(each["delta"], each["of"]) for axis, each in row["axes"].items()}
