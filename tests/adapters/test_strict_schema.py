"""The schema that providers enforce, derived from a task's own."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from einthoven.adapters.strict_schema import strict_schema
from einthoven.tasks.registry import TASKS, task


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for part in schema.values():
            yield from objects(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from objects(part)


@pytest.mark.parametrize("name", sorted(TASKS))
def test_every_task_s_schema_becomes_strict(name: str) -> None:
    original = task(name).schema()
    strict = strict_schema(original)
    jsonschema.Draft202012Validator.check_schema(strict)
    for keyword in ("uniqueItems", "$schema", "$id", "title", "pattern", "minItems", "maxLength", "x-version"):
        assert f'"{keyword}"' not in json.dumps(strict)
    found = list(objects(strict))
    assert found
    for one in found:
        assert one["additionalProperties"] is False
        assert one["required"] == list(one["properties"])


def test_what_is_valid_stays_valid_and_what_is_not_does_not() -> None:
    strict = jsonschema.Draft202012Validator(strict_schema(task("dense").schema()))
    from api_server import NORMAL

    answer = json.loads(NORMAL)
    assert strict.is_valid(answer)
    assert not strict.is_valid(answer | {"rate": "fast"})
    assert not strict.is_valid(answer | {"more": 1})
    assert not strict.is_valid({key: value for key, value in answer.items() if key != "rhythm"})


def test_the_original_is_left_alone_and_names_that_look_like_keywords_are_kept() -> None:
    original = {
        "type": "object",
        "properties": {
            "title": {"type": "string", "maxLength": 9},
            "items": {"type": "array", "items": {"title": "x"}},
        },
        "anyOf": [{"title": "a", "type": "object", "properties": {"pattern": {}}}],
    }
    before = json.dumps(original)
    strict = strict_schema(original)
    assert json.dumps(original) == before
    assert strict["properties"] == {"title": {"type": "string"}, "items": {"type": "array", "items": {}}}
    assert strict["anyOf"][0]["required"] == ["pattern"]
