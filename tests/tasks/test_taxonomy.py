import json
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from einthoven.ecg.reading import AXES, Ischemia, Reading
from einthoven.tasks import taxonomy


def _properties() -> Any:
    return taxonomy.answer_schema()["properties"]


def _offered(axis: str) -> tuple[str, ...]:
    """The values that the answer schema offers for an axis."""
    row = _properties()["ischemia" if axis.startswith("ischemia") else axis]
    if axis == "ischemia_stage":
        return tuple(row["items"]["properties"]["stage"]["enum"])
    return tuple(row["items"]["enum"] if row["type"] == "array" else row["enum"])


def test_answer_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(dict(taxonomy.answer_schema()))
    assert taxonomy.answer_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_annotated_document_is_a_schema_too() -> None:
    document = json.loads(files("einthoven.tasks").joinpath("taxonomy.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(document)
    assert list(document["x-axes"]) == list(AXES)


def test_eight_axes_in_order() -> None:
    assert tuple(taxonomy.axes()) == AXES


@pytest.mark.parametrize("name", [axis for axis in AXES if axis != "ischemia_territory"])
def test_annotations_agree_with_the_enums(name: str) -> None:
    axis = taxonomy.axes()[name]
    values = tuple(value for value in axis.values if value != "none") if name == "ischemia_stage" else axis.values
    assert values == _offered(name)
    assert len(set(values)) == len(values)
    assert set(axis.severity) <= set(axis.values)


def test_categorical_axes_have_a_normal_class_and_sets_have_none() -> None:
    for axis in taxonomy.axes().values():
        assert (axis.normal in axis.values) if axis.kind == "categorical" else axis.normal is None


def test_orders_of_severity_are_complete() -> None:
    for name in ("conduction", "ischemia_stage"):
        axis = taxonomy.axes()[name]
        assert sorted(axis.severity) == sorted(axis.values)


def test_territories_are_sets_of_walls() -> None:
    offered = _properties()["ischemia"]["items"]["properties"]["territory"]["enum"]
    assert set(taxonomy.territories()) == set(offered)
    walls = frozenset(taxonomy.axes()["ischemia_territory"].values)
    assert all(found <= walls for found in taxonomy.territories().values())
    assert [name for name, found in taxonomy.territories().items() if not found] == ["unspecified"]


def test_superclasses_are_disjoint_sets_of_statements() -> None:
    def doubled(groups: Iterable[frozenset[str]]) -> bool:
        names = [name for group in groups for name in group]
        return len(names) != len(set(names))

    groups = taxonomy.superclasses()
    assert list(groups) == ["NORM", "MI", "STTC", "CD", "HYP"]
    assert frozenset.union(*groups.values()) <= frozenset(taxonomy.axes()["diagnosis"].values)
    assert not doubled(groups.values())


def test_findings_count_each_entry_once_and_diagnosis_not_at_all() -> None:
    reading = Reading(
        rate="bradycardia",
        rhythm="sinus",
        conduction=frozenset({"lbbb", "first_degree_av_block"}),
        ischemia=frozenset({Ischemia("old", frozenset({"inferior", "lateral"}))}),
        other_findings=frozenset({"long_qt"}),
        diagnosis=frozenset({"lbbb", "long_qt", "sinus_bradycardia"}),
    )
    assert taxonomy.findings(reading) == 5


def test_primary_is_the_most_severe() -> None:
    assert taxonomy.primary("ischemia_stage", frozenset({"old", "acute", "ischemia"})) == "acute"
    assert taxonomy.primary("conduction", frozenset({"lafb", "rbbb"})) == "rbbb"
    assert taxonomy.primary("ischemia_stage", frozenset()) == "none"
