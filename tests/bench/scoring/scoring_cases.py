"""Made-up axes for the scoring tests: rows of (truth, answer) pairs as AxisData, and noisy readers."""

from collections.abc import Sequence

import numpy as np

from einthoven.bench.scoring.encode import ArmData, AxisData, Prediction
from einthoven.ecg.reading import AxisTruth

CLASSES = ("a", "b", "c", "d")
LABELS = ("u", "v", "w", "x", "y")
ARMS = (ArmData("image", "image"), ArmData("majority", "blind"))
MASKED = AxisTruth(reason="not stated")


def class_axis(
    truths: Sequence[AxisTruth],
    image: Sequence[Prediction],
    majority: Prediction = "a",
    name: str = "rhythm",
    **more: Sequence[Prediction],
) -> AxisData:
    arms = {"image": list(image), "majority": [majority] * len(truths), **{arm: list(x) for arm, x in more.items()}}
    return AxisData(name, "categorical", CLASSES, list(truths), arms)


def label_axis(
    truths: Sequence[AxisTruth],
    image: Sequence[Prediction],
    majority: Prediction = frozenset(),
    name: str = "diagnosis",
    **more: Sequence[Prediction],
) -> AxisData:
    arms = {"image": list(image), "majority": [majority] * len(truths), **{arm: list(x) for arm, x in more.items()}}
    return AxisData(name, "set", LABELS, list(truths), arms)


def class_reader(
    seed: int, n: int, shares: Sequence[float], accuracy: float, masked: float = 0.1, invalid: float = 0.05
) -> AxisData:
    """Classes drawn by their shares; a reader right with `accuracy`, else any class; some masked, some invalid."""
    random = np.random.RandomState(seed)
    true = random.choice(len(shares), n, p=shares)
    answers: list[Prediction] = [
        None if random.rand() < invalid else CLASSES[t if random.rand() < accuracy else random.randint(len(shares))]
        for t in true
    ]
    truths = []
    for t in true:
        draw = random.rand()
        if draw < masked:
            truths.append(MASKED)
        elif draw < masked + 0.05:
            truths.append(AxisTruth(CLASSES[t], accepted=frozenset({CLASSES[t], "d"})))
        else:
            truths.append(AxisTruth(CLASSES[t]))
    return class_axis(truths, answers)


def label_reader(seed: int, n: int, prevalence: float, error: float, masked: float = 0.1) -> AxisData:
    """Labels present by prevalence; a reader that gets each wrong with `error`; masks, open labels, invalid."""
    random = np.random.RandomState(seed)
    truths, answers = [], []
    names = np.array(LABELS, dtype=object)
    for _ in range(n):
        present = random.rand(len(LABELS)) < prevalence
        opened = (random.rand(len(LABELS)) < 0.1) & ~present
        wrong = random.rand(len(LABELS)) < error
        truth = AxisTruth(frozenset(names[present]), open=frozenset(names[opened]))
        truths.append(MASKED if random.rand() < masked else truth)
        answers.append(None if random.rand() < 0.05 else frozenset(names[present ^ wrong]))
    return label_axis(truths, answers)


def patients_of(seed: int, n: int, patients: int) -> list[str]:
    return [f"p{number}" for number in np.random.RandomState(seed).randint(0, patients, n)]
