import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from einthoven.bench.scoring.mcnemar import mcnemar


@given(st.integers(0, 80), st.integers(0, 80), st.integers(0, 5))
def test_it_is_the_exact_binomial_test(wins: int, losses: int, ties: int) -> None:
    one = np.array([True] * wins + [False] * losses + [True] * ties, bool)
    other = np.array([False] * wins + [True] * losses + [True] * ties, bool)
    found = mcnemar(one, other)
    assert (found.wins, found.losses) == (wins, losses)
    expected = binomtest(wins, wins + losses).pvalue if wins + losses else 1.0
    assert found.p == pytest.approx(expected, rel=1e-9)
    assert found.useful == (wins > losses and expected < 0.05)
