import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from einthoven.bench.scoring.wilson import wilson


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_it_is_scipys(case: tuple[int, int]) -> None:
    hits, n = case
    theirs = binomtest(hits, n).proportion_ci(0.95, method="wilson")
    assert wilson(hits, n) == pytest.approx((theirs.low, theirs.high), abs=1e-9)
    low, high = wilson(hits, n)
    assert 0.0 <= low <= hits / n <= high <= 1.0


def test_another_level() -> None:
    theirs = binomtest(3, 20).proportion_ci(0.8, method="wilson")
    assert wilson(3, 20, 0.8) == pytest.approx((theirs.low, theirs.high))


@pytest.mark.parametrize("case", [(0, 0), (-1, 5), (6, 5)])
def test_what_is_no_share_is_refused(case: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(*case)
