from itertools import product

import numpy as np
import pytest
from scoring_cases import CLASSES, LABELS, class_axis, label_axis

from einthoven.bench.scoring.counts import Counts, count, eligible, patient_index
from einthoven.bench.scoring.encode import AxisData, Prediction, encode
from einthoven.bench.scoring.metrics import metrics
from einthoven.bench.scoring.permutation import one_sided_p, patient_differences
from einthoven.bench.scoring.power import ALPHA, delta, guess_moments, minimum_detectable_gain
from einthoven.ecg.reading import AxisTruth


def counted(data: AxisData, patients: list[str], arm: str) -> Counts:
    codes = encode(data)
    index = patient_index(patients)
    return count(codes, arm, eligible(codes, index), index)


def classes(sizes: tuple[int, ...]) -> list[AxisTruth]:
    return [AxisTruth(name) for name, size in zip(CLASSES, sizes, strict=False) for _ in range(size)]


def labels(n: int, prevalence: tuple[float, ...]) -> list[AxisTruth]:
    random = np.random.RandomState(0)
    names = np.array(LABELS[: len(prevalence)], dtype=object)
    return [AxisTruth(frozenset(names[random.rand(len(names)) < prevalence])) for _ in range(n)]


def planned_answers(truths: list[AxisTruth], patients: list[str], g: float, random: np.random.RandomState) -> list:
    """Read a patient with probability g, else guess by the frequencies in the truth."""
    read = {patient: random.rand() < g for patient in sorted(set(patients))}
    answers: list[Prediction] = []
    if isinstance(truths[0].value, str):
        guesses = random.permutation([truth.value for truth in truths] * 3)[: len(truths)].tolist()
        return [t.value if read[p] else guess for t, p, guess in zip(truths, patients, guesses, strict=True)]
    share = {x: np.mean([x in t.value for t in truths]) for x in LABELS}  # type: ignore[operator]
    for truth, patient in zip(truths, patients, strict=True):
        guess = frozenset(x for x in LABELS if random.rand() < share[x])
        answers.append(truth.value if read[patient] else guess)
    return answers


@pytest.mark.parametrize(
    ("truths", "per_patient"),
    [
        (classes((200, 100, 60)), 1),
        (classes((150, 90)), 1),
        (classes((300, 60, 40, 30)), 2),
        (labels(300, (0.3, 0.15, 0.1)), 1),
        (labels(400, (0.2, 0.1)), 3),
    ],
    ids=["three classes", "two classes", "four classes, pairs", "three labels", "two labels, triples"],
)
def test_the_planned_reader_is_found_four_times_in_five(truths: list[AxisTruth], per_patient: int) -> None:
    random = np.random.RandomState(20)
    mixed = random.permutation(len(truths))
    truths = [truths[row] for row in mixed]
    patients = [f"p{row // per_patient:04d}" for row in range(len(truths))]
    make = class_axis if isinstance(truths[0].value, str) else label_axis
    data = make(truths, [None] * len(truths))
    majority = counted(data, patients, "majority")
    mde = minimum_detectable_gain(majority)
    assert mde is not None
    assert 0.02 < mde < 0.5
    found, gains = 0, []
    for trial in range(250):
        answers = planned_answers(truths, patients, mde, random)
        image = counted(make(truths, answers), patients, "image")
        differences = patient_differences(image, majority)
        gains.append(differences.sum())
        found += one_sided_p(differences[None], trial, 1_600)[0] <= ALPHA
    # A binomial standard error of 0.025, and what is lost by taking normal tails for a sum with few values.
    assert 0.70 <= found / 250 <= 0.90
    assert np.mean(gains) == pytest.approx(mde, abs=5 * np.std(gains) / np.sqrt(250))


def test_more_records_see_smaller_gains() -> None:
    found = []
    for factor in (1, 2, 5, 20):
        truths = classes((60 * factor, 30 * factor))
        data = class_axis(truths, [None] * len(truths))
        found.append(minimum_detectable_gain(counted(data, [str(row) for row in range(len(truths))], "majority")))
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == 4


