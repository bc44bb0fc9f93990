"""What the answers to minimal pairs say: which factors a model reads, and how often an answer flips for no reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from einthoven.bench.scoring.contrasts import ContrastScore, contrast_test, contrasts
from einthoven.bench.scoring.wilson import wilson
from einthoven.ecg.reading import Reading
from einthoven.ecg.simulator.pairs import contrasts as known_contrasts
from einthoven.tasks.task import Task
from einthoven.tasks.taxonomy import axis_value

__all__ = ["STATEMENTS", "Flips", "PairScores", "calls", "pair_scores"]

Value = str | frozenset[str] | None

_Row = Mapping[str, Any]
_Pair = tuple[_Row, _Row]
_Asked = tuple[_Row, Collection[str], Collection[str]]

#: The axis that restates the others: a factor changes a statement on it, beside its own axis.
STATEMENTS = "diagnosis"


@dataclass(frozen=True, slots=True)
class Flips:
    """How often two pictures that differ in nothing that can be read were read differently.

    Attributes
    ----------
    n, flipped : int
        Nuisance pairs, and those with two readings of this axis; an answer beside none is two.
    by : mapping of str to tuple of int
        The same, nuisance by nuisance: flipped, n.
    """

    n: int
    flipped: int
    by: Mapping[str, tuple[int, int]]

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form, with the share's 95 % interval; each pair is a heart of its own."""
        ends = [round(end, 6) for end in wilson(self.flipped, self.n)] if self.n else None
        share = round(self.flipped / self.n, 6) if self.n else None
        by = {name: {"n": n, "flipped": flipped} for name, (flipped, n) in self.by.items()}
        return {"n": self.n, "flipped": self.flipped, "share": share, "share_ci": ends, "by": by}


@dataclass(frozen=True, slots=True)
class PairScores:
    """All that the pairs of a run say.

    Attributes
    ----------
    contrasts : mapping of str to tuple of ContrastScore
        Test 2, by axis; on `STATEMENTS` the contrasts once more, as ``diagnosis:NAME``.
    right : mapping of str to tuple of int
        Contrast -> pairs right on side a, on side b.
    flips : mapping of str to Flips
        By axis, or by the name of a task's own label space.
    """

    contrasts: Mapping[str, tuple[ContrastScore, ...]]
    right: Mapping[str, tuple[int, int]]
    flips: Mapping[str, Flips]

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        rows = [
            {
                "name": one.name,
                "axis": one.axis,
                "n": one.n,
                "right": list(self.right[one.name]),
                "both_right": one.both_right,
                "both_reversed": one.both_reversed,
                "p": round(one.p, 6),
                "p_holm": None if one.p_holm is None else round(one.p_holm, 6),
            }
            for scores in self.contrasts.values()
            for one in scores
        ]
        return {"contrasts": rows, "flips": {axis: one.to_json() for axis, one in self.flips.items()}}


def calls(value: Value, right: Collection[str], wrong: Collection[str]) -> tuple[bool, bool]:
    """Say whether an answer is right on what changes, and whether it is what would be right on the other side.

    Parameters
    ----------
    value : str, frozenset of str or None
        The answer on the contrast's axis; `None` is neither.
    right, wrong : collection of str
        The class or label that is right on this side, and on the other, with other words for the same; empty where a
        side has none of its own. Of a set only these labels count.
    """
    if value is None:
        return False, False
    if isinstance(value, str):
        return value in right, value in wrong
    here, there = not value.isdisjoint(right), not value.isdisjoint(wrong)
    if not right:
        return not there, there
    if not wrong:
        return here, not here
    return here and not there, there and not here


