import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("accelerate")

from tiny_training import data, metric, recipe  # noqa: E402

from einthoven.adapters.signal.architectures import build  # noqa: E402
from einthoven.adapters.signal.checkpoint import CONFIG, WEIGHTS, load_weights, read_config  # noqa: E402
from einthoven.adapters.signal.onnx_export import MODEL, export  # noqa: E402
from einthoven.adapters.signal.predict import logits_of  # noqa: E402
from einthoven.adapters.signal.signal_set import SignalSet  # noqa: E402
from einthoven.adapters.signal.train import train  # noqa: E402
from einthoven.adapters.signal.training_log import LOG, plot  # noqa: E402
from einthoven.adapters.signal.training_state import STATE  # noqa: E402
from einthoven.errors import EinthovenError, Exit  # noqa: E402


class Stopped(Exception):
    """As Ctrl-C, in the middle of an epoch."""


def trained(folder: Path, stop_at: int | None = None, **changes: Any) -> Any:
    steps = 0

    def progress(count: int, note: str) -> None:
        nonlocal steps
        steps += count
        if steps == stop_at:
            raise Stopped

    extra = {name: changes.pop(name) for name in ("initial", "fresh") if name in changes}
    return train(
        recipe(**changes),
        data(1),
        data(2),
        folder,
        metric=metric,
        trained_on={"data": "tiny"},
        progress=progress,
        **extra,
    )


def rows(folder: Path) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in (folder / LOG).read_text().splitlines()[1:]]
    return [{key: line[key] for key in ("epoch", "loss", "validation_loss", "validation_auroc")} for line in lines]


def test_it_learns_and_leaves_all_files(tmp_path: Path) -> None:
    config = trained(tmp_path, epochs=6)
    log = rows(tmp_path)
    assert [row["epoch"] for row in log] == [1, 2, 3, 4, 5, 6]
    assert log[-1]["loss"] < log[0]["loss"]
    assert config.trained_on["validation_auroc"] > 0.9
    assert read_config(tmp_path) == config
    assert plot(tmp_path).stat().st_size > 5_000


def test_a_stopped_run_goes_on_to_the_same_loss(tmp_path: Path) -> None:
    trained(tmp_path / "whole")
    with pytest.raises(Stopped):
        trained(tmp_path / "broken", stop_at=8)  # five steps an epoch: in the second
    assert len(rows(tmp_path / "broken")) == 1
    trained(tmp_path / "broken")
    assert rows(tmp_path / "broken") == rows(tmp_path / "whole")
    one, two = (build("xresnet1d-small", 5, recipe().options) for _ in range(2))
    load_weights(one, tmp_path / "whole" / WEIGHTS)
    load_weights(two, tmp_path / "broken" / WEIGHTS)
    assert all(torch.equal(a, b) for a, b in zip(one.state_dict().values(), two.state_dict().values(), strict=True))


def test_other_settings_go_on_in_no_run_but_their_own(tmp_path: Path) -> None:
    trained(tmp_path, epochs=1)
    with pytest.raises(EinthovenError, match="holds another training run: different recipe"):
        trained(tmp_path, epochs=1, seed=1)
    assert trained(tmp_path, epochs=1, seed=1, fresh=True).recipe.seed == 1


def test_other_weights_of_the_same_name_go_on_in_no_run_but_their_own(tmp_path: Path) -> None:
    for seed in (0, 1):
        trained(tmp_path / str(seed) / "first", epochs=1, seed=seed)
    trained(tmp_path / "second", epochs=1, initial=tmp_path / "0" / "first")
    trained(tmp_path / "second", epochs=1, initial=tmp_path / "0" / "first")
    with pytest.raises(EinthovenError, match="holds another training run: different initial weights"):
        trained(tmp_path / "second", epochs=1, initial=tmp_path / "1" / "first")


def test_patience_ends_a_run_that_gets_no_better(tmp_path: Path) -> None:
    config = train(
        recipe(epochs=9, patience=2), data(1), data(2), tmp_path, metric=lambda *_: 0.5, trained_on={"data": "tiny"}
    )
    assert len(rows(tmp_path)) == 3
    assert config.trained_on["best_epoch"] == 1


def test_fine_tuning_begins_with_the_other_weights_and_scale(tmp_path: Path) -> None:
    first = trained(tmp_path / "first", epochs=6)
    louder = SignalSet(data(1).signals * 2, data(1).targets)
    second = train(
        recipe(epochs=1, learning_rate=1e-6),
        louder,
        data(2),
        tmp_path / "second",
        metric=metric,
        trained_on={"data": "tiny"},
        initial=tmp_path / "first",
    )
    assert second.scale == first.scale
    assert second.trained_on["begun_with"] == "first"
    assert second.trained_on["validation_auroc"] > 0.9  # one epoch at such a rate teaches nothing
    with pytest.raises(EinthovenError, match="holds xresnet1d-small at 100 Hz, not resnet1d-audit"):
        trained(tmp_path / "third", network="resnet1d-audit", options={}, initial=tmp_path / "first")


