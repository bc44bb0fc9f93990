from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from einthoven.bench.sources.check import check
from einthoven.bench.sources.wfdb_folder import open_wfdb
from einthoven.errors import EinthovenError, Exit

Write = Callable[..., Path]


def labels(root: Path, text: str, settings: str = "") -> str:
    root.mkdir(parents=True, exist_ok=True)
    (root / "labels.csv").write_text(text)
    if settings:
        (root / "einthoven.toml").write_text(settings)
    return str(root)


def test_the_example_of_the_docs(tmp_path: Path, write_record: Write) -> None:
    _, table, _, settings, *_ = (Path(__file__).parents[3] / "docs" / "sources.md").read_text().split("```")
    for name in ("0001", "0002"):
        write_record(tmp_path / "ward", name, seed=int(name))
    source = open_wfdb(labels(tmp_path, table.strip(), settings.removeprefix("toml")))
    assert (source.name, source.has_folds, source.faults) == ("wfdb", True, ())
    one, two = source.entries
    assert (one.id, one.patient.id, one.patient.age, one.patient.sex, one.split) == (
        "ward/0001",
        "p17",
        64,
        1,
        "test",
    )
    assert (two.id, two.patient.id, two.patient.age, two.patient.sex, two.split) == (
        *("ward/0002", "p18", 90, 0, "train"),
    )
    assert one.truth["conduction"].value == {"lbbb"}
    assert two.truth["rhythm"].value == "atrial_fibrillation"
    assert two.truth["other_findings"].implied
    assert [entry.id for entry in check(source).entries] == ["ward/0001", "ward/0002"]


def test_record_and_codes_are_enough(tmp_path: Path) -> None:
    source = open_wfdb(labels(tmp_path, "record,codes\nr1.hea,lbbb\n./r2,rbbb\n"))
    assert [entry.id for entry in source.entries] == ["r1", "r2"]
    assert [entry.patient.id for entry in source.entries] == ["r1", "r2"]
    assert {entry.split for entry in source.entries} == {"test"}
    assert not source.has_folds


def test_silence_says_nothing_unless_the_table_says_so(tmp_path: Path) -> None:
    text = "record,codes,validated\nr1,atrial_fibrillation,\nr2,atrial_fibrillation,true\nr3,atrial_fibrillation,no\n"
    silent = open_wfdb(labels(tmp_path, text))
    assert [entry.truth["conduction"].masked for entry in silent.entries] == [True, False, True]
    spoken = open_wfdb(labels(tmp_path, text, "[labels]\nvalidated = true\n"))
    assert [entry.truth["conduction"].masked for entry in spoken.entries] == [False, False, True]


def test_dialects_for_the_folder_and_for_a_row(tmp_path: Path) -> None:
    text = "record,codes,dialect\nr1,CLBBB;SR,\nr2,164889003,georgia\nr3,lbbb,einthoven\n"
    source = open_wfdb(labels(tmp_path, text, '[labels]\ndialect = "scp"\n'))
    assert source.faults == ()
    assert source.entries[0].truth["conduction"].value == {"lbbb"}
    assert source.entries[1].truth["rhythm"].value == "atrial_fibrillation"
    assert source.entries[2].truth["conduction"].value == {"lbbb"}
    with pytest.raises(EinthovenError, match="scq"):
        open_wfdb(labels(tmp_path, text, '[labels]\ndialect = "scq"\n'))


def test_folds_end_like_those_of_ptbxl_or_as_the_folder_says(tmp_path: Path) -> None:
    text = "record,codes,fold\n" + "".join(f"r{fold},lbbb,{fold}\n" for fold in range(5))
    assert [e.split for e in open_wfdb(labels(tmp_path, text)).entries] == ["train"] * 3 + ["validation", "test"]
    named = labels(tmp_path, text, "[labels]\ntest_fold = 0\nvalidation_fold = 3\n")
    assert [e.split for e in open_wfdb(named).entries] == ["test", "train", "train", "validation", "train"]


def test_rows_that_cannot_be_used_and_records_without_a_row(tmp_path: Path, write_record: Write) -> None:
    write_record(tmp_path, "good")
    write_record(tmp_path / "deep", "forgotten")
    text = """\
record,codes,patient,split,fold,validated
good,lbbb,p1,test,1,
good,rbbb,p1,test,1,
,lbbb,p2,test,1,
../good,lbbb,p2,test,1,
/etc/good,lbbb,p2,test,1,
a,,p2,test,1,
b,not_a_code,p2,test,1,
nul\0,lbbb,p3,test,1,
c,lbbb,p2,testing,1,
d,lbbb,p2,test,one,
e,lbbb,p2,,,
f,lbbb,p2,test,1,perhaps
g,lbbb,p1,train,1,
"""
    source = open_wfdb(labels(tmp_path, text))
    assert [entry.id for entry in source.entries] == ["good", "nul\0"]
    expected = ["good", "(no record)", "../good", "/etc/good", *"abcdef", "deep/forgotten", "g"]
    assert [fault.record_id for fault in source.faults] == expected
    assert {fault.reason for fault in source.faults} == {"label"}
    assert [entry.id for entry in check(source).entries] == ["good"]
    assert [fault.reason for fault in check(source).faults[len(expected) :]] == ["unreadable"]


def test_no_table_no_rows_no_column(tmp_path: Path) -> None:
    with pytest.raises(EinthovenError) as caught:
        open_wfdb(str(tmp_path))
    assert caught.value.exit_code is Exit.MISSING
    assert "labels.csv" in caught.value.problem
    assert "record,codes,patient,age,sex,split" in caught.value.remedy
    with pytest.raises(EinthovenError, match="no column record"):
        open_wfdb(labels(tmp_path, ""))
    with pytest.raises(EinthovenError, match="no column codes"):
        open_wfdb(labels(tmp_path, "record,labels\n"))
    assert open_wfdb(labels(tmp_path, "record,codes\n")).entries == ()


@pytest.mark.parametrize(
    "settings",
    [
        "[labels\n",
        "labels = 3\n",
        "[labels]\ndialect = 3\n",
        "[labels]\nvalidated = 'yes'\n",
        "[labels]\ntest_fold = true\n",
        "[labels]\ncolour = 'red'\n",
    ],
)
def test_settings_that_are_not_understood(tmp_path: Path, settings: str) -> None:
    with pytest.raises(EinthovenError) as caught:
        open_wfdb(labels(tmp_path, "record,codes\nr1,lbbb\n", settings))
    assert "einthoven.toml" in caught.value.problem
    assert "\n" not in caught.value.problem + caught.value.remedy


def test_other_tables_of_the_settings_are_the_command_lines(tmp_path: Path) -> None:
    source = open_wfdb(labels(tmp_path, "record,codes\nr1,lbbb\n", "[run]\nlimit = 5\n"))
    assert len(source.entries) == 1
