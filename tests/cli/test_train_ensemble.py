import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

pytest.importorskip("torch")
pytest.importorskip("accelerate")
pytest.importorskip("onnx")

from einthoven.adapters.registry import create
from einthoven.adapters.signal.outputs import outputs
from einthoven.adapters.signal.reader import SignalReader
from einthoven.bench.sources import sim
from einthoven.bench.sources.registry import open_source
from einthoven.cli.train import train
from einthoven.errors import EinthovenError, Exit

TINY = ["layers=[1]", "widths=[8]", "expansion=1", "stem=[8]", "hidden=0"]
SMALL_SE = ["widths=[8]", "blocks=1"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two networks and one of other outputs, each trained for an epoch, and what two of them make together."""
    folder = tmp_path_factory.mktemp("members")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EINTHOVEN_CACHE", str(folder / "kept"))
        patch.setattr(sim, "SPLITS", {"train": 60, "validation": 60, "test": 60})
        for name, network, options, more in (
            ("one", "xresnet1d-small", TINY, ()),
            ("two", "se-resnet", SMALL_SE, ()),
            ("classes", "xresnet1d-small", TINY, ("--outputs", "superclass")),
        ):
            words = [word for each in options for word in ("--option", each)]
            given = ["signal", "--out", str(folder / name), "--network", network, "--records", "60", "--epochs", "1"]
            CliRunner().invoke(train, [*given, *words, *more], catch_exceptions=False)
        # as if another set of recordings had given it its scale
        path = folder / "two" / "config.json"
        config = json.loads(path.read_text())
        config["scale"] *= 2
        path.write_text(json.dumps(config))
        given = ["ensemble", str(folder / "one"), str(folder / "two"), "--out", str(folder / "both"), "--data", "sim"]
        result = CliRunner().invoke(train, [*given, "--test", "sim", "--json"], catch_exceptions=False)
        (folder / "printed.json").write_text(result.stdout)
    return folder


def test_it_answers_with_the_mean_of_its_members_logits(home: Path) -> None:
    recording = open_source("sim").load(open_source("sim").entries[0])
    names = ("one", "two", "both")
    one, two, both = (SignalReader(weights=str(home / name)).probabilities(recording) for name in names)
    first = outputs("axes").group("rate").columns  # a softmax: the normalised geometric mean
    mean = np.sqrt(one[first] * two[first])
    assert both[first] == pytest.approx(mean / mean.sum(), abs=2e-3)  # weights in half precision
    assert np.abs(both - one).max() > 0.01


def test_it_is_a_model_like_any_other(home: Path) -> None:
    found = json.loads((home / "printed.json").read_text())
    assert found["best_epoch"] is None
    assert found["test"]["superclass"][0]["label"] == "mean"
    for name in ("model.safetensors", "config.json", "model.onnx", "test.npz", "test.json", "reliability.png"):
        assert (home / "both" / name).is_file()
    config = json.loads((home / "both" / "config.json").read_text())
    assert config["trained_on"]["members"] == ["one", "two"]
    assert [member["gain"] for member in config["recipe"]["options"]["members"]] == [1.0, 0.5]
    own, member = (
        create(f"reference/ensemble?weights={home / 'both'}"),
        create(f"reference/resnet1d?weights={home / 'one'}"),
    )
    assert own.parameters["weights"] != member.parameters["weights"]
    with pytest.raises(EinthovenError, match="holds xresnet1d-small, not ensemble"):
        create(f"reference/ensemble?weights={home / 'one'}")
    with pytest.raises(EinthovenError, match="needs weights") as caught:
        create("reference/ensemble")
    assert caught.value.remedy.startswith("einthoven train ensemble DIR DIR")


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        (["one"], "two members or more"),
        (["one", "classes"], "outputs axes, .*classes superclass: their answers cannot be averaged"),
        (["one", "nowhere"], "nowhere holds no config.json"),
    ],
)
def test_what_does_not_go_together_is_refused(home: Path, members: list[str], problem: str) -> None:
    given = ["ensemble", *(str(home / name) for name in members), "--out", str(home / "not"), "--data", "sim"]
    with pytest.raises(EinthovenError, match=problem):
        CliRunner().invoke(train, given, catch_exceptions=False)
    assert not (home / "not").exists()


def test_members_of_other_records_are_refused(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    config = json.loads((home / "one" / "config.json").read_text())
    config["prevalence"][0] = 0.123
    (other / "config.json").write_text(json.dumps(config))
    given = ["ensemble", str(home / "one"), str(other), "--out", str(tmp_path / "not"), "--data", "sim"]
    with pytest.raises(EinthovenError, match="were trained on different records"):
        CliRunner().invoke(train, given, catch_exceptions=False)


def test_it_cannot_be_trained_itself(tmp_path: Path) -> None:
    with pytest.raises(EinthovenError, match="an ensemble is not trained itself") as caught:
        CliRunner().invoke(train, ["signal", "--network", "ensemble", "--out", str(tmp_path)], catch_exceptions=False)
    assert caught.value.exit_code == Exit.USAGE
