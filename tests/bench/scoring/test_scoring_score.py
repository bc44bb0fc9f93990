import json
from dataclasses import replace

import pytest
from scoring_cases import (
    ARMS,
    MASKED,
    class_axis,
    class_reader,
    label_axis,
    label_reader,
    patients_of,
)

from einthoven.bench.scoring.axis_score import AxisScore
from einthoven.bench.scoring.encode import ArmData, AxisData
from einthoven.bench.scoring.label_spaces import grouped
from einthoven.bench.scoring.metrics import METRICS
from einthoven.bench.scoring.score import score
from einthoven.ecg.reading import AxisTruth
from einthoven.exchange import Status

QUICK = {"resamples": 400, "flips": 999}


def one(data: AxisData, patients: list[str] | None = None, arms: tuple[ArmData, ...] = ARMS) -> AxisScore:
    patients = patients or [str(row) for row in range(len(data.truths))]
    return score([data], patients, arms, **QUICK)[data.name]


def test_the_majority_itself_is_prior_and_exactly_zero() -> None:
    truths = [AxisTruth("a")] * 100 + [AxisTruth("b")] * 30
    found = one(class_axis(truths, ["a"] * 130))
    assert found.verdict is not None
    assert (found.verdict.word, found.verdict.flags) == ("prior", ("constant",))
    assert found.verdict.reason.startswith("Always answering 'a' scores as well: gain 0.00 [0.00, 0.00], below 0.28")
    assert (found.gain.best.value, found.gain.best.interval) == (0.0, (0.0, 0.0))
    assert found.arms["image"].metrics["informedness"].interval == (0.0, 0.0)
    assert found.gain.p == 1.0
    assert found.arms["image"].useful_over_majority is not None
    assert found.arms["image"].useful_over_majority.p == 1.0


@pytest.mark.parametrize("answer", [frozenset(), frozenset("u"), None])
def test_a_constant_set_is_prior(answer: frozenset[str] | None) -> None:
    truths = [AxisTruth(frozenset("u"))] * 40 + [AxisTruth(frozenset())] * 90
    found = one(label_axis(truths, [answer] * 130))
    assert found.verdict is not None
    assert found.verdict.word == "prior"
    assert found.gain.best.interval == ((0.0, 0.0) if answer is not None else (-1.0, -1.0))
    assert ("constant" in found.verdict.flags) == (answer is not None)
    assert found.arms["image"].invalid_share == float(answer is None)


def test_a_perfect_reader_is_associated() -> None:
    classes = [AxisTruth("a")] * 100 + [AxisTruth("b")] * 30
    labels = [AxisTruth(frozenset("u"))] * 40 + [AxisTruth(frozenset())] * 90
    found = score(
        [class_axis(classes, [t.value for t in classes]), label_axis(labels, [t.value for t in labels])],
        [str(row) for row in range(130)],
        ARMS,
        **QUICK,
    )
    for axis in found.values():
        assert axis.verdict is not None
        assert axis.verdict.word == "associated"
        assert axis.gain.best.value == 1.0
        assert axis.gain.p_holm == 2 / 1_000  # twice the smallest p of 999 swaps
        assert all(axis.arms["image"].metrics[metric].value == 1.0 for metric in METRICS)


def test_few_cases_are_underpowered_and_have_no_numbers() -> None:
    truths = [AxisTruth("a")] * 100 + [AxisTruth("b")] * 19
    found = one(class_axis(truths, [t.value for t in truths]))
    assert found.verdict is not None
    assert found.verdict.word == "underpowered"
    assert found.verdict.reason == "Only one class has 20 cases: a 100, b 19."
    assert found.arms["image"].metrics["accuracy"].value == 1.0
    assert found.arms["image"].metrics["informedness"].value is None
    assert (found.gain.best.value, found.gain.p_holm, found.gain.mde, found.gain.delta) == (None,) * 4


def test_a_fully_masked_axis_has_nothing_and_is_not_tested() -> None:
    masked = class_axis([MASKED] * 130, ["a"] * 130, name="rate")
    truths = [AxisTruth("a")] * 100 + [AxisTruth("b")] * 30
    patients = [str(row) for row in range(130)]
    reader = class_axis(truths, [t.value for t in truths])
    found = score([masked, reader], patients, ARMS, **QUICK)
    assert (found["rate"].n, found["rate"].masked) == (0, 130)
    assert all(estimate.value is None for estimate in found["rate"].arms["image"].metrics.values())
    assert found["rate"].arms["image"].useful_over_majority is None
    assert found["rhythm"] == score([reader], patients, ARMS, **QUICK)["rhythm"]  # Holm over one axis


def test_a_constant_gains_nothing_over_a_majority_that_is_no_class_here() -> None:
    truths = [AxisTruth("a")] * 100 + [AxisTruth("b")] * 60 + [AxisTruth("c")] * 5
    found = one(class_axis(truths, ["b"] * 165, majority="c"))
    assert found.arms["majority"].metrics["informedness"].value == -1.0  # scikit-learn's formula
    assert (found.gain.best.value, found.gain.best.interval) == (0.0, (0.0, 0.0))
    assert found.gain.best_blind == "constant"
    assert found.gain.p is not None
    assert found.gain.p > 0.4  # one constant against the other: a coin's throw
    assert found.verdict is not None
    assert found.verdict.word == "prior"
    assert found.verdict.reason.startswith("Always answering 'a' scores as well")
    assert set(found.arms) == {"image", "majority"}