def pair_scores(
    rows: Sequence[Mapping[str, Any]], readings: Mapping[str, Reading | None], chosen: Task
) -> PairScores:
    """Score the pairs of a run.

    Parameters
    ----------
    rows : sequence of mapping
        Their rows of ``records.jsonl``.
    readings : mapping of str to Reading or None
        Record id -> what the model answered; `None` where the answer is not ok.
    chosen : Task
        What was asked.

    Raises
    ------
    ValueError
        A pair lacks a side, or says what is right in another form.
    """
    if any(isinstance(row["pair"].get(key), str) for row in rows for key in ("right", "wrong")):
        raise ValueError("what is right on a side is a list of words")  # in a word `in` would find letters
    sides: dict[str, dict[str, _Row]] = {}
    for row in sorted(rows, key=lambda row: str(row["id"])):
        sides.setdefault(row["pair"]["id"], {})[row["pair"]["side"]] = row
    if any(set(pair) != {"a", "b"} for pair in sides.values()):
        raise ValueError("a pair lacks a side")
    whole = [(pair["a"], pair["b"]) for pair in sides.values()]
    factors: dict[str, list[_Pair]] = {}
    nuisances = []
    for a, b in whole:
        if a["pair"].get("axis"):
            factors.setdefault(a["pair"]["contrast"], []).append((a, b))
        elif _seen(a) != _seen(b):
            nuisances.append((a, b))
    scores, right = [], {}
    for name, axis, asked in _questions(factors, chosen):
        called = np.array(
            [[_calls(axis, readings[row["id"]], here, there) for row, here, there in pair] for pair in asked]
        )
        scores.append(contrast_test(name, axis, called[:, 0, 0], called[:, 1, 0], called[:, 0, 1], called[:, 1, 1]))
        right[name] = int(called[:, 0, 0].sum()), int(called[:, 1, 0].sum())
    return PairScores(contrasts(scores), right, _flips(nuisances, readings, chosen))


def _questions(factors: Mapping[str, Sequence[_Pair]], chosen: Task) -> Iterator[tuple[str, str, list[list[_Asked]]]]:
    """Give each contrast on its own axis, then those whose statements change on the axis of statements too.

    Each with its name, its axis, and by pair and side the row, what is right on it and what would be on the other.
    """
    for name, pairs in factors.items():
        sides = [[(row, row["pair"].get("right", ()), row["pair"].get("wrong", ())) for row in two] for two in pairs]
        yield name, pairs[0][0]["pair"]["axis"], sides
    for name, pairs in factors.items():
        contrast = known_contrasts().get(name)
        if STATEMENTS in chosen.asked and contrast is not None and contrast.statements:
            here, there = contrast.first_statements, contrast.statements
            yield f"{STATEMENTS}:{name}", STATEMENTS, [[(a, here, there), (b, there, here)] for a, b in pairs]


def _calls(axis: str, reading: Reading | None, right: Collection[str], wrong: Collection[str]) -> tuple[bool, bool]:
    return calls(None if reading is None else axis_value(reading, axis), right, wrong)


def _seen(row: _Row) -> object:
    """Return what a model could tell the two sides apart by: pictures, or the signal where it was shown none."""
    return row.get("images") or row["digest"]


def _flips(
    pairs: Sequence[_Pair],
    readings: Mapping[str, Reading | None],
    chosen: Task,
) -> dict[str, Flips]:
    spaces: dict[str, Callable[[Reading], object]] = {
        axis: lambda reading, axis=axis: axis_value(reading, axis)  # type: ignore[misc]
        for axis in chosen.asked
    }
    if chosen.space is not None:
        spaces[chosen.space.name] = lambda reading: reading.label
    found = {}
    for name, value_of in spaces.items():
        by: dict[str, tuple[int, int]] = {}
        for pair in pairs:
            first, second = (readings[row["id"]] for row in pair)
            one, other = (None if reading is None else value_of(reading) for reading in (first, second))
            flipped, n = by.get(pair[0]["pair"]["contrast"], (0, 0))
            by[pair[0]["pair"]["contrast"]] = flipped + (one != other), n + 1
        found[name] = Flips(sum(n for _, n in by.values()), sum(flipped for flipped, _ in by.values()), by)
    return found
