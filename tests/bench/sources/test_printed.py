from __future__ import annotations

from pathlib import Path

import pytest

from einthoven.bench.sources.printed import parse_measurements, read_measurements
from einthoven.ecg.measurements import Measurements


def test_all_numbers_and_both_names_of_the_corrected_qt() -> None:
    row = {"heart_rate": "71.5", "pr": "160", "qrs": " 96 ", "qt": "400", "qtcf": "424", "qtc_bazett": "436"}
    row |= {"p_axis": "60", "qrs_axis": "-45", "t_axis": "270", "measurer": "MAC 5500"}
    assert parse_measurements(row) == Measurements(71.5, 160, 96, 400, 424, 436, 60, -45, -90, "MAC 5500")
    assert parse_measurements({"qtc_fridericia": "424", "qtcb": "436"}) == Measurements(
        qtc_fridericia=424, qtc_bazett=436, measurer="print-out"
    )


@pytest.mark.parametrize("cell", ["", " ", "-", "--", "—", "*", "NaN", "n/a", "None", "unknown", "0"])
def test_what_is_unknown_is_none(cell: str) -> None:
    assert parse_measurements({"pr": cell, "measurer": "cart"}) is None
    assert parse_measurements({"pr": cell, "heart_rate": "60"}) == Measurements(60, measurer="print-out")


def test_an_axis_of_zero_is_a_number() -> None:
    assert parse_measurements({"qrs_axis": "0"}) == Measurements(qrs_axis=0, measurer="print-out")


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ({"pr": "abc"}, "pr is 'abc', not a number"),
        ({"pr": "0.16"}, "pr is 0.16, which cannot be milliseconds"),
        ({"heart_rate": "0.8"}, "heart_rate is 0.8, which cannot be beats a minute"),
        ({"qt": "29999"}, "leave it empty where it is unknown"),
        ({"qrs": "inf"}, "qrs is inf"),
        ({"qrs_axis": "400"}, "qrs_axis is 400, not an axis"),
        ({"qrs_axis": "inf"}, "qrs_axis is inf, not an axis"),
        ({"qtcf": "420", "qtc_fridericia": "430"}, "another column says 420"),
    ],
)
def test_what_cannot_be_meant_is_named(row: dict[str, str], line: str) -> None:
    with pytest.raises(ValueError, match=line):
        parse_measurements(row)


def test_rows_by_record(tmp_path: Path) -> None:
    assert read_measurements(tmp_path / "none.csv") == {}
    (tmp_path / "m.csv").write_text("record,pr,other\n a ,160,x\nb,,\na,170,\n")
    rows = read_measurements(tmp_path / "m.csv")
    assert {name: [row["pr"] for row in of] for name, of in rows.items()} == {"a": ["160", "170"], "b": [""]}
