from pathlib import Path

import pytest

from einthoven.bench.selection import CROSS_FIT, learning_folds, selected
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
    entries, report = selected(source, Settings("m", "fake", limit=limit, out=Path("x"), jobs=1))
    return [entry.id for entry in entries], [fault.record_id for fault in report.faults]


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
        selected(Source(), Settings("m", "fake", split="validation", out=Path("x"), jobs=1))


def test_without_folds_nobody_learns_from_the_patients_asked_about() -> None:
    source = Source()
    entries = source.entries[:40]
    fold_of, learn = learning_folds(source, entries)
    assert len(learn) == CROSS_FIT
    assert set(fold_of) == {entry.id for entry in entries}
    for fold, examples in enumerate(learn):
        learnt = {example.patient.id for example in examples}
        asked = {entry.patient.id for entry in entries if fold_of[entry.id] == fold}
        assert learnt
        assert not learnt & asked


def test_official_folds_teach_the_training_split_alone() -> None:
    source = Source(has_folds=True)
    test = [entry for entry in source.entries if entry.split == "test"]
    fold_of, learn = learning_folds(source, test)
    assert set(fold_of.values()) == {0}
    assert [{int(example.record_id) % 2 for example in examples} for examples in learn] == [{0}]
