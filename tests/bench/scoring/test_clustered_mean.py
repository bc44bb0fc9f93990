import numpy as np
import pytest

from einthoven.bench.scoring.clustered_mean import clustered_means, estimates


def test_means_intervals_and_rows_without_a_record() -> None:
    random = np.random.RandomState(1)
    patients = np.repeat(np.arange(200), 2)
    costs = random.randint(0, 4, 400).astype(float)
    costs[:10] = np.nan
    means, draws = clustered_means(np.array([costs, costs + 1, np.full(400, np.nan)]), patients, resamples=2000)
    assert means[0] == pytest.approx(np.nanmean(costs))
    first, second, none = estimates(means, draws)
    assert first.interval is not None and first.interval[0] < np.nanmean(costs) < first.interval[1]
    assert second.low == pytest.approx(first.low + 1)  # type: ignore[operator]
    assert none.value is None and none.interval is None
    # the spread is that of the mean of patients
    wanted = np.nanstd([np.nanmean(pair) for pair in costs[10:].reshape(-1, 2)]) / np.sqrt(195)
    assert draws[0].std() == pytest.approx(wanted, rel=0.1)


def test_the_order_of_records_never_matters() -> None:
    random = np.random.RandomState(2)
    patients, costs = random.randint(0, 30, 100), random.random_sample(100).round(6)
    patients = np.unique(patients, return_inverse=True)[1]
    order = random.permutation(100)
    one = clustered_means(costs[None], patients, resamples=100)[1]
    other = clustered_means(costs[order][None], patients[order], resamples=100)[1]
    assert (one == other).all()
