"""What cases of few patients would do, were they scored."""

import numpy as np
import pytest

from einthoven.bench.scoring.judge import judge

#: Half the gain of the modest reader on two classes.
DELTA = 0.275


def called_prior(patients: int, records: int, min_cases: int, models: int = 120) -> float:
    """Return how often a reader of a gain of exactly delta is called a guesser: it reads a patient or it does not."""
    random = np.random.RandomState([patients, records])
    truth = ["sinus"] * 100 + ["paced"] * patients * records
    people = [f"s{row}" for row in range(100)] + [f"p{row // records}" for row in range(patients * records)]
    words = []
    for _ in range(models):
        read = np.repeat(random.rand(patients) < DELTA, records)
        says = ["sinus"] * 100 + ["paced" if there else "sinus" for there in read]
        answers = {"image": {"rhythm": says}, "no-image": {"rhythm": ["sinus"] * len(truth)}}
        options = {"resamples": 400, "flips": 99, "min_cases": min_cases}
        words.append(judge({"rhythm": truth}, answers, people, **options)["rhythm"].word)  # type: ignore[arg-type]
    return words.count("prior") / models


@pytest.mark.parametrize(("patients", "records"), [(4, 5), (5, 20)])
def test_a_reader_of_few_patients_would_be_called_a_guesser(patients: int, records: int) -> None:
    assert called_prior(patients, records, min_cases=1) > 0.15
    assert called_prior(patients, records, min_cases=20, models=3) == 0.0


def test_of_ten_patients_it_is_rare() -> None:
    """Where none of ten is read, 4 in 100; of 120 the chance of more than 12 is below 0.001."""
    assert called_prior(10, 2, min_cases=20) <= 12 / 120
