"""``einthoven experiment``: all seven end to end on a tiny model, resumed, and every way in which they cannot run."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from einthoven.bench.bundle import read_bundle
from einthoven.bench.compare import compare
from einthoven.cli import experiment_run as module
from einthoven.cli.main import main

sys.path.insert(0, str(Path(__file__).parents[1] / "adapters"))

RECIPE = (
    "rank = 4\nepochs = 1\nbatch = 4\naccumulate = 1\nlearning_rate = 0.01\nanswered = 0\ncheckpointing = false\n"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A working folder with a recipe, and with a tiny model where there is torch."""
    folder = tmp_path_factory.mktemp("experiments")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EINTHOVEN_CACHE", str(folder / "cache"))
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setenv("COLUMNS", "80")
        patch.chdir(folder)
        (folder / "recipe.toml").write_text(RECIPE)
        yield folder


@pytest.fixture(scope="module")
def tiny(home: Path) -> str:
    pytest.importorskip("torch", reason="torch is not installed: pip install 'einthoven[local]'")
    pytest.importorskip("peft", reason="peft is not installed: pip install 'einthoven[local]'")
    from tiny_models import tiny_model

    tiny_model("gemma-3", home)
    return "hf/./tiny-gemma-3?max_tokens=300"


def line(*words: str, model: str) -> list[str]:
    given = ["--data", "sim-demo", "--limit", "2", "--train-limit", "4", "--recipe", "recipe.toml", "--jobs", "1"]
    return ["experiment", "run", *words, "--model", model, *given]


def refused(capsys: pytest.CaptureFixture[str], code: int, *arguments: str) -> str:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == code
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 2, said
    return said


def test_all_seven_resumed_after_an_interruption(
    home: Path, tiny: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Sequence[str]] = []
    do = module._do

    def until_the_run_of_experiment_2(arguments: Sequence[str]) -> None:
        if "flat" in arguments and "run" in arguments and any("2-flat" in word for word in arguments):
            raise KeyboardInterrupt
        done.append(arguments)
        do(arguments)

    monkeypatch.setattr(module, "_do", until_the_run_of_experiment_2)
    with pytest.raises(SystemExit) as caught:
        main(line("all", model=tiny))
    assert caught.value.code == 130
    told = capsys.readouterr()
    assert told.out == "" and told.err.splitlines()[-2:] == [
        "einthoven: interrupted",
        "  run the same command again: it goes on from here",
    ]
    assert f"{tiny}: 7 experiments" in told.err and "time ?" in told.err
    assert [arguments[0] for arguments in done] == ["run", "train"]

    def onwards(arguments: Sequence[str]) -> None:
        done.append(arguments)
        do(arguments)

    monkeypatch.setattr(module, "_do", onwards)
    main([*line("all", model=tiny), "--json"])
    told = capsys.readouterr()
    documents = json.loads(told.out)
    assert [one["facts"]["number"] for one in documents] == [1, 2, 3, 4, 5, 6, 7]
    assert [arguments[0] for arguments in done] == ["run"] + 7 * ["train", "run"]  # nothing was done twice
    assert "experiment 2, train (1 of 2): finished before" in told.err
    parts = [part for one in documents for part in one["outcome"]]
    assert [part["part"] for part in parts] == ["", "", "", "", "", "clean", "stacked", ""]
    assert [part["view"] for part in parts] == [*5 * ["grid"], "clean", "stacked", "patches"]
    for part in parts:
        result = json.loads((Path(part["bundle"]) / "result.json").read_text())
        assert result["data"]["records"] == 2 and "image+measurements" in result["arms"]
        for row in part["rows"]:
            where = result["axes"].get(row["axis"]) or result["secondary"][row["axis"]]
            assert row["value"] == where["arms"]["image+measurements"][row["metric"]]
            assert row["majority"] == where["baselines"]["majority"][row["metric"]]
    dense = {row["axis"]: row for row in parts[4]["rows"]}
    assert [(one["model"], one["text"]) for one in dense["rate"]["published"]] == [
        ("Gemma-4-E4B", "92.1"),
        ("Qwen3-VL-8B", "98.2"),
    ]
    assert dense["diagnosis"]["published"][0]["text"] == "35.0" and dense["ischemia_territory"]["published"] == []
    assert parts[4]["findings"]["truth"] > 0 and parts[0]["findings"] is None
    flat = {row["metric"]: row for row in parts[1]["rows"]}
    assert flat["macro_f1"]["published"][0]["text"] == "0.014" and flat["accuracy"]["published"] == []

    # Once more: nothing is left to do, and the tables come at once.
    before = len(done)
    main(line("all", model=tiny))
    told = capsys.readouterr()
    assert len(done) == before and "they cost nothing; time about 0:00" in told.err
    assert (
        "the source's majority, %: rate 71.5, rhythm 94.2, axis 73.6, conduction 80.9, ischemia_stage 70.0"
        in told.out
    )
    assert "the source's majority, %: abnormal about 74" in told.out
    for words in ("published", "reported by the source, not re-run", "findings per ECG", "held to the schema"):
        assert words in told.out, words
    page = (home / "experiments" / "site" / "study.html").read_text()
    assert "the page: experiments/site/study.html" in told.out
    assert "1 model has done experiments" in page and page.count(">all of it<") == 8
    assert "Reported by the source, not re-run" in page and "SIMULATED ECGs" in page
    assert "% right" in told.out and max(map(len, told.out.split("% right")[1].splitlines())) <= 80


