import numpy as np
import pytest

from einthoven.adapters.signal.outputs import OUTPUTS, outputs
from einthoven.ecg.reading import AXES, AxisTruth
from einthoven.errors import EinthovenError
from einthoven.tasks import taxonomy


def test_the_axes_are_the_taxonomys() -> None:
    of = outputs("axes")
    assert [group.name for group in of.groups] == list(AXES)
    assert [group.values for group in of.groups] == [axis.values for axis in taxonomy.axes().values()]
    assert of.logits == sum(len(axis.values) for axis in taxonomy.axes().values())
    assert of.columns == of.logits + 5


@pytest.mark.parametrize("name", sorted(OUTPUTS))
def test_columns_follow_one_another(name: str) -> None:
    of = outputs(name)
    stop = 0
    for group in of.every:
        assert group.columns.start == stop
        stop = group.columns.stop
    assert stop == of.columns


def test_the_scp_codes_are_71_and_every_superclass_has_members() -> None:
    of = outputs("scp")
    assert of.logits == 71
    codes = of.groups[0].values
    assert {codes[k] for k in of.members[0]} == {"NORM"}
    assert {"IMI", "ASMI", "INJAS"} <= {codes[k] for k in of.members[1]}


def test_a_superclass_is_the_noisy_or_of_its_statements() -> None:
    of = outputs("axes")
    logits = np.random.RandomState(0).standard_normal((6, of.logits)) * 3
    found = of.probabilities(logits)
    for column, members in enumerate(of.members, start=of.derived.start):  # type: ignore[union-attr]
        p = 1 / (1 + np.exp(-logits[:, list(members)]))
        assert found[:, column] == pytest.approx(1 - np.prod(1 - p, axis=1))
    for group in of.groups:
        if group.kind == "categorical":
            assert found[:, group.columns].sum(axis=1) == pytest.approx(np.ones(6))
    assert ((found >= 0) & (found <= 1)).all()


def test_extreme_logits_stay_probabilities() -> None:
    of = outputs("axes")
    for value in (-1e4, 1e4):
        assert np.isfinite(of.probabilities(np.full((1, of.logits), value))).all()


def test_targets_tell_unknown_from_absent() -> None:
    of = outputs("axes")
    row = of.targets(
        {
            "rate": AxisTruth("normal", accepted=frozenset({"bradycardia"})),
            "conduction": AxisTruth(frozenset({"lbbb"}), open=frozenset({"lafb"})),
            "axis": AxisTruth(),
        }
    )
    rate = dict(zip(of.group("rate").values, row[of.group("rate").columns].tolist(), strict=True))
    assert rate == {"bradycardia": 1, "normal": 1, "tachycardia": 0}
    conduction = dict(zip(of.group("conduction").values, row[of.group("conduction").columns].tolist(), strict=True))
    assert (conduction["lbbb"], conduction["lafb"], conduction["rbbb"]) == (1, -1, 0)
    assert (row[of.group("axis").columns] == -1).all()
    assert (row[of.group("superclass").columns] == -1).all()


def test_an_unknown_name_gets_two_lines() -> None:
    with pytest.raises(EinthovenError, match="did you mean axes"):
        outputs("axis")
