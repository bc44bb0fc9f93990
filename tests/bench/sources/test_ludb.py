from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from einthoven.bench.sources.check import check
from einthoven.bench.sources.ludb import open_ludb
from einthoven.ecg.recording import LEADS
from einthoven.errors import EinthovenError, RecordingFault

LOWER = [lead.lower() for lead in LEADS]
COLUMNS = (
    *("ID", "Sex", "Age", "Rhythms", "Electric axis of the heart", "Conduction abnormalities", "Extrasystolies"),
    *("Hypertrophies", "Cardiac pacing", "Ischemia", "Non-specific repolarization abnormalities", "Other states"),
)


def row(number: int, **cells: str) -> dict[str, str]:
    plain = {"ID": str(number), "Sex": "F\n", "Age": "51\n", "Rhythms": "Sinus rhythm"}
    return dict.fromkeys(COLUMNS, "") | plain | {name.replace("_", " "): cell for name, cell in cells.items()}


@pytest.fixture
def folder(tmp_path: Path, write_table: Callable[..., None]) -> Callable[..., Path]:
    def write(*rows: dict[str, str]) -> Path:
        write_table(tmp_path / "ludb" / "ludb.csv", rows, COLUMNS)
        (tmp_path / "ludb" / "data").mkdir(exist_ok=True)
        return tmp_path / "ludb"

    return write


def test_a_row_becomes_an_entry(folder: Callable[..., Path], write_record: Callable[..., Path]) -> None:
    root = folder(
        row(
            1,
            Conduction_abnormalities="I degree av block\nIncomplete right bundle branch block",
            Ischemia="Stemi: lateral wall\nStemi: anterior wall",
        )
    )
    write_record(root / "data", "1", leads=LOWER)
    source = open_ludb(str(root))
    assert (source.name, source.has_folds, source.faults) == ("ludb", False, ())
    (entry,) = source.entries
    assert (entry.id, entry.patient.id, entry.patient.age, entry.patient.sex) == ("1", "1", 51.0, 1)
    assert (entry.split, entry.fold) == ("test", None)
    assert list(entry.statements) == [
        "Sinus rhythm",
        "I degree av block",
        "Incomplete right bundle branch block",
        "Stemi: lateral wall",
        "Stemi: anterior wall",
    ]
    assert entry.truth["conduction"].value == {"first_degree_av_block", "incomplete_rbbb"}
    assert entry.truth["ischemia_stage"].value == "acute"
    assert source.load(entry).duration == 10.0


def test_the_gains_of_version_1_0_1_are_passed_over(
    folder: Callable[..., Path], write_record: Callable[..., Path], millivolts: Callable[..., np.ndarray]
) -> None:
    """There the gain of a lead is its own range, so that each lead spans 1 mV; the file holds microvolts."""
    root = folder(row(1))
    truth = millivolts()
    header = write_record(root / "data", "1", signal=truth, leads=LOWER)
    ranges = np.round(np.ptp(truth, axis=0) * 1000).astype(int)
    text = header.read_text()
    for gain in ranges:
        text = text.replace("1000.0(0)/mV", f"{gain}(5)/mV", 1)
    header.write_text(text)
    source = open_ludb(str(root))
    recording = source.load(source.entries[0])
    np.testing.assert_allclose(recording.signal, truth.T, atol=1e-6)
    assert np.ptp(recording.signal, axis=1).max() > 1.2  # type: ignore[arg-type]


def test_a_release_with_true_gains_is_read_by_them(
    folder: Callable[..., Path], write_record: Callable[..., Path], millivolts: Callable[..., np.ndarray]
) -> None:
    root = folder(row(1))
    write_record(root / "data", "1", signal=millivolts(), leads=LOWER, gain=400)
    source = open_ludb(str(root))
    np.testing.assert_allclose(source.load(source.entries[0]).signal, millivolts().T, atol=0.5 / 400 + 1e-6)


def test_nan_is_a_fault_here_too(
    folder: Callable[..., Path], write_record: Callable[..., Path], millivolts: Callable[..., np.ndarray]
) -> None:
    root = folder(row(1))
    holed = millivolts()
    holed[7, 7] = np.nan
    write_record(root / "data", "1", signal=holed, leads=LOWER)
    source = open_ludb(str(root))
    with pytest.raises(RecordingFault) as caught:
        source.load(source.entries[0])
    assert caught.value.fault.reason == "nan"


def test_rows_without_a_file_and_files_without_a_row(
    folder: Callable[..., Path], write_record: Callable[..., Path]
) -> None:
    root = folder(row(1), row(3), row(5, Rhythms=""), row(7, Rhythms="Sinus rhythmus"))
    write_record(root / "data", "1", leads=LOWER)
    write_record(root / "data", "9", leads=LOWER)
    report = check(open_ludb(str(root)))
    assert [entry.id for entry in report.entries] == ["1"]
    assert [(fault.record_id, fault.reason) for fault in report.faults] == [
        ("5", "label"),
        ("7", "label"),
        ("9", "label"),
        ("3", "missing"),
    ]


def test_an_age_over_89(folder: Callable[..., Path]) -> None:
    root = folder(row(1, Age=">89\n", Sex="M\n"))
    assert open_ludb(str(root.parent)).entries[0].patient.age == 90.0


def test_a_missing_table_or_column(folder: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(EinthovenError, match=r"ludb\.csv"):
        open_ludb(str(tmp_path))
    table = folder(row(1)) / "ludb.csv"
    table.write_text(table.read_text().replace("Rhythms", "Rhythm", 1))
    with pytest.raises(EinthovenError, match="no column Rhythms"):
        open_ludb(str(table.parent))


@pytest.mark.real_data
def test_the_real_subset() -> None:
    if not (data := os.environ.get("EINTHOVEN_DATA")):
        pytest.skip("EINTHOVEN_DATA is not set")
    source = open_ludb(data)
    assert (len(source.entries), source.faults) == (100, ())
    report = check(source)
    assert (len(report.entries), report.faults, report.duplicates) == (100, (), ())
    assert sum(entry.patient.sex == 0 for entry in source.entries) == 60
    spans = []
    for entry in source.entries:
        signal = source.load(entry).signal
        assert signal is not None
        lead = dict(zip(LEADS, signal, strict=True))
        # Einthoven's law holds to a microvolt only where the twelve leads share one gain.
        np.testing.assert_allclose(lead["I"] + lead["III"], lead["II"], atol=1.5e-3)
        spans.append(np.ptp(signal, axis=1))
    assert 0.8 < np.median(spans) < 2.5