def test_clusters_see_less() -> None:
    truths = classes((120, 60))
    data = class_axis(truths, [None] * 180)
    alone = minimum_detectable_gain(counted(data, [str(row) for row in range(180)], "majority"))
    in_threes = minimum_detectable_gain(counted(data, [str(row // 3) for row in range(180)], "majority"))
    assert alone is not None
    assert in_threes is not None
    assert in_threes > 1.3 * alone


def test_too_few_patients_see_nothing() -> None:
    data = class_axis(classes((20, 20)), [None] * 40)
    assert minimum_detectable_gain(counted(data, [str(row // 20) for row in range(40)], "majority")) is None


def test_it_never_looks_at_the_answers() -> None:
    truths = classes((60, 40))
    patients = [str(row) for row in range(100)]
    one = counted(class_axis(truths, [None] * 100), patients, "majority")
    other = counted(class_axis(truths, [t.value for t in truths]), patients, "majority")
    assert minimum_detectable_gain(one) == minimum_detectable_gain(other)


def test_a_blind_arm_that_is_always_right_leaves_nothing_to_find() -> None:
    truths = classes((60, 40))
    data = class_axis(truths, [t.value for t in truths])
    assert minimum_detectable_gain(counted(data, [str(row) for row in range(100)], "image")) is None


@pytest.mark.parametrize("sizes", [(100, 40), (200, 60, 20), (400, 100, 40, 20)])
def test_delta_is_half_the_gain_of_the_modest_reader(sizes: tuple[int, ...]) -> None:
    truths = classes(sizes)
    answers: list[str] = []
    for row, size in enumerate(sizes):
        hits = round((0.6 if row else 0.95) * size)
        answers += [CLASSES[row]] * hits + [CLASSES[row - 1]] * (size - hits)
    counts = counted(class_axis(truths, answers), [str(row) for row in range(len(truths))], "image")
    assert delta(counts) == pytest.approx(metrics(counts.total())["informedness"][0] / 2, abs=1e-12)


def test_delta_of_labels() -> None:
    truths = [AxisTruth(frozenset("u"))] * 20 + [AxisTruth(frozenset())] * 20
    patients = [str(row) for row in range(40)]
    assert delta(counted(label_axis(truths, [None] * 40), patients, "image")) == pytest.approx(0.275)
    assert delta(counted(label_axis(truths[:39], [None] * 39), patients[:39], "image")) is None


@pytest.mark.parametrize("kind", ["classes", "labels"])
def test_moments_of_a_guess_are_those_of_all_its_outcomes(kind: str) -> None:
    """One patient's three records, every outcome of the guess spelled out with its probability."""
    if kind == "classes":
        truths = classes((50, 30, 20))
        rows, shares = (0, 50, 80), (0.5, 0.3, 0.2)
        worth = [1 / (2 * size) for size in (50, 30, 20)]
        standing = worth[0]  # the majority answers a, right on the first record
        data = class_axis(truths, [None] * 100)
    else:
        truths = [AxisTruth(frozenset("u"))] * 20 + [AxisTruth(frozenset("v"))] * 30 + [AxisTruth(frozenset())] * 30
        rows = (0, 20, 50)
        # records x labels: (u, v) is a case with its share, or a non-case where naming it costs
        shares = (0.25, 0.375, 0.25, 0.375, 0.25, 0.375)
        case_u, other_u, case_v, other_v = 1 / 40, -1 / 120, 1 / 60, -1 / 100
        worth = [case_u, other_v, other_u, case_v, other_u, other_v]
        standing = 0.0
        data = label_axis(truths, [None] * 80)
    patients = ["0" if row in rows else f"p{row}" for row in range(len(truths))]
    expected = np.zeros(4)
    for outcome in product([0, 1], repeat=len(shares)):
        chance = np.prod([share if hit else 1 - share for hit, share in zip(outcome, shares, strict=True)])
        u = np.dot(outcome, worth) - standing
        expected += chance * u ** np.arange(1, 5)
    found = [moment[0] for moment in guess_moments(counted(data, patients, "majority"))]
    assert found == pytest.approx(expected.tolist(), rel=1e-10)
