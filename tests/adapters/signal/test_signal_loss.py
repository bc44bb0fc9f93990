import numpy as np
import pytest

torch = pytest.importorskip("torch")

from einthoven.adapters.signal.loss import loss  # noqa: E402
from einthoven.adapters.signal.outputs import outputs  # noqa: E402

AXES = outputs("axes")


def given(count: int = 4) -> tuple["torch.Tensor", "torch.Tensor"]:
    random = np.random.RandomState(0)
    logits = torch.from_numpy(random.standard_normal((count, AXES.logits))).float().requires_grad_()
    targets = np.full((count, AXES.columns), -1, np.int8)
    return logits, torch.from_numpy(targets)


def test_what_is_unknown_teaches_nothing() -> None:
    logits, targets = given()
    cost = loss(logits, targets, AXES)
    cost.backward()
    assert float(cost) == 0
    assert float(logits.grad.abs().max()) == 0  # type: ignore[union-attr]


def test_it_is_the_log_of_the_probability() -> None:
    """Against the probabilities that numpy computes: every kind of column, one record."""
    logits, targets = given(1)
    rhythm, conduction, classes = (AXES.group(name).columns for name in ("rhythm", "conduction", "superclass"))
    targets[0, rhythm] = 0
    targets[0, rhythm.start + 2] = targets[0, rhythm.start + 3] = 1  # two are accepted
    targets[0, conduction.start : conduction.start + 2] = torch.tensor([1, 0], dtype=torch.int8)
    targets[0, classes] = torch.tensor([1, 0, -1, 0, 1], dtype=torch.int8)
    p = AXES.probabilities(logits.detach().numpy())[0]
    by_hand = [p[rhythm.start + 2] + p[rhythm.start + 3], p[conduction.start], 1 - p[conduction.start + 1]]
    by_hand += [p[classes.start], 1 - p[classes.start + 1], 1 - p[classes.start + 3], p[classes.start + 4]]
    # the log of a very unlikely superclass is floored
    by_hand = [max(each, np.exp(-15.0)) for each in by_hand]
    assert float(loss(logits, targets, AXES).detach()) == pytest.approx(-np.log(by_hand).sum(), rel=1e-4)


def test_weights_and_smoothing() -> None:
    logits, targets = given(1)
    column = AXES.group("conduction").start
    targets[0, column] = 1
    plain = float(loss(logits, targets, AXES))
    weights = torch.ones(AXES.columns)
    weights[column] = 3
    assert float(loss(logits, targets, AXES, weights)) == pytest.approx(3 * plain, rel=1e-5)
    p = float(torch.sigmoid(logits[0, column]))
    expected = -(0.9 * np.log(p) + 0.1 * np.log(1 - p))
    assert float(loss(logits, targets, AXES, None, 0.1)) == pytest.approx(expected, rel=1e-5)


def test_extreme_logits_give_finite_gradients() -> None:
    targets = torch.ones((1, AXES.columns), dtype=torch.int8)
    for value in (-80.0, 0.0, 80.0):
        for wanted in (targets, targets * 0):
            logits = torch.full((1, AXES.logits), value, requires_grad=True)
            loss(logits, wanted, AXES).backward()
            assert torch.isfinite(logits.grad).all()  # type: ignore[arg-type]
