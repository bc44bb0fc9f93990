from itertools import product

import numpy as np
import pytest
from scipy.stats import binomtest

from einthoven.bench.scoring.following import following, sign_flip_p


def test_share_test_and_interval() -> None:
    random = np.random.RandomState(0)
    one = random.rand(200) < 0.6
    other = ~one & (random.rand(200) < 0.5)
    found = following(one, other, np.arange(200))
    assert (found.n, found.one, found.other) == (200, one.sum(), other.sum())
    assert found.p == pytest.approx(binomtest(found.one, found.one + found.other).pvalue)
    assert found.share is not None and found.share_ci is not None
    error = np.sqrt(found.share * (1 - found.share) / (found.one + found.other))
    assert found.share_ci == pytest.approx((found.share - 1.96 * error, found.share + 1.96 * error), abs=0.01)


def test_turned_round_it_is_the_mirror_image() -> None:
    random = np.random.RandomState(1)
    one, index = random.rand(90) < 0.5, random.randint(0, 30, 90)
    there, back = following(one, ~one, index), following(~one, one, index)
    assert there.share is not None and back.share is not None
    assert there.share_ci is not None and back.share_ci is not None
    assert (there.share, there.p) == (pytest.approx(1 - back.share), back.p)
    assert there.share_ci == pytest.approx((1 - back.share_ci[1], 1 - back.share_ci[0]))


def test_patients_count_and_not_records() -> None:
    one = np.repeat(np.arange(40) % 2 == 0, 5)
    wide = following(one, ~one, np.repeat(np.arange(40), 5)).share_ci
    narrow = following(one, ~one, np.arange(200)).share_ci
    assert wide is not None and narrow is not None
    assert wide[1] - wide[0] > 1.8 * (narrow[1] - narrow[0])


def test_who_always_follows_one_has_an_interval_with_a_width() -> None:
    """Three of three answers: a bootstrap would say that it is certain."""
    found = following(np.ones(3, bool), np.zeros(3, bool), np.arange(3))
    assert found.share_ci == pytest.approx((0.4385, 1.0), abs=1e-4)  # Wilson's
    one_patient = following(np.ones(3, bool), np.zeros(3, bool), np.zeros(3, int))
    assert one_patient.share_ci is not None and one_patient.share_ci[0] < 0.21


def test_nothing_that_agrees_with_either() -> None:
    none = np.zeros(5, bool)
    found = following(none, none, np.arange(5))
    assert (found.share, found.share_ci, found.p) == (None, None, 1.0)
    with pytest.raises(ValueError, match="cannot agree with two"):
        following(~none, ~none, np.arange(5))


@pytest.mark.parametrize("seed", range(6))
def test_the_exact_test_is_the_slow_one(seed: int) -> None:
    """Every way to turn every patient, one after the other."""
    leads = np.random.RandomState(seed).randint(-4, 5, 11)
    sums = [
        abs(sum(sign * lead for sign, lead in zip(signs, leads, strict=True)))
        for signs in product((1, -1), repeat=11)
    ]
    assert sign_flip_p(leads) == pytest.approx(np.mean(np.array(sums) >= abs(leads.sum())), abs=1e-12)


def test_of_one_record_a_patient_it_is_the_sign_test() -> None:
    for wins, losses in ((0, 0), (1, 0), (7, 7), (14, 6), (900, 800), (1_500, 100)):
        leads = np.array([1] * wins + [-1] * losses + [0] * 5)
        wanted = binomtest(wins, wins + losses).pvalue if wins + losses else 1.0
        assert sign_flip_p(leads) == pytest.approx(wanted, abs=1e-9)


def test_who_follows_neither_is_found_as_rarely_as_the_level_says() -> None:
    """One to four ECGs a patient, answered alike; record by record this would be 19 in 100."""
    random = np.random.RandomState(0)
    found = 0
    for _ in range(600):
        index = np.repeat(np.arange(300), random.choice([1, 2, 3, 4], 300, p=[0.6, 0.2, 0.1, 0.1]))[:300]
        one = (random.rand(300) < 0.5)[index]
        found += following(one, ~one, index).p < 0.05
    # Of 600 at 5 %: the chance of more than 46 is below 0.003, and it is an exact test, so never above its level.
    assert 10 <= found <= 46
