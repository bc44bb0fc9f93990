"""The estimate before a run: no network, no key, nothing written."""

import json
import socket
from pathlib import Path

import pytest

from einthoven.adapters.image_tokens import image_tokens
from einthoven.adapters.provider import Line
from einthoven.bench.arms import ARMS
from einthoven.bench.cost import text_tokens
from einthoven.bench.dry_run import dry_run
from einthoven.bench.run import run
from einthoven.bench.settings import Settings
from einthoven.cli.main import main
from einthoven.tasks.registry import task


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No key, and no way out."""
    monkeypatch.setenv("EINTHOVEN_CACHE", str(tmp_path / "cache"))
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)

    def refuse(*_: object) -> None:
        raise AssertionError("a dry run opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def settings(model: str, out: Path, **more: object) -> Settings:
    return Settings(model, "sim", out=out, jobs=1, line=Line(dry=True), **{"limit": 20, **more})  # type: ignore[arg-type]


def test_calls_tokens_and_price(tmp_path: Path) -> None:
    found = dry_run(settings("openai/gpt-5.5?max_tokens=1000", tmp_path / "out", arms=("image", "no-image", "blank")))
    # Twenty pictures; the arms in which all records look the same are asked once each.
    assert found["calls"] == 22
    assert found["images"] == {"image": [[2200, 1700]], "no-image": [], "blank": [[2200, 1700]]}
    chosen = task("dense")
    text = text_tokens(len(chosen.prompt()) + len(json.dumps(chosen.schema())))
    low, high = image_tokens("gpt-5.5", 2200, 1700)
    assert text.high is not None
    assert found["input_tokens"] == [round(22 * text.low + 21 * low), round(22 * text.high + 21 * high)]
    assert found["output_tokens"][1] == 22 * 1000
    assert found["cost_usd"][1] == pytest.approx((found["input_tokens"][1] * 5 + 22_000 * 30) / 1e6, abs=1e-4)
    assert 0 < found["cost_usd"][0] < found["cost_usd"][1]
    assert found["price"]["read"] and found["price"]["source"]
    assert not (tmp_path / "out").exists()


def test_an_unknown_price_and_an_unbounded_output_are_unknown(tmp_path: Path) -> None:
    line = Line(dry=True, base_url="http://127.0.0.1:9/v1")
    found = dry_run(Settings("compatible/m", "sim", limit=5, out=tmp_path / "out", jobs=1, line=line))
    assert found["price"] is None
    assert found["cost_usd"] is None
    assert found["output_tokens"][0] > 0 and found["output_tokens"][1] is None


def test_what_was_answered_is_not_counted(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(Settings("control/scripted", "sim", limit=12, out=out, jobs=1))
    before = {path: path.read_bytes() for path in out.iterdir()}
    found = dry_run(settings("control/scripted", out))
    assert (found["answered"], found["calls"], found["asks_network"]) == (12, 8, False)
    assert dry_run(settings("control/scripted", out, fresh=True))["calls"] == 20
    assert {path: path.read_bytes() for path in out.iterdir()} == before


def test_the_command_needs_no_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["run", "anthropic/claude-opus-4-7", "--limit", "5", "--out", str(tmp_path / "out"), "--dry-run"]
    arguments += ["--controls", "none"]
    main([*arguments, "--max-cost", "0.01"])
    said = capsys.readouterr().out
    assert "calls          5 for 5 records in image" in said
    assert "2200x1700 px" in said
    assert "$5 in and $25 out" in said
    assert "the cap of $0.01 may stop the run" in said
    main([*arguments, "--json"])
    assert json.loads(capsys.readouterr().out)["calls"] == 5
    main(
        ["run", "compatible/m", "--base-url", "http://127.0.0.1:9/v1", "--limit", "5", "--dry-run", "--arm", "image"]
    )
    assert "price          unknown" in capsys.readouterr().out


def test_the_twin_is_asked_by_itself_and_only_where_it_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is shown what `no-image` is shown, but another model answers."""

    def found(*more: str) -> dict[str, dict[str, int]]:
        arguments = [
            "run",
            "hf/base+lora:sighted",
            "--limit",
            "3",
            "--dry-run",
            "--json",
            "--out",
            str(tmp_path / "o"),
        ]
        main([*arguments, *more])
        said: dict[str, dict[str, int]] = json.loads(capsys.readouterr().out)
        return said

    twin = ("--twin", "hf/base+lora:blind")
    assert found("--controls", "none", "--arm", "no-image", *twin)["calls_by_arm"] == {
        "image": 3,
        "no-image": 1,
        "twin": 1,
    }
    assert set(ARMS) - set(found("--controls", "full")["arms"]) == {"twin", "twin+measurements"}
    assert set(found("--controls", "full", *twin)["arms"]) == set(ARMS) - {"twin+measurements"}
    (tmp_path / "blind").mkdir()
    (tmp_path / "blind" / "einthoven.json").write_text('{"arm": "image+measurements"}')
    taught = ("--twin", f"hf/base+lora:{tmp_path / 'blind'}?max_tokens=9")  # with the numbers in its text
    assert set(found("--controls", "full", *taught)["arms"]) == set(ARMS) - {"twin"}
    assert found("--controls", "none", *taught)["calls_by_arm"]["twin+measurements"] == 3
    assert "twin" in found("--controls", "none", "--arm", "twin", *taught)["arms"]
    assert "twin" not in found()["arms"] and "twin" in found(*twin)["arms"]
    with pytest.raises(SystemExit) as caught:
        found("--arm", "twin")
    assert caught.value.code == 2
    assert "--twin and --arm twin go together" in capsys.readouterr().err
