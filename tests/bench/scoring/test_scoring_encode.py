import pytest
from scoring_cases import LABELS, MASKED, class_axis, label_axis

from einthoven.bench.scoring.encode import AxisData, encode
from einthoven.ecg.reading import AxisTruth
from einthoven.tasks.taxonomy import axes


def test_a_class_is_right_where_it_is_accepted_and_a_case_where_it_is_alone() -> None:
    several = AxisTruth("b", accepted=frozenset("bc"))
    codes = encode(class_axis([AxisTruth("a"), several, several, MASKED, AxisTruth("a")], ["a", "c", "d", "a", None]))
    assert codes.right["image"].tolist() == [True, True, False, False, False]
    assert codes.counted.tolist() == [True, True, True, False, True]
    assert codes.cases.sum(axis=1).tolist() == [2, 0, 0, 0]
    assert codes.answers["image"].sum(axis=0).tolist() == [1] * 5
    assert codes.answers["image"][-1].tolist() == [False, False, False, False, True]


def test_an_unusable_answer_is_wrong_on_every_label() -> None:
    none, some = AxisTruth(frozenset()), AxisTruth(frozenset("uv"))
    codes = encode(label_axis([none, some, none, none], [None, None, frozenset(), frozenset({"no such label"})]))
    assert codes.right["image"].tolist() == [False, False, True, False]
    assert codes.answers["image"][:, 0].all()
    assert codes.answers["image"][:, 1].tolist() == [label not in "uv" for label in LABELS]
    assert not codes.answers["image"][:, 2:].any()


def test_open_labels_count_neither_way() -> None:
    truth = AxisTruth(frozenset("u"), open=frozenset("v"))
    codes = encode(label_axis([truth, truth, truth], [frozenset("u"), frozenset("uv"), frozenset("uw")]))
    assert codes.right["image"].tolist() == [True, True, False]
    v = LABELS.index("v")
    assert not codes.cases[v].any()
    assert not codes.others[v].any()


def test_a_record_with_every_label_open_does_not_count() -> None:
    codes = encode(label_axis([AxisTruth(frozenset(), open=frozenset(LABELS))], [frozenset()]))
    assert not codes.counted.any()
    assert not codes.right["image"].any()


@pytest.mark.parametrize(
    "data",
    [
        class_axis([AxisTruth("no such class")], ["a"]),
        class_axis([AxisTruth(frozenset())], ["a"]),
        class_axis([AxisTruth("a")], [frozenset("a")]),
        class_axis([AxisTruth("a")], ["a", "a"]),
        label_axis([AxisTruth(frozenset({"no such label"}))], [frozenset()]),
        label_axis([AxisTruth("u")], [frozenset()]),
        label_axis([AxisTruth(frozenset())], ["u"]),
    ],
)
def test_what_does_not_belong_is_refused(data: AxisData) -> None:
    with pytest.raises(ValueError, match=r"rhythm|diagnosis"):
        encode(data)


def test_an_axis_of_the_taxonomy_gives_its_values() -> None:
    axis = axes()["conduction"]
    data = AxisData.of(axis, [], {"image": []})
    assert (data.name, data.kind, data.values) == ("conduction", "set", axis.values)
