"""The house rules that tools can hold: style, types, and imports that run one way."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def _tool(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "arguments",
    [
        ("-m", "ruff", "check", "--no-cache", "."),
        ("-m", "ruff", "format", "--check", "--no-cache", "."),
        ("-m", "mypy"),
        ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"),
    ],
    ids=["ruff", "format", "mypy", "import-linter"],
)
def test_tool_is_content(arguments: tuple[str, ...]) -> None:
    done = _tool(sys.executable, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def test_rooms_are_relative_links() -> None:
    for room in ("adapters", "bench", "leaderboard", "renderers", "tasks"):
        link = ROOT / "src" / "einthoven" / room
        assert link.is_symlink()
        assert link.readlink() == Path("..") / ".." / room


def test_nothing_names_a_registry_or_this_machine() -> None:
    listed = _tool("git", "ls-files", "-z")
    if listed.returncode:
        pytest.skip("not a git checkout")
    words = ("pypi" + ".org", "pythonhosted" + ".org", "/wo" + "rk/", "/ro" + "ot/")
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.is_symlink() or not path.is_file() or path.suffix in (".png", ".gz", ".pdf"):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not [word for word in words if word in text], name


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, json; from einthoven.cli.main import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    done = _tool(sys.executable, "-c", code + "print(json.dumps(sorted(sys.modules)))")
    modules = set(json.loads(done.stdout.splitlines()[-1]))
    assert "click" in modules
    heavy = {"numpy", "torch", "scipy", "rich", "PIL", "wfdb", "jsonschema", "jinja2", "orjson", "asyncio"}
    assert not heavy & modules


def test_no_two_test_modules_share_a_name() -> None:
    """A name that comes twice stops pytest, which imports them by name."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert {name for name in names if names.count(name) > 1} == set()
