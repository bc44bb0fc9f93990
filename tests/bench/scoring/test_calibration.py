import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

from einthoven.bench.scoring.bootstrap import interval, turned_interval
from einthoven.bench.scoring.calibration import BINS, calibration_error, reliability


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 200), st.integers(0, 2**32 - 1), st.sampled_from([1, 3, 15]), st.booleans())
def test_the_plot_is_scikit_learns(count: int, seed: int, bins: int, rounded: bool) -> None:
    random = np.random.RandomState(seed)
    probabilities = random.random_sample(count)
    if rounded:  # on the edges of bins
        probabilities = np.round(probabilities * bins) / bins
    labels = random.random_sample(count) < probabilities
    found = reliability(labels, probabilities, bins)
    if labels.any() and not labels.all():
        observed, predicted = calibration_curve(labels, probabilities, n_bins=bins)
        assert found.observed == pytest.approx(observed, abs=1e-9)
        assert found.predicted == pytest.approx(predicted, abs=1e-9)
    assert found.records.sum() == count
    by_hand = (found.records * np.abs(found.observed - found.predicted)).sum() / count
    assert calibration_error(labels, probabilities, bins=bins)[0] == pytest.approx(by_hand, abs=1e-12)


def test_a_calibrated_model_has_a_small_error_and_a_boastful_one_a_large_one() -> None:
    random = np.random.RandomState(0)
    probabilities = random.random_sample(20_000)
    labels = random.random_sample(20_000) < probabilities
    assert calibration_error(labels, probabilities)[0] < 0.02
    boastful = np.where(probabilities > 0.5, 0.99, 0.01)
    assert calibration_error(labels, boastful)[0] == pytest.approx(0.24, abs=0.02)


def test_weights_are_copies_of_records() -> None:
    random = np.random.RandomState(0)
    probabilities, times = random.random_sample(80), random.randint(0, 4, 80)
    labels = random.random_sample(80) < 0.3
    weighted = calibration_error(labels, probabilities, times[None].astype(float))[0]
    assert weighted == pytest.approx(calibration_error(np.repeat(labels, times), np.repeat(probabilities, times))[0])


def test_probabilities_only() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        calibration_error(np.array([True]), np.array([1.2]))
    assert BINS == 15


def test_the_interval_holds_the_true_error_and_percentiles_would_not() -> None:
    """Twice too sure, on 600 records: what a million of them say is the truth."""
    random = np.random.RandomState(4)

    def drawn(count: int) -> tuple[np.ndarray, np.ndarray]:
        logits = 1.5 * random.standard_normal(count) - 1
        return random.random_sample(count) < 1 / (1 + np.exp(-logits)), 1 / (1 + np.exp(-1.6 * logits))

    true = calibration_error(*drawn(1_000_000))[0]
    held = {"turned": 0, "percentiles": 0}
    for _ in range(60):
        labels, probabilities = drawn(600)
        error = calibration_error(labels, probabilities)[0]
        draws = calibration_error(
            labels, probabilities, random.multinomial(600, np.full(600, 1 / 600), 300).astype(float)
        )
        for name, (low, high) in (("turned", turned_interval(error, draws)), ("percentiles", interval(draws))):
            held[name] += low <= true <= high
        low, high = turned_interval(error, draws)
        assert 0 <= low <= error <= high <= 1
    assert held["turned"] >= 50  # of 60; nominally 57
    assert held["percentiles"] < held["turned"] - 8


def test_the_bins_have_intervals_over_patients() -> None:
    random = np.random.RandomState(5)
    probabilities = np.repeat(random.random_sample(150), 4)
    labels = np.repeat(random.random_sample(150) < 0.5, 4)
    alone = reliability(labels, probabilities, bins=5)
    four = reliability(labels, probabilities, 5, np.repeat(np.arange(150), 4))
    for one in (alone, four):
        assert (one.low <= one.observed).all() and (one.observed <= one.high).all()
    # four records of a patient that are alike say no more than one
    assert (four.high - four.low > 1.6 * (alone.high - alone.low)).all()
