import numpy as np
import pytest

from einthoven.bench.scoring.group_differences import beyond_labels, group_test


def people(seed: int, patients: int = 150) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[int]]:
    """Costs that depend on what is there and on the patient; groups by patient."""
    random = np.random.RandomState(seed)
    whose = np.repeat(np.arange(patients), random.randint(1, 4, patients))
    group = random.randint(0, 3, patients)[whose]
    there = random.randint(0, 2, len(whose))
    costs = there * 2.0 + random.normal(0, 1, patients)[whose] + random.normal(0, 0.5, len(whose))
    return costs, group, whose, there.tolist()


@pytest.mark.parametrize("beyond", [False, True])
def test_without_a_difference_one_in_twenty_is_called_one(beyond: bool) -> None:
    called = 0
    for seed in range(200):
        costs, group, whose, there = people(seed)
        rest = beyond_labels(costs, there) if beyond else costs
        p, _ = group_test(rest, group, whose, there if beyond else None, flips=199, seed=seed)
        called += p <= 0.05
    assert called / 200 <= 0.09


def test_a_difference_is_found_and_its_group_named() -> None:
    costs, group, whose, _ = people(7)
    p, each = group_test(costs + 1.0 * (group == 2), group, whose)
    assert p < 0.01 and each[2] < 0.01


def test_more_illness_in_a_group_is_no_difference_beyond_the_labels() -> None:
    random = np.random.RandomState(5)
    n = 600
    group = random.randint(0, 2, n)
    there = random.random_sample(n) < np.where(group, 0.7, 0.2)
    costs = np.where(there, 3.0, 0.5) + random.normal(0, 0.5, n)
    whose = np.arange(n)
    assert group_test(costs, group, whose, flips=499)[0] < 0.01
    rest = beyond_labels(costs, there.tolist())
    assert group_test(rest, group, whose, there.tolist(), flips=499)[0] > 0.05


def test_one_group_is_never_different() -> None:
    p, each = group_test(np.arange(5.0), np.zeros(5, int), np.arange(5))
    assert p == 1.0 and each.tolist() == [1.0]


def test_the_rest_is_what_labels_do_not_explain() -> None:
    assert beyond_labels(np.array([1.0, 3.0, 5.0]), ["a", "a", "b"]).tolist() == [-1.0, 1.0, 0.0]
