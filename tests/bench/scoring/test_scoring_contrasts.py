import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from einthoven.bench.scoring.contrasts import contrast_test, contrasts, sign_test_p


@given(st.integers(0, 60), st.integers(0, 60))
def test_it_is_the_exact_sign_test(wins: int, losses: int) -> None:
    wanted = binomtest(wins, wins + losses, alternative="greater").pvalue if wins + losses else 1.0
    assert sign_test_p(wins, losses) == pytest.approx(wanted, rel=1e-9)


def test_only_whole_pairs_count() -> None:
    right = np.array([1, 1, 1, 0, 0], bool)
    other = np.array([1, 1, 0, 1, 0], bool)
    found = contrast_test("flutter", "rhythm", right, other, ~right, ~other)
    assert (found.n, found.both_right, found.both_reversed, found.p) == (5, 2, 1, 0.5)


def test_holm_goes_over_the_contrasts_of_all_axes() -> None:
    ones, none = np.ones(10, bool), np.zeros(10, bool)
    read = contrast_test("rate-slow", "rate", ones, ones, none, none)
    unread = [contrast_test(f"c{k}", "rhythm", none, none, ones, ones) for k in range(3)]
    found = contrasts([read, *unread])
    assert list(found) == ["rate", "rhythm"]
    assert found["rate"][0].p_holm == pytest.approx(4 * 2**-10)
    assert [each.p_holm for each in found["rhythm"]] == [1.0, 1.0, 1.0]
