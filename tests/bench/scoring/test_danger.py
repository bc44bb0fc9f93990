import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from einthoven.bench.scoring.danger import (
    class_danger,
    critical_errors,
    danger_weighted_error,
    record_cost,
    set_costs,
    subsets,
)
from einthoven.bench.scoring.danger_matrix import CLASSES, MATRICES, danger

PUBLISHED = danger("published").cells
NORM, MI, STTC, CD, HYP = range(5)

weights = st.lists(st.lists(st.integers(0, 9), min_size=5, max_size=5), min_size=5, max_size=5).map(
    lambda rows: np.array(rows, float) * (1 - np.eye(5))
)
labels = st.frozensets(st.integers(0, 4))
one = st.integers(0, 4)


def brute(truth, answer, cells):  # type: ignore[no-untyped-def]
    """Try every way to match the missed with the false, as many as can be."""
    from itertools import permutations

    missed, false = sorted(truth - answer), sorted(answer - truth)
    if len(missed) <= len(false):
        return min(
            sum(cells[m, f] for m, f in zip(missed, order, strict=False))
            + sum(cells[NORM, f] for f in order[len(missed) :])
            for order in permutations(false)
        )
    return min(
        sum(cells[m, f] for m, f in zip(order, false, strict=False))
        + sum(cells[m, NORM] for m in order[len(false) :])
        for order in permutations(missed)
    )


def test_the_published_figure_by_hand() -> None:
    confusion = np.zeros((5, 5), int)
    confusion[MI, NORM], confusion[NORM, MI], confusion[STTC, NORM], confusion[HYP, CD] = 4, 2, 5, 3
    confusion[NORM, NORM] = 86
    assert danger_weighted_error(confusion, PUBLISHED) == (4 * 3 + 2 * 3 + 5 * 2 + 3 * 1) / 100
    assert critical_errors(confusion, PUBLISHED) == 6
    assert class_danger(confusion, PUBLISHED)[:3] == pytest.approx([6 / 88, 3.0, 2.0])
    assert np.isnan(class_danger(confusion, PUBLISHED)[CD])


def test_always_cd_on_the_published_test_set_has_no_critical_error() -> None:
    # any class counts will do: under the published weights CD costs 1 wherever it errs
    confusion = np.zeros((5, 5), int)
    confusion[:, CD] = [900, 500, 400, 300, 58]
    assert critical_errors(confusion, PUBLISHED) == 0
    assert danger_weighted_error(confusion, PUBLISHED) == pytest.approx(1858 / 2158)


def test_an_unusable_answer_costs_its_rows_maximum() -> None:
    confusion = np.zeros((5, 6), int)
    confusion[MI, 5], confusion[HYP, 5] = 1, 1
    assert danger_weighted_error(confusion, PUBLISHED) == (3 + 1) / 2
    assert critical_errors(confusion, PUBLISHED) == 0
    assert record_cost({MI, CD}, None, PUBLISHED) == 3 + 1
    assert record_cost((), None, PUBLISHED) == PUBLISHED[NORM].max()


def test_no_records_are_no_figure() -> None:
    with pytest.raises(ValueError, match="no records"):
        danger_weighted_error(np.zeros((5, 5), int), PUBLISHED)


@given(st.lists(st.tuples(one, one), min_size=1), weights)
def test_on_single_labels_it_is_the_published_measure(pairs: list[tuple[int, int]], cells: np.ndarray) -> None:
    confusion = np.zeros((5, 5), int)
    for truth, said in pairs:
        confusion[truth, said] += 1
    several = np.mean([record_cost({truth}, {said}, cells) for truth, said in pairs])
    assert several == pytest.approx(danger_weighted_error(confusion, cells))


@given(labels, labels, weights)
def test_it_is_the_cheapest_matching_and_never_negative(
    truth: frozenset, answer: frozenset, cells: np.ndarray
) -> None:
    cost = record_cost(truth, answer, cells)
    assert cost == pytest.approx(brute(truth, answer, cells))
    assert cost >= 0
    assert record_cost(truth, truth, cells) == 0


@given(labels, labels, weights)
def test_it_is_symmetric_where_the_matrix_is(truth: frozenset, answer: frozenset, cells: np.ndarray) -> None:
    even = cells + cells.T
    assert record_cost(truth, answer, even) == pytest.approx(record_cost(answer, truth, even))


@given(labels.filter(bool), weights, one)
def test_unusable_is_never_cheaper_than_one_wrong_class(truth: frozenset, cells: np.ndarray, said: int) -> None:
    worst = record_cost(truth, None, cells)
    assert worst == sum(cells[i].max() for i in truth)
    if len(truth) == 1:
        assert worst >= record_cost(truth, {said}, cells)


@given(labels, labels, labels)
def test_what_nobody_knows_is_neither_missed_nor_false(
    truth: frozenset, answer: frozenset, unknown: frozenset
) -> None:
    unknown = unknown - truth
    cost = record_cost(truth, answer, PUBLISHED, unknown=unknown)
    assert cost == record_cost(truth, answer - unknown, PUBLISHED)


@given(labels.filter(bool), labels, st.floats(0, 1))
def test_a_miss_counts_as_its_label_is_likely(truth: frozenset, answer: frozenset, share: float) -> None:
    sure = record_cost(truth, answer, PUBLISHED)
    assert record_cost(truth, answer, PUBLISHED, likelihood=dict.fromkeys(truth, 1.0)) == pytest.approx(sure)
    weighed = record_cost(truth, frozenset(), PUBLISHED, likelihood=dict.fromkeys(truth, share))
    assert weighed == pytest.approx(share * record_cost(truth, frozenset(), PUBLISHED))


def test_named_in_place_of_an_unlikely_class_is_partly_false() -> None:
    # MI is there with 15 %: STTC in its place is 0.15 x d[MI, STTC] and 0.85 x d[NORM, STTC]
    cost = record_cost({MI}, {STTC}, PUBLISHED, likelihood={MI: 0.15})
    assert cost == pytest.approx(0.15 * 2 + 0.85 * 2)
    cost = record_cost({MI}, {CD}, PUBLISHED, likelihood={MI: 0.5})
    assert cost == pytest.approx(0.5 * 1 + 0.5 * 1)


def test_examples_that_a_reader_can_check() -> None:
    assert record_cost({MI, CD}, {MI}, PUBLISHED) == 1  # CD missed
    assert record_cost({NORM}, {NORM, MI}, PUBLISHED) == 3  # a false infarction beside "normal"
    assert record_cost({MI, HYP}, {STTC}, PUBLISHED) == 3  # MI as STTC 2 + HYP missed 1; not 3 + 1
    assert record_cost({MI}, set(), PUBLISHED) == record_cost({MI}, {NORM}, PUBLISHED) == 3  # silence reads as normal


@pytest.mark.parametrize("name", MATRICES)
def test_the_table_of_sets_holds_every_pair(name: str) -> None:
    cells = danger(name).cells
    table, every = set_costs(cells), subsets(len(CLASSES))
    assert table.shape == (32, 32)
    assert (table.diagonal() == 0).all()
    place = {one: k for k, one in enumerate(every)}
    assert table[place[(MI, CD)], place[(STTC,)]] == record_cost({MI, CD}, {STTC}, cells)
