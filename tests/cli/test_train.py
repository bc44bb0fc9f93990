import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

pytest.importorskip("torch")
pytest.importorskip("accelerate")
pytest.importorskip("onnx")

from einthoven.adapters.registry import create
from einthoven.bench.sources import sim
from einthoven.cli.train import train

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
        out, "--pretrain", "sim:7", "--pretrain-records", "60", "--pretrain-epochs", "1", "--json", "--test", "sim"
    )
    result = CliRunner().invoke(train, given, catch_exceptions=False)
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert [row["label"] for row in found["test"]] == ["mean", "NORM", "MI", "STTC", "CD", "HYP"]
    assert 0 < found["test"][0]["auroc"]["low"] <= found["test"][0]["auroc"]["high"] < 1
    for name in ("model.safetensors", "config.json", "model.onnx", "log.jsonl", "training.png", "test.npz"):
        assert (out / name).is_file()
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
        (["--init", "stranger.ckpt"], "stranger.ckpt is a pickle"),
    ],
)
def test_what_cannot_be_gets_two_lines(tmp_path: Path, more: list[str], problem: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "einthoven", "train", *arguments(tmp_path / "net", *more)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode in (2, 3)
    lines = done.stderr.strip().splitlines()
    assert problem in lines[-2]
    assert lines[-2].startswith("einthoven: ")
