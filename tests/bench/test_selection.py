from dataclasses import replace
from pathlib import Path

import pytest

from einthoven.bench.selection import CROSS_FIT, select
from einthoven.bench.settings import Settings
from einthoven.bench.sources.source import Entry
from einthoven.ecg.patient import Patient
from einthoven.ecg.reading import AXES, AxisTruth, Truth
from einthoven.ecg.recording import Recording
from einthoven.errors import EinthovenError, Exit, Fault, RecordingFault

NOTHING = Truth({axis: AxisTruth() for axis in AXES})


class Source:
    """Every third recording is at fault."""

    name = "fake"
    simulated = False
    faults = ()

    def __init__(self, has_folds: bool = False, count: int = 60, bad: int = 3) -> None:
        self.has_folds = has_folds
        self._bad = bad
        splits = ("train", "test") if has_folds else ("test",)
        self.entries = [Entry(str(k), Patient(str(k // 2)), NOTHING, splits[k % len(splits)]) for k in range(count)]

    def load(self, entry: Entry) -> Recording:
        if int(entry.id) % self._bad == 0:
            raise RecordingFault(Fault(entry.id, "nan", "made so"))
        import numpy as np

        signal = np.full((12, 5000), float(entry.id), np.float32)
        return Recording(entry.id, signal, 500.0, entry.patient)


def choose(source: Source, limit: int | None = None) -> tuple[list[str], list[str]]:
    found = select(source, Settings("m", "fake", limit=limit, out=Path("x"), jobs=1))
    assert found.report.entries == tuple(found.entries)
    return [entry.id for entry in found.entries], [fault.record_id for fault in found.report.faults]


def test_faulty_records_are_replaced_and_reported() -> None:
    chosen, faults = choose(Source(), 20)
    assert len(chosen) == 20
    assert faults
    assert all(int(record) % 3 == 0 for record in faults)
    assert all(int(record) % 3 for record in chosen)


def test_without_a_limit_every_record_is_chosen_or_reported() -> None:
    chosen, faults = choose(Source())
    assert sorted([*chosen, *faults], key=int) == [str(k) for k in range(60)]
    assert chosen == sorted(chosen, key=int)


def test_limits_nest() -> None:
    assert set(choose(Source(), 10)[0]) < set(choose(Source(), 25)[0]) < set(choose(Source())[0])


def test_nothing_usable_and_no_such_split_get_two_lines() -> None:
    with pytest.raises(EinthovenError, match="none of 60 records") as caught:
        choose(Source(bad=1))
    assert caught.value.exit_code == Exit.MISSING
    with pytest.raises(EinthovenError, match="has no validation records"):
        select(Source(), Settings("m", "fake", split="validation", out=Path("x"), jobs=1))


def test_without_folds_nobody_learns_from_the_patients_asked_about() -> None:
    found = select(Source(), Settings("m", "fake", limit=20, out=Path("x"), jobs=1))
    assert found.folds == "5 patient folds, cross-fitted"
    assert len(found.learn) == CROSS_FIT
    assert set(found.fold_of) == {entry.id for entry in found.entries}
    for fold, examples in enumerate(found.learn):
        learnt = {example.patient.id for example in examples}
        asked = {entry.patient.id for entry in found.entries if found.fold_of[entry.id] == fold}
        assert learnt
        assert not learnt & asked


def test_a_twin_under_another_id_is_no_training_record() -> None:
    class Twins(Source):
        """Records 1 and 59 are the same recording under two patients' names."""

        def load(self, entry: Entry) -> Recording:
            return super().load(replace(entry, id="1") if entry.id == "59" else entry)

    found = select(Twins(), Settings("m", "fake", out=Path("x"), jobs=1))
    assert found.fold_of["1"] == found.fold_of["59"]
    for fold, examples in enumerate(found.learn):
        ids = {example.record_id for example in examples}
        assert found.fold_of["1"] != fold or not ids & {"1", "59"}


def test_official_folds_teach_the_training_split_alone() -> None:
    found = select(Source(has_folds=True), Settings("m", "fake", out=Path("x"), jobs=1))
    assert set(found.fold_of.values()) == {0}
    assert found.folds == "official"
    assert [{int(example.record_id) % 2 for example in examples} for examples in found.learn] == [{0}]


def test_the_training_split_is_cross_fitted_when_it_is_asked_about() -> None:
    found = select(Source(has_folds=True), Settings("m", "fake", split="train", out=Path("x"), jobs=1))
    for fold, examples in enumerate(found.learn):
        asked = {entry.id for entry in found.entries if found.fold_of[entry.id] == fold}
        assert not asked & {example.record_id for example in examples}


def test_a_training_split_is_measured_only_where_a_model_learns_from_the_numbers() -> None:
    from einthoven.ecg.simulator import Parameters, simulate

    class Hearts(Source):
        def load(self, entry: Entry) -> Recording:
            return simulate(Parameters(), int(entry.id))

    source = Hearts(has_folds=True, count=6)
    for learnt in (False, True):
        found = select(source, Settings("m", "fake", out=Path("x"), jobs=1), measure=True, measure_learnt=learnt)
        assert all(entry.measurements is not None for entry in found.entries)
        assert {example.measurements is not None for example in found.learn[0]} == {learnt}
