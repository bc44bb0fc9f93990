from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from einthoven.bench.sources import check as check_module
from einthoven.bench.sources.challenge import open_challenge
from einthoven.bench.sources.check import Report, check, digest, fingerprint
from einthoven.bench.sources.ptbxl import open_ptbxl
from einthoven.bench.sources.source import Entry
from einthoven.ecg.patient import Patient
from einthoven.ecg.reading import AXES, AxisTruth, Truth
from einthoven.ecg.recording import Recording
from einthoven.errors import EinthovenError, Exit, Fault, RecordingFault

Folder = Callable[..., Path]
Row = Callable[..., dict[str, str]]

NOTHING = Truth({axis: AxisTruth() for axis in AXES})


@dataclass
class InMemory:
    """A source without files: its locators are the seeds of its signals; 0 is a fault."""

    entries: Sequence[Entry]
    name: str = "memory"
    simulated: bool = True
    has_folds: bool = True
    faults: Sequence[Fault] = ()
    loaded: list[str] = field(default_factory=list)

    def load(self, entry: Entry) -> Recording:
        self.loaded.append(entry.id)
        if entry.locator == 0:
            raise RecordingFault(Fault(entry.id, "flat", "I never moves"))
        if entry.locator == -1:
            os._exit(9)
        signal = np.random.RandomState(entry.locator).normal(size=(12, 1000)).astype(np.float32)
        return Recording(entry.id, signal, 100.0, entry.patient)


def memory(seeds: Sequence[int], **changes: object) -> InMemory:
    people = [Entry(f"r{n}", Patient(f"p{n}"), NOTHING, "test", locator=seed) for n, seed in enumerate(seeds)]
    return InMemory([replace(entry, **changes) for entry in people])  # type: ignore[arg-type]


def test_usable_recordings_in_order_and_faults_by_id() -> None:
    source = memory([3, 0, 1, 0])
    source.faults = (Fault("r9", "label", "no label"),)
    report = check(source)
    assert [entry.id for entry in report.entries] == ["r0", "r2"]
    assert [(fault.record_id, fault.reason) for fault in report.faults] == [
        ("r9", "label"),
        ("r1", "flat"),
        ("r3", "flat"),
    ]
    assert report.read == 4
    assert set(report.looks) == {"r0", "r2"}


def test_measuring_fills_in_the_truth_of_a_real_source_and_never_an_exact_one() -> None:
    from einthoven.ecg.simulator import Parameters, simulate

    class Hearts(InMemory):
        def load(self, entry: Entry) -> Recording:
            return simulate(Parameters(heart_rate=50), entry.locator)

    for exact in (True, False):
        source = Hearts(memory([1, 2]).entries, simulated=exact)
        for entry in check(source, measure=True).entries:
            assert entry.measurements is not None
            assert entry.truth["rate"].masked is entry.truth["axis"].masked is exact
            assert entry.truth["rate"].value == (None if exact else "bradycardia")


def test_only_the_wanted_entries_are_read() -> None:
    source = memory([1, 2, 3])
    assert [entry.id for entry in check(source, entries=source.entries[1:2]).entries] == ["r1"]
    assert source.loaded == ["r1"]
    assert check(source, entries=[]).entries == ()


def test_the_digest_is_that_of_the_float32_bytes_and_the_rate() -> None:
    signal = np.arange(12_000, dtype=np.float32).reshape(12, 1000)
    expected = hashlib.sha256(signal.tobytes() + np.float64(100).tobytes()).hexdigest()
    assert digest(Recording("r", signal.copy(), 100.0, Patient("p"))) == expected
    assert digest(Recording("r", signal.copy(), 100.5, Patient("p"))) != expected


def test_pages_are_told_by_their_files_and_their_order(tmp_path: Path) -> None:
    one, two = tmp_path / "one.png", tmp_path / "two.png"
    one.write_bytes(b"pixels")
    two.write_bytes(b"others")

    def found(*pages: Path) -> str:
        return digest(Recording("r", None, 0.0, Patient("p"), pages=pages))

    whole = b"".join(hashlib.sha256(content).digest() for content in (b"pixels", b"others"))
    assert found(one, two) == hashlib.sha256(whole).hexdigest()
    assert len({found(one), found(two), found(one, two), found(two, one)}) == 4


