from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from einthoven.bench.sources.ptbxl import open_ptbxl
from einthoven.errors import EinthovenError, Exit

Row = Callable[..., dict[str, str]]
Folder = Callable[..., Path]


def test_a_row_becomes_an_entry(ptbxl_folder: Folder, ptbxl_row: Row) -> None:
    root = ptbxl_folder(
        ptbxl_row(
            1,
            patient_id="15709.0",
            age="56.0",
            sex="0",
            scp_codes="{'IMI': 35.0, 'SR': 0.0}",
            site="2.0",
            static_noise=" , I-V1,  ",
            electrodes_problems="V6",
        )
    )
    source = open_ptbxl(str(root))
    assert (source.name, source.has_folds, source.simulated, source.faults) == ("ptbxl", True, False, ())
    (entry,) = source.entries
    assert (entry.id, entry.patient.id, entry.patient.age, entry.patient.sex) == ("1", "15709", 56.0, 0)
    assert entry.statements == {"IMI": 35.0, "SR": 0.0}
    assert (entry.site, entry.device) == ("2", "CS-12 E")
    assert entry.quality == "static_noise: I-V1; electrodes_problems: V6"
    assert "inferior_myocardial_infarction" in entry.truth["diagnosis"].value  # type: ignore[operator]
    recording = source.load(entry)
    assert (recording.id, recording.sampling_rate, recording.patient) == ("1", 500.0, entry.patient)


def test_the_folds_are_the_official_splits(ptbxl_folder: Folder, ptbxl_row: Row) -> None:
    root = ptbxl_folder(*(ptbxl_row(fold, strat_fold=fold) for fold in range(1, 11)), signals=False)
    entries = open_ptbxl(str(root)).entries
    assert [entry.split for entry in entries] == ["train"] * 8 + ["validation", "test"]
    assert [entry.fold for entry in entries] == list(range(1, 11))


def test_age_300_is_over_89_and_gaps_are_none(ptbxl_folder: Folder, ptbxl_row: Row) -> None:
    root = ptbxl_folder(ptbxl_row(1, age="300.0"), ptbxl_row(2, age="", sex=""), signals=False)
    old, unknown = open_ptbxl(str(root)).entries
    assert (old.patient.age, unknown.patient.age, unknown.patient.sex) == (90.0, None, None)


def test_the_stage_columns_and_the_validation_reach_the_truth(ptbxl_folder: Folder, ptbxl_row: Row) -> None:
    infarct = {"scp_codes": "{'IMI': 100.0, 'SR': 0.0}"}
    root = ptbxl_folder(
        ptbxl_row(1, infarction_stadium1="Stadium I", **infarct),
        ptbxl_row(2, infarction_stadium1="Stadium III", **infarct),
        ptbxl_row(3, validated_by_human="False", **infarct),
        ptbxl_row(4, infarction_stadium1="Stadium IX", **infarct),
        signals=False,
    )
    source = open_ptbxl(str(root))
    assert [entry.truth["ischemia_stage"].value for entry in source.entries[:2]] == ["acute", "old"]
    assert source.entries[0].truth["conduction"].implied
    assert source.entries[2].truth["conduction"].masked
    assert [(fault.record_id, fault.reason) for fault in source.faults] == [("4", "label")]


def test_rows_that_cannot_be_used_are_faults_and_the_rest_stays(ptbxl_folder: Folder, ptbxl_row: Row) -> None:
    root = ptbxl_folder(
        ptbxl_row(1),
        ptbxl_row(2, scp_codes="{'NORM': 100.0"),
        ptbxl_row(3, scp_codes="['NORM']"),
        ptbxl_row(4, scp_codes="{'NORM': 'much'}"),
        ptbxl_row(5, scp_codes="{'NORM': 101}"),
        ptbxl_row(6, scp_codes="{}"),
        ptbxl_row(7, scp_codes="{'NORMAL': 100.0}"),
        ptbxl_row(8, scp_codes="__import__('os').getcwd()"),
        ptbxl_row(9, strat_fold="11"),
        ptbxl_row(10, strat_fold=""),
        ptbxl_row(11, patient_id=""),
        ptbxl_row(1, scp_codes="{'AFIB': 0.0}"),
        ptbxl_row(12, scp_codes="(" * 10_000),
        signals=False,
    )
    source = open_ptbxl(str(root))
    assert [entry.id for entry in source.entries] == ["1"]
    assert source.entries[0].statements == {"NORM": 100.0, "SR": 0.0}
    assert [fault.record_id for fault in source.faults] == [*map(str, range(2, 12)), "1", "12"]
    assert {fault.reason for fault in source.faults} == {"label"}
    assert all("\n" not in fault.detail for fault in source.faults)
    assert "'NORMAL'" in source.faults[5].detail


