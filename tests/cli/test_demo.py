"""``einthoven demo``, on a few of its records."""

from pathlib import Path

import pytest

from einthoven.cli.main import main


def test_it_ends_with_a_table_of_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EINTHOVEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "80")
    out = tmp_path / "demo"
    main(["demo", "--out", str(out), "--limit", "10", "--pairs", "1"])
    lines = capsys.readouterr().out.splitlines()
    assert "10 records of 10 patients (sim-demo) - SIMULATED ECGs" in lines
    assert max(map(len, (line for line in lines if str(tmp_path) not in line))) <= 80
    for part in ("majority", "measurements", "digitiser", "resnet1d"):
        assert any(part in line for line in lines), part
    rates = next(line for line in lines if line.startswith("rate "))
    assert len([mark for mark in rates if mark in "●◐▼○?"]) == 4
    words = {"●": "reads", "◐": "associated", "▼": "leaks", "○": "prior", "?": "underpowered"}
    given = {words[mark] for line in lines for mark in line if mark in words}
    said = {line.split()[1].rstrip(":") for line in lines if line[:1] in words and ": " in line}
    assert said == given  # each word that stands in the table is explained under it, and no other
    assert lines[-1].startswith("your own model:   einthoven run ")
    assert (out / "example.png").is_file() and (out / "site" / "index.html").is_file()
    assert len(list((out / "results").glob("*/result.json"))) == 4
