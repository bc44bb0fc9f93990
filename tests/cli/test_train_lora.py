"""``einthoven train lora`` on the command line, and a run with what it wrote."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from einthoven.adapters.lora.recipe import Recipe
from einthoven.bench.bundle import read_bundle
from einthoven.bench.lora_samples import taught
from einthoven.bench.run import run
from einthoven.bench.settings import Settings
from einthoven.bench.sources.registry import open_source
from einthoven.bench.train_lora import LoraTraining, train_lora
from einthoven.bench.trained_card import VERDICTS, add_verdicts
from einthoven.cli.train import KINDS, train
from einthoven.cli.train_card import card as write_card
from einthoven.cli.train_lora import lora
from einthoven.ecg.reading import AXES, AxisTruth, Truth
from einthoven.errors import EinthovenError
from einthoven.tasks.registry import task

sys.path.insert(0, str(Path(__file__).parents[1] / "adapters"))


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EINTHOVEN_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("torch", reason="torch is not installed: pip install 'einthoven[local]'")
    pytest.importorskip("peft", reason="peft is not installed: pip install 'einthoven[local]'")
    from tiny_models import tiny_model

    return tiny_model("gemma-3", tmp_path_factory.mktemp("tiny"))


def einthoven(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "einthoven", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"},
    )


def test_a_training_and_a_run_with_it(base: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('task = "superclass"\nbatch = 2\naccumulate = 2\nlearning_rate = 0.01\ntargets = ["q_proj"]\n')
    out = tmp_path / "adapter"
    options = [f"hf/{base}", "--recipe", str(recipe), "--data", "sim", "--limit", "16", "--validation", "4"]
    options += ["--epochs", "1", "--jobs", "1", "--accumulate", "1", "--out", str(out), "--json"]
    done = einthoven("train", "lora", *options)
    assert done.returncode == 0, done.stderr
    assert "[transformers]" not in done.stderr and "Warning" not in done.stderr
    found = json.loads(done.stdout)
    assert found == json.loads((out / "einthoven.json").read_text())
    assert found["task"]["name"] == "superclass" and found["recipe"]["targets"] == ["q_proj"]
    assert (found["recipe"]["batch"], found["recipe"]["accumulate"]) == (2, 1)  # the command line comes first
    assert found["result"]["steps"] == 8 and found["data"]["records"] == 16
    shares = found["result"]["axes"]
    assert shares and all(0 <= one["majority"] <= 1 and 0 <= one["accuracy"] <= 1 for one in shares.values())
    assert (out / "training.png").read_bytes()[:4] == b"\x89PNG"
    card = (out / "README.md").read_text()
    assert f"base_model: {base}" in card and "split train, 16 records" in card and "no verdict" in card
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in out.iterdir()}
    repeated = CliRunner().invoke(lora, options)
    assert json.loads(repeated.stdout) == found and "finished: nothing is trained" in repeated.stderr
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in out.iterdir()} == before
    ids = (out / "records.txt").read_text().split()
    assert len(ids) == 16
    train_ids = {entry.id for entry in open_source("sim").entries if entry.split == "train"}
    assert set(ids) <= train_ids

    chosen = Settings(f"hf/{base}+lora:{out}", "sim", task="superclass", limit=3, out=tmp_path / "run", jobs=1)
    folder, _ = run(chosen)
    assert "adapter" in json.loads((folder / "run.json").read_text())["identity"]["parameters"]
    told = CliRunner().invoke(write_card, [str(out), str(folder)])
    assert told.exit_code == 0 and "sim, 3 records, task superclass: no words" in told.output
    again = CliRunner().invoke(write_card, [str(out), str(folder), "--json"])
    (row,) = json.loads(again.output)  # the same run takes its own place
    result = json.loads((folder / "result.json").read_text())
    assert row["axes"].keys() == result["axes"].keys() and row["data"] == "sim"
    card = (out / "README.md").read_text()
    assert "Verdicts on 3 simulated ECGs of sim, split test" in card and "none yet" not in card
    assert "split train, 16 records" in card
    with pytest.raises(EinthovenError, match="with other weights than these"):
        add_verdicts(out, [Path(__file__).parents[2] / "results" / "sim-v1" / "control-prior"])
    with pytest.raises(EinthovenError, match="holds nothing that einthoven train lora wrote"):
        add_verdicts(tmp_path, [folder])
    kept = (out / VERDICTS).read_bytes()
    (out / VERDICTS).write_bytes(kept + b"{torn")
    with pytest.raises(EinthovenError, match=f"{VERDICTS} cannot be read: JSONDecodeError"):
        add_verdicts(out, [folder])
    (out / VERDICTS).write_bytes(kept)
    asked_again = Settings(chosen.model, "sim", task="superclass", split="train", out=tmp_path / "same", jobs=1)
    with pytest.raises(EinthovenError, match=f"was trained on 16 of these records, such as {ids[0][:8]}"):
        run(asked_again)


def test_the_blind_twin_sees_nothing(base: Path, tmp_path: Path) -> None:
    def trained(name: str, blind: bool) -> dict[str, object]:
        settings = Settings(f"hf/{base}", "sim", task="binary", split="train", limit=4, out=tmp_path / name, jobs=1)
        recipe = Recipe(epochs=1, batch=2, accumulate=1, answered=0)
        return train_lora(
            LoraTraining(f"hf/{base}", settings, recipe=recipe, blind=blind, validation=2, device="cpu")
        )

    sighted, twin = trained("sighted", False), trained("twin", True)
    assert (sighted["blind"], twin["blind"]) == (False, True)
    assert (tmp_path / "sighted" / "records.txt").read_text() == (tmp_path / "twin" / "records.txt").read_text()
    chosen = Settings(
        f"hf/{base}+lora:{tmp_path / 'sighted'}?max_tokens=64",
        "sim",
        task="binary",
        arms=("image", "no-image", "twin"),
        limit=3,
        out=tmp_path / "run",
        jobs=1,
        twin=f"hf/{base}+lora:{tmp_path / 'twin'}?max_tokens=64",
    )
    folder, result = run(chosen)
    keys = {row["arm"]: row["key"] for row in read_bundle(folder).answers}
    assert keys["twin"] != keys["no-image"]  # asked apart, although both are shown the same
    assert set(result["arms"]) == {"image", "no-image", "twin"}
    assert set(result["mirage"]) == {"no-image"}  # the twin was taught to answer without a picture
    assert result["secondary"] and all("twin" in one["arms"] for one in result["secondary"].values())
    assert "twin" in json.loads((folder / "run.json").read_text())["identity"]["parameters"]
    with pytest.raises(EinthovenError, match="is itself blind"):
        run(replace(chosen, model=chosen.twin, out=tmp_path / "y"))
    with pytest.raises(EinthovenError, match="it was not trained with --blind"):
        run(replace(chosen, twin=chosen.model, out=tmp_path / "y"))
    noted = tmp_path / "twin" / "einthoven.json"
    kept = noted.read_text()
    for key, value in (("bits", 4), ("dtype", "bfloat16")):
        noted.write_text(json.dumps(json.loads(kept) | {key: value}))
        with pytest.raises(EinthovenError, match=f"they were trained with another {key}"):
            run(replace(chosen, out=tmp_path / "y"))
    noted.write_text(kept)
    with pytest.raises(EinthovenError, match="a blind twin is an adapter on a local model"):
        run(replace(chosen, model="control/random", out=tmp_path / "y"))
    with pytest.raises(EinthovenError, match="go together"):
        replace(chosen, twin="")
    assert "| saw | nothing" in (tmp_path / "twin" / "README.md").read_text()
    with pytest.raises(EinthovenError, match="holds another training: its blind is True, not False"):
        trained("twin", False)


def test_what_cannot_be_trained_on_is_told(base: Path, tmp_path: Path) -> None:
    def told(**changed: object) -> str:
        fields = {"model": f"hf/{base}", "arm": "image", **changed}
        data, name = str(fields.pop("data", "sim")), str(fields.pop("task", "binary"))
        settings = Settings(str(fields["model"]), data, task=name, split="train", limit=2, out=tmp_path / "x", jobs=1)
        options: dict[str, Any] = fields.get("options", {})  # type: ignore[assignment]
        with pytest.raises(EinthovenError) as caught:
            train_lora(LoraTraining(str(fields["model"]), settings, arm=str(fields["arm"]), **options))
        return caught.value.problem

    assert "shows nothing to learn from" in told(arm="no-image")
    assert "asks a question of its own" in told(arm="swapped")
    assert "there is no folder" in told(model="hf//no/such/folder")
    for key, value in (("device", "abacus"), ("dtype", "int3"), ("attention", "none")):
        assert told(options={key: value}).startswith(f"{key}={value} is none of")
    assert "binary asks for no such axis" in told(options={"recipe": Recipe(balanced="colour")})
    assert not (tmp_path / "x").exists()


def test_data_that_are_all_test_are_refused(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = open_source("sim")
    entries = tuple(replace(entry, split="test") for entry in source.entries[:20])
    monkeypatch.setattr("einthoven.bench.train_lora.open_source", lambda _: replace(source, entries=entries))  # type: ignore[type-var]
    settings = Settings(f"hf/{base}", "sim", task="binary", split="train", out=tmp_path / "x", jobs=1)
    with pytest.raises(EinthovenError, match="all of it is test, and test records are never learnt from"):
        train_lora(LoraTraining(f"hf/{base}", settings))


def test_a_record_that_fills_no_answer_teaches_nothing() -> None:
    entry = next(e for e in open_source("sim").entries if e.split == "train" and not e.truth["rhythm"].masked)
    dense = task("dense")
    assert dense.parse(taught(entry, dense))
    masked = {axis: entry.truth[axis] for axis in AXES} | {"rhythm": AxisTruth(reason="not coded")}
    assert taught(replace(entry, truth=Truth(masked, entry.truth.ischemia)), dense) == ""


def test_parameters_in_the_name_are_told_how_to_write_them(tmp_path: Path) -> None:
    done = CliRunner().invoke(lora, ["hf/x/y?dtype=float32&bits=4", "--out", str(tmp_path / "o")])
    assert isinstance(done.exception, EinthovenError)
    assert done.exception.remedy == "write hf/x/y --dtype float32 --bits 4"


def test_the_hint_runs_what_was_trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names view and arm: asked on another page, or without its numbers, the adapter answers another question."""
    result = {"steps": 1, "validation_loss": None, "axes": {}}
    monkeypatch.setattr("einthoven.bench.train_lora.train_lora", lambda _: {"result": result, "data": {"records": 1}})
    given = ["hf/x/y", "--out", "o", "--view", "stacked", "--arm", "image+measurements", "--task", "binary"]
    said = CliRunner().invoke(lora, given).output
    assert said.rstrip().endswith("--task binary --view stacked --arm image+measurements --arm measurements")
    said = CliRunner().invoke(lora, [*given, "--blind"]).output
    assert "run it:" not in said and "--twin hf/x/y+lora:o" in said
    assert said.count("einthoven run") == 1


