import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, f1_score, precision_recall_curve, roc_auc_score

from einthoven.bench.scoring import macro_auroc
from einthoven.bench.scoring.label_scores import auroc_difference, best_f1_threshold, label_scores
from einthoven.bench.scoring.ranking import areas, auroc, average_precision, precisions, ranked


@st.composite
def arrays(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Labels and scores, with ties, and with columns that are constant."""
    records, labels = draw(st.integers(1, 40)), draw(st.integers(1, 6))
    random = np.random.RandomState(draw(st.integers(0, 2**32 - 1)))
    truth = random.random_sample((records, labels)) < random.choice([0.0, 0.1, 0.5, 1.0], labels)
    scores = random.standard_normal((records, labels))
    if draw(st.booleans()):
        scores = np.round(scores * draw(st.sampled_from([0.0, 1.0, 3.0])))
    return truth, scores


@settings(max_examples=150, deadline=None)
@given(arrays())
def test_equal_to_scikit_learn(case: tuple[np.ndarray, np.ndarray]) -> None:
    truth, scores = case
    both = [k for k in range(truth.shape[1]) if 0 < truth[:, k].sum() < len(truth)]
    if both:
        expected = roc_auc_score(truth[:, both], scores[:, both], average="macro")
        assert macro_auroc(truth, scores) == pytest.approx(expected, abs=1e-9)
    else:
        assert np.isnan(macro_auroc(truth, scores))
    for k in range(truth.shape[1]):
        if k in both:
            assert auroc(truth[:, k], scores[:, k]) == pytest.approx(
                roc_auc_score(truth[:, k], scores[:, k]), abs=1e-9
            )
        else:
            assert np.isnan(auroc(truth[:, k], scores[:, k]))
        if truth[:, k].any():
            expected = average_precision_score(truth[:, k], scores[:, k])
            assert average_precision(truth[:, k], scores[:, k]) == pytest.approx(expected, abs=1e-9)
            _best_f1(truth[:, k], scores[:, k])


def _best_f1(truth: np.ndarray, scores: np.ndarray) -> None:
    threshold = best_f1_threshold(truth, scores)
    precision, recall, _ = precision_recall_curve(truth, scores)
    with np.errstate(invalid="ignore"):
        best = np.nanmax(2 * precision * recall / (precision + recall))
    assert f1_score(truth, scores >= threshold) == pytest.approx(best, abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(arrays(), st.integers(0, 1000))
def test_weights_are_copies_of_records(case: tuple[np.ndarray, np.ndarray], seed: int) -> None:
    truth, scores = case
    times = np.random.RandomState(seed).randint(0, 4, len(truth))
    copied, given_to = np.repeat(truth[:, 0], times), np.repeat(scores[:, 0], times)
    cases, others = ranked(truth[:, 0], scores[:, 0], None, times[None].astype(float))
    assert areas(cases, others)[0] == pytest.approx(auroc(copied, given_to), abs=1e-9, nan_ok=True)
    assert precisions(cases, others)[0] == pytest.approx(average_precision(copied, given_to), abs=1e-9, nan_ok=True)


def test_published_arrays_are_taken_as_they_are() -> None:
    """The shape of the PTB-XL benchmark's files: n x 71 labels as floats, n x 71 scores, some columns empty."""
    random = np.random.RandomState(0)
    labels = (random.random_sample((2198, 71)) < random.uniform(0.0, 0.2, 71)).astype(float)
    labels[:, :3] = 0
    scores = (labels * 0.3 + random.random_sample(labels.shape)).astype(np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        each = roc_auc_score(labels, scores, average=None)
    assert np.isnan(each[:3]).all()
    assert macro_auroc(labels, scores) == pytest.approx(np.nanmean(each), abs=1e-9)


def test_what_is_unknown_is_left_out() -> None:
    random = np.random.RandomState(1)
    truth, scores = random.random_sample((50, 2)) < 0.4, random.random_sample((50, 2))
    known = random.random_sample((50, 2)) < 0.7
    by_hand = np.mean([roc_auc_score(truth[known[:, k], k], scores[known[:, k], k]) for k in range(2)])
    assert macro_auroc(truth, scores, known) == pytest.approx(by_hand, abs=1e-12)
    assert macro_auroc(np.where(known, truth, -1), scores, known) == pytest.approx(by_hand, abs=1e-12)


def test_bad_arrays_are_refused() -> None:
    with pytest.raises(ValueError, match="not of one shape"):
        macro_auroc([[0, 1]], [[0.1]])
    with pytest.raises(ValueError, match="labels are 0 or 1"):
        macro_auroc([[0], [2]], [[0.1], [0.2]])
    with pytest.raises(ValueError, match="finite"):
        macro_auroc([[0], [1]], [[0.1], [np.nan]])


def scored_case() -> tuple[np.ndarray, np.ndarray, list[str]]:
    random = np.random.RandomState(3)
    truth = random.random_sample((240, 3)) < [0.2, 0.5, 0.02]
    scores = np.clip(truth * 0.25 + random.random_sample(truth.shape) * 0.75, 0, 1)
    return truth, scores, [f"p{k // 2}" for k in range(240)]


def test_scores_of_labels_with_intervals() -> None:
    truth, scores, patients = scored_case()
    found = label_scores(truth, scores, patients, validation=(truth, scores, np.ones_like(truth)), resamples=300)
    for k, label in enumerate(found.labels):
        assert label.auroc.value == pytest.approx(roc_auc_score(truth[:, k], scores[:, k]), abs=1e-9)
        assert label.auprc.value == pytest.approx(average_precision_score(truth[:, k], scores[:, k]), abs=1e-9)
        assert label.f1.value == pytest.approx(f1_score(truth[:, k], scores[:, k] >= label.threshold), abs=1e-9)
        for one in (label.auroc, label.auprc, label.f1, label.ece):
            assert one.low <= one.value <= one.high
        assert (label.cases, label.others) == (truth[:, k].sum(), (~truth[:, k]).sum())
    assert found.auroc.value == pytest.approx(macro_auroc(truth, scores), abs=1e-12)
    again = label_scores(truth, scores, patients, validation=(truth, scores, np.ones_like(truth)), resamples=300)
    assert again.auroc == found.auroc


def test_without_validation_records_there_is_no_f1() -> None:
    truth, scores, patients = scored_case()
    found = label_scores(truth, scores, patients, resamples=20)
    assert found.f1.value is None
    assert all(np.isnan(label.threshold) for label in found.labels)


def test_patients_with_several_records_widen_the_interval() -> None:
    truth, scores, _ = scored_case()
    once = label_scores(truth[:, :1], scores[:, :1], [str(k) for k in range(240)], resamples=2000).auroc
    four = np.repeat(np.arange(60), 4).astype(str).tolist()
    alike = np.repeat(np.arange(60) * 4, 4)
    copied = label_scores(truth[alike, :1], scores[alike, :1], four, resamples=2000).auroc
    assert copied.high - copied.low > 1.5 * (once.high - once.low)  # type: ignore[operator]


def test_a_difference_is_paired() -> None:
    truth, scores, patients = scored_case()
    random = np.random.RandomState(5)
    better = scores + 0.05 * truth + 1e-3 * random.standard_normal(scores.shape)
    macro, each = auroc_difference(truth, better, scores, patients, resamples=300)
    assert macro.value == pytest.approx(macro_auroc(truth, better) - macro_auroc(truth, scores), abs=1e-9)
    assert macro.low > 0  # type: ignore[operator]
    back, _ = auroc_difference(truth, scores, better, patients, resamples=300)
    assert (back.value, back.low, back.high) == pytest.approx((-macro.value, -macro.high, -macro.low))  # type: ignore[operator]
    same, _ = auroc_difference(truth, scores, scores, patients, resamples=50)
    assert (same.value, same.low, same.high) == (0, 0, 0)
    assert len(each) == 3


def test_the_interval_of_rare_labels_precision_holds_the_true_one() -> None:
    """Ten labels of two to twenty cases in 500 records; percentiles lie above the true mean most of the time."""
    random = np.random.RandomState(6)
    share = np.array([2, 2, 3, 3, 4, 5, 6, 8, 12, 20]) / 500

    def drawn(count: int) -> tuple[np.ndarray, np.ndarray]:
        truth = random.random_sample((count, 10)) < share
        return truth, 1 / (1 + np.exp(-random.standard_normal((count, 10)) - 1.1 * truth))

    labels, scores = drawn(200_000)
    true = np.mean([average_precision(labels[:, k], scores[:, k]) for k in range(10)])
    held = 0
    for _ in range(20):
        labels, scores = drawn(500)
        found = label_scores(labels, scores, [str(k) for k in range(500)], resamples=150).auprc
        held += found.low <= true <= found.high  # type: ignore[operator]
    assert held >= 16  # of 20; with percentiles 2
