"""Test 1 against a slow and obvious second implementation, which swaps answers and scores anew with scikit-learn."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import binom
from scoring_cases import CLASSES, LABELS, class_axis, class_reader, label_axis, label_reader, patients_of
from sklearn.metrics import balanced_accuracy_score

from einthoven.bench.scoring.counts import count, eligible, patient_index
from einthoven.bench.scoring.encode import AxisData, Prediction, encode
from einthoven.bench.scoring.permutation import one_sided_p, patient_differences
from einthoven.ecg.reading import AxisTruth


def fast(data: AxisData, patients: list[str], flips: int = 10_000, seed: int = 0) -> float:
    codes = encode(data)
    index = patient_index(patients)
    chosen = eligible(codes, index, 3)
    image, majority = (count(codes, arm, chosen, index) for arm in ("image", "majority"))
    return float(one_sided_p(patient_differences(image, majority)[None], seed, flips)[0])


def informedness(data: AxisData, answers: list[Prediction]) -> float:
    if data.kind == "categorical":
        rows = [(t.value, a or "~") for t, a in zip(data.truths, answers, strict=True) if len(t.accepted) == 1]
        kept = [c for c in CLASSES if sum(t == c for t, _ in rows) >= 3]
        recalls = [np.mean([a == c for t, a in rows if t == c]) for c in kept]
        return float((np.mean(recalls) - 1 / len(kept)) / (1 - 1 / len(kept)))
    gaps = []
    for label in LABELS:
        known = [
            (label in t.value, label not in t.value if a is None else label in a)  # type: ignore[operator]
            for t, a in zip(data.truths, answers, strict=True)
            if not t.masked and label not in t.open
        ]
        if min(sum(t for t, _ in known), sum(not t for t, _ in known)) >= 3:
            gaps.append(balanced_accuracy_score(*zip(*known, strict=True), adjusted=True))
    return float(np.mean(gaps))


def slow(data: AxisData, patients: list[str], swaps: list[dict[str, bool]]) -> float:
    """Swap whole patients between the arms and score both anew."""
    image, majority = data.predictions["image"], data.predictions["majority"]

    def gap(swap: dict[str, bool]) -> float:
        one = [m if swap[p] else i for p, i, m in zip(patients, image, majority, strict=True)]
        other = [i if swap[p] else m for p, i, m in zip(patients, image, majority, strict=True)]
        return informedness(data, one) - informedness(data, other)

    observed = gap(dict.fromkeys(patients, False))
    return float(np.mean([gap(swap) >= observed - 1e-9 for swap in swaps]))


CASES = [
    (class_reader, {"shares": (0.5, 0.3, 0.2), "accuracy": 0.3}),
    (class_reader, {"shares": (0.6, 0.4), "accuracy": 0.1}),
    (label_reader, {"prevalence": 0.4, "error": 0.4}),
]


@pytest.mark.parametrize(("make", "options"), CASES)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_few_patients_are_swapped_in_all_ways(make, options, seed) -> None:  # type: ignore[no-untyped-def]
    data, patients = make(seed, 40, **options), patients_of(seed, 40, 6)
    names = sorted(set(patients))
    swaps = [dict(zip(names, each, strict=True)) for each in product([False, True], repeat=len(names))]
    assert fast(data, patients) == pytest.approx(slow(data, patients, swaps), abs=1e-12)


@pytest.mark.parametrize(("make", "options"), CASES)
def test_many_patients_are_swapped_at_random(make, options) -> None:  # type: ignore[no-untyped-def]
    data, patients = make(4, 60, **options), patients_of(4, 60, 45)
    random = np.random.RandomState(1)
    swaps = [{p: bool(random.randint(2)) for p in set(patients)} for _ in range(250)]
    expected = slow(data, patients, swaps)
    assert 0.01 < expected < 0.99
    # Five standard errors of 250 random swaps.
    assert fast(data, patients) == pytest.approx(expected, abs=5 * np.sqrt(expected * (1 - expected) / 250))


def test_the_exact_and_the_random_test_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    differences = np.random.RandomState(2).randn(3, 12) * 0.1 + 0.03
    exact = one_sided_p(differences, 0)
    monkeypatch.setattr("einthoven.bench.scoring.permutation.EXACT_UP_TO", 0)
    assert one_sided_p(differences, 0, 200_000) == pytest.approx(exact, abs=0.006)


def test_p_at_its_ends() -> None:
    ten = np.full((1, 10), 0.1)
    assert one_sided_p(ten, 0)[0] == 2**-10
    assert one_sided_p(-ten, 0)[0] == 1.0
    assert one_sided_p(np.zeros((1, 30)), 0)[0] == 1.0
    assert one_sided_p(np.full((1, 100), 0.1), 0, 4_999)[0] == 1 / 5_000


def test_ties_count_as_reached() -> None:
    # Fourteen patients for, six against, all alike: p is the chance of fourteen heads or more.
    differences = np.array([[0.1] * 14 + [-0.1] * 6])
    assert one_sided_p(differences, 0, 100_000)[0] == pytest.approx(binom.sf(13, 20, 0.5), abs=0.004)


def test_a_test_does_not_depend_on_its_company() -> None:
    differences = np.random.RandomState(3).randn(4, 50)
    together = one_sided_p(differences, 7, 2_500)
    assert [one_sided_p(row[None], 7, 2_500)[0] for row in differences] == together.tolist()


def test_false_passes_are_as_rare_as_the_level() -> None:
    random = np.random.RandomState(8)
    passes = 0
    for trial in range(300):
        # Both arms guess by the same prior, three records a patient with the same guess.
        true = random.choice(2, 120, p=(0.7, 0.3))
        one, other = (np.repeat(random.choice(2, 40, p=(0.7, 0.3)), 3) for _ in range(2))
        data = class_axis([AxisTruth(CLASSES[t]) for t in true], [CLASSES[t] for t in one])
        data.predictions["majority"][:] = [CLASSES[t] for t in other]  # type: ignore[index]
        passes += fast(data, [f"p{row // 3}" for row in range(120)], 400, trial) <= 0.05
    # Expected 15; the chance of more than 26 is below 0.003.
    assert 4 <= passes <= 26


def test_a_label_swap_takes_false_alarms_along() -> None:
    # The image arm hits every case and raises a false alarm on every other record: no better than silence.
    truths = [AxisTruth(frozenset("u"))] * 6 + [AxisTruth(frozenset())] * 6
    data = label_axis(truths, [frozenset("u")] * 12)
    assert fast(data, [f"p{row:02d}" for row in range(12)]) > 0.5
