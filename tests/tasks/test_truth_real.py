"""Truths of real records: PTB-XL, the Challenge and LUDB."""

import ast
import csv
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from einthoven.tasks.statements.table import superclasses_of
from einthoven.tasks.truth import truth


def _data() -> Path:
    folder = os.environ.get("EINTHOVEN_DATA")
    if not folder:
        pytest.skip("EINTHOVEN_DATA is not set: it names the folder with ptb-xl/, challenge/ and ludb/")
    return Path(folder)


def _ptbxl(folder: Path) -> list[tuple[dict[str, float], bool, tuple[str, str]]]:
    with (folder / "ptb-xl" / "ptbxl_database.csv").open(encoding="utf-8", newline="") as file:
        return [
            (
                ast.literal_eval(row["scp_codes"]),
                row["validated_by_human"] == "True",
                (row["infarction_stadium1"], row["infarction_stadium2"]),
            )
            for row in csv.DictReader(file)
        ]


def _challenge(folder: Path) -> Iterator[tuple[str, list[str]]]:
    names = {"CPSC2018": "cpsc2018", "CPSC2018-Extra": "cpsc_extra", "Georgia-G12EC": "georgia", "PTB": "ptb"}
    for header in sorted((folder / "challenge").glob("*/*.hea")):
        line = re.search(r"^#\s*Dx:(.*)$", header.read_text(encoding="utf-8"), re.MULTILINE)
        assert line is not None
        found = [code.strip() for code in line[1].split(",")]
        yield names[header.parent.name] if all(code.isdigit() for code in found) else "cpsc2018_text", found


def _ludb(folder: Path) -> Iterator[list[str]]:
    with (folder / "ludb" / "ludb.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cells = [value for name, value in row.items() if name not in ("ID", "Sex", "Age")]
            yield [line.strip() for cell in cells for line in cell.splitlines() if line.strip()]


@pytest.mark.real_data
def test_all_real_records_have_a_truth() -> None:
    folder = _data()
    ptbxl = [truth("scp", found, validated=human, stadiums=ages) for found, human, ages in _ptbxl(folder)]
    challenge = [truth(name, dict.fromkeys(found, 0.0)) for name, found in _challenge(folder)]
    ludb = [truth("ludb", dict.fromkeys(found, 0.0)) for found in _ludb(folder)]
    assert (len(ptbxl), len(challenge), len(ludb)) == (1530, 283, 100)
    assert all(made["rhythm"].value for made in ludb)


@pytest.mark.real_data
def test_real_ptbxl_superclasses_are_the_official_ones() -> None:
    folder = _data()
    with (folder / "ptb-xl" / "scp_statements.csv").open(encoding="utf-8", newline="") as file:
        official = {row[""]: row["diagnostic_class"] for row in csv.DictReader(file) if row["diagnostic"] == "1.0"}
    for found, human, ages in _ptbxl(folder):
        made = truth("scp", found, validated=human, stadiums=ages)["diagnosis"].value
        assert superclasses_of(made or ()) == {official[code] for code in found if code in official}


@pytest.mark.real_data
def test_real_ptbxl_takes_a_third_of_a_second() -> None:
    rows = _ptbxl(_data())
    truth("scp", {"NORM": 100.0})
    began = time.process_time()
    for found, human, ages in rows:
        truth("scp", found, validated=human, stadiums=ages)
    assert time.process_time() - began < 0.3
