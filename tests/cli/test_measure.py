from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from einthoven.bench.sources.registry import open_source
from einthoven.cli.measure import measure
from einthoven.ecg.recording import LEADS
from einthoven.errors import EinthovenError, Exit

COLUMNS = ["record_id", "heart_rate", "pr", "qrs", "qt", "qtcf", "qtcb", "p_axis", "qrs_axis", "t_axis"]


def run(*arguments: str) -> str:
    result = CliRunner().invoke(measure, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """Write a simulated sinus rhythm as a WFDB record."""
    import wfdb

    source = open_source("sim")
    signal = source.load(next(entry for entry in source.entries if entry.locator[0].pr)).signal
    assert signal is not None
    microvolts = np.round(1e3 * signal.T.astype(np.float64)).astype(np.int64)
    wfdb.wrsamp(
        "beat",
        fs=500,
        units=["mV"] * 12,
        sig_name=list(LEADS),
        d_signal=microvolts,
        fmt=["16"] * 12,
        adc_gain=[1000.0] * 12,
        baseline=[0] * 12,
        write_dir=str(tmp_path),
    )
    return tmp_path / "beat"


def test_csv_of_a_source_has_the_columns_and_empty_unknowns() -> None:
    rows = list(csv.DictReader(io.StringIO(run("sim", "--csv", "--limit", "12"))))
    assert list(rows[0]) == COLUMNS
    assert len(rows) == 12
    source = open_source("sim")
    for row, entry in zip(rows, source.entries, strict=False):
        assert row["record_id"] == entry.id
        assert float(row["heart_rate"]) == pytest.approx(entry.locator[0].heart_rate, abs=1.0)
        if entry.locator[0].pr is None:
            assert (row["pr"], row["p_axis"]) == ("", "")


def test_json_has_nulls_the_version_and_the_faults() -> None:
    document = json.loads(run("sim", "--json", "--limit", "12"))
    assert (document["source"], document["measurer"], document["faults"]) == ("sim", "einthoven", [])
    assert document["measurer_version"]
    assert any(row["pr"] is None for row in document["records"])
    assert set(COLUMNS) <= set(document["records"][0])


def test_the_table_has_dashes() -> None:
    lines = run("sim", "--limit", "12").splitlines()
    assert next(line for line in lines if "record_id" in line).split() == COLUMNS
    assert any("–" in line.split() for line in lines)


@pytest.mark.parametrize("suffix", ["", ".hea"])
def test_one_record_and_its_picture(record: Path, suffix: str) -> None:
    picture = record.parent / "beat.png"
    document = json.loads(run(f"{record}{suffix}", "--json", "--plot", str(picture)))
    (row,) = document["records"]
    assert row["record_id"] == "beat"
    assert row["pr"] is not None
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_picture_of_many_records_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EinthovenError, match="--plot draws one record"):
        run("sim", "--plot", str(tmp_path / "beat.png"))
    run("sim", "--limit", "1", "--plot", str(tmp_path / "beat.png"))
    with pytest.raises(EinthovenError, match="cannot be written"):
        run("sim", "--limit", "1", "--plot", str(tmp_path / "none" / "beat.png"))


def test_workers_give_the_same_rows() -> None:
    assert run("sim", "--csv", "--limit", "210", "--jobs", "2") == run(
        "sim", "--csv", "--limit", "210", "--jobs", "1"
    )


def test_a_broken_record_is_a_fault_and_exit_code_3(record: Path) -> None:
    record.with_suffix(".dat").write_bytes(b"")
    program = [sys.executable, "-m", "einthoven", "measure", str(record)]
    result = subprocess.run(program, capture_output=True, text=True, check=False)
    assert result.returncode == Exit.MISSING
    assert "truncated" in result.stderr
    said = [line for line in result.stderr.splitlines() if not line.startswith("measuring:")]  # a slow machine's
    assert len(said) == 3  # the fault, what is wrong, what to do
    assert "Traceback" not in result.stderr


def test_wrong_names_are_errors_a_person_can_act_on(tmp_path: Path) -> None:
    with pytest.raises(EinthovenError, match="no file"):
        run(str(tmp_path / "none.hea"))
    with pytest.raises(EinthovenError, match="simm"):
        run("simm")
    with pytest.raises(EinthovenError, match="both"):
        run("sim", "--json", "--csv")
