"""``einthoven render`` as a person runs it: one record, a source, killed and resumed, two at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import wfdb
from PIL import Image

from einthoven.bench.sources.registry import open_source
from einthoven.cli.main import main
from einthoven.ecg.recording import LEADS
from einthoven.errors import Exit
from einthoven.renderers import identity
from einthoven.renderers.registry import view

PROGRAM = [sys.executable, "-m", "einthoven", "render"]


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, list[str]]:
    code = 0
    try:
        main(["render", *map(str, arguments)])
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err.splitlines()


def written(folder: Path, name: str, seed: int = 0, flat: int | None = None) -> Path:
    signal_ = np.random.RandomState(seed).normal(0, 0.2, (5000, 12))
    if flat is not None:
        signal_[:, flat] = 0.5
    options = {"fs": 500, "units": ["mV"] * 12, "sig_name": list(LEADS), "fmt": ["16"] * 12}
    wfdb.wrsamp(name, p_signal=signal_, write_dir=str(folder), **options)
    return folder / name


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    return written(tmp_path / "data", "beat")


def test_one_record_needs_no_options(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, record)
    assert (code, out) == (0, "beat.png: grid, 2200x1700 px\n")
    assert Image.open("beat.png").size == (2200, 1700)
    assert call(capsys, f"{record}.hea")[0] == 0  # the same picture again is no harm


def test_another_picture_is_not_overwritten(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call(capsys, record)
    before = Path("beat.png").read_bytes()
    code, _, said = call(capsys, record, "--grid", "green")
    assert code == Exit.USAGE
    assert "beat.png stands there already" in said[0]
    assert "--fresh" in said[1]
    assert Path("beat.png").read_bytes() == before
    assert call(capsys, record, "--grid", "green", "--fresh")[0] == 0
    assert Path("beat.png").read_bytes() != before


def test_all_views_and_other_names(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, record, "--view", "all", "-o", "out")[0] == 0
    names = {path.name for path in Path("out").iterdir()}
    assert names == {"beat.png", "beat-clean.png", "beat-stacked.png", *(f"beat-patches-{x}.png" for x in LEADS)}
    assert call(capsys, record, "--view", "patches", "-o", "x.png")[0] == 0
    assert {path.name for path in Path().glob("x*.png")} == {f"x-{lead}.png" for lead in LEADS}
    for name, head in (("x.svg", b"<?xml"), ("x.pdf", b"%PDF")):
        assert call(capsys, record, "-o", name)[0] == 0
        assert Path(name).read_bytes().startswith(head)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["-o", "x.jpg"], ".jpg is not written"),
        (["-o", "x.svg", "--view", "clean"], "shows the view grid only"),
        (["-o", "x.svg", "--degrade", "scan", "--severity", "1"], "no lines"),
        (["--degrade", "scan"], "--degrade and --severity go together"),
        (["--strip", "V9"], "'V9'"),
        (["--strip", "none", "--strip", "II"], "--strip none"),
        (["--view", "grib"], "grib"),
        (["--view", "stacked", "--layout", "6x2"], "layout"),
        (["-o", "data/beat.hea/x.png"], "cannot write"),
    ],
)
def test_what_cannot_be_drawn_gets_two_lines(
    record: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], problem: str
) -> None:
    code, out, said = call(capsys, record, *arguments)
    assert code in (Exit.USAGE, Exit.INCOMPLETE)
    assert (out, len(said)) == ("", 2)
    assert problem in said[0]
    assert not list(Path().glob("*.png"))


def test_the_flags_are_the_options(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--layout", "6x2", "--strip", "V1", "--cabrera", "--speed", "50", "--gain", "5", "--no-separators"]
    looks = ["--grid", "blue", "--ink", "grey", "--font", "mono", "--header", "id", "--crop", "tight"]
    assert call(capsys, record, *flags, *looks, "--columns", "simultaneous", "-o", "x.png")[0] == 0
    from einthoven.bench.sources.record import open_source_or_record
    from einthoven.renderers.options import Options

    source = open_source_or_record(str(record))
    options = Options("6x2", ("V1",), "simultaneous", True, 50, 5, False, "blue", "grey", "mono", ("id",), "tight")
    (page,) = view("grid", options=options)(source.load(source.entries[0]))
    assert identity.of_png(Path("x.png").read_bytes()) == page.pixel_id


def test_a_record_of_a_source_by_its_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "sim-1903-test-0007"
    assert call(capsys, "sim", "--id", name)[1] == f"{name}.png: grid, 2200x1700 px\n"
    code, _, said = call(capsys, "sim", "--id", "sim-1903-test-00077")
    assert code == Exit.MISSING
    assert "did you mean sim-1903-test-0" in said[1]
    code, _, said = call(capsys, "sim")
    assert code == Exit.USAGE
    assert "4200 records" in said[0]


def test_a_source_becomes_a_folder_with_a_manifest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["sim", "--split", "test", "--limit", "3", "--view", "all", "-o", tmp_path, "--jobs", "1", "--json"]
    code, out, _ = call(capsys, *arguments)
    assert code == 0
    done = json.loads(out)
    assert (done["records"], done["pages"], done["kept"], done["faults"]) == (3, 45, 0, [])
    assert done["pages_per_second"] > 0
    header, *rows = (json.loads(line) for line in (tmp_path / "manifest.jsonl").read_text().splitlines())
    assert header["views"] == ["grid", "clean", "stacked", "patches"]
    source = open_source("sim")
    entries = [entry for entry in source.entries if entry.split == "test"][:3]
    expected = [page for entry in entries for name in header["views"] for page in view(name)(source.load(entry))]
    assert [row["pixel_id"] for row in rows] == [page.pixel_id for page in expected]
    assert [row["geometry"] for row in rows] == [json.loads(json.dumps(p.geometry.to_json())) for p in expected]
    for row in rows:
        assert identity.of_png((tmp_path / row["file"]).read_bytes()) == row["pixel_id"]
    assert len(list(tmp_path.rglob("*.png"))) == len(rows)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.png")}
    assert json.loads(call(capsys, *arguments)[1])["kept"] == 3
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.png")} == before


def test_worn_pages_are_seeded_by_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["sim", "--limit", "2", "--degrade", "fax", "--severity", "2", "--jobs", "1"]
    for name, more in (("a", []), ("b", []), ("c", ["--seed", "1"])):
        assert call(capsys, *arguments, *more, "-o", tmp_path / name)[0] == 0
    a, b, c = ((tmp_path / name / "manifest.jsonl").read_text().splitlines()[1:] for name in "abc")
    assert a == b
    ids = [json.loads(line)["pixel_id"] for line in [*a, *c]]
    assert len(set(ids)) == 4
    assert json.loads(a[0])["degraded"].startswith("fax:2:")


def test_faults_are_listed_and_mended_ones_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    data.mkdir()
    written(data, "good", 1)
    written(data, "bad", 2, flat=7)
    (data / "labels.csv").write_text("record,codes\ngood,sinus_rhythm\nbad,sinus_rhythm\nnone,\n")
    out = tmp_path / "out"
    code, said, errors = call(capsys, f"wfdb:{data}", "-o", out)
    assert code == 0
    assert "1 pages of 1 records" in said
    assert any(line.startswith("fault: bad: flat") for line in errors)
    assert any(line.startswith("fault: none: ") for line in errors)
    rows = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
    assert [row["fault"] for row in rows if "fault" in row] == ["flat"]
    written(data, "bad", 2)
    assert "1 pages of 1 records; 1 records stood there already" in call(capsys, f"wfdb:{data}", "-o", out)[1]
    assert (out / "grid" / "bad.png").exists()


def _started(out: Path, *more: str) -> subprocess.Popen[str]:
    command = [*PROGRAM, "sim", "--limit", "60", "-o", str(out), "--jobs", "2", *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _wait_for_rows(out: Path, count: int, process: subprocess.Popen[str]) -> None:
    manifest = out / "manifest.jsonl"
    until = time.monotonic() + 60
    while not (manifest.exists() and manifest.read_bytes().count(b"\n") > count):
        assert time.monotonic() < until
        assert process.poll() is None
        time.sleep(0.01)


def _workers_of(pid: int) -> list[int]:
    """Find the processes that have an ancestor, by what the system lists."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found = {pid}
    for _ in range(4):
        found |= {child for child, parent in parents.items() if parent in found}
    return sorted(found - {pid})


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to find the workers")
def test_killed_it_goes_on_and_the_manifest_is_the_same_to_the_byte(tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    first = _started(cut)
    _wait_for_rows(cut, 5, first)
    workers = _workers_of(first.pid)
    assert len(workers) >= 2
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    until = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in workers):  # none is left behind
        assert time.monotonic() < until
        time.sleep(0.05)
    with (cut / "manifest.jsonl").open("ab") as stream:
        stream.write(b'{"record":"sim-1903-tr')  # as a power cut leaves it
    second = _started(cut)
    out, _ = second.communicate(timeout=120)
    assert second.returncode == 0
    assert "stood there already" in out
    third = _started(whole)
    third.communicate(timeout=120)
    assert (cut / "manifest.jsonl").read_bytes() == (whole / "manifest.jsonl").read_bytes()
    pictures = sorted(path.name for path in (whole / "grid").iterdir())
    assert sorted(path.name for path in (cut / "grid").iterdir()) == pictures
    assert len(pictures) == 60
    assert not (cut / ".lock").exists()


