import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from einthoven.bench.scoring.danger import record_cost, subsets
from einthoven.bench.scoring.danger_decisions import (
    least_danger_label,
    least_danger_set,
    most_probable_label,
    most_probable_set,
    single_label,
)
from einthoven.bench.scoring.danger_matrix import MATRICES, danger

chances = arrays(float, (3, 5), elements=st.floats(0, 1))


def test_a_likely_infarction_is_named_before_it_is_the_likeliest() -> None:
    # NORM .5, MI .4: saying NORM costs 0.4 x 3, MI 0.5 x 3, STTC 0.9 x 2, CD only 0.9 x 1
    rows = np.array([[0.5, 0.4, 0.0, 0.1, 0.0]])
    assert most_probable_label(rows).tolist() == [0]
    assert least_danger_label(rows, danger("published").cells).tolist() == [3]  # the published weights invite it
    assert least_danger_label(rows, danger("missed").cells).tolist() == [1]


@given(chances)
def test_under_equal_weights_both_ways_are_one(rows: np.ndarray) -> None:
    alone, cells = single_label(rows), danger("uniform").cells
    likely = alone[range(3), most_probable_label(alone)]
    assert alone[range(3), least_danger_label(alone, cells)] == pytest.approx(likely)


@pytest.mark.parametrize("name", MATRICES)
@given(rows=chances)
def test_no_answer_is_expected_to_cost_less(name: str, rows: np.ndarray) -> None:
    cells, alone = danger(name).cells, single_label(rows)
    chosen = least_danger_label(alone, cells)
    expected = np.array([[alone[r] @ cells[:, said] for said in range(5)] for r in range(3)])
    assert expected[range(3), chosen] == pytest.approx(expected.min(axis=1), abs=1e-9)


def test_sets_are_tried_against_all_truths() -> None:
    cells, rows = danger("missed").cells, np.array([[0.3, 0.3, 0.1, 0.4, 0.0]])
    every = subsets(5)

    def expected(answer: tuple[int, ...]) -> float:
        total = 0.0
        for truth in every:
            chance = np.prod([p if k in truth else 1 - p for k, p in enumerate(rows[0])])
            total += chance * record_cost(truth, answer, cells)
        return float(total)

    chosen = least_danger_set(rows, cells)[0]
    assert expected(chosen) == pytest.approx(min(map(expected, every)))
    assert most_probable_set(rows) == [()] != [chosen]  # silence is likeliest, and dear if an infarction is there


def test_probabilities_that_are_all_0_become_equal_ones() -> None:
    assert single_label(np.zeros((1, 5))).tolist() == [[0.2] * 5]


def test_calibrated_probabilities_pay() -> None:
    random = np.random.RandomState(0)
    chance = random.dirichlet([0.6] * 5, 4000)
    truth = np.array([random.choice(5, p=row) for row in chance])
    for name in MATRICES:
        cells = danger(name).cells
        careful, likely = least_danger_label(chance, cells), most_probable_label(chance)
        saved = cells[truth, likely].mean() - cells[truth, careful].mean()
        assert saved > 0.02 if name != "uniform" else saved == 0
