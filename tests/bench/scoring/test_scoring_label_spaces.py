import pytest
from scoring_cases import MASKED, class_axis, label_axis

from einthoven.bench.scoring.label_spaces import grouped, most_severe
from einthoven.ecg.reading import AxisTruth

GROUPS = {"first": frozenset("uv"), "second": frozenset("w")}


def test_groups_are_present_open_or_absent() -> None:
    truths = [
        AxisTruth(frozenset("ux"), open=frozenset("vw")),
        AxisTruth(frozenset(), open=frozenset("v")),
        MASKED,
    ]
    space = grouped(label_axis(truths, [frozenset("vx"), None, frozenset("w")]), "groups", GROUPS)
    assert (space.kind, space.values, space.secondary) == ("set", ("first", "second"), True)
    assert [(t.value, t.open) for t in space.truths[:2]] == [
        (frozenset({"first"}), frozenset({"second"})),
        (frozenset(), frozenset({"first"})),
    ]
    assert space.truths[2].masked
    assert space.predictions["image"] == [frozenset({"first"}), None, frozenset({"second"})]


def test_the_most_severe_label_stands_for_the_set() -> None:
    truths = [
        AxisTruth(frozenset("vw")),
        AxisTruth(frozenset("w"), open=frozenset("ux")),
        AxisTruth(frozenset("y")),
        MASKED,
    ]
    answers = [frozenset("wv"), frozenset("x"), frozenset(), None]
    space = most_severe(label_axis(truths, answers), "primary", ("u", "v", "w", "x"))
    assert (space.kind, space.values, space.secondary) == ("categorical", ("u", "v", "w", "x", "none"), True)
    assert [t.value for t in space.truths] == ["v", "w", "none", None]
    # An open label that is worse than w may be the most severe one; a milder one cannot.
    assert space.truths[1].accepted == frozenset("uw")
    assert space.predictions["image"] == ["v", "x", "none", None]


def test_only_sets_are_looked_at_more_coarsely() -> None:
    with pytest.raises(ValueError, match="set axes"):
        grouped(class_axis([AxisTruth("a")], ["a"]), "groups", GROUPS)