def test_a_misspelt_recipe_is_told(tmp_path: Path) -> None:
    recipe = tmp_path / "r.toml"
    recipe.write_text("learning_rat = 0.1\n")
    done = CliRunner().invoke(lora, ["hf/x", "--recipe", str(recipe), "--out", str(tmp_path / "o")])
    assert isinstance(done.exception, EinthovenError) and "did you mean learning_rate?" in done.exception.remedy
    recipe.write_text("learning_rate = ")
    done = CliRunner().invoke(lora, ["hf/x", "--recipe", str(recipe), "--out", str(tmp_path / "o")])
    assert isinstance(done.exception, EinthovenError) and "cannot be read" in done.exception.problem


@pytest.mark.parametrize(
    ("line", "problem", "remedy"),
    [
        ("[rank]\na = 1", "rank is {'a': 1}", "a number"),
        ("rank = [1]", "rank is [1]", "a number"),
        ("rank = 2020-01-01", "rank is datetime.date(2020, 1, 1)", "a number"),
        ("rank = 2.7", "rank is 2.7", "a whole number"),
        ('targets = "q_proj"', "targets is 'q_proj'", 'a list, such as targets = ["q_proj"]'),
        ("targets = [1]", "targets is [1]", "a list"),
        ("targets = []", "targets is empty", "all-linear"),
        ("learning_rate = inf", "learning_rate is inf", "above 0"),
        ("epochs = inf", "epochs is inf", "above 0"),
        ("weight_decay = nan", "weight_decay is nan", "0 or more"),
        ("seed = 99999999999", "seed is 99999999999", "below 4294967296"),
        ("rank = true", "rank is True", "a number"),
        ("dora = [true]", "dora is [True]", "true or false"),
    ],
)
def test_a_recipe_of_the_wrong_kind_is_told(line: str, problem: str, remedy: str, tmp_path: Path) -> None:
    recipe = tmp_path / "r.toml"
    recipe.write_text(line + "\n", encoding="utf-8-sig")  # with the mark that some editors put in front
    done = CliRunner().invoke(lora, ["hf/x", "--recipe", str(recipe), "--out", str(tmp_path / "o")])
    assert isinstance(done.exception, EinthovenError), done.exception
    assert problem in done.exception.problem and remedy in done.exception.remedy
    assert "\n" not in done.exception.problem


def test_help_lists_the_kinds_without_importing_them() -> None:
    code = (
        "import sys; from einthoven.cli.main import main\ntry: main(['train', '--help'])\nexcept SystemExit: pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code + "print('torch' in sys.modules, 'numpy' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert all(name in done.stdout for name in KINDS)
    assert done.stdout.splitlines()[-1] == "False False"
    assert train.get_command(None, "nothing") is None  # type: ignore[arg-type]
