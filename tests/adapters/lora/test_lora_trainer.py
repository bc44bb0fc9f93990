"""A whole training on a tiny model: it learns, goes on where it stopped, and says in two lines why it cannot."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'einthoven[local]'")
pytest.importorskip("peft", reason="peft is not installed: pip install 'einthoven[local]'")

import einthoven.adapters.lora as lora_package
from einthoven.adapters.local.checkpoint import checkpoint
from einthoven.adapters.local.loading import load_model
from einthoven.adapters.local.placement import placement
from einthoven.adapters.local.processor import load_processor
from einthoven.adapters.lora.adapted import adapted
from einthoven.adapters.lora.log import rows
from einthoven.adapters.lora.look import Look
from einthoven.adapters.lora.recipe import Recipe
from einthoven.adapters.lora.samples import Sample
from einthoven.adapters.lora.trainer import train
from einthoven.bench.settings import Settings
from einthoven.bench.train_lora import LoraTraining, train_lora
from einthoven.errors import EinthovenError, Exit
from einthoven.exchange import Request
from einthoven.tasks.registry import task

CONFIGURATIONS = Path(lora_package.__file__).parent

RECIPE = Recipe(
    rank=4, alpha=8, dropout=0.1, epochs=2, batch=2, accumulate=1, learning_rate=0.02, evaluate=2, answered=2
)


@pytest.fixture
def samples(asked: Callable[..., Request]) -> list[Sample]:
    """Return eight pages; the answer hangs on the number, so on the picture alone."""
    schema = task("binary").schema()
    return [
        Sample(f"r{k}", "Normal?", json.dumps({"answer": ("normal", "abnormal")[k % 2]}), asked(k).images, schema)
        for k in range(8)
    ]


def run(base: Path, samples: list[Sample], out: Path, recipe: Recipe = RECIPE, **more: Any) -> dict[str, Any]:
    return train(
        checkpoint(f"hf/{base}"),
        placement(device="cpu"),
        recipe,
        samples,
        samples[:4],
        out,
        {"data": "eight"},
        **more,
    )


def losses(folder: Path) -> list[tuple[int, float]]:
    return [(row["step"], row["loss"]) for row in rows(folder) if "loss" in row]


def test_it_learns_and_leaves_a_plain_adapter(
    tiny: Callable[..., Path], samples: list[Sample], tmp_path: Path
) -> None:
    told: list[str] = []

    def score(texts: Any) -> dict[str, dict[str, float]]:
        assert len(texts) == 2
        told.extend(text for text in texts if text is not None)
        return {"answer": {"accuracy": 0.5, "majority": 0.5}}

    moved: list[tuple[int, int]] = []
    result = run(
        tiny("qwen3-vl"),
        samples,
        tmp_path / "out",
        score=score,
        progress=lambda done, total, words: moved.append((done, total)),
    )
    found = losses(tmp_path / "out")
    assert [step for step, _ in found] == list(range(1, 9))
    assert found[-1][1] < found[0][1] / 2
    assert moved[-1] == (8, 8)
    assert result["steps"] == 8 and result["resumed_from"] == 0
    assert result["axes"] == {"answer": {"accuracy": 0.5, "majority": 0.5}}
    assert all(json.loads(text)["answer"] in ("normal", "abnormal") for text in told) and len(told) == 8
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"adapter_config.json", "adapter_model.safetensors", "log.jsonl"} <= names and "checkpoints" not in names
    # Loaded by PEFT alone, outside this project.
    code = (
        "import sys; from peft import PeftModel; from transformers import AutoModelForImageTextToText as A\n"
        "m = PeftModel.from_pretrained(A.from_pretrained(sys.argv[1]), sys.argv[2])\n"
        "assert 'einthoven' not in sys.modules; print(sum('lora' in n for n, _ in m.named_parameters()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tiny("qwen3-vl")), str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) > 0


def test_all_weights_are_trained_and_leave_a_model_of_its_own(
    tiny: Callable[..., Path], samples: list[Sample], tmp_path: Path
) -> None:
    recipe = replace(RECIPE, full=True, learning_rate=0.003, epochs=3, answered=0)
    result = run(tiny("qwen3-vl"), samples, tmp_path / "out", recipe)
    found = losses(tmp_path / "out")
    assert found[-1][1] < found[0][1] / 2
    assert result["samples_per_second"] > 0
    before = load_model(checkpoint(f"hf/{tiny('qwen3-vl')}"), placement(device="cpu")).state_dict()
    after = load_model(checkpoint(f"hf/{tmp_path / 'out'}"), placement(device="cpu")).state_dict()
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert set(before) == set(after)
    assert any("visual.patch_embed" in name for name in moved) and any("language_model" in name for name in moved)
    assert (
        load_processor(tmp_path / "out").tokenizer.get_vocab()
        == load_processor(tiny("qwen3-vl")).tokenizer.get_vocab()
    )
    with pytest.raises(EinthovenError, match="holds another training: its full is True, not False"):
        run(tiny("qwen3-vl"), samples, tmp_path / "out", replace(recipe, full=False))
    with pytest.raises(EinthovenError, match="quantized weights cannot be trained"):
        train(
            checkpoint(f"hf/{tiny('qwen3-vl')}"),
            replace(placement(device="cpu"), bits=8),
            recipe,
            samples,
            [],
            tmp_path / "bits",
            {},
        )


class Stop(Look):
    at = 0

    def on_step_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
        super().on_step_end(args, state, control, **more)
        if state.global_step == Stop.at:
            raise KeyboardInterrupt


@pytest.mark.parametrize("balanced", ["", "answer"])
def test_an_interrupted_training_goes_on_to_the_same_loss(
    balanced: str,
    tiny: Callable[..., Path],
    samples: list[Sample],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recipe = replace(RECIPE, balanced=balanced, answered=0)
    groups = [sample.answer for sample in samples]
    run(tiny("gemma-3"), samples, tmp_path / "whole", recipe, groups=groups)
    monkeypatch.setattr("einthoven.adapters.lora.trainer.Look", Stop)
    Stop.at = 5
    with pytest.raises(KeyboardInterrupt):
        run(tiny("gemma-3"), samples, tmp_path / "parts", recipe, groups=groups)
    Stop.at = 0
    result = run(tiny("gemma-3"), samples, tmp_path / "parts", recipe, groups=groups)
    assert result["resumed_from"] == 4
    assert losses(tmp_path / "parts") == losses(tmp_path / "whole")
    names = ("adapter_model.safetensors",)
    assert all((tmp_path / "parts" / n).read_bytes() == (tmp_path / "whole" / n).read_bytes() for n in names)


def test_two_processes_give_the_loss_of_one(
    tiny: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same eight records in updates of two: two on one process, one on each of two.

    The shipped configuration makes `accelerate launch` start two processes; --device cpu lets them meet over gloo.
    """
    settings = Settings("", "sim", task="binary", split="train", limit=8, out=tmp_path / "one", jobs=1)
    recipe = Recipe(epochs=1, batch=2, accumulate=1, learning_rate=0.01, dropout=0, answered=0)
    name = f"hf/{tiny('gemma-3')}"
    monkeypatch.setenv("EINTHOVEN_CACHE", str(tmp_path / "cache"))
    train_lora(LoraTraining(name, settings, recipe=recipe, validation=2, device="cpu"))
    options = ["--data", "sim", "--task", "binary", "--limit", "8", "--validation", "2", "--epochs", "1"]
    options += ["--answered", "0", "--dropout", "0", "--accumulate", "1", "--learning-rate", "0.01", "--jobs", "1"]
    launch = ["-m", "accelerate.commands.launch", "--config_file", str(CONFIGURATIONS / "ddp.yaml")]
    command = [sys.executable, *launch, "-m", "einthoven", "train", "lora", name]
    done = subprocess.run(
        [*command, *options, "--batch", "1", "--out", str(tmp_path / "two"), "--device", "cpu"],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    one, two = losses(tmp_path / "one"), losses(tmp_path / "two")
    assert len(one) == len(two) == 4
    assert [loss for _, loss in two] == pytest.approx([loss for _, loss in one], abs=1e-4)


def test_a_sharded_model_writes_no_answers(
    tiny: Callable[..., Path], samples: list[Sample], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import yaml

    config = yaml.safe_load((CONFIGURATIONS / "fsdp.yaml").read_text())
    assert config["distributed_type"] == "FSDP" and config["fsdp_config"]["fsdp_use_orig_params"]
    monkeypatch.setenv("ACCELERATE_USE_FSDP", "true")  # as `accelerate launch` sets it by that file
    with pytest.raises(EinthovenError, match="no process holds the whole model") as caught:
        run(tiny("gemma-3"), samples, tmp_path / "out", score=lambda texts: {})
    assert "--answered 0" in caught.value.remedy and not (tmp_path / "out").exists()


def test_without_gain_it_ends_early_and_keeps_the_best(
    tiny: Callable[..., Path], samples: list[Sample], tmp_path: Path
) -> None:
    recipe = replace(RECIPE, epochs=8, evaluate=1, patience=2, answered=0, learning_rate=0.5)
    result = run(tiny("gemma-3"), samples, tmp_path / "out", recipe)
    looks = {row["step"]: row["validation_loss"] for row in rows(tmp_path / "out") if "validation_loss" in row}
    assert result["steps"] < 32
    assert result["validation_loss"] == min(looks.values()) == looks[result["best_step"]]
    assert result["best_step"] == result["steps"] - 2


def test_an_interruption_does_not_lend_new_patience(
    tiny: Callable[..., Path], samples: list[Sample], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = replace(RECIPE, epochs=8, evaluate=1, patience=2, answered=0, learning_rate=0.5)
    whole = run(tiny("gemma-3"), samples, tmp_path / "whole", recipe)
    monkeypatch.setattr("einthoven.adapters.lora.trainer.Look", Stop)
    Stop.at = whole["steps"]  # one look without gain is behind it
    with pytest.raises(KeyboardInterrupt):
        run(tiny("gemma-3"), samples, tmp_path / "parts", recipe)
    Stop.at = 0
    parts = run(tiny("gemma-3"), samples, tmp_path / "parts", recipe)
    assert parts["resumed_from"] == whole["steps"] - 1 == whole["best_step"] + 1
    assert (parts["steps"], parts["best_step"]) == (whole["steps"], whole["best_step"])
    assert losses(tmp_path / "parts") == losses(tmp_path / "whole")


def test_another_training_in_the_folder_is_refused(
    tiny: Callable[..., Path], samples: list[Sample], tmp_path: Path
) -> None:
    short = replace(RECIPE, epochs=0.25, answered=0)
    run(tiny("gemma-3"), samples, tmp_path / "out", short)
    with pytest.raises(EinthovenError, match="holds another training: its rank is 4, not 8"):
        run(tiny("gemma-3"), samples, tmp_path / "out", replace(short, rank=8))
    with pytest.raises(EinthovenError, match="holds another training: its base is"):
        run(tiny("gemma-3", 1), samples, tmp_path / "out", short)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    with pytest.raises(EinthovenError, match="is not empty, and holds no training"):
        run(tiny("gemma-3"), samples, tmp_path / "notes", short)
    assert (tmp_path / "notes" / "mine.txt").read_text() == "mine"


def test_a_training_that_learnt_nothing_makes_room(
    tiny: Callable[..., Path], samples: list[Sample], tmp_path: Path
) -> None:
    """A misspelt layer leaves a folder behind; the corrected command is no other training."""
    recipe = replace(RECIPE, epochs=0.5, answered=0)
    with pytest.raises(EinthovenError, match="no layer of the model is called nope"):
        run(tiny("gemma-3"), samples, tmp_path / "out", replace(recipe, targets=("nope",)))
    assert run(tiny("gemma-3"), samples, tmp_path / "out", recipe)["steps"] == 2
    with pytest.raises(EinthovenError, match="holds another training: its rank is 4, not 8"):
        run(tiny("gemma-3"), samples, tmp_path / "out", replace(recipe, rank=8))


def test_patience_without_validation_records_is_refused(
    tiny: Callable[..., Path], samples: list[Sample], tmp_path: Path
) -> None:
    with pytest.raises(EinthovenError, match="there are no validation records"):
        train(
            checkpoint(f"hf/{tiny('gemma-3')}"),
            placement(device="cpu"),
            replace(RECIPE, patience=2),
            samples,
            [],
            tmp_path / "out",
            {},
        )
    assert not (tmp_path / "out").exists()


def test_a_loss_that_is_no_number_ends_it(tiny: Callable[..., Path], samples: list[Sample], tmp_path: Path) -> None:
    with pytest.raises(EinthovenError, match="the loss is no number any more at update") as caught:
        run(tiny("gemma-3"), samples, tmp_path / "out", replace(RECIPE, learning_rate=1e30, epochs=4, answered=0))
    assert "--learning-rate" in caught.value.remedy


def test_memory_that_does_not_suffice_is_told(
    tiny: Callable[..., Path], samples: list[Sample], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers import Trainer

    def short(*_: Any, **__: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB")

    monkeypatch.setattr(Trainer, "training_step", short)
    with pytest.raises(EinthovenError, match="out of memory with batches of 2") as caught:
        run(tiny("gemma-3"), samples, tmp_path / "out")
    assert caught.value.exit_code == Exit.INCOMPLETE


def test_the_towers_are_left_alone_unless_asked_for(tiny: Callable[..., Path]) -> None:
    def trained(family: str, recipe: Recipe) -> list[str]:
        model = load_model(checkpoint(f"hf/{tiny(family)}"), placement(device="cpu"))
        return [n for n, p in adapted(model, recipe, "base").named_parameters() if p.requires_grad]

    for family in ("qwen2.5-vl", "qwen3-vl", "qwen3.5", "gemma-3", "gemma-4"):
        plain, all_of_it = trained(family, Recipe()), trained(family, Recipe(vision=True))
        assert plain and all("lora" in name for name in all_of_it)
        assert all("language_model" in name for name in plain), family
        assert any("vis" in name for name in all_of_it) and set(plain) < set(all_of_it)
    assert {name.split(".")[-4] for name in trained("gemma-3", Recipe(targets=("q_proj",)))} == {"q_proj"}
    assert any("magnitude" in name for name in trained("gemma-3", Recipe(dora=True)))
    with pytest.raises(EinthovenError, match="no layer of the model is called nowhere"):
        trained("gemma-3", Recipe(targets=("nowhere",)))


@pytest.mark.parametrize("wrong", [{"rank": 0}, {"dropout": 1.0}, {"epochs": 0.0}, {"batch": 0}])
def test_a_recipe_out_of_range_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(EinthovenError):
        Recipe(**wrong)