def test_the_twin_and_the_gap_to_it(home: Path, tiny: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = [*line("3", model=tiny), "--twin", "--out", "with-twin"]
    main([*given, "--json"])
    (part,) = json.loads(capsys.readouterr().out)[0]["outcome"]
    folder = Path(part["bundle"])
    bundle = read_bundle(folder)
    assert {"image+measurements", "twin+measurements"} <= {*bundle.run["arms"]}
    blind = json.loads((folder.parent / "twin" / "einthoven.json").read_text())
    assert blind["blind"] and blind["arm"] == "image+measurements"
    (row,) = part["twin"]
    found = compare(bundle, bundle, "image+measurements", second_arm="twin+measurements")["abnormal"]
    assert (row["sighted_only"], row["twin_only"]) == (len(found.first_only), len(found.second_only))
    arms = json.loads((folder / "result.json").read_text())["secondary"]["abnormal"]["arms"]
    assert (row["sighted"], row["twin"]) == tuple(
        arms[name]["accuracy"] for name in ("image+measurements", "twin+measurements")
    )
    main(given)
    assert "over its blind twin" in capsys.readouterr().out


def test_the_commands_that_are_shown_do_the_same_by_hand(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--model", "baseline/majority", "--data", "sim-demo", "--limit", "3", "--out", "by-hand"]
    main(["experiment", "show", "1", *given, "--json"])
    (typed,) = json.loads(capsys.readouterr().out)["commands"]
    main(typed.split()[1:])
    (home / "by-hand").rename(home / "typed")
    main(["experiment", "run", "1", *given])
    said = capsys.readouterr().out
    assert "published top-1" in said and "GPT-5.5 32.5" in said
    (typed_in,), (made,) = (list((home / name).rglob("result.json")) for name in ("typed", "by-hand"))
    assert typed_in.read_bytes() == made.read_bytes()


def test_what_cannot_run_is_told_in_two_lines(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*words: str) -> tuple[str, ...]:
        return ("experiment", "run", *words)

    assert "there is no experiment '8'" in refused(capsys, 2, *run("8", "--model", "baseline/majority"))
    assert "Missing option '--model'" in refused(capsys, 2, *run("1"))
    assert "there is no model 'nobody'" in refused(capsys, 2, *run("1", "--model", "nobody"))
    said = refused(capsys, 2, *run("5", "--model", "openai/gpt-5.5"))
    assert "cannot be trained here" in said and "einthoven experiment run 1 --model openai/gpt-5.5" in said
    said = refused(capsys, 3, *run("1", "--model", "baseline/majority", "--data", "ptbxl:nowhere"))
    assert "nowhere" in said
    said = refused(capsys, 2, *run("all", "zzz", "--model", "hf/a/b", "--dry-run"))
    assert "there is no experiment 'zzz'" in said
    for recipe, problem in (
        ('epochs = "many"', "Invalid value for '--epochs'"),
        ("nonsense = 3", "there is no option in bad.toml: 'nonsense'"),
        ("epochs = [", "bad.toml cannot be read"),
    ):
        (home / "bad.toml").write_text(recipe)
        said = refused(capsys, 2, *run("2", "--model", "hf/a/b", "--recipe", "bad.toml", "--dry-run"))
        assert problem in said
    assert not list(home.glob("experiments/*openai*")) and not list(home.glob("experiments/*majority*"))


def test_local_models_and_data_that_are_not_fit_are_told_before_anything_is_done(
    home: Path, tiny: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(capsys, 3, "experiment", "run", "all", "--model", "hf/./nothing-here")
    assert "nothing-here" in said
    said = refused(capsys, 3, "experiment", "run", "all", "--model", tiny, "--data", "sim-pairs:x2")
    assert "has no training records, and experiment 2 (flat) trains" in said and "experiment 1 alone" in said


def test_a_dry_run_says_what_it_costs_and_does_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ("experiment", "run", "all", "--model", "openai/gpt-5.5", "--limit", "5", "--out", "dry", "--dry-run")
    main(given)
    told = capsys.readouterr()
    assert "of the seven experiments it does 1" in told.err
    assert "requests" in told.out and "they cost $" in told.out and "time not known" in told.out
    main([*given, "--json"])
    (found,) = json.loads(capsys.readouterr().out)
    (step,) = found["steps"]
    assert step["units"] == 16 and 0 < step["cost_usd"][0] < step["cost_usd"][1] and step["seconds"] is None
    assert not (home / "dry").exists()
    main(["experiment", "run", "1", "zero-shot", "--model", "baseline/majority", "--data", "sim-demo", "--dry-run"])
    assert capsys.readouterr().out.splitlines()[0] == "baseline/majority: 1 experiment"  # named twice, done once
    local = "hf/not-there/at-all"
    main(
        [
            "experiment",
            "run",
            "5",
            "--model",
            local,
            "--data",
            "sim-demo",
            "--train-limit",
            "9",
            "--dry-run",
            "--json",
        ]
    )
    train, asked = json.loads(capsys.readouterr().out)[0]["steps"]
    assert (train["units"], train["cost_usd"]) == (27, [0.0, 0.0])  # three epochs
    assert asked["units"] > 3 * 150 and not asked["finished"]


def test_records_are_read_once_to_count_the_requests(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Sequence[str]] = []
    estimate = module._estimate

    def counting(arguments: Sequence[str]) -> object:
        asked.append(arguments)
        return estimate(arguments)

    monkeypatch.setattr(module, "_estimate", counting)
    given = ("--model", "hf/a/b", "--model", "hf/c/d", "--data", "sim-demo", "--limit", "5", "--out", "counted")
    main(["experiment", "run", "all", *given, "--dry-run", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert len(found) == 14 and len(asked) == 1
    assert {step["units"] for one in found for step in one["steps"] if step["kind"] == "run"} == {16}


def test_a_second_experiment_is_timed_by_the_first(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ("--model", "control/random", "--data", "sim-demo", "--out", "timed")
    main(["experiment", "run", "1", *given, "--limit", "2"])
    capsys.readouterr()
    main(["experiment", "run", "1", *given, "--limit", "4", "--dry-run", "--json"])
    (step,) = json.loads(capsys.readouterr().out)[0]["steps"]
    assert not step["finished"] and step["seconds"] > 0


def test_the_list_and_the_description(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["experiment", "ls"])
    assert len(capsys.readouterr().out.splitlines()) == 7
    main(["experiment", "ls", "--json"])
    assert [one["number"] for one in json.loads(capsys.readouterr().out)] == [1, 2, 3, 4, 5, 6, 7]
    main(["experiment", "show", "dense", "--twin"])
    said = capsys.readouterr().out
    assert said.count("einthoven train lora") == 2 and "--blind" in said
    assert "Qwen3-VL-8B: rate 98.2" in said and "too few to score" in said
    assert max(map(len, said.splitlines())) <= 120
