import numpy as np
import pytest

from einthoven.bench.scoring.bootstrap import interval, resampled


def draws(rows: np.ndarray, resamples: int, seed: int = 0) -> np.ndarray:
    parts = list(resampled(rows, resamples, seed))
    assert [part.start for part, _ in parts] == [0, *[part.stop for part, _ in parts][:-1]]
    return np.concatenate([counts for _, counts in parts], axis=1)


@pytest.mark.parametrize("resamples", [1, 200, 433])
def test_each_resample_draws_as_many_patients_as_there_are(resamples: int) -> None:
    weights = draws(np.eye(50), resamples)
    assert weights.shape == (50, resamples)
    assert np.all(weights.sum(axis=0) == 50)


def test_weights_are_multinomial() -> None:
    weights = draws(np.eye(40), 20_000)
    assert weights.mean() == 1.0
    assert np.abs(weights.mean(axis=1) - 1).max() < 5 * np.sqrt(1 / 20_000)
    assert weights.var(axis=1).mean() == pytest.approx(1 - 1 / 40, abs=0.01)
    assert np.corrcoef(weights)[np.triu_indices(40, 1)].mean() == pytest.approx(-1 / 39, abs=0.002)


def test_counts_are_weights_times_rows_whatever_else_is_resampled() -> None:
    random = np.random.RandomState(5)
    rows = random.randint(0, 4, (30, 60)).astype(float)
    rows[7] = rows[3]
    rows[9] = 0
    expected = rows @ draws(np.eye(60), 300, seed=2)
    assert np.array_equal(draws(rows, 300, seed=2), expected)
    assert np.array_equal(draws(rows[[9, 4]], 300, seed=2), expected[[9, 4]])


def test_counts_beyond_single_precision_stay_exact() -> None:
    rows = np.array([[2.0**24 + 1, 1.0, 3.0]])
    expected = rows @ draws(np.eye(3), 50)
    assert np.array_equal(draws(rows, 50), expected)


def test_the_interval_covers_and_knows_of_clusters() -> None:
    # Four records a patient, all right or all wrong: the interval must be twice as wide as independent records'.
    random = np.random.RandomState(11)
    covered, widths = 0, []
    for trial in range(300):
        right = 4.0 * (random.rand(80) < 0.7)
        low, high = interval(draws(right[None], 600, seed=trial)[0] / 320)
        covered += low <= 0.7 <= high
        widths.append(high - low)
    assert 0.91 <= covered / 300 <= 0.98
    assert np.mean(widths) == pytest.approx(2 * 1.96 * np.sqrt(0.21 / 80), rel=0.05)
