"""The rows of a bundle that are sides of pairs: of the arm `pairs`, or the records where the data are pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from einthoven.bench.bundle import Bundle
from einthoven.bench.pair_scores import PairScores, pair_scores
from einthoven.bench.pairs import ARM
from einthoven.bench.readings import readings_of
from einthoven.tasks.task import Task

__all__ = ["AskedPairs", "asked_pairs"]

_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AskedPairs:
    """The pairs of a bundle, and what came of them.

    Attributes
    ----------
    facts : mapping
        Which pairs: ``name``, ``per_contrast``, ``view``.
    answers : sequence of mapping
        The answers about their sides.
    scores : PairScores
        What these say.
    """

    facts: Mapping[str, Any]
    answers: Sequence[_Row]
    scores: PairScores

    def to_json(self) -> dict[str, Any]:
        """Return what stands in ``result.json``."""
        return {**self.facts, **self.scores.to_json()}


def asked_pairs(bundle: Bundle, chosen: Task) -> AskedPairs | None:
    """Score the pairs of a bundle; nothing where it has none.

    Raises
    ------
    ValueError
        A pair of the arm lacks a side. (Where the data are pairs, a limit may have cut the last one in two: such a
        side is left out.)
    """
    told = {row["record"]: row for row in bundle.answers if row["arm"] == ARM}
    rows = [row for row in bundle.records if row["id"] in told]
    facts = bundle.run.get("pairs", {})
    if not rows:
        told = {row["record"]: row for row in bundle.answers if row["arm"] == "image"}
        sides = Counter(row["pair"]["id"] for row in bundle.records if "pair" in row)
        rows = [row for row in bundle.records if "pair" in row and sides[row["pair"]["id"]] == 2]
        largest = max(Counter(row["pair"]["contrast"] for row in rows).values(), default=0) // 2
        identity = bundle.run["identity"]
        facts = {"name": identity["data"]["name"], "per_contrast": largest, "view": identity["view"]["name"]}
    if not rows:
        return None
    answers = [told[row["id"]] for row in rows]
    readings = dict(zip([row["id"] for row in rows], readings_of(answers, chosen), strict=True))
    return AskedPairs(facts, answers, pair_scores(rows, readings, chosen))