def test_a_patient_in_two_splits_stays_in_the_one_held_out(ptbxl_folder: Folder, ptbxl_row: Row) -> None:
    rows = [ptbxl_row(fold, patient_id="7", strat_fold=fold) for fold in (3, 9, 10)]
    source = open_ptbxl(str(ptbxl_folder(*rows, ptbxl_row(4, strat_fold=4), signals=False)))
    assert [entry.id for entry in source.entries] == ["10", "4"]
    assert [fault.record_id for fault in source.faults] == ["3", "9"]
    assert "patient 7" in source.faults[0].detail


def test_500_hz_is_preferred_and_100_hz_takes_its_place(
    ptbxl_folder: Folder, ptbxl_row: Row, write_record: Callable[..., Path]
) -> None:
    root = ptbxl_folder(ptbxl_row(1), ptbxl_row(2), ptbxl_row(3))
    for number in (1, 2):
        write_record(root / "records100" / "00000", f"{number:05d}_lr", rate=100)
    (root / "records500" / "00000" / "00002_hr.dat").unlink()
    (root / "records500" / "00000" / "00003_hr.hea").unlink()
    source = open_ptbxl(str(root))
    assert [Path(entry.locator).name for entry in source.entries] == ["00001_hr.hea", "00002_lr.hea", "00003_hr.hea"]
    assert [source.load(entry).sampling_rate for entry in source.entries[:2]] == [500, 100]
    slow = open_ptbxl(str(root), sampling_rate=100)
    assert slow.load(slow.entries[0]).sampling_rate == 100
    assert Path(slow.entries[2].locator).name == "00003_lr.hea"
    with pytest.raises(EinthovenError, match="250 Hz"):
        open_ptbxl(str(root), sampling_rate=250)


def test_the_folder_above_will_do(ptbxl_folder: Folder, ptbxl_row: Row) -> None:
    root = ptbxl_folder(ptbxl_row(1), signals=False)
    assert open_ptbxl(str(root.parent)).root == root


def test_a_relative_path_is_made_absolute(
    ptbxl_folder: Folder, ptbxl_row: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = ptbxl_folder(ptbxl_row(1))
    monkeypatch.chdir(root.parent)
    source = open_ptbxl("ptb-xl")
    monkeypatch.chdir("/")
    assert source.load(source.entries[0]).duration == 10.0


@pytest.mark.parametrize("damage", ["bom", "crlf", "extra"])
def test_the_table_may_come_from_elsewhere(ptbxl_folder: Folder, ptbxl_row: Row, damage: str) -> None:
    root = ptbxl_folder(ptbxl_row(1), ptbxl_row(2), signals=False)
    table = root / "ptbxl_database.csv"
    text = table.read_text()
    if damage == "bom":
        table.write_bytes(b"\xef\xbb\xbf" + text.encode())
    elif damage == "crlf":
        table.write_bytes(text.replace("\n", "\r\n").encode())
    else:
        table.write_text("".join(f"0,{line}\n" for line in text.splitlines()).replace("0,ecg_id", "index,ecg_id", 1))
    assert [entry.id for entry in open_ptbxl(str(root)).entries] == ["1", "2"]


def test_what_is_missing_is_said_in_two_lines(ptbxl_folder: Folder, ptbxl_row: Row, tmp_path: Path) -> None:
    def problem(path: Path) -> str:
        with pytest.raises(EinthovenError) as caught:
            open_ptbxl(str(path))
        assert caught.value.exit_code is Exit.MISSING
        assert "\n" not in caught.value.problem + caught.value.remedy
        return caught.value.problem

    assert "does not exist" in problem(tmp_path / "none")
    assert "ptbxl_database.csv" in problem(tmp_path)
    table = ptbxl_folder(ptbxl_row(1), signals=False) / "ptbxl_database.csv"
    assert "is a file" in problem(table)
    table.write_text(table.read_text().replace("scp_codes", "codes", 1))
    assert "no column scp_codes" in problem(table.parent)
    table.write_text("")
    assert "no column ecg_id" in problem(table.parent)


@pytest.mark.real_data
def test_the_real_subset() -> None:
    if not (data := os.environ.get("EINTHOVEN_DATA")):
        pytest.skip("EINTHOVEN_DATA is not set")
    source = open_ptbxl(data)
    assert len(source.entries) == 1530
    assert source.faults == ()
    splits = [entry.split for entry in source.entries]
    assert (splits.count("train"), splits.count("validation"), splits.count("test")) == (344, 78, 1108)
    people = {split: {e.patient.id for e in source.entries if e.split == split} for split in set(splits)}
    assert len(set.union(*people.values())) == sum(map(len, people.values())) == 1352
    assert sum(entry.patient.sex == 0 for entry in source.entries) == 783
    assert sum(entry.patient.age == 90 for entry in source.entries) == 21
