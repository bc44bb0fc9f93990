"""``sim-demo``: 150 of the embedded test records, drawn so that a short run can be given a word on every axis."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from einthoven.bench.sources.sim import SimSource, open_sim
from einthoven.bench.sources.source import Entry
from einthoven.ecg.reading import AXES
from einthoven.errors import EinthovenError

__all__ = ["CASES", "COUNT", "open_sim_demo", "stratified"]

#: Test and training records of the demo.
COUNT, TRAIN = 150, 300

#: So many classes or labels of every axis have so many cases at least: what informedness needs, and two to spare.
CLASSES, CASES = 2, 22


def open_sim_demo(path: str | None = None) -> SimSource:
    """Open the demo's records, with training records of ``sim``.

    Raises
    ------
    EinthovenError
        For a seed: the set is one.
    """
    if path:
        raise EinthovenError("sim-demo has no seed", "write sim-demo, or sim:SEED for a population of your own")
    return _demo()


@cache
def _demo() -> SimSource:
    """Draw the set, once a process: it takes seconds, and one command may open it many times."""
    sim = open_sim(train=TRAIN)
    test = stratified([entry for entry in sim.entries if entry.split == "test"], COUNT)
    return replace(sim, name="sim-demo", entries=(*(e for e in sim.entries if e.split == "train"), *test))


def stratified(entries: Sequence[Entry], count: int) -> list[Entry]:
    """Draw records so that the commonest classes of every axis are there often enough; the rest is left to chance.

    Records are taken one by one: the next is the one with the most values that are still lacking, in the order of the
    hashes of the ids; where none is lacking any more, simply the next one.

    Parameters
    ----------
    entries : sequence of Entry
        To draw from.
    count : int
        How many to draw.

    Returns
    -------
    list of Entry
        In the order of `entries`.
    """
    left = sorted(entries, key=lambda entry: hashlib.sha256(entry.id.encode()).digest())
    values = {entry.id: frozenset(_values(entry)) for entry in left}
    lacking = Counter(dict.fromkeys(_commonest(values.values()), CASES))
    drawn: set[str] = set()
    while len(drawn) < min(count, len(left)):
        best = max(left, key=lambda entry: (entry.id not in drawn, sum(lacking[v] > 0 for v in values[entry.id])))
        drawn.add(best.id)
        lacking.subtract(value for value in values[best.id] if value in lacking)
    return [entry for entry in entries if entry.id in drawn]


def _values(entry: Entry) -> Iterable[tuple[str, str]]:
    """Give axis and class, or axis and label, of all that a record's truth says."""
    for axis in AXES:
        truth = entry.truth[axis]
        if truth.value is not None and len(truth.accepted) < 2:
            yield from ((axis, value) for value in ([truth.value] if isinstance(truth.value, str) else truth.value))


def _commonest(values: Iterable[Iterable[tuple[str, str]]]) -> list[tuple[str, str]]:
    """Give the commonest classes or labels of each axis; of equally common ones those that sort first."""
    counts = Counter(value for found in values for value in found)
    ordered = sorted(counts, key=lambda value: (-counts[value], value))
    return [value for axis in AXES for value in [v for v in ordered if v[0] == axis][:CLASSES]]