def test_progress_counts_what_is_read() -> None:
    seen: list[tuple[int, int]] = []
    check(memory([1, 2, 0]), progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_worker_processes_find_the_same(
    ptbxl_folder: Folder, ptbxl_row: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = ptbxl_folder(*(ptbxl_row(n) for n in range(1, 9)))
    (root / "records500" / "00000" / "00003_hr.dat").unlink()
    source = open_ptbxl(str(root))
    alone = check(source, jobs=1, cached=False)
    monkeypatch.setattr(check_module, "_WORTH_WORKERS", 4)
    together = check(source, jobs=2, cached=False)
    assert together == alone
    assert len(together.entries) == 7
    assert [fault.reason for fault in together.faults] == ["missing"]


def test_a_worker_that_is_killed_is_told_in_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_module, "_WORTH_WORKERS", 4)
    with pytest.raises(EinthovenError) as caught:
        check(memory([1, 2, -1, 3]), jobs=2)
    assert caught.value.exit_code is Exit.INCOMPLETE


def test_a_source_that_cannot_travel_is_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_module, "_WORTH_WORKERS", 4)
    source = memory([1, 2, 3, 4])
    source.loaded = _Unpicklable()
    assert len(check(source, jobs=2).entries) == 4


class _Unpicklable(list):  # type: ignore[type-arg]
    def __reduce__(self) -> str:
        raise TypeError("stays here")


def test_equal_signals_are_one_patient_within_a_split_whatever_the_order() -> None:
    source = memory([1, 2, 1, 3, 2, 1])
    source.entries = [replace(e, split="train") if e.id == "r5" else e for e in source.entries]
    expected = {"r0": "p0", "r1": "p1", "r2": "p0", "r3": "p3", "r4": "p1", "r5": "p5"}
    for entries in (source.entries, source.entries[::-1]):
        report = check(source, entries=entries)
        assert {entry.id: entry.patient.id for entry in report.entries} == expected
        assert {frozenset(group) for group in report.duplicates} == {
            frozenset({"r0", "r2", "r5"}),
            frozenset({"r1", "r4"}),
        }


def test_chains_of_equal_signals_join_all_their_patients() -> None:
    """A and B share a signal, and so do B and C by another recording of B: all three are one person."""
    people = ["c", "b", "b", "a"]
    source = memory([1, 1, 2, 2])
    source.entries = [replace(e, patient=Patient(p, 50, 1)) for e, p in zip(source.entries, people, strict=True)]
    report = check(source)
    assert {entry.patient.id for entry in report.entries} == {"a"}
    assert {entry.patient.age for entry in report.entries} == {50}


def test_the_fingerprint_knows_everything_that_matters_and_no_order() -> None:
    source = memory([1, 2, 3])
    report = check(source)
    same = fingerprint(report)
    assert len(same) == 64
    assert fingerprint(replace(report, entries=report.entries[::-1])) == same
    assert fingerprint(check(source, entries=source.entries[::-1])) == same

    def changed(**changes: object) -> Report:
        return replace(report, entries=(replace(report.entries[0], **changes), *report.entries[1:]))  # type: ignore[arg-type]

    other_truth = Truth({axis: AxisTruth("normal" if axis == "rate" else None) for axis in AXES})
    others = [
        fingerprint(check(memory([1, 2]))),
        fingerprint(check(memory([1, 2, 4]))),
        fingerprint(changed(split="train")),
        fingerprint(changed(patient=Patient("p9"))),
        fingerprint(changed(truth=other_truth)),
    ]
    assert len({same, *others}) == 6


def test_an_equal_truth_is_an_equal_fingerprint() -> None:
    copy = Truth({axis: AxisTruth() for axis in AXES})
    assert fingerprint(check(memory([1], truth=copy))) == fingerprint(check(memory([1])))


def test_an_interrupted_check_keeps_what_it_has_read(ptbxl_folder: Folder, ptbxl_row: Row) -> None:
    source = open_ptbxl(str(ptbxl_folder(*(ptbxl_row(n) for n in range(1, 6)))))

    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(source, progress=stop)
    assert check(source).read == 2


@pytest.mark.real_data
def test_the_real_ptbxl_subset_has_no_fault_and_a_second_look_takes_half_a_second() -> None:
    if not (data := os.environ.get("EINTHOVEN_DATA")):
        pytest.skip("EINTHOVEN_DATA is not set")
    source = open_ptbxl(data)
    report = check(source)
    assert (len(report.entries), report.faults, report.duplicates) == (1530, (), ())
    assert {look.sampling_rate for look in report.looks.values()} == {500.0}
    start = time.process_time()
    again = check(source, entries=[entry for entry in source.entries if entry.split == "test"])
    assert time.process_time() - start < 0.5
    assert (again.read, len(again.entries)) == (0, 1108)


@pytest.mark.real_data
def test_no_patient_crosses_a_split() -> None:
    if not (data := os.environ.get("EINTHOVEN_DATA")):
        pytest.skip("EINTHOVEN_DATA is not set")
    for source in (open_ptbxl(data), open_challenge(f"{data}/challenge")):
        home: dict[str, str] = {}
        for entry in check(source).entries:
            assert home.setdefault(entry.patient.id, entry.split) == entry.split
