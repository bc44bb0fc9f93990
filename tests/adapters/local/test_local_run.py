"""A whole run with a model on this machine, and the same run through a server of it."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed: pip install 'einthoven[local]'")

from test_vlm import answers

from einthoven.adapters.provider import Line
from einthoven.adapters.registry import create
from einthoven.bench.bundle import read_bundle
from einthoven.bench.dry_run import dry_run
from einthoven.bench.run import run
from einthoven.bench.settings import Settings
from einthoven.cli.main import main
from einthoven.errors import EinthovenError
from einthoven.exchange import Answer, Request
from einthoven.renderers.resize import resized


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EINTHOVEN_CACHE", str(tmp_path / "cache"))


def settings(model: str, out: Path, **more: object) -> Settings:
    return Settings(model, "sim", out=out, jobs=1, **{"limit": 4, **more})  # type: ignore[arg-type]


def test_a_run_and_its_bundle(tiny: Callable[..., Path], tmp_path: Path) -> None:
    path = tiny("qwen2.5-vl")
    arms = ("image", "no-image", "blank")
    folder, result = run(settings(f"hf/{path}?batch=4", tmp_path / "out", arms=arms, task="superclass"))
    bundle = read_bundle(folder)
    assert len(bundle.answers) == 12
    assert result["arms"]["image"]["input_tokens"] > result["arms"]["no-image"]["input_tokens"]
    provider = bundle.run["provider"]
    assert (provider["name"], provider["class"]) == ("hf", "Qwen2_5_VLForConditionalGeneration")
    assert (provider["schema_sent"], provider["schema_enforced"]) == (True, True)
    assert bundle.run["identity"]["parameters"]["constrain"] is True
    seen = result["resolution"]
    assert (seen["profile"], seen["basis"]) == ("qwen2-5-vl", "processor")
    # 16 tokens of 28 pixels at most: not what the name's profile says of the published model.
    assert 4 <= seen["tokens"] <= 16
    told = [row["text"] for row in bundle.answers if row["asked"] == "ok"]
    assert all(set(json.loads(text)) == {"superclasses"} for text in told)


def test_patches_are_twelve_pictures(tiny: Callable[..., Path], tmp_path: Path) -> None:
    folder, result = run(
        settings(f"hf/{tiny('gemma-3')}?batch=2", tmp_path / "out", view="patches", task="binary", limit=3)
    )
    assert result["resolution"]["images"] == 12
    assert result["resolution"]["tokens"] == 48
    assert all(len(row["images"]) == 12 for row in read_bundle(folder).answers)


def test_an_interrupted_run_goes_on_and_asks_nothing_twice(
    tiny: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from einthoven.adapters.local.vlm import LocalVLM

    real, told = LocalVLM.answer, []

    async def answer(self: LocalVLM, request: Request) -> Answer:
        if len(told) == 3:
            raise KeyboardInterrupt
        found = await real(self, request)
        told.append(request.record_id)
        return found

    chosen = settings(f"hf/{tiny('gemma-3')}?batch=1", tmp_path / "out", task="binary", limit=6)
    monkeypatch.setattr(LocalVLM, "answer", answer)
    with pytest.raises(KeyboardInterrupt):
        run(chosen)
    before = set(told)
    assert len(before) == 3
    told.append("never three again")
    run(chosen)
    assert not before & set(told[4:]) and len(set(told[4:])) == 3


def test_other_weights_are_another_run(tiny: Callable[..., Path], tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "model"
    shutil.copytree(tiny("gemma-3"), copy)
    chosen = settings(f"hf/{copy}", tmp_path / "out", task="binary", limit=2)
    run(chosen)
    shutil.copy(tiny("gemma-3", 1) / "model.safetensors", copy)
    with pytest.raises(EinthovenError, match="holds another run: its parameters: "):
        run(chosen)


def einthoven(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "einthoven", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
        env={**os.environ, "OMP_NUM_THREADS": "1", **environment},
    )


def test_the_flag_and_the_speed_on_the_command_line(
    tiny: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    # One arm: by default the 240 sides of the simulator's pairs are asked about too.
    options = (
        "--data",
        "sim",
        "--limit",
        "4",
        "--arm",
        "image",
        "--task",
        "binary",
        "--out",
        str(out),
        "--jobs",
        "1",
    )
    done = einthoven("run", f"hf/{tiny('qwen3-vl')}?max_tokens=200&batch=2", *options, "--no-constrain")
    assert done.returncode == 0, done.stderr
    assert "images/s" in done.stderr and "tokens/s" in done.stderr
    assert "Warning" not in done.stderr and "[transformers]" not in done.stderr
    said = json.loads((out / "run.json").read_text())
    assert said["provider"]["schema_enforced"] is False
    assert said["identity"]["model"].endswith("?constrain=no&max_tokens=200")
    for model, problem in (
        (f"hf/{tiny('qwen3-vl')}?constrain=no", "says constrain=no, the flag constrain=yes"),
        ("control/random", "no parameter of control/random 'constrain'"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(["run", model, *options, "--constrain"])
        told = capsys.readouterr().err.splitlines()
        assert ended.value.code == 2 and len(told) == 2 and problem in told[0]


def test_a_dry_run_loads_nothing(tiny: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("looked for the model")

    monkeypatch.setattr("einthoven.adapters.local.vlm.checkpoint", never)
    found = dry_run(settings("hf/owner/qwen3-vl-8b", tmp_path / "out", line=Line(dry=True)))
    assert (found["calls"], found["asks_network"], found["cost_usd"]) == (4, False, None)


@pytest.fixture(scope="module")
def server(tiny: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """`transformers serve` of the tiny Gemma 3; its processor needs no torchvision."""
    missing = [name for name in ("fastapi", "uvicorn", "pydantic", "openai", "typer") if find_spec(name) is None]
    if missing:
        pytest.skip(f"transformers serve needs {', '.join(missing)}: pip install 'transformers[serving]'")
    folder, path = tmp_path_factory.mktemp("serve"), tiny("gemma-3")
    (folder / "hub").mkdir()  # GET /v1/models fails where it does not exist
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = "import sys; from transformers.cli.transformers import main; sys.exit(main())"
    options = ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu", "--dtype", "float32"]
    environment = {**os.environ, "HF_HUB_CACHE": str(folder / "hub"), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", code, "serve", str(path), *options], env=environment, stdout=log, stderr=log
        )
        try:
            for _ in range(240):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/models", timeout=5).close()
                    break
                except (urllib.error.URLError, OSError):
                    assert process.poll() is None, (folder / "log").read_text()
                    time.sleep(0.5)
            else:
                raise AssertionError((folder / "log").read_text())
            yield path, f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            process.wait(20)


def test_a_server_of_the_model_answers_the_same(server: tuple[Path, str], asked: Callable[..., Request]) -> None:
    path, address = server
    requests = [asked(k, count, prompt="What is this? " * (1 + k)) for k, count in enumerate((1, 1, 2, 12, 0))]
    here = answers(f"hf/{path}?constrain=no&max_tokens=16&batch=2", requests)
    adapter = create(f"compatible/{path}?max_tokens=16&schema=none", Line(address, concurrency=1))

    async def there() -> list[Answer]:
        try:
            return [await adapter.answer(request) for request in requests]
        finally:
            await adapter.close()

    found = asyncio.run(there())
    assert [(a.text, a.status) for a in found] == [(a.text, a.status) for a in here]
    assert [a.usage.input_tokens for a in found] == [a.usage.input_tokens for a in here]
    assert len({a.text for a in here}) == 5


def test_the_same_run_through_the_server(server: tuple[Path, str], tmp_path: Path) -> None:
    path, address = server
    here, _ = run(settings(f"hf/{path}?constrain=no&max_tokens=16", tmp_path / "here", limit=3))
    there, _ = run(
        settings(
            f"compatible/{path}?max_tokens=16&schema=none",
            tmp_path / "there",
            limit=3,
            line=Line(address, concurrency=1),
        )
    )
    rows = [[(r["record"], r["arm"], r["text"], r["asked"]) for r in read_bundle(f).answers] for f in (here, there)]
    assert rows[0] == rows[1]


def test_its_profile_is_that_of_its_own_settings(tiny: Callable[..., Path]) -> None:
    adapter = create(f"hf/{tiny('gemma-4')}")
    profile = adapter.profile()  # type: ignore[attr-defined]
    assert profile is not None and (profile.name, profile.rule) == ("gemma4", "budget")
    assert (resized(2200, 1700, profile).tokens or 0) <= 70
