import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from einthoven.bench.scoring.clustered_share import clustered_share
from einthoven.bench.scoring.wilson import wilson


@given(st.lists(st.booleans(), min_size=3, max_size=60))
def test_of_one_record_a_patient_it_is_wilson_but_for_the_variance(hits: list[bool]) -> None:
    n = len(hits)
    found = clustered_share(np.array(hits), np.ones(n, bool), np.arange(n))
    plain = wilson(sum(hits), n)
    assert found.value == sum(hits) / n
    assert found.interval is not None
    # the variance over n - 1 makes it a little wider, never narrower
    assert found.interval[0] <= plain[0] + 1e-12 and found.interval[1] >= plain[1] - 1e-12
    assert found.interval[1] - found.interval[0] <= (plain[1] - plain[0]) * 1.25


def test_records_that_always_agree_count_once() -> None:
    hits = np.repeat([True, False, False, True, False, False, False, False, False, False], 10)
    patients = np.repeat(np.arange(10), 10)
    found = clustered_share(hits, np.ones(100, bool), patients)
    assert found.interval == pytest.approx(wilson(2, 10), abs=0.03)


def test_none_of_none_and_none_of_some() -> None:
    nothing = np.zeros(4, bool)
    assert clustered_share(nothing, nothing, np.arange(4)).value is None
    # ten records of two patients without a hit say little
    found = clustered_share(np.zeros(10, bool), np.ones(10, bool), np.repeat([0, 1], 5))
    assert found.interval == wilson(0, 2)


def test_it_covers_what_it_says() -> None:
    random = np.random.RandomState(3)
    inside = 0
    for _ in range(400):
        own = random.beta(1.0, 9.0, 80)  # each of 80 patients has a rate of their own, 0.1 on average
        hits = random.random_sample((80, 4)) < own[:, None]
        found = clustered_share(hits.ravel(), np.ones(320, bool), np.repeat(np.arange(80), 4))
        assert found.interval is not None
        inside += found.interval[0] <= 0.1 <= found.interval[1]
    assert 0.92 <= inside / 400 <= 0.98
