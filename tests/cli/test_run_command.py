"""``einthoven run`` on a folder of recordings, some of which cannot be used."""

import json
from pathlib import Path

import numpy as np
import pytest
import wfdb

from einthoven.cli.main import main
from einthoven.ecg.recording import LEADS

FAULTS = {"flat": "flat", "gap": "nan", "gone": "missing", "cut": "truncated", "short": "too_short", "unit": "unit"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EINTHOVEN_CACHE", str(tmp_path / "cache"))
    random = np.random.RandomState(0)
    records = tmp_path / "records"
    records.mkdir()
    names = [f"good{k}" for k in range(6)] + list(FAULTS)
    for name in names:
        signal = random.normal(0, 0.3, (5000 if name != "short" else 2000, 12))
        if name == "flat":
            signal[:, 3] = 0.5
        if name == "gap":
            signal[100:200, 7] = np.nan
        wfdb.wrsamp(
            name,
            fs=500,
            units=["mmHg" if name == "unit" else "mV"] * 12,
            sig_name=list(LEADS),
            p_signal=signal,
            fmt=["16"] * 12,
            write_dir=str(records),
        )
    (records / "gone.dat").unlink()
    cut = records / "cut.dat"
    cut.write_bytes(cut.read_bytes()[:50_000])
    rows = [f"{name},sinus_rhythm" for name in names]
    (records / "labels.csv").write_text("\n".join(["record,codes", *rows]) + "\n")
    return records


def test_what_cannot_be_used_is_reported_by_id_and_reason(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["run", "control/scripted", "--data", f"wfdb:{folder}", "--out", str(tmp_path / "out")]
    arguments += ["--jobs", "1", "--controls", "none"]
    main(arguments)
    said = capsys.readouterr()
    assert "6 records could not be used" in said.out
    lines = said.out.splitlines()
    for name, reason in FAULTS.items():
        assert any(line.split()[:2] == [name, reason] for line in lines), f"{name} {reason}\n{said.out}"
    main([*arguments, "--json"])
    result = json.loads(capsys.readouterr().out)
    assert result["data"]["records"] == 6
    assert {fault["id"]: fault["reason"] for fault in result["data"]["faults"]} == FAULTS
    assert result["arms"]["image"]["statuses"] == {"ok": 6}


def test_scoring_again_gives_the_same_bytes(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    main(["run", "control/random", "--data", f"wfdb:{folder}", "--out", str(out), "--controls", "none"])
    before = (out / "result.json").read_bytes()
    capsys.readouterr()
    main(["score", str(out), "--check"])
    assert "the same bytes" in capsys.readouterr().err
    (out / "result.json").write_text("{}")
    with pytest.raises(SystemExit) as caught:
        main(["score", str(out), "--check"])
    assert caught.value.code == 1
    assert (out / "result.json").read_text() == "{}"  # --check writes nothing
    main(["score", str(out)])
    assert (out / "result.json").read_bytes() == before


def test_report_is_a_site_of_the_run_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "bundle"
    command = ["run", "control/constant", "--data", "sim-demo", "--limit", "30", "--controls", "none", "--jobs", "1"]
    main([*command, "--out", str(out), "--report"])
    assert f"report: {out / 'report' / 'index.html'}\n" in capsys.readouterr().out
    assert "Always answering" in (out / "report" / "models" / "control--constant.html").read_text()
    first = {path: path.read_bytes() for path in (out / "report").rglob("*") if path.is_file()}
    main(
        [*command, "--out", str(out), "--report", "--json"]
    )  # goes on from the bundle, whose folder holds a report now
    printed = capsys.readouterr()
    assert json.loads(printed.out)["model"]["name"] == "control/constant"
    assert "report: " in printed.err
    assert {path: path.read_bytes() for path in (out / "report").rglob("*") if path.is_file()} == first


def test_scoring_what_is_no_bundle_gets_two_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["score", str(tmp_path)])
    said = capsys.readouterr().err.splitlines()
    assert caught.value.code == 3
    assert len(said) == 2
    assert "is no bundle" in said[0]


def test_pairs_a_contrast_are_as_many_as_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["run", "control/constant", "--data", "sim-demo", "--limit", "2", "--jobs", "1"]
    main([*command, "--arm", "pairs", "--pairs", "2", "--out", str(tmp_path / "few"), "--json"])
    told = capsys.readouterr()
    assert "2 pairs a contrast are too few" in told.err
    contrasts = json.loads(told.out)["pairs"]["contrasts"]
    assert contrasts and {one["n"] for one in contrasts} == {2}
    for arms, problem in (
        (["--controls", "none", "--pairs", "5"], "the arm pairs is not asked"),
        (["--pairs", "0"], "Invalid value for '--pairs'"),
        (["--pairs", "99999999"], "are not to be had"),
    ):
        with pytest.raises(SystemExit) as caught:
            main([*command, "--out", str(tmp_path / "none"), *arms])
        said = capsys.readouterr().err.splitlines()[-2:]
        assert caught.value.code == 2 and problem in said[0], said
    assert not (tmp_path / "none").exists()


def test_a_folder_of_another_run_says_in_what_it_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["run", "control/constant", "--data", "sim-demo", "--limit", "2", "--jobs", "1", "--controls", "none"]
    main([*command, "--out", str(tmp_path / "one"), "--split", "train"])
    capsys.readouterr()
    with pytest.raises(SystemExit) as caught:
        main([*command, "--out", str(tmp_path / "one")])
    assert caught.value.code == 2
    assert "holds another run: its data: split is train, not test" in capsys.readouterr().err
