import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from einthoven.ecg.reading import Ischemia, Reading
from einthoven.tasks import taxonomy
from einthoven.tasks.dense import Dense
from einthoven.tasks.registry import TASKS, task
from einthoven.tasks.task import INTROS, Intro, InvalidAnswer

DENSE = Dense()

NORMAL: dict[str, Any] = {
    "rate": "normal",
    "rhythm": "sinus",
    "axis": "normal",
    "conduction": [],
    "ischemia": [],
    "other_findings": [],
    "diagnosis": ["normal_ecg"],
}


def _values(axis: str) -> list[str]:
    return [value for value in taxonomy.axes()[axis].values if value != "none" or axis != "ischemia_stage"]


def _sets(axis: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(_values(axis)), max_size=4)


readings = st.builds(
    Reading,
    rate=st.sampled_from(_values("rate")),
    rhythm=st.sampled_from(_values("rhythm")),
    axis=st.sampled_from(_values("axis")),
    conduction=_sets("conduction"),
    ischemia=st.frozensets(
        st.builds(
            Ischemia,
            st.sampled_from(_values("ischemia_stage")),
            st.sampled_from(sorted(taxonomy.territories().values(), key=sorted)),
        ),
        max_size=3,
    ),
    other_findings=_sets("other_findings"),
    diagnosis=_sets("diagnosis"),
)


@given(readings)
def test_a_target_is_parsed_back_and_obeys_the_schema(reading: Reading) -> None:
    text = DENSE.target(reading)
    assert DENSE.parse(text) == reading
    jsonschema.Draft202012Validator(DENSE.schema()).validate(json.loads(text))


def test_a_wall_set_without_a_name_becomes_an_entry_a_wall() -> None:
    reading = Reading("normal", "sinus", "normal", frozenset(), frozenset(), frozenset(), frozenset())
    odd = frozenset({"septal", "inferior"})
    text = DENSE.target(Reading(ischemia=frozenset({Ischemia("old", odd)})))
    rows = json.loads(text)["ischemia"]
    assert {row["territory"] for row in rows} == odd
    assert DENSE.parse(json.dumps(NORMAL | {"ischemia": rows})).walls == odd
    assert json.loads(DENSE.target(reading))["ischemia"] == []


def test_what_is_masked_is_not_in_the_target() -> None:
    assert json.loads(DENSE.target(Reading(rhythm="sinus", conduction=frozenset()))) == {
        "rhythm": "sinus",
        "conduction": [],
    }


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"conduction": "lbbb"}, {"conduction": frozenset({"lbbb"})}),
        ({"conduction": "none"}, {"conduction": frozenset()}),
        ({"conduction": ["None"]}, {"conduction": frozenset()}),
        ({"conduction": ["LBBB", "lbbb"]}, {"conduction": frozenset({"lbbb"})}),
        ({"rhythm": " Atrial Fibrillation"}, {"rhythm": "atrial_fibrillation"}),
        ({"rhythm": "atrial-fibrillation"}, {"rhythm": "atrial_fibrillation"}),
        ({"ischemia": "none"}, {"ischemia": frozenset()}),
        ({"ischemia": {"stage": "none", "territory": "unspecified"}}, {"ischemia": frozenset()}),
        ({"ischemia": "old"}, {"ischemia": frozenset({Ischemia("old")})}),
        (
            {"ischemia": {"stage": "acute", "territory": "anteroseptal"}},
            {"ischemia": frozenset({Ischemia("acute", frozenset({"anterior", "septal"}))})},
        ),
        (
            {"ischemia": [{"stage": "acute", "territory": ["anterior", "lateral"]}]},
            {"ischemia": frozenset({Ischemia("acute", frozenset({"anterior", "lateral"}))})},
        ),
    ],
)
def test_forgiven_spellings(change: dict[str, Any], expected: dict[str, Any]) -> None:
    reading = DENSE.parse(json.dumps(NORMAL | change))
    for field, value in expected.items():
        assert getattr(reading, field) == value


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"rate": "fast"}, "rate has no value 'fast'"),
        ({"rate": 72}, "rate holds int"),
        ({"rate": None}, "rate holds NoneType"),
        ({"rhythm": ["sinus"]}, "rhythm holds list"),
        ({"rhythm": "possible atrial_fibrillation"}, "rhythm has no value"),
        ({"conduction": ["none", "lbbb"]}, "none beside something"),
        ({"conduction": [1]}, "conduction holds int"),
        ({"conduction": {"lbbb": True}}, "conduction holds dict"),
        ({"ischemia": [{"territory": "inferior"}]}, "stage and territory"),
        ({"ischemia": [{"stage": "old", "age": 3}]}, "stage and territory"),
        ({"ischemia": [["old"]]}, "ischemia holds list"),
        ({"ischemia": [{"stage": "old", "territory": "left"}]}, "territory has no value"),
        ({"certainty": "high"}, "was not asked for"),
    ],
)
def test_everything_else_is_invalid(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidAnswer, match=reason):
        DENSE.parse(json.dumps(NORMAL | change))


@pytest.mark.parametrize("key", sorted(NORMAL))
def test_no_key_may_be_missing(key: str) -> None:
    with pytest.raises(InvalidAnswer, match=f"{key}.* is missing"):
        DENSE.parse(json.dumps({k: v for k, v in NORMAL.items() if k != key}))


@given(
    st.fixed_dictionaries(
        {
            key: st.none()
            | st.text(max_size=5)
            | st.integers()
            | st.lists(st.text(max_size=5) | st.none(), max_size=3)
            for key in NORMAL
        }
    )
)
def test_wrong_types_are_invalid_and_never_crash(document: dict[str, Any]) -> None:
    try:
        DENSE.parse(json.dumps(document))
    except InvalidAnswer as error:
        assert str(error)


def test_the_prompt_names_every_allowed_word() -> None:
    prompt = DENSE.prompt()
    for axis in taxonomy.axes().values():
        for value in axis.values:
            assert value in prompt
    assert "$" not in prompt


@pytest.mark.parametrize("intro", INTROS)
def test_an_intro_says_what_is_given_and_the_rest_is_the_same(intro: Intro) -> None:
    prompt = DENSE.prompt(intro, "Vent. rate     72 bpm")
    assert "$" not in prompt
    assert ("The picture shows" in prompt) == intro.startswith("picture")
    assert ("Vent. rate     72 bpm" in prompt) == ("measurements" in intro)
    assert ("$measurements" in DENSE.prompt(intro)) == ("measurements" in intro)
    assert prompt.partition("The object has")[2] == DENSE.prompt().partition("The object has")[2]


def test_the_version_is_a_hash_of_what_is_asked() -> None:
    assert DENSE.version == Dense().version
    assert len(DENSE.version) == 12


def test_registry() -> None:
    assert task("dense").name == "dense"
    for name in TASKS:
        assert task(name).name == name