def test_the_gain_is_over_the_best_blind_arm_and_retaken_in_each_resample() -> None:
    rows = range(200)
    truths = [AxisTruth("a" if row < 100 else "b") for row in rows]
    image = ["a" if row < 100 else "b" if row < 180 else "a" for row in rows]
    half = ["a" if row < 100 else "b" if row < 150 else "a" for row in rows]
    data = class_axis(truths, image, blank=half)
    found = one(data, arms=(*ARMS, ArmData("blank", "blind")))
    assert found.gain.best_blind == "blank"
    assert found.gain.best.value == pytest.approx(0.8 - 0.5)
    assert found.gain.over["majority"].value == pytest.approx(0.8)
    assert found.gain.p == max(found.gain.p_over.values()) == found.gain.p_over["blank"]
    assert set(found.gain.p_over) == {"majority", "constant", "blank"}

    # Two blind arms that are equally good on different records: the best of a resample is above either.
    mirrored = ["a" if row < 100 else "a" if row < 150 else "b" for row in rows]
    twins = class_axis(truths, image, blank=half, other=mirrored)
    best = one(twins, arms=(*ARMS, ArmData("blank", "blind"), ArmData("other", "blind"))).gain
    assert best.best.high < best.over["blank"].high
    assert best.best.high < best.over["other"].high


def test_an_arm_equal_to_the_image_arm_ends_the_gain() -> None:
    data = class_reader(3, 200, (0.5, 0.3, 0.2), 0.8)
    data = replace(data, predictions={**data.predictions, "no-image": data.predictions["image"]})
    found = one(data, arms=(*ARMS, ArmData("no-image", "blind")))
    assert found.gain.best.interval == (0.0, 0.0)
    assert found.gain.p == 1.0
    assert found.verdict is not None
    assert found.verdict.reason.startswith("The no-image arm scores as well")


def test_other_arms_are_measured_and_change_no_gain() -> None:
    data = class_reader(3, 200, (0.5, 0.3, 0.2), 0.5)
    more = replace(data, predictions={**data.predictions, "measurements": [t.value for t in data.truths]})
    found = one(more, arms=(*ARMS, ArmData("measurements", "other")))
    assert found.gain == one(data).gain
    assert found.arms["measurements"].metrics["informedness"].value == 1.0


def test_statuses_give_shares_and_the_declined_flag() -> None:
    truths = [AxisTruth("a")] * 30 + [AxisTruth("b")] * 30
    statuses = [Status.DECLINED] * 31 + [Status.INVALID] * 5 + [Status.OK] * 24
    answers = [None] * 36 + ["b"] * 20 + ["a"] * 4
    found = one(class_axis(truths, answers), arms=(ArmData("image", "image", statuses), ARMS[1]))
    image = found.arms["image"]
    assert (image.invalid_share, image.declined_share) == (36 / 60, 31 / 60)
    assert (image.modal_answer, image.modal_share) == ("b", 20 / 60)
    assert found.verdict is not None
    assert found.verdict.flags == ("declined",)


def test_secondary_spaces_are_measured_but_neither_tested_nor_given_a_word() -> None:
    data = label_reader(2, 200, 0.3, 0.1)
    coarse = grouped(data, "coarse", {"uv": frozenset("uv"), "rest": frozenset("wxy")})
    patients = [str(row) for row in range(200)]
    found = score([data, coarse], patients, ARMS, **QUICK)
    assert found["diagnosis"] == score([data], patients, ARMS, **QUICK)["diagnosis"]
    assert found["coarse"].verdict is None
    assert (found["coarse"].gain.p, found["coarse"].gain.p_holm) == (None, None)
    assert found["coarse"].gain.best.value is not None
    assert "verdict" not in found["coarse"].to_json()


def test_json_has_the_contracted_fields_and_no_nan() -> None:
    axes = [class_reader(1, 150, (0.5, 0.3, 0.2), 0.7), class_axis([MASKED] * 150, [None] * 150, name="rate")]
    for name, found in score(axes, patients_of(1, 150, 90), ARMS, **QUICK).items():
        row = json.loads(json.dumps(found.to_json(), allow_nan=False))
        assert {"n", "masked", "baselines", "arms", "verdict"} <= set(row)
        fields = {"n", *METRICS, "gain", "gain_ci", "p_holm", "mde", "modal_share", "invalid_share"}
        assert fields <= set(row["arms"]["image"]), name
        assert set(METRICS) <= set(row["baselines"]["majority"])
        assert {"word", "reason"} <= set(row["verdict"])
        value = row["arms"]["image"]["informedness"]
        assert value is None or value == round(value, 6)


def test_no_records_at_all() -> None:
    found = score([class_axis([], []), label_axis([], [])], [], ARMS, **QUICK)
    assert [axis.verdict.word for axis in found.values() if axis.verdict] == ["underpowered"] * 2


@pytest.mark.parametrize(
    "arms",
    [
        ARMS[:1],
        ARMS[1:],
        (*ARMS, ArmData("blank", "blind")),
        (*ARMS, ARMS[0]),
        (ArmData("image", "image", [Status.OK]), ARMS[1]),
    ],
)
def test_arms_that_do_not_fit_are_refused(arms: tuple[ArmData, ...]) -> None:
    with pytest.raises(ValueError, match="arm"):
        one(class_axis([AxisTruth("a")] * 2, ["a", "b"]), arms=arms)


def test_seeds_change_the_draws_and_nothing_else() -> None:
    data = class_reader(1, 150, (0.5, 0.3, 0.2), 0.7)
    patients = patients_of(1, 150, 90)
    first, again, other = (score([data], patients, ARMS, seed=seed, **QUICK)["rhythm"] for seed in (1, 1, 2))
    assert first == again
    assert first.gain.best.value == other.gain.best.value
    assert first.gain.best.interval != other.gain.best.interval