def test_other_outputs_take_over_all_but_the_last_layer(tmp_path: Path) -> None:
    trained(tmp_path / "first", epochs=1)
    found = train(
        recipe(epochs=1, outputs="axes"),
        data(1, name="axes"),
        data(2, name="axes"),
        tmp_path / "second",
        metric=lambda *_: 0.5,
        trained_on={"data": "tiny"},
        initial=tmp_path / "first",
    )
    assert found.recipe.outputs == "axes"


def test_labels_all_alike_get_two_lines(tmp_path: Path) -> None:
    alike = SignalSet(data(1).signals, np.ones_like(data(1).targets))
    for training, validation, which in ((alike, data(2), "training"), (data(1), alike, "validation")):
        with pytest.raises(EinthovenError, match=f"the 40 {which} records are all of one class") as caught:
            train(recipe(), training, validation, tmp_path, metric=metric, trained_on={})
        assert caught.value.exit_code == Exit.MISSING


def test_a_loss_that_is_no_number_gets_two_lines(tmp_path: Path) -> None:
    with pytest.raises(EinthovenError, match="the loss is no number any more at step") as caught:
        trained(tmp_path, learning_rate=1e30, epochs=20)
    assert "--learning-rate" in caught.value.remedy


@pytest.mark.parametrize("batch", [8, 40])
def test_weights_broken_by_the_last_step_of_an_epoch_get_two_lines(tmp_path: Path, batch: int) -> None:
    """Its loss was a number still; what the step left answers the validation records with none."""
    with pytest.raises(EinthovenError, match="the loss is no number any more at step") as caught:
        trained(tmp_path, learning_rate=1e30, epochs=1, batch=batch)
    assert "--learning-rate" in caught.value.remedy


def test_a_batch_of_one_gets_two_lines() -> None:
    with pytest.raises(EinthovenError, match="batch is 2 or more"):
        recipe(batch=1)


def test_bad_weights_get_two_lines(tmp_path: Path) -> None:
    with pytest.raises(EinthovenError, match="is a pickle, which can run a stranger's code"):
        read_config(tmp_path / "model.pt")
    with pytest.raises(EinthovenError, match=r"holds no config\.json"):
        read_config(tmp_path)
    (tmp_path / CONFIG).write_text('{"version": 1, "recipe": {"network": "xresnet1d-small", "speed": 3}}')
    with pytest.raises(EinthovenError, match="no such setting: speed"):
        read_config(tmp_path)
    network = build("resnet1d-audit", 5)
    with pytest.raises(EinthovenError, match="is not there"):
        load_weights(network, tmp_path / WEIGHTS)
    (tmp_path / WEIGHTS).write_bytes(b"no weights")
    with pytest.raises(EinthovenError, match="is no whole safetensors file"):
        load_weights(network, tmp_path / WEIGHTS)
    trained(tmp_path / "other", epochs=1)
    with pytest.raises(EinthovenError, match="holds the weights of another network"):
        load_weights(network, tmp_path / "other" / WEIGHTS)
    (tmp_path / "other" / STATE).write_bytes(b"torn")
    with pytest.raises(EinthovenError, match="is no whole safetensors file"):
        trained(tmp_path / "other", epochs=2)


@pytest.mark.parametrize("half", [True, False])
def test_onnx_answers_as_the_network_does(tmp_path: Path, half: bool) -> None:
    pytest.importorskip("onnx")
    onnxruntime = pytest.importorskip("onnxruntime")
    torch.manual_seed(0)
    network = build("xresnet1d-small", 7).eval()
    error = export(network, (12, 200), tmp_path / MODEL, half)
    assert error < (0.02 if half else 1e-4)
    session = onnxruntime.InferenceSession(str(tmp_path / MODEL), providers=["CPUExecutionProvider"])
    signals = np.random.RandomState(1).standard_normal((3, 12, 777)).astype(np.float32)
    with torch.inference_mode():
        own = network(torch.from_numpy(signals)).numpy()
    assert np.abs(session.run(None, {"signal": signals})[0] - own).max() < (0.02 if half else 1e-4)
    size = (tmp_path / MODEL).stat().st_size
    assert size < (750_000 if half else 1_400_000)


def test_crops_are_averaged() -> None:
    torch.manual_seed(0)
    network = build("xresnet1d-small", 3, recipe().options).eval()
    signals = data(0, 3).signals
    whole = logits_of(network, signals, 0.1, 250, batch=2)
    by_hand = np.mean([logits_of(network, signals[:, :, s : s + 250], 0.1, 250) for s in range(0, 751, 125)], axis=0)
    assert whole == pytest.approx(by_hand, abs=1e-5)
