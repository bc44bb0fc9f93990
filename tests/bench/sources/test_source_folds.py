from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einthoven.bench.sources.folds import patient_folds
from einthoven.bench.sources.source import Entry
from einthoven.ecg.patient import Patient
from einthoven.ecg.reading import AXES, AxisTruth, Truth

NOTHING = Truth({axis: AxisTruth() for axis in AXES})


def entries(patients: list[str]) -> list[Entry]:
    return [Entry(f"r{n}", Patient(patient), NOTHING, "test") for n, patient in enumerate(patients)]


@settings(deadline=None)  # machines that are shared are slow at times
@given(st.lists(st.text(min_size=1), unique=True), st.integers(2, 10), st.integers(0, 99), st.randoms())
def test_patients_are_never_split_and_order_and_additions_move_nobody(
    patients: list[str], k: int, seed: int, random: object
) -> None:
    records = entries([*patients, *patients])
    folds = patient_folds(records, k, seed)
    assert set(folds) == {entry.id for entry in records}
    assert all(0 <= fold < k for fold in folds.values())
    for first, second in zip(records[: len(patients)], records[len(patients) :], strict=True):
        assert folds[first.id] == folds[second.id]
    random.shuffle(records)  # type: ignore[attr-defined]
    fewer = patient_folds(records[: len(records) // 2], k, seed)
    assert all(folds[record] == fold for record, fold in fewer.items())


def test_the_folds_are_frozen_and_of_roughly_equal_size() -> None:
    """Another assignment would change every cross-fitted baseline: the digests are fixed here."""
    folds = patient_folds(entries([f"p{n}" for n in range(2000)]))
    # by hand: printf '0\np0' | sha256sum, the first 16 digits modulo 5
    assert [folds[f"r{n}"] for n in range(10)] == [3, 4, 0, 4, 3, 0, 0, 2, 0, 2]
    sizes = Counter(folds.values())
    assert min(sizes.values()) > 340
    assert max(sizes.values()) < 460


def test_another_seed_another_assignment() -> None:
    records = entries([f"p{n}" for n in range(50)])
    assert patient_folds(records, seed=1) != patient_folds(records, seed=2)


def test_one_fold_is_none() -> None:
    with pytest.raises(ValueError, match="two folds"):
        patient_folds([], k=1)
