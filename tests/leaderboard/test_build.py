import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from synthetic_result import make_result, write_result

from einthoven.cli.main import main
from einthoven.leaderboard.build import LISTING, build, listed


@pytest.fixture
def bundles(tmp_path: Path) -> Path:
    folder = tmp_path / "results"
    write_result(folder / "one", make_result("baseline/majority"))
    write_result(folder / "two", make_result("control/random", skill=0.02, seed=1))
    write_result(folder / "three", make_result("baseline/majority", data="sim", simulated=True))
    return folder


def test_same_bytes_from_anywhere_in_any_order(bundles: Path, tmp_path: Path) -> None:
    build([bundles], tmp_path / "a")
    first = _files(tmp_path / "a")
    shutil.copytree(bundles, tmp_path / "elsewhere" / "deeper")
    build([tmp_path / "elsewhere"], tmp_path / "b" / "c")
    assert _files(tmp_path / "b" / "c") == first
    build([bundles / name for name in ("two", "three", "one")], tmp_path / "a")
    assert _files(tmp_path / "a") == first
    assert sorted(first) == sorted([*listed(tmp_path / "a" / LISTING), LISTING])


def test_pages_of_runs_that_are_gone_go_and_strangers_files_stay(bundles: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    build([bundles], out)
    (out / "notes.txt").write_text("mine")
    foreign = "".join(f"{0:064}  {path}\n" for path in ("../kept.txt", "/etc/none", "old/page.html"))
    (out / LISTING).write_text((out / LISTING).read_text() + foreign)
    (tmp_path / "kept.txt").write_text("outside")
    (out / "old").mkdir()
    (out / "old" / "page.html").write_text("of an earlier build")
    build([bundles / "one"], out)
    build([bundles / "one"], tmp_path / "fresh")
    assert _files(out) == _files(tmp_path / "fresh") | {"notes.txt": b"mine"}
    assert (tmp_path / "kept.txt").read_text() == "outside"


def test_faults_of_page_modules_are_found(bundles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for paths in (["../x.html"], ["a/.hidden"], ["/x"], ["x.html", "X.html"]):
        made = [(path, b"") for path in paths]
        monkeypatch.setattr("einthoven.leaderboard.build.all_pages", lambda site, made=made: iter(made))
        with pytest.raises(ValueError, match="no path of a site"):
            build([bundles], tmp_path / "site")
        assert list((tmp_path / "site").iterdir()) == []


def test_command_in_two_processes(bundles: Path, tmp_path: Path) -> None:
    pages = []
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-m", "einthoven", "leaderboard", "build", str(bundles)],
            cwd=tmp_path,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == "site/index.html: 3 bundles\n"
        assert done.stderr == ""
        pages.append((tmp_path / "site" / "index.html").read_bytes())
    assert pages[0] == pages[1]


def _files(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def _fails(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    with pytest.raises(SystemExit) as caught:
        main(["leaderboard", "build", *arguments])
    assert isinstance(caught.value.code, int)
    return caught.value.code, capsys.readouterr().err.splitlines()


def test_invalid_bundle_leaves_the_page_that_stands(
    bundles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "site"
    build([bundles], out)
    before = _files(out)
    (bundles / "two" / "result.json").write_text('{"schema_version": "1"}')
    code, lines = _fails([str(bundles), "-o", str(out)], capsys)
    assert code == 3
    assert len(lines) == 2
    assert str(bundles / "two" / "result.json") in lines[0]
    assert _files(out) == before


def test_no_folder_is_made_for_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    code, lines = _fails([str(tmp_path / "empty"), "-o", str(tmp_path / "site")], capsys)
    assert (code, len(lines)) == (3, 2)
    assert not (tmp_path / "site").exists()


def test_page_that_cannot_be_written(bundles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    code, lines = _fails([str(bundles), "-o", str(tmp_path / "file" / "site")], capsys)
    assert (code, len(lines)) == (2, 2)
    (tmp_path / "site" / "index.html").mkdir(parents=True)
    code, lines = _fails([str(bundles), "-o", str(tmp_path / "site")], capsys)
    assert (code, len(lines)) == (2, 2)
    assert [path.name for path in (tmp_path / "site").iterdir() if path.name.startswith(".")] == []


def test_two_runs_of_a_model(bundles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(bundles / "two", bundles / "two-again")
    code, lines = _fails([str(bundles), "-o", str(tmp_path / "site")], capsys)
    assert (code, len(lines)) == (2, 2)
    assert "two runs of control/random" in lines[0]
    assert str(bundles / "two-again" / "result.json") in lines[0]


def test_unfinished_run_is_named(bundles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (bundles / "four").mkdir()
    (bundles / "four" / "journal.jsonl").write_text("{}\n")
    main(["leaderboard", "build", str(bundles), "-o", str(tmp_path / "site")])
    printed = capsys.readouterr()
    assert printed.err == f"left out, not finished: {bundles / 'four'}\n"
    assert printed.out == f"{tmp_path / 'site' / 'index.html'}: 3 bundles\n"


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, json\nfrom einthoven.cli.main import main\n"
        "try: main(['leaderboard', 'build', '--help'])\nexcept SystemExit: pass\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = set(json.loads(done.stdout.splitlines()[-1]))
    assert not modules & {"numpy", "scipy", "rich", "jsonschema", "jinja2", "orjson"}
    assert "einthoven.cli.leaderboard" in modules
