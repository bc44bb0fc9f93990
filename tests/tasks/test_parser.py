import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einthoven.tasks.parser import LONGEST_ANSWER, json_object
from einthoven.tasks.task import InvalidAnswer


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}',
        '  \ufeff{"a": 1}\n',
        '```json\n{"a": 1}\n```',
        'Here is my reading:\n\n```\n{"a": 1}\n```\nI hope it helps.',
        'The rate is 72.\n{"a": 1}\nThat is all.',
        '<think>the answer may be {"a": 2} or not</think>\n{"a": 1}',
    ],
)
def test_one_object_is_found(text: str) -> None:
    assert json_object(text) == {"a": 1}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no JSON object"),
        ("I cannot interpret medical images.", "no JSON object"),
        ("[1, 2]", "no JSON object"),
        ('{"a": 1} {"a": 2}', "more than one"),
        ('```json\n{"a": 1}\n```\n```json\n{"a": 2}\n```', "2 fenced blocks"),
        ('{"a": 1, "a": 1}', "stands twice"),
        ('{"a": NaN}', "NaN is not JSON"),
        ('{"a": -Infinity}', "-Infinity is not JSON"),
        ('{"a": 1', "malformed JSON"),
        ('{"a": "b}', "malformed JSON"),
        ("{'a': 1}", "malformed JSON"),
        ("<think>so", "no end"),
        ('{"a":' * 100_000, "characters"),
        ('{"a":' + "[" * 50_000, "nested too deep"),
        ('{"a": ' + "1" * 5_000 + "}", "too long to read"),
        ("x" * (LONGEST_ANSWER + 1), "characters, more than"),
    ],
)
def test_reason_is_given(text: str, reason: str) -> None:
    with pytest.raises(InvalidAnswer, match=reason):
        json_object(text)


@given(st.text())
def test_garbage_never_crashes(text: str) -> None:
    try:
        assert isinstance(json_object(text), dict)
    except InvalidAnswer as error:
        assert str(error)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), _json, max_size=4), st.text(alphabet="ab \n.,:"))
def test_any_object_survives_prose_around_it(document: dict[str, object], prose: str) -> None:
    text = json.dumps(document)
    # Inside the object braces and fences may stand in strings; around it there are none.
    if "```" not in text:
        assert json_object(prose + text + prose) == document


@given(st.dictionaries(st.text(), _json, min_size=1, max_size=4), st.data())
def test_a_truncated_object_is_never_taken(document: dict[str, object], data: st.DataObject) -> None:
    text = json.dumps(document)
    end = data.draw(st.integers(0, len(text) - 1))
    if "```" not in text and "<think>" not in text:
        with pytest.raises(InvalidAnswer):
            json_object(text[:end])


def test_numbers_keep_their_value() -> None:
    assert math.isclose(json_object('{"a": 1e-3}')["a"], 0.001)
