from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from einthoven.bench.lora_samples import taught
from einthoven.bench.sources.registry import open_source
from einthoven.bench.sources.sim_factor import HEARTS
from einthoven.errors import EinthovenError
from einthoven.tasks.registry import task


def test_each_heart_is_there_with_the_factor_and_without() -> None:
    source = open_source("sim-factor:rbbb")
    assert (source.name, source.simulated, source.has_folds) == ("sim-factor:rbbb", True, True)
    assert Counter(entry.split for entry in source.entries) == {split: 2 * n for split, n in HEARTS.items()}
    for without, with_it in zip(source.entries[::2], source.entries[1::2], strict=True):
        assert without.patient == with_it.patient and without.split == with_it.split
        assert without.truth["conduction"].value == frozenset()
        assert with_it.truth["conduction"].value == {"rbbb"}
        assert without.side is None and with_it.side is None
    assert len({entry.id for entry in source.entries}) == len(source.entries)
    assert all(taught(entry, task("dense")) for entry in source.entries[:10])


def test_splits_seeds_and_the_frozen_pairs_share_no_heart() -> None:
    names = ("sim-factor:rbbb:x40", "sim-factor:rbbb:7x40")
    seen = [entry.locator for name in names for entry in open_source(name).entries[::2]]
    seen += [e.locator for e in open_source("sim-pairs").entries if e.side and e.side.contrast == "rbbb"][::2]
    assert len({locator[1] for locator in seen}) == len(seen) == 2 * (40 + 300) + 100


def test_more_hearts_begin_like_fewer_and_load_as_themselves() -> None:
    few, many = open_source("sim-factor:fibrillation:x5"), open_source("sim-factor:fibrillation:3x9")
    assert [e.split for e in many.entries].count("train") == 18
    assert (few.name, many.name) == ("sim-factor:fibrillation", "sim-factor:fibrillation:3")
    same = open_source("sim-factor:fibrillation:x9")
    assert [e.locator for e in few.entries[:10]] == [e.locator for e in same.entries[:10]]
    entry = few.entries[1]
    recording = few.load(entry)
    assert recording.id == entry.id and recording.patient == entry.patient
    assert recording.signal is not None and not np.array_equal(recording.signal, few.load(few.entries[0]).signal)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("sim-factor", "names no factor"),
        ("sim-factor:rbbb:x", "names no factor"),
        ("sim-factor:rbbb:4294967296", "names no factor"),
        ("sim-factor:rbb", "rbb"),
        ("sim-factor:ink", "ink"),
        ("sim-factor:rbbb:x0", "0 hearts are not to be had"),
    ],
)
def test_what_is_no_factor_is_told(name: str, told: str) -> None:
    with pytest.raises(EinthovenError, match=told):
        open_source(name)
