from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from einthoven.bench.scoring.counts import MIN_CASES
from einthoven.bench.sources.registry import open_source
from einthoven.bench.sources.sim_demo import COUNT, TRAIN, stratified
from einthoven.bench.sources.source import Entry, Source
from einthoven.ecg.reading import AXES
from einthoven.errors import EinthovenError

#: SHA-256 of the ids, in order: the demo's records are frozen as those of `sim-v1` are.
IDS = "59a27007c17ea280a6ef1519f4cb9d04e518a45625a59004cddea432b1a03108"


@pytest.fixture(scope="module")
def demo() -> Source:
    return open_source("sim-demo")


def _test(source: Source) -> list[Entry]:
    return [entry for entry in source.entries if entry.split == "test"]


def test_every_axis_can_be_given_a_word(demo: Source) -> None:
    for axis in AXES:
        counts = Counter[str]()
        for entry in _test(demo):
            truth = entry.truth[axis]
            if truth.value is not None and len(truth.accepted) < 2:
                counts.update([truth.value] if isinstance(truth.value, str) else truth.value)
        assert sum(count >= MIN_CASES for count in counts.values()) >= 2, (axis, counts)


def test_it_is_a_part_of_sim(demo: Source) -> None:
    sim = open_source("sim")
    known = {entry.id: entry for entry in sim.entries}
    assert Counter(entry.split for entry in demo.entries) == {"train": TRAIN, "test": COUNT}
    assert all(known[entry.id] == entry for entry in demo.entries)
    assert (demo.name, demo.simulated, demo.has_folds) == ("sim-demo", True, True)
    assert [entry.id for entry in _test(demo)] == [e.id for e in sim.entries if e.id in {x.id for x in _test(demo)}]


def test_its_records_are_frozen(demo: Source) -> None:
    assert hashlib.sha256("\n".join(entry.id for entry in _test(demo)).encode()).hexdigest() == IDS


def test_what_is_not_lacking_is_left_to_chance(demo: Source) -> None:
    some = _test(demo)[:40]
    assert stratified(some, 99) == some
    assert stratified(some[::-1], 40) == some[::-1]
    few = {entry.id for entry in stratified(some, 12)}
    assert few == {entry.id for entry in stratified(some[::-1], 12)}
    assert len(few) == 12


def test_it_has_no_seed() -> None:
    with pytest.raises(EinthovenError, match="no seed"):
        open_source("sim-demo:7")
