"""The presets are readable, complete, and made of nothing but options of ordinary commands."""

import shlex
from pathlib import Path

import pytest

from einthoven.bench.arms import ARMS
from einthoven.bench.experiments.commands import shown, steps_of
from einthoven.bench.experiments.preset import preset, presets
from einthoven.bench.experiments.wish import Wish
from einthoven.bench.published import published
from einthoven.cli.run import run
from einthoven.cli.train_lora import lora
from einthoven.errors import EinthovenError
from einthoven.renderers.registry import VIEWS
from einthoven.tasks.registry import task

ALL = list(presets().values())
LOCAL = "hf/./some model?max_tokens=64&dtype=float32"


def test_there_are_the_seven() -> None:
    assert list(presets()) == [1, 2, 3, 4, 5, 6, 7]
    assert [one.trains for one in ALL] == [False] + 6 * [True]
    assert preset("5") is preset("dense") is preset("5-dense") is presets()[5]
    assert [part.view for part in presets()[6].parts] == ["clean", "stacked"]
    with pytest.raises(EinthovenError, match="no experiment '8'"):
        preset("8")
    with pytest.raises(EinthovenError) as caught:
        preset("stackd")
    assert "did you mean" in caught.value.remedy


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_its_options_are_those_of_the_commands(one) -> None:  # type: ignore[no-untyped-def]
    arguments = {command: {parameter.name for parameter in command.params} for command in (run, lora)}
    assert {*one.train} <= arguments[lora]
    assert {key.replace("arm", "arms") for key in one.run} <= arguments[run]
    assert one.given in ARMS and {*one.run["arm"]} <= {*ARMS}
    assert {task(str(one.run["task"])).name} == {str(one.train.get("task", one.run["task"]))}
    assert all(part.view in VIEWS for part in one.parts)


def test_every_published_column_has_its_preset_and_its_axes() -> None:
    for column in published().columns:
        one = preset(column.experiment)
        assert column.part in {part.name for part in one.parts} | {""}
        chosen = task(str(one.run["task"]))
        asked = {*chosen.asked, "findings_per_ecg"} | ({chosen.space.name} if chosen.space else set())
        assert {*column.figures} <= asked


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_what_is_shown_is_what_is_done(one) -> None:  # type: ignore[no-untyped-def]
    """Typed into a shell, a shown command has the very arguments; and click takes them."""
    for step in steps_of(one, Wish(LOCAL, twin=True, recipe=Path(__file__), limit=5, train_limit=7, jobs=1)):
        typed = shown(step.arguments)
        assert all(len(line) <= 102 or line.count(" --") <= 1 for line in typed.splitlines())  # as far as words allow
        words = shlex.split(typed.replace("\\\n", " "))
        assert tuple(words) == ("einthoven", *step.arguments)
        command, rest = (lora, words[3:]) if step.kind == "train" else (run, words[2:])
        if step.kind == "train":
            rest = [word for k, word in enumerate(rest) if "--recipe" not in rest[max(k - 1, 0) : k + 1]]
        taken = command.make_context("x", list(rest)).params
        assert taken["view"] == step.part.view and taken["out"] == step.folder and taken["jobs"] == 1
        assert taken["limit"] == (7 if step.kind == "train" else 5)
        if step.kind == "train":
            assert taken["dtype"] == "float32" and taken["model"] == "hf/./some model"
        elif one.trains:
            assert taken["model"].endswith("/adapter?max_tokens=64&dtype=float32")
            assert taken["twin"].endswith("/twin?max_tokens=64&dtype=float32")
            assert "twin+measurements" in taken["arms"]


def test_what_is_given_can_be_the_picture_alone() -> None:
    train, twin, asked = steps_of(presets()[5], Wish("hf/a/b", given="image", twin=True))
    assert train.arguments[train.arguments.index("--arm") + 1] == "image" and "--blind" in twin.arguments
    arms = [asked.arguments[k + 1] for k, word in enumerate(asked.arguments) if word == "--arm"]
    assert arms == ["no-image", "blank", "twin"]
    with pytest.raises(EinthovenError, match="without the picture"):
        Wish("hf/a/b", given="measurements")


@pytest.mark.parametrize(
    ("model", "problem"),
    [
        ("openai/gpt-5.5", "cannot be trained here"),
        ("reference/digitiser", "cannot be trained here"),
        ("hf/a/b+lora:c", "has one already"),
        ("hf/a/b?revision=main", "names a revision"),
    ],
)
def test_who_cannot_be_trained_is_told_what_can(model: str, problem: str) -> None:
    with pytest.raises(EinthovenError, match=problem):
        steps_of(presets()[2], Wish(model))
    assert len(steps_of(presets()[1], Wish(model))) == 1
