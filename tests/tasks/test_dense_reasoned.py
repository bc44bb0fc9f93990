import json
from dataclasses import replace

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_dense import readings

from einthoven.ecg.reading import Reading
from einthoven.tasks.consolidation import consolidated_space
from einthoven.tasks.dense import KEYS
from einthoven.tasks.dense_reasoned import DenseReasoned
from einthoven.tasks.reasoning import reasoning
from einthoven.tasks.task import InvalidAnswer

REASONED = DenseReasoned()
EXAMPLE = Reading("normal", "sinus", "left", frozenset({"lafb"}), frozenset(), frozenset({"bigeminy"}), frozenset())


@given(readings)
def test_a_target_is_parsed_back_in_the_consolidated_words(reading: Reading) -> None:
    text = REASONED.target(reading)
    label = consolidated_space().restated(reading)
    assert REASONED.parse(text) == replace(reading, other_findings=None, label=label)
    jsonschema.Draft202012Validator(REASONED.schema()).validate(json.loads(text.partition("Answer:\n")[2]))


@given(readings, st.sampled_from(KEYS))
def test_what_is_masked_takes_its_line_and_no_other_with_it(reading: Reading, key: str) -> None:
    whole = reasoning(reading).splitlines()
    without = reasoning(replace(reading, **{key: None})).splitlines()  # type: ignore[arg-type]
    place = KEYS.index(key)
    assert len(whole) == len(KEYS)
    assert without == whole[:place] + whole[place + 1 :]


def test_the_reasoning_says_what_the_reading_says() -> None:
    assert reasoning(EXAMPLE).splitlines() == [
        "Rate: normal, 60 to 100 a minute.",
        "Rhythm: sinus rhythm.",
        "Frontal axis: left, beyond -30 degrees.",
        "Conduction: left anterior fascicular block.",
        "Ischaemia: none seen.",
        "Other findings: beat pattern.",
        "Taken together: no statement.",
    ]
    assert reasoning(Reading()) == ""


def test_the_answer_follows_the_last_line_that_says_so() -> None:
    row = REASONED.target(EXAMPLE).partition("Answer:\n")[2]
    expected = REASONED.parse(row)
    for text in (
        f"Rate {{normal}}, or is it?\nAnswer: wait.\n**Answer:**\n{row}",
        f"<think>{{}} Answer:\n{{}}</think>Rhythm: sinus.\nANSWER:\n```json\n{row}\n```",
        f"The rhythm is sinus. {row}",
    ):
        assert REASONED.parse(text) == expected
    for text in (f"{row}\nAnswer:", f"Answer:\n{row}\n{row}", f"{{}} {row}", "Answer:\n{}", f"<think>{row}"):
        with pytest.raises(InvalidAnswer):
            REASONED.parse(text)


def test_a_finding_stands_for_its_group() -> None:
    row = json.loads(REASONED.target(EXAMPLE).partition("Answer:\n")[2])
    found = REASONED.parse(json.dumps(row | {"other_findings": ["trigeminy", "LVH", "lv_strain", "beat_pattern"]}))
    assert found.label == {"beat_pattern", "left_ventricular_hypertrophy"}
    assert found.other_findings is None
