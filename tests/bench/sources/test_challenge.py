from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from einthoven.bench.sources.challenge import find_headers, open_challenge
from einthoven.bench.sources.check import check
from einthoven.errors import EinthovenError, Exit

Write = Callable[..., Path]

NSR = "426783006"


def header(folder: Path, name: str, *comments: str) -> None:
    """Write a header without a signal: the index needs no more."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.hea").write_text(
        f"{name} 1 500 5000\n{name}.mat 16+24 1000/mV 16 0 0 0 0 I\n" + "".join(f"#{line}\n" for line in comments)
    )


def test_a_record_becomes_an_entry(tmp_path: Path, write_mat_record: Write) -> None:
    write_mat_record(
        tmp_path / "g1", "JS00001", comments=["Age: 85", "Sex: Male", "Dx: 164889003,59118001,164889003"]
    )
    source = open_challenge(str(tmp_path))
    assert (source.name, source.has_folds, source.simulated, source.faults) == ("challenge", False, False, ())
    (entry,) = source.entries
    assert (entry.id, entry.patient.id, entry.patient.age, entry.patient.sex) == ("JS00001", "JS00001", 85.0, 0)
    assert (entry.split, entry.fold, entry.site) == ("test", None, "chapman_shaoxing")
    assert entry.statements == {"164889003": 0.0, "59118001": 0.0}
    assert entry.truth["rhythm"].value == "atrial_fibrillation"
    assert entry.truth["conduction"].value == {"rbbb"}
    assert source.load(entry).duration == 10.0


def test_dat_files_and_a_space_behind_the_hash(tmp_path: Path, write_record: Write) -> None:
    write_record(tmp_path, "HR00001", comments=[" Age: 56", " Sex: Female", f" Dx: {NSR}"])
    (entry,) = open_challenge(str(tmp_path)).entries
    assert (entry.patient.age, entry.patient.sex, entry.site) == (56.0, 1, "ptbxl_snomed")


@pytest.mark.parametrize(
    ("name", "dataset"),
    [
        ("A0001", "cpsc2018"),
        ("Q0001", "cpsc_extra"),
        ("E00001", "georgia"),
        ("S0001", "ptb"),
        ("HR00001", "ptbxl_snomed"),
        ("JS00001", "chapman_shaoxing"),
        ("JS10646", "chapman_shaoxing"),
        ("JS10647", "ningbo"),
        ("JS45551", "ningbo"),
        ("I0001", "incart"),
    ],
)
def test_the_name_tells_the_data_set(tmp_path: Path, name: str, dataset: str) -> None:
    header(tmp_path / "anything", name, "Dx: 164889003")
    source = open_challenge(str(tmp_path))
    assert [entry.site for entry in source.entries] == [dataset], source.faults


@pytest.mark.parametrize(
    ("folder", "dataset"),
    [
        ("cpsc_2018", "cpsc2018"),
        ("CPSC2018-Extra", "cpsc_extra"),
        ("Georgia-G12EC", "georgia"),
        ("ptb", "ptb"),
        ("ptb-xl", "ptbxl_snomed"),
        ("chapman_shaoxing", "chapman_shaoxing"),
        ("ningbo/g1", "ningbo"),
        ("st_petersburg_incart", "incart"),
    ],
)
def test_the_folder_tells_where_the_name_does_not(tmp_path: Path, folder: str, dataset: str) -> None:
    header(tmp_path / folder, "record_7", "Dx: 164889003")
    source = open_challenge(str(tmp_path))
    assert [entry.site for entry in source.entries] == [dataset], source.faults


def test_words_of_the_first_release(tmp_path: Path) -> None:
    header(tmp_path, "A0001", "Dx: AF,STD")
    header(tmp_path, "A0002", "Dx: Normal")
    one, two = open_challenge(str(tmp_path)).entries
    assert one.truth["rhythm"].value == "atrial_fibrillation"
    assert "st_depression" in one.truth["other_findings"].value  # type: ignore[operator]
    assert two.truth["rhythm"].value == "sinus"


def test_what_cannot_be_labelled_is_a_fault_with_its_reason(tmp_path: Path) -> None:
    header(tmp_path, "A0001", "Age: 5")
    header(tmp_path, "A0002", "Dx:")
    header(tmp_path, "A0003", "Dx: Unknown")
    header(tmp_path, "A0004", "Dx: 1234567")
    header(tmp_path, "A0005", "Dx: RBBBB")
    header(tmp_path, "A0006", f"Dx: {NSR},RBBB")
    header(tmp_path, "mystery", f"Dx: {NSR}")
    header(tmp_path, "A0008", f"Dx: {NSR}")
    source = open_challenge(str(tmp_path))
    assert [entry.id for entry in source.entries] == ["A0008"]
    assert [fault.record_id for fault in source.faults] == [*(f"A000{n}" for n in range(1, 7)), "mystery"]
    assert {fault.reason for fault in source.faults} == {"label"}
    assert "1234567" in source.faults[3].detail
    assert "RBBBB" in source.faults[4].detail


@pytest.mark.parametrize("age", ["NaN", "-1", "Unknown", "", "999"])
def test_an_age_that_is_none(tmp_path: Path, age: str) -> None:
    header(tmp_path, "E00001", f"Age: {age}", "Sex: Unknown", f"Dx: {NSR}")
    (entry,) = open_challenge(str(tmp_path)).entries
    assert (entry.patient.age, entry.patient.sex) == (None, None)


def test_equal_names_in_two_folders_are_told_apart(tmp_path: Path) -> None:
    for folder in ("b", "a"):
        header(tmp_path / folder, "E00001", f"Dx: {NSR}")
    header(tmp_path / "a", "E00002", f"Dx: {NSR}")
    entries = open_challenge(str(tmp_path)).entries
    assert [entry.id for entry in entries] == ["a/E00001", "E00002", "b/E00001"]
    assert len({entry.patient.id for entry in entries}) == 3


def test_the_same_signal_is_one_patient(tmp_path: Path, write_mat_record: Write) -> None:
    for name, seed in (("A0101", 1), ("Q0048", 1), ("A0102", 2)):
        write_mat_record(tmp_path, name, seed=seed, comments=["Dx: 164889003"])
    source = open_challenge(str(tmp_path))
    for entries in (source.entries, source.entries[::-1]):
        report = check(source, entries=entries)
        assert {entry.id: entry.patient.id for entry in report.entries} == {
            "A0101": "A0101",
            "Q0048": "A0101",
            "A0102": "A0102",
        }
        assert [set(group) for group in report.duplicates] == [{"A0101", "Q0048"}]


def test_no_folder_and_no_header(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "none", "does not exist"), (tmp_path, "no WFDB header")):
        with pytest.raises(EinthovenError) as caught:
            open_challenge(str(path))
        assert caught.value.exit_code is Exit.MISSING
        assert words in caught.value.problem


def test_hidden_files_are_left_out_and_linked_folders_followed_once(tmp_path: Path) -> None:
    header(tmp_path / "real", "E00001", f"Dx: {NSR}")
    header(tmp_path / "real" / ".cache", "E00009", f"Dx: {NSR}")
    (tmp_path / "real" / "._E00001.hea").write_bytes(b"\x00\x05\x16\x07")
    (tmp_path / "real" / "loop").symlink_to(tmp_path / "real")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "linked").symlink_to(tmp_path / "real")
    assert [path.name for path in find_headers(tmp_path / "data")] == ["E00001.hea"]


def test_two_thousand_headers_are_indexed_in_little_time(tmp_path: Path) -> None:
    """88,000 headers are a real size: 50 ms a thousand are four seconds then; the bound leaves slow machines room."""
    for number in range(2000):
        header(tmp_path / f"g{number // 1000}", f"JS{number + 1:05d}", "Age: 60", "Sex: Male", f"Dx: {NSR}")
    open_challenge(str(tmp_path))
    start = time.process_time()
    assert len(open_challenge(str(tmp_path)).entries) == 2000
    assert time.process_time() - start < 1.5


@pytest.mark.real_data
def test_the_real_subset() -> None:
    if not (data := os.environ.get("EINTHOVEN_DATA")):
        pytest.skip("EINTHOVEN_DATA is not set")
    source = open_challenge(f"{data}/challenge")
    assert source.faults == ()
    sites = [entry.site for entry in source.entries]
    count = {site: sites.count(site) for site in set(sites)}
    assert count == {"cpsc2018": 164, "cpsc_extra": 36, "georgia": 73, "ptb": 10}
    report = check(source)
    assert report.faults == ()
    assert len(report.entries) == 283
    assert [set(group) for group in report.duplicates] == [{"A0101", "Q0048"}, {"E07509", "E07510"}]
    assert len({entry.patient.id for entry in report.entries}) == 281
    rates = [look.sampling_rate for look in report.looks.values()]
    assert (rates.count(500), rates.count(1000)) == (273, 10)
