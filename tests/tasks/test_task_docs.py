import re
from pathlib import Path

import pytest

from einthoven.tasks.registry import TASKS, task

TEXT = (Path(__file__).parents[2] / "docs" / "tasks.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"```json (\S+)\n(.*?)\n```", TEXT, re.DOTALL))


def test_every_task_has_its_paragraph_and_its_example() -> None:
    assert set(EXAMPLES) == set(TASKS)
    assert set(TASKS) <= set(re.findall(r"^## (\S+)$", TEXT, re.MULTILINE))


@pytest.mark.parametrize("name", list(TASKS))
def test_the_example_is_taken_as_a_training_target_is(name: str) -> None:
    chosen = task(name)
    assert chosen.parse(EXAMPLES[name]) == chosen.parse(chosen.target(chosen.parse(EXAMPLES[name])))


@pytest.mark.parametrize("name", list(TASKS))
def test_a_task_is_complete(name: str) -> None:
    chosen = task(name)
    assert chosen.name == name
    assert len(chosen.version) == 12 and chosen.version == task(name).version
    assert chosen.asked or chosen.space is not None
    assert len({chosen.prompt(intro) for intro in ("picture", "picture-and-measurements", "measurements")}) == 3
    assert "numbers here" in chosen.prompt("measurements", "numbers here")
    assert not re.search(r"\$[a-z]", chosen.prompt("picture"))
    assert chosen.schema()["type"] == "object"
