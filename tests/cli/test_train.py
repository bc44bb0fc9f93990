import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

pytest.importorskip("torch")
pytest.importorskip("accelerate")
pytest.importorskip("onnx")

from einthoven.adapters.registry import create
from einthoven.bench.sources import sim
from einthoven.cli.train import train
from einthoven.errors import EinthovenError

TINY = ["layers=[1]", "widths=[8]", "expansion=1", "stem=[8]", "hidden=0"]


@pytest.fixture(autouse=True)
def _small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty embedded records a split, kept here."""
    monkeypatch.setenv("EINTHOVEN_CACHE", str(tmp_path / "kept"))
    monkeypatch.setattr(sim, "SPLITS", {"train": 60, "validation": 60, "test": 60})


def arguments(out: Path, *more: str) -> list[str]:
    options = [word for option in TINY for word in ("--option", option)]
    return ["signal", "--out", str(out), "--records", "60", "--epochs", "2", "--batch", "16", *options, *more]


def test_it_trains_pretrains_and_answers(tmp_path: Path) -> None:
    out = tmp_path / "net"
    given = arguments(
        out,
        *("--pretrain", "sim:7", "--pretrain-records", "60", "--pretrain-epochs", "1", "--pretrain-batch", "20"),
        *("--json", "--test", "sim"),
    )
    result = CliRunner().invoke(train, given, catch_exceptions=False)
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    rows = found["test"]["superclass"]
    assert [row["label"] for row in rows] == ["mean", "NORM", "MI", "STTC", "CD", "HYP"]
    assert 0 < rows[0]["auroc"]["low"] <= rows[0]["auroc"]["high"] < 1
    for name in ("model.safetensors", "config.json", "model.onnx", "log.jsonl", "training.png", "test.npz"):
        assert (out / name).is_file()
    assert json.loads((out / "test.json").read_text()) == found["test"]
    assert (out / "reliability.png").read_bytes()[:4] == b"\x89PNG"
    batches = [
        json.loads((folder / "config.json").read_text())["recipe"]["batch"] for folder in (out, out / "pretrained")
    ]
    assert batches == [16, 20]
    assert json.loads((out / "config.json").read_text())["trained_on"]["begun_with"] == "pretrained"
    again = CliRunner().invoke(train, given, catch_exceptions=False)
    assert json.loads(again.stdout) == found
    adapter = create(f"reference/resnet1d?weights={out}")
    assert adapter.parameters["weights"] != create("reference/resnet1d").parameters["weights"]


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (["--rate", "300"], "networks are not trained at 300 Hz"),
        (["--network", "resnet"], "there is no network 'resnet'"),
        (["--outputs", "ax"], "there is no set of outputs 'ax'"),
        (["--option", "depth"], "--option depth is not understood"),
        (["--init", "nowhere", "--pretrain", "sim"], "both say what to begin with"),
        (["--init", "stranger.ckpt"], r"stranger\.ckpt is a pickle"),
    ],
)
def test_what_cannot_be_gets_two_lines(tmp_path: Path, more: list[str], problem: str) -> None:
    with pytest.raises(EinthovenError, match=problem):
        CliRunner().invoke(train, arguments(tmp_path / "net", *more), catch_exceptions=False)


def test_interrupted_it_says_that_it_goes_on(tmp_path: Path) -> None:
    """Ctrl-C as the shell sends it, once the first epoch stands."""
    out = tmp_path / "net"
    command = [sys.executable, "-m", "einthoven", "train", *arguments(out, "--epochs", "100000")]
    # sixty records as in the other tests: the whole of sim would take too long to read
    small = "from einthoven.bench.sources import sim; sim.SPLITS = dict.fromkeys(sim.SPLITS, 60)\n"
    code = f"{small}from einthoven.cli.main import main; main({command[3:]!r})"
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, cwd=tmp_path)
    deadline = time.monotonic() + 120
    while not (out / "log.jsonl").is_file() and time.monotonic() < deadline:
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.strip().splitlines()[-2:] == [
        "einthoven: interrupted",
        "  run the same command again: it goes on from here",
    ]
