import json
import subprocess
import sys
from pathlib import Path

import pytest

from einthoven.cli.main import COMMANDS, main
from einthoven.errors import EinthovenError, Exit
from einthoven.version import __version__


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, list[str]]:
    code = 0
    try:
        main(arguments)
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err.splitlines()


def test_help_lists_every_command_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "--help")
    assert code == 0
    for name in COMMANDS:
        assert f"\n  {name}" in out


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_can_be_imported_and_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, name, "--help")
    assert code == 0
    assert out.startswith(f"Usage: einthoven {name}")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "--version")[1].strip() == f"einthoven, version {__version__}"


def test_an_unknown_command_gets_two_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "leaderbord") == (
        Exit.USAGE,
        "",
        ["einthoven: there is no command 'leaderbord'", "  did you mean leaderboard?"],
    )


def test_an_unexpected_error_shows_no_traceback_unless_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("einthoven.tasks.registry.TASKS", None)
    code, _, said = call(capsys, "ls", "tasks")
    assert code == Exit.GATE_FAILED
    assert len(said) == 2
    assert "--debug" in said[1]
    with pytest.raises(AttributeError):
        main(["ls", "tasks", "--debug"])


def test_flags_come_before_environment_and_environment_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "einthoven.toml").write_text('[run]\ntask = "from_file"\n')
    assert "'from_file'" in call(capsys, "run", "baseline/majority")[2][0]
    monkeypatch.setenv("EINTHOVEN_RUN_TASK", "from_environment")
    assert "'from_environment'" in call(capsys, "run", "baseline/majority")[2][0]
    assert "'from_flag'" in call(capsys, "run", "baseline/majority", "--task", "from_flag")[2][0]


@pytest.mark.parametrize(
    ("text", "problem", "remedy"),
    [
        ("[run]\nlmit = 2\n", "no option in [run] of einthoven.toml: 'lmit'", "did you mean limit?"),
        ("run = 5\n", "run is a table of options", "[run]"),
        ('[run]\narms = "image"\n', "arms in [run] is a list", "arms = ['image']"),
    ],
)
def test_what_the_file_may_not_say_gets_two_lines(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: str,
    problem: str,
    remedy: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "einthoven.toml").write_text(text)
    code, _, said = call(capsys, "run", "baseline/majority")
    assert code == Exit.USAGE
    assert problem in said[0]
    assert remedy in said[1]


def test_a_broken_file_gets_two_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "einthoven.toml").write_text("[run\n")
    code, _, said = call(capsys, "ls", "tasks")
    assert code == Exit.USAGE
    assert len(said) == 2
    assert said[0].startswith("einthoven: einthoven.toml cannot be read")


@pytest.mark.parametrize("what", ["tasks", "axes", "views", "models", "data"])
def test_ls(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "ls", what, "--json")
    assert code == 0
    rows = json.loads(out)
    assert rows
    assert call(capsys, "ls", what)[0] == 0
    assert all(isinstance(cell, str) and cell for row in rows for cell in row.values())


def test_a_reader_that_goes_away_is_no_error() -> None:
    code = f"{sys.executable} -m einthoven ls axes --json | head -c 10"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {code}"], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


def test_an_error_is_two_lines() -> None:
    assert str(EinthovenError("what is wrong", "what to do")) == "what is wrong\nwhat to do"


def test_the_file_may_have_a_table_for_a_command_in_a_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "einthoven.toml").write_text('[train.lora]\nout = "adapter"\n')
    assert "openai/gpt cannot be trained here" in call(capsys, "train", "lora", "openai/gpt")[2][0]
    (tmp_path / "einthoven.toml").write_text('[train.lroa]\nout = "adapter"\n')
    assert "no option in [train] of einthoven.toml: 'lroa'" in call(capsys, "train", "lora", "openai/gpt")[2][0]
