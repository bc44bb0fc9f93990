import json
from dataclasses import replace

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_dense import readings

from einthoven.ecg.reading import Ischemia, Reading
from einthoven.tasks.dense import KEYS
from einthoven.tasks.sparse import Sparse
from einthoven.tasks.task import InvalidAnswer

SPARSE = Sparse()
NONE: frozenset[str] = frozenset()
NORMAL = Reading("normal", "sinus", "normal", NONE, frozenset(), NONE, frozenset({"normal_ecg", "sinus_rhythm"}))


@given(readings, st.sets(st.sampled_from(KEYS)))
def test_a_target_is_parsed_back_masks_and_all(reading: Reading, masked: set[str]) -> None:
    told = replace(reading, **dict.fromkeys(masked))  # type: ignore[arg-type]
    text = SPARSE.target(told)
    assert SPARSE.parse(text) == told
    jsonschema.Draft202012Validator(SPARSE.schema()).validate(json.loads(text))


def test_what_is_left_out_is_normal() -> None:
    assert SPARSE.parse("{}") == NORMAL
    assert SPARSE.target(NORMAL) == "{}"
    slow = SPARSE.parse('{"rate": "brady", "ischemia": "STEMI", "diagnosis": []}')
    assert slow == replace(NORMAL, rate="bradycardia", ischemia=frozenset({Ischemia("acute")}), diagnosis=NONE)
    assert SPARSE.parse('{"rate": "bradycardia"}').diagnosis == NONE
    assert SPARSE.parse('{"rate": "normal", "conduction": "none", "diagnosis": "normal_ecg"}').rate == "normal"


def test_what_nobody_can_judge_is_not_said_to_be_normal() -> None:
    blocked = SPARSE.parse('{"conduction": ["lbbb"], "diagnosis": ["lbbb"], "not_assessable": ["ischemia"]}')
    assert blocked.ischemia is None and blocked.conduction == {"lbbb"} and blocked.rhythm == "sinus"
    strict = '{"rate": "normal", "ischemia": [], "diagnosis": ["lbbb"], "not_assessable": ["rate", "ischemia"]}'
    assert SPARSE.parse(strict).rate is SPARSE.parse(strict).ischemia is None


@pytest.mark.parametrize(
    "text",
    [
        '{"rythm": "paced"}',
        '{"rhythm": ["paced"]}',
        '{"conduction": ["lbbb", "none"]}',
        '{"not_assessable": ["ST"]}',
        '{"not_assessable": ["rhythm"], "rhythm": "paced"}',
        '{"rate": null}',
        "[]",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(InvalidAnswer):
        SPARSE.parse(text)
