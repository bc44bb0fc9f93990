from __future__ import annotations

from pathlib import Path

import pytest

from einthoven.bench.sources.table import read_table
from einthoven.errors import EinthovenError, Exit


def table(path: Path, content: bytes) -> list[dict[str, str]]:
    path.write_bytes(content)
    return list(read_table(path, ("id", "codes"), ("age",)))


def test_known_columns_only(tmp_path: Path) -> None:
    assert table(tmp_path / "t.csv", b"name,codes,id\nx,a;b,1\n") == [{"id": "1", "codes": "a;b", "age": ""}]


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_bom_line_ends_and_breaks_in_cells(tmp_path: Path, start: bytes, end: bytes) -> None:
    content = start + end.join([b"id,codes,age", b'1,"a\nb","51\n"', b"", b"2,c,", b"3,d"])
    rows = table(tmp_path / "t.csv", content)
    assert [row["id"] for row in rows] == ["1", "2", "3"]
    assert rows[0]["codes"].split() == ["a", "b"]
    assert rows[2] == {"id": "3", "codes": "d", "age": ""}


@pytest.mark.parametrize("content", [b"", b"\n", b"\xef\xbb\xbf", b"id;codes;age\n1;a;2\n", b"id,age\n"])
def test_a_missing_column_is_named_in_two_lines(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(EinthovenError) as caught:
        table(tmp_path / "t.csv", content)
    assert caught.value.exit_code is Exit.MISSING
    assert "codes" in caught.value.problem.split("(")[0]
    assert "id, codes" in caught.value.remedy
    assert "\n" not in caught.value.problem + caught.value.remedy


def test_a_quote_that_never_closes_does_not_eat_rows(tmp_path: Path) -> None:
    with pytest.raises(EinthovenError) as caught:
        table(tmp_path / "t.csv", b'id,codes\n1,"a\n2,b\n3,c\n')
    assert caught.value.exit_code is Exit.MISSING


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    assert table(tmp_path / "t.csv", b"id,codes\n") == []


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(EinthovenError) as caught:
        list(read_table(tmp_path / "none.csv", ("id",)))
    assert caught.value.exit_code is Exit.MISSING
    assert "none.csv" in caught.value.problem