def test_ctrl_c_is_two_lines_and_130_and_a_second_process_is_refused(tmp_path: Path) -> None:
    more = ("--limit", "600")  # the first must still be at it when the second has started
    first = _started(tmp_path, *more)
    _wait_for_rows(tmp_path, 3, first)
    second = _started(tmp_path, *more)
    _, said = second.communicate(timeout=60)
    assert second.returncode == Exit.INCOMPLETE
    assert "another process" in said.splitlines()[0]
    assert len(said.splitlines()) == 2
    first.send_signal(signal.SIGINT)
    _, said = first.communicate(timeout=60)
    assert first.returncode == Exit.INTERRUPTED
    lines = [line for line in said.splitlines() if line and not line.startswith("drawing:")]  # click ends the line
    assert lines == ["einthoven: interrupted", "  run the same command again: it goes on from here"]


def test_a_profile_is_printed_without_drawing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    resolution = pytest.importorskip("einthoven.renderers.resolution")
    monkeypatch.chdir(tmp_path)
    code, out, _ = call(capsys, "--profile", "qwen3-vl", "--view", "grid", "--json")
    assert code == 0
    assert json.loads(out) == [row.to_json() for row in resolution.resolutions("qwen3-vl", ("grid",))]
    code, out, _ = call(capsys, "--profile", "qwen3-vl")
    assert code == 0
    assert all(name in out for name in ("grid", "clean", "stacked", "patches", *resolution.COLUMNS))
    assert not list(tmp_path.iterdir())


def test_help_needs_no_numpy() -> None:
    code = (
        "import sys; from einthoven.cli.main import main\ntry: main(['render', '--help'])\n"
        "except SystemExit: pass\nassert not {'numpy', 'cv2', 'PIL', 'orjson', 'rich'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
