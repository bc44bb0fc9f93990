from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from einthoven.cli.data import data
from einthoven.errors import EinthovenError, Exit

Row = Callable[..., dict[str, str]]


@pytest.fixture
def folder(ptbxl_folder: Callable[..., Path], ptbxl_row: Row) -> Path:
    root = ptbxl_folder(
        ptbxl_row(1, strat_fold=1),
        ptbxl_row(2, scp_codes="{'CLBBB': 100.0, 'SR': 0.0}"),
        ptbxl_row(3),
        ptbxl_row(4, scp_codes="{'[bold]': 1}"),
    )
    os.truncate(root / "records500/00000/00003_hr.dat", 1000)
    return root


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the real command in a process of its own; the cache folder is the test's."""
    program = [sys.executable, "-m", "einthoven", "data", "check", *arguments]
    return subprocess.run(program, capture_output=True, text=True, check=False)


def test_what_is_there_and_every_fault_by_id_and_reason(folder: Path) -> None:
    result = CliRunner().invoke(data, ["check", f"ptbxl:{folder}"], catch_exceptions=False)
    assert result.exit_code == 0
    lines = [line.split() for line in result.output.splitlines()]
    assert ["records", "1", "1", "2"] in lines
    assert ["patients", "1", "1", "2"] in lines
    assert ["lbbb", "0", "1"] in lines
    assert ["conduction", "(none)", "1", "0"] in lines
    assert "faults: 2" in result.output
    assert any(line[:3] == ["truncated", "3", "00003_hr.dat"] for line in lines)
    assert any(line[:2] == ["label", "4"] and "'[bold]'" in line for line in lines)


def test_json_and_nothing_else_on_stdout(folder: Path) -> None:
    result = command(f"ptbxl:{folder}", "--json")
    assert (result.returncode, result.stderr) == (0, "")
    document = json.loads(result.stdout)
    assert document["source"] == f"ptbxl:{folder}"
    assert document["faults"]["truncated"][0]["id"] == "3"


def test_one_split(folder: Path) -> None:
    result = CliRunner().invoke(data, ["check", f"ptbxl:{folder}", "--split", "test", "--json"])
    assert json.loads(result.output)["records"] == {"total": 1, "test": 1}


def test_nothing_usable_is_exit_code_3_after_the_faults(folder: Path) -> None:
    for path in folder.glob("records500/*/*.dat"):
        path.unlink()
    result = command(f"ptbxl:{folder}")
    assert result.returncode == Exit.MISSING
    assert "00001_hr.dat" in result.stdout
    assert len(result.stderr.splitlines()) == 2
    assert "missing 3" in result.stderr
    result = command(f"ptbxl:{folder}", "--split", "validation")
    assert result.returncode == Exit.MISSING


def test_no_such_folder_is_two_lines_and_exit_code_3(tmp_path: Path) -> None:
    result = command(f"ludb:{tmp_path / 'none'}")
    assert (result.returncode, result.stdout) == (Exit.MISSING, "")
    assert len(result.stderr.splitlines()) == 2
    assert "Traceback" not in result.stderr


def test_a_cache_that_cannot_be_used_is_a_warning_line(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "blocked").write_text("")
    monkeypatch.setenv("EINTHOVEN_CACHE", str(tmp_path / "blocked"))
    result = command(f"ptbxl:{folder}")
    assert result.returncode == 0
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == ["warning"]


def test_many_faults_of_one_reason_are_cut_short(
    ptbxl_folder: Callable[..., Path], ptbxl_row: Row, write_record: Callable[..., Path]
) -> None:
    root = ptbxl_folder(*(ptbxl_row(n) for n in range(1, 62)), signals=False)
    write_record(root / "records500/00000", "00061_hr")
    result = CliRunner().invoke(data, ["check", f"ptbxl:{root}"], catch_exceptions=False)
    assert "faults: 60" in result.output
    assert sum(line.split()[:1] == ["missing"] for line in result.output.splitlines()) == 51
    assert "10 more" in result.output


def test_an_unknown_source_is_an_error_for_main() -> None:
    with pytest.raises(EinthovenError, match="ptbxxl"):
        CliRunner().invoke(data, ["check", "ptbxxl:x"], catch_exceptions=False)


def test_measuring_gives_rate_and_axis_a_truth(folder: Path) -> None:
    plain = json.loads(command(f"ptbxl:{folder}", "--json").stdout)
    measured = json.loads(command(f"ptbxl:{folder}", "--json", "--measure").stdout)
    assert "not measured yet" in json.dumps(plain["axes"]["rate"])
    assert "not measured yet" not in json.dumps(measured["axes"]["rate"])
    assert measured["fingerprint"] != plain["fingerprint"]
