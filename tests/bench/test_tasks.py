"""Every task from end to end: run, score to the same bytes, print, publish."""

import json
from pathlib import Path
from typing import Any

import pytest

from einthoven.bench.bundle import Bundle, json_bytes, read_bundle
from einthoven.bench.declared import declared
from einthoven.bench.result import result_of, scored, validate
from einthoven.bench.run import run
from einthoven.bench.settings import Settings
from einthoven.bench.table import print_comparison, print_result
from einthoven.ecg.reading import AXES, Truth
from einthoven.errors import EinthovenError
from einthoven.leaderboard.contents import all_pages
from einthoven.leaderboard.runs import find_runs
from einthoven.leaderboard.site import Site
from einthoven.tasks.registry import TASKS, task
from einthoven.tasks.target import reading_of

#: What stands under secondary for a task's own label space.
SPACES = {
    "flat": "flat_label",
    "binary": "abnormal",
    "superclass": "diagnosis_superclass",
    "dense-reasoned": "other_findings_consolidated",
}


@pytest.fixture(scope="module", params=list(TASKS))
def prior(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    out = tmp_path_factory.mktemp("tasks") / request.param
    arms = ("image", "no-image")
    run(Settings("control/prior", "sim", task=request.param, arms=arms, limit=200, out=out, jobs=1))
    return request.param, out


def _answered(bundle: Bundle, name: str) -> Bundle:
    """Answer the truth in the image arm; where it is masked a valid answer of whatever kind."""
    chosen = task(name)
    truths = {row["id"]: Truth.from_json(row["truth"]) for row in bundle.records}
    rows: list[dict[str, Any]] = []
    for row in bundle.answers:
        changed = dict(row)
        if row["arm"] == "image":
            told = chosen.target(reading_of(truths[row["record"]], chosen))
            whole = json.loads(row["text"][row["text"].index("{") :])
            answer = json.loads(told[told.index("{") :]) if told else {}
            if name in ("dense", "dense-reasoned"):  # these must be complete
                answer = whole | answer
            changed |= {"text": json.dumps(answer or (whole if name != "sparse" else {})), "status": "ok"}
        rows.append(changed)
    return Bundle(bundle.run, bundle.records, rows)


def test_scored_again_it_has_the_same_bytes(prior: tuple[str, Path]) -> None:
    _, out = prior
    assert (out / "result.json").read_bytes() == json_bytes(scored(out))


def test_it_is_scored_on_what_it_asked_and_on_nothing_else(prior: tuple[str, Path]) -> None:
    name, out = prior
    result = scored(out)
    chosen = task(name)
    assert list(result["axes"]) == [axis for axis in AXES if axis in chosen.asked]
    assert result["task"].get("space") == SPACES.get(name)
    assert name not in SPACES or SPACES[name] in result["secondary"]
    assert {"verdict" in axis for axis in result["axes"].values()} <= {name == "dense"}
    assert (result["findings_per_ecg"]["model"] is None) == (not chosen.asked)
    for space in (*result["axes"].values(), *result["secondary"].values()):
        assert space["arms"]["image"]["invalid_share"] == 0  # the control's own answers are valid


def test_a_perfect_reader_is_perfect(prior: tuple[str, Path]) -> None:
    name, out = prior
    result = result_of(_answered(read_bundle(out), name))
    for where, space in (result["axes"] | result["secondary"]).items():
        image = space["arms"]["image"]
        assert image["accuracy"] == 1.0, where
        assert image["informedness"] in (1.0, None), where


def test_the_table_and_the_board_show_it(prior: tuple[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    name, out = prior
    result = scored(out)
    print_result(result, out)
    print_comparison([result, result])
    printed = capsys.readouterr().out
    assert SPACES.get(name, "rhythm") in printed
    assert ("no words here" in printed) == (name != "dense")
    html = dict(all_pages(Site.of(find_runs([out])[0])))["index.html"].decode()
    assert ("No words are given here" in html) == (name != "dense")
    assert ("In the task&#39;s own words" in html) == (name in SPACES)


@pytest.mark.parametrize("name", list(TASKS))
@pytest.mark.parametrize(
    "model", ["baseline/majority", "baseline/measurements", "control/constant", "control/random"]
)
def test_baselines_and_controls_answer_every_task(name: str, model: str, tmp_path: Path) -> None:
    _, result = run(Settings(model, "sim-demo", task=name, limit=40, out=tmp_path / "out", jobs=1))
    assert result["arms"]["image"]["statuses"] == {"ok": 40}
    assert result["leaks"] is None
    for space in (result["axes"] | result["secondary"]).values():
        if model == "baseline/majority":
            assert space["arms"]["image"]["accuracy"] == space["baselines"]["majority"]["accuracy"]


@pytest.mark.parametrize("name", list(TASKS))
def test_a_provider_that_misbehaves_is_scored(name: str, tmp_path: Path) -> None:
    model = "control/scripted?malformed=0.3&truncated=0.2&declined=0.1"
    folder, result = run(Settings(model, "sim", task=name, limit=30, out=tmp_path / "out", jobs=1))
    assert {"ok", "truncated"} <= result["arms"]["image"]["statuses"].keys()
    assert (folder / "result.json").read_bytes() == json_bytes(scored(folder))


def test_the_majority_of_a_label_task_is_that_of_the_training_truth(tmp_path: Path) -> None:
    folder, _ = run(Settings("baseline/majority", "sim", task="binary", limit=20, out=tmp_path / "out", jobs=1))
    assert read_bundle(folder).run["majority"][0]["answer"] == '{"answer": "abnormal"}'


def test_a_document_says_what_its_task_can_say(prior: tuple[str, Path]) -> None:
    name, out = prior
    result = scored(out)
    if result["axes"]:
        del result["axes"]["rhythm"]
        with pytest.raises(EinthovenError, match="rhythm"):
            validate(result)
    else:
        result["axes"] = {"rhythm": result["secondary"][SPACES[name]]}
        with pytest.raises(EinthovenError, match="at axes"):
            validate(result)


def test_the_declared_cell() -> None:
    assert declared("dense", "grid") and declared("dense", "page")
    assert not declared("dense", "clean") and not declared("sparse", "grid")
