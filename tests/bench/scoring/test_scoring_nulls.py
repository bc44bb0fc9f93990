"""Models that do not look and were once told that they do: what made them pass, and that it no longer does."""

import numpy as np
from scoring_cases import label_axis

from einthoven.bench.scoring.encode import ArmData
from einthoven.bench.scoring.score import score
from einthoven.ecg.reading import AxisTruth

ARMS = (ArmData("image", "image"), ArmData("majority", "blind"))
QUICK = {"resamples": 200, "flips": 1_999}


def passes(axis_of, trials: int) -> int:  # type: ignore[no-untyped-def]
    found = 0
    for trial in range(trials):
        data = axis_of(np.random.RandomState(trial))
        p = score([data], [str(row) for row in range(len(data.truths))], ARMS, **QUICK)["diagnosis"].gain.p
        assert p is not None
        found += p <= 0.05
    return found


def test_failing_on_the_records_without_the_label_is_no_reading() -> None:
    """One answer for all, unusable on a third of the records where it would have been wrong."""

    def axis(random: np.random.RandomState):  # type: ignore[no-untyped-def]
        truths = [AxisTruth(frozenset("u" if random.rand() < 0.5 else "")) for _ in range(200)]
        said = [None if not t.value and random.rand() < 0.3 else frozenset("u") for t in truths]
        return label_axis(truths, said, majority=frozenset("u"))

    assert passes(axis, 20) == 0


def test_straying_to_what_most_records_have_is_no_reading() -> None:
    """Silence, and the label of nineteen records in twenty a few times: it is nearly always right by itself."""

    def axis(random: np.random.RandomState):  # type: ignore[no-untyped-def]
        truths = [AxisTruth(frozenset("u" if random.rand() < 0.95 else "")) for _ in range(600)]
        said = [frozenset("u" if random.rand() < 0.02 else "") for _ in truths]
        return label_axis(truths, said)

    assert passes(axis, 20) <= 3
