"""What must never move a score: the order of the records, masked rows, open labels."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_cases import ARMS, CLASSES, LABELS, MASKED, class_reader, label_reader, patients_of

from einthoven.bench.scoring.encode import AxisData
from einthoven.bench.scoring.score import score

QUICK = {"resamples": 400, "flips": 999}


def reordered(data: AxisData, order: list[int]) -> AxisData:
    return replace(
        data,
        truths=[data.truths[row] for row in order],
        predictions={arm: [answers[row] for row in order] for arm, answers in data.predictions.items()},
    )


@settings(max_examples=15)
@given(st.integers(0, 1_000), st.randoms(use_true_random=False))
def test_the_order_of_the_records_never_matters(seed: int, random) -> None:  # type: ignore[no-untyped-def]
    n = 120
    axes = [class_reader(seed, n, (0.5, 0.3, 0.2), 0.4), label_reader(seed, n, 0.3, 0.3)]
    patients = patients_of(seed, n, 70)
    order = list(range(n))
    random.shuffle(order)
    shuffled = score([reordered(data, order) for data in axes], [patients[row] for row in order], ARMS, **QUICK)
    assert shuffled == score(axes, patients, ARMS, **QUICK)  # bit for bit, before any rounding


@settings(max_examples=15)
@given(st.integers(0, 1_000), st.integers(0, 1_000))
def test_masked_rows_and_open_labels_never_count(seed: int, other: int) -> None:
    n = 120
    random = np.random.RandomState(other)
    axes = [class_reader(seed, n, (0.5, 0.3, 0.2), 0.4, masked=0.3), label_reader(seed, n, 0.3, 0.3, masked=0.3)]
    for data in axes:
        data.truths[0] = MASKED  # type: ignore[index]
    patients = patients_of(seed, n, 70)
    before = score(axes, patients, ARMS, **QUICK)
    for data in axes:
        for row, truth in enumerate(data.truths):
            answers = data.predictions["image"]
            if data.kind == "categorical":
                new = [*CLASSES, None, "no such class"][random.randint(6)] if truth.masked else answers[row]
            elif truth.masked:
                new = frozenset(label for label in LABELS if random.rand() < 0.5)
            else:
                flipped = frozenset(label for label in truth.open if random.rand() < 0.5)
                new = None if answers[row] is None else answers[row] ^ flipped
            answers[row] = new  # type: ignore[index]
    after = score(axes, patients, ARMS, **QUICK)
    for name, score_before in before.items():
        # Modal and invalid share are of all records asked; everything else is untouched.
        same = {
            key: getattr(score_before.arms["image"], key) for key in ("modal_answer", "modal_share", "invalid_share")
        }
        image = replace(after[name].arms["image"], **same)
        assert replace(after[name], arms=after[name].arms | {"image": image}) == score_before  # type: ignore[operator]


def test_one_answer_that_counts_does_matter() -> None:
    data = class_reader(1, 120, (0.5, 0.5), 0.4, masked=0.0)
    patients = patients_of(1, 120, 70)
    before = score([data], patients, ARMS, **QUICK)
    row = next(row for row, a in enumerate(data.predictions["image"]) if a == data.truths[row].value)
    data.predictions["image"][row] = None  # type: ignore[index]
    after = score([data], patients, ARMS, **QUICK)
    assert (
        after["rhythm"].arms["image"].metrics["informedness"]
        != before["rhythm"].arms["image"].metrics["informedness"]
    )
