"""``einthoven doctor``: what fails, its fix, and never a key."""

import json
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest

from einthoven.cli.main import main
from einthoven.version import __version__

KEY = "sk-test-4f9d2c7b1a8e6053d4f9d2c7b1a8e605"


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EINTHOVEN_CACHE", str(tmp_path / "cache"))
    for name in ("OPENAI_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY", "EINTHOVEN_DATA", "EINTHOVEN_PRICES"):
        monkeypatch.delenv(name, raising=False)


def doctor(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = 0
    try:
        main(["doctor", *arguments])
    except SystemExit as error:
        code = int(error.code or 0)
    said = capsys.readouterr()
    return code, said.out + said.err


def findings(text: str) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["area"], row["name"]): row for row in json.loads(text)["findings"]}


def test_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = doctor(capsys, "control/random", "sim")
    assert code == 0
    assert "everything needed is there" in text
    code, text = doctor(capsys, "--json", "sim")
    assert code == 0
    found = findings(text)
    assert json.loads(text)["ok"] is True
    assert found["package", "einthoven"]["detail"] == __version__
    assert found["rendering", "grid"]["detail"] == "2200x1700 px"
    assert found["data", "sim"]["detail"].endswith("records")
    assert found["key", "openai"] == {
        "area": "key",
        "name": "openai",
        "state": "absent",
        "detail": "OPENAI_API_KEY is not set",
        "fix": "export OPENAI_API_KEY=…",
    }


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_key_is_found_and_never_shown(
    form: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("GOOGLE_API_KEY", KEY + "\u00e9")
    code, text = doctor(capsys, *form)
    assert code == 1  # the second one cannot go into a header
    assert "in OPENAI_API_KEY" in text
    assert "no HTTP header takes" in text
    assert KEY[:12] not in text and KEY[-12:] not in text


def test_what_is_needed_and_missing_fails_with_its_fix(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = doctor(capsys, "openai/gpt-5.5", "ptbxl:/nowhere", "--json")
    assert code == 1
    found = findings(text)
    assert found["model", "openai/gpt-5.5"]["state"] == "fails"
    assert found["model", "openai/gpt-5.5"]["fix"].startswith(("export OPENAI_API_KEY", "pip install"))
    assert found["data", "ptbxl:/nowhere"]["state"] == "fails"
    assert all(row["fix"] for row in found.values() if row["state"] != "ok")
    code, text = doctor(capsys, "openai/gpt-5.5", "ptbxl:/nowhere")
    assert code == 1
    assert "2 of " in text.splitlines()[-1]


def test_a_missing_package(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from einthoven.cli import doctor as module

    def installed(name: str) -> str:
        if name in ("wfdb", "openai"):
            raise PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(module, "installed", installed)
    code, text = doctor(capsys, "--json")
    assert code == 1
    found = findings(text)
    assert (found["package", "wfdb"]["state"], found["package", "wfdb"]["fix"]) == ("fails", "pip install wfdb")
    assert found["package", "openai"]["state"] == "absent"
    assert found["package", "openai"]["fix"] == "pip install 'einthoven[api]'"


def test_folders_of_data(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "data" / "ludb").mkdir(parents=True)
    monkeypatch.setenv("EINTHOVEN_DATA", str(tmp_path / "data"))
    code, text = doctor(capsys, "--json")
    found = findings(text)
    assert code == 1  # the folder is there and empty
    assert found["data", f"ludb:{tmp_path / 'data' / 'ludb'}"]["state"] == "fails"
    assert found["data", "ptb-xl"]["state"] == "absent"


def test_a_faulty_price_table_fails_the_model(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EINTHOVEN_PRICES", "/nowhere.toml")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    code, text = doctor(capsys, "openai/gpt-5.5")
    assert code == 1
    assert "EINTHOVEN_PRICES names /nowhere.toml" in text
