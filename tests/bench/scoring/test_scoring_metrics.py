"""The metrics against scikit-learn, on whatever hypothesis finds: masks, open labels, unusable answers."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring_cases import CLASSES, LABELS, MASKED, class_axis, class_reader, label_axis, label_reader
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    f1_score,
    matthews_corrcoef,
    recall_score,
)

from einthoven.bench.scoring.bootstrap import resampled
from einthoven.bench.scoring.counts import Counts, count, eligible, patient_index
from einthoven.bench.scoring.encode import AxisData, Prediction, encode
from einthoven.bench.scoring.metrics import METRICS, informedness, metrics
from einthoven.ecg.reading import AxisTruth

CLOSE = 1e-12
UNUSABLE = "~"


def counted(data: AxisData, min_cases: int = 1, patients: list[str] | None = None, arm: str = "image") -> Counts:
    codes = encode(data)
    index = patient_index(patients or [f"{row:05d}" for row in range(len(data.truths))])
    return count(codes, arm, eligible(codes, index, min_cases), index)


def point(data: AxisData, min_cases: int = 1, arm: str = "image") -> dict[str, float]:
    return {metric: float(value[0]) for metric, value in metrics(counted(data, min_cases, arm=arm).total()).items()}


_class_truth = st.one_of(
    st.just(MASKED),
    st.sampled_from(CLASSES).map(AxisTruth),
    st.sampled_from(CLASSES).map(AxisTruth),
    st.tuples(st.sampled_from(CLASSES), st.frozensets(st.sampled_from(CLASSES))).map(
        lambda pair: AxisTruth(pair[0], accepted=pair[1] | {pair[0]})
    ),
)
_class_answer = st.one_of(st.sampled_from(CLASSES), st.sampled_from(CLASSES), st.none(), st.just("no such class"))


@given(st.lists(st.tuples(_class_truth, _class_answer), min_size=1, max_size=60), st.integers(1, 4))
def test_classes_agree_with_scikit_learn(rows: list[tuple[AxisTruth, Prediction]], min_cases: int) -> None:
    found = point(class_axis([t for t, _ in rows], [a for _, a in rows]), min_cases)

    unmasked = [(t, a) for t, a in rows if not t.masked]
    assert ("accuracy" in found) == bool(unmasked)
    if unmasked:
        assert found["accuracy"] == pytest.approx(
            sum(a in t.accepted for t, a in unmasked) / len(unmasked), abs=CLOSE
        )
    single = [(t.value, a if a in CLASSES else UNUSABLE) for t, a in unmasked if len(t.accepted) == 1]
    kept = [c for c in CLASSES if sum(t == c for t, _ in single) >= min_cases]
    assert (set(found) == set(METRICS)) == (len(kept) >= 2)
    if len(kept) < 2:
        return
    true = [t for t, _ in single if t in kept]
    said = [a for t, a in single if t in kept]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # answers outside the true classes
        assert found["balanced_accuracy"] == pytest.approx(balanced_accuracy_score(true, said), abs=CLOSE)
        assert found["informedness"] == pytest.approx(balanced_accuracy_score(true, said, adjusted=True), abs=CLOSE)
    macro = f1_score(true, said, labels=kept, average="macro", zero_division=0)
    assert found["macro_f1"] == pytest.approx(macro, abs=CLOSE)
    assert found["mcc"] == pytest.approx(matthews_corrcoef(true, said), abs=CLOSE)


_labels = st.frozensets(st.sampled_from(LABELS))
_label_truth = st.one_of(
    st.just(MASKED),
    st.tuples(_labels, _labels).map(lambda pair: AxisTruth(pair[0], open=pair[1] - pair[0])),
    st.tuples(_labels, _labels).map(lambda pair: AxisTruth(pair[0], open=pair[1] - pair[0])),
)


@given(st.lists(st.tuples(_label_truth, st.one_of(_labels, st.none())), min_size=1, max_size=60), st.integers(1, 4))
def test_labels_agree_with_scikit_learn(rows: list[tuple[AxisTruth, Prediction]], min_cases: int) -> None:
    found = point(label_axis([t for t, _ in rows], [a for _, a in rows]), min_cases)

    exact = [
        a is not None and all((x in a) == (x in t.value) for x in LABELS if x not in t.open)  # type: ignore[operator]
        for t, a in rows
        if not t.masked and t.open != frozenset(LABELS)
    ]
    assert ("accuracy" in found) == bool(exact)
    if exact:
        assert found["accuracy"] == pytest.approx(accuracy_score([True] * len(exact), exact), abs=CLOSE)
    each = []
    for label in LABELS:
        known = [(t, a) for t, a in rows if not t.masked and label not in t.open]
        true = np.array([label in t.value for t, _ in known], bool)  # type: ignore[operator]
        said = np.array([label not in t.value if a is None else label in a for t, a in known], bool)  # type: ignore[operator]
        if min(true.sum(), (~true).sum()) >= min_cases:
            gap = recall_score(true, said) + recall_score(~true, ~said) - 1
            f1 = f1_score(true, said, zero_division=0)
            each.append((balanced_accuracy_score(true, said), gap, f1, matthews_corrcoef(true, said)))
    assert (set(found) == set(METRICS)) == bool(each)
    for metric, value in zip(METRICS[1:], np.mean(each, axis=0) if each else (), strict=False):
        assert found[metric] == pytest.approx(value, abs=CLOSE), metric


@pytest.mark.parametrize("size", [2, 3, 4])
@pytest.mark.parametrize("answer", CLASSES)
def test_a_constant_class_is_exactly_zero(size: int, answer: str) -> None:
    truths = [AxisTruth(CLASSES[row % size]) for row in range(37)] + [AxisTruth("a")] * 200
    found = point(class_axis(truths, [answer] * len(truths)), 5)["informedness"]
    # Outside the eligible classes nothing is ever right: below 0 by scikit-learn's formula.
    assert found == (0.0 if answer in CLASSES[:size] else -1 / (size - 1))


@given(_labels, st.lists(_label_truth, min_size=2, max_size=40))
def test_constant_labels_are_exactly_zero(answer: frozenset[str], truths: list[AxisTruth]) -> None:
    found = point(label_axis(truths, [answer] * len(truths)))
    assert found.get("informedness", 0.0) == 0.0
    assert found.get("balanced_accuracy", 0.5) == 0.5
    unusable = point(label_axis(truths, [None] * len(truths)))
    assert unusable.get("informedness", -1.0) == -1.0


@pytest.mark.parametrize("constant", ["a", "b", "c"])
def test_a_constant_class_is_zero_in_every_resample(constant: str) -> None:
    # All cases of b live in one patient and those of c in two: many resamples have none of them.
    truths = [AxisTruth("a")] * 30 + [AxisTruth("b")] * 20 + [AxisTruth("c")] * 20
    patients = [f"p{row % 10}" for row in range(30)] + ["b"] * 20 + ["c1", "c2"] * 10
    counts = counted(class_axis(truths, [constant] * 70), 1, patients)
    vanished = 0
    for _, rows in resampled(counts.rows(), 400, seed=3):
        resample = counts.like(rows)
        vanished += int((resample.cases == 0).any(axis=0).sum())
        assert np.all(metrics(resample, counts.total())["informedness"] == 0.0)
    assert vanished > 100


@pytest.mark.parametrize("answer", [frozenset(), frozenset("u"), frozenset("uv")])
def test_a_constant_set_is_zero_in_every_resample(answer: Prediction) -> None:
    truths = [AxisTruth(frozenset("u"))] * 20 + [AxisTruth(frozenset("v"))] * 25 + [AxisTruth(frozenset())] * 20
    patients = ["u"] * 20 + ["v1", "v2"] * 12 + ["v2"] + [f"p{row}" for row in range(20)]
    counts = counted(label_axis(truths, [answer] * 65), 1, patients)
    assert counts.size == 2
    for _, rows in resampled(counts.rows(), 400, seed=3):
        resample = metrics(counts.like(rows), counts.total())
        assert np.all(resample["informedness"] == 0.0)
        assert all(np.all(np.isfinite(values)) for values in resample.values())


def test_a_perfect_reader_is_one_in_every_resample() -> None:
    truths = [AxisTruth("a")] * 30 + [AxisTruth("b")] * 20
    counts = counted(class_axis(truths, [t.value for t in truths]), 1, [f"p{row}" for row in range(30)] + ["b"] * 20)
    for _, rows in resampled(counts.rows(), 200, seed=1):
        resample = metrics(counts.like(rows), counts.total())
        assert all(np.all(resample[metric] == 1.0) for metric in METRICS if metric != "mcc")


def test_a_class_left_out_keeps_its_value_in_the_sample() -> None:
    truths = [AxisTruth("a")] * 4 + [AxisTruth("b")] * 4
    counts = counted(class_axis(truths, ["a", "a", "a", "b", "b", "b", "a", "a"]), 2)
    # Only the first two records, drawn four times each: recall of a is 1 there, of b 0.5 as in the sample.
    only_a = counts.like(counts.rows() @ np.array([[4.0, 4, 0, 0, 0, 0, 0, 0]]).T)
    assert metrics(only_a, counts.total())["balanced_accuracy"].tolist() == [0.75]


@pytest.mark.parametrize("seed", range(3))
def test_informedness_alone_is_that_of_all_metrics(seed: int) -> None:
    for data in (class_reader(seed, 90, (0.6, 0.3, 0.1), 0.7), label_reader(seed, 90, 0.3, 0.2)):
        counts = counted(data, 3, [f"p{row % 12}" for row in range(90)])
        for _, rows in resampled(counts.rows(), 200, seed):
            drawn, whole = counts.like(rows), counts.total()
            assert np.array_equal(informedness(drawn, whole)["informedness"], metrics(drawn, whole)["informedness"])
