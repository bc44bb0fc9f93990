import numpy as np
import pytest

from einthoven.bench.scoring.contrasts import ContrastScore
from einthoven.bench.scoring.deltas import Delta
from einthoven.bench.scoring.judge import judge

QUICK = {"resamples": 400, "flips": 999}
TRUE = ["sinus"] * 120 + ["paced"] * 60
READ = (ContrastScore("pacing", "rhythm", 20, 19, 0, 2**-19, 2**-18),)
UNREAD = (ContrastScore("pacing", "rhythm", 20, 1, 1, 0.75, 1.0),)


def test_a_reader_a_guesser_and_a_set_axis() -> None:
    random = np.random.RandomState(0)
    found = judge(
        {"rhythm": TRUE, "conduction": [["lbbb"] if random.rand() < 0.3 else [] for _ in TRUE]},
        {"image": {"rhythm": TRUE, "conduction": [["lbbb"]] * 180}},
        contrasts={"rhythm": READ},
        **QUICK,
    )
    assert found["rhythm"].word == "reads"
    assert found["rhythm"].reason.endswith("of the pairs it tells apart pacing (19 of 20).")
    assert found["conduction"].word == "prior"
    assert found["conduction"].flags == ("constant",)
    assert found["conduction"].evidence is not None
    assert found["conduction"].evidence.gain == 0.0


@pytest.mark.parametrize(
    ("contrasts", "word", "reason"),
    [
        ({"rhythm": READ}, "reads", "the picture causes it"),
        ({"rhythm": UNREAD}, "associated", "does not tell apart: pacing (1 of 20) both right"),
        ({"rate": READ}, "associated", "no pairs ask about this axis"),
        (None, "associated", "was not tested with pairs"),
    ],
)
def test_the_pairs_decide_between_reads_and_associated(contrasts, word, reason) -> None:  # type: ignore[no-untyped-def]
    found = judge({"rhythm": TRUE}, {"image": {"rhythm": TRUE}}, contrasts=contrasts, **QUICK)["rhythm"]
    assert found.word == word
    assert reason in found.reason


def test_pairs_alone_are_not_reading() -> None:
    found = judge({"rhythm": TRUE}, {"image": {"rhythm": ["sinus"] * 180}}, contrasts={"rhythm": READ}, **QUICK)
    assert found["rhythm"].word == "prior"


def test_numbers_that_give_it_away_are_a_leak() -> None:
    answers = {"image": {"rhythm": ["sinus"] * 180}, "measurements": {"rhythm": TRUE}}
    found = judge({"rhythm": TRUE}, answers, **QUICK)["rhythm"]
    assert found.word == "leaks"
    assert "1.00 from it alone" in found.reason


def test_delta_is_the_callers() -> None:
    random = np.random.RandomState(3)
    said = ["paced" if random.rand() < 0.1 else "sinus" for _ in TRUE]
    deltas = {"rhythm": Delta(0.001, "the signal reference")}
    assert judge({"rhythm": TRUE}, {"image": {"rhythm": said}}, **QUICK)["rhythm"].word == "prior"
    assert judge({"rhythm": TRUE}, {"image": {"rhythm": said}}, deltas=deltas, **QUICK)["rhythm"].word == (
        "underpowered"
    )


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="image is needed"):
        judge({"rhythm": TRUE}, {"blank": {"rhythm": TRUE}})
    with pytest.raises(ValueError, match="no such arms"):
        judge({"rhythm": TRUE}, {"image": {"rhythm": TRUE}, "picture": {"rhythm": TRUE}})


def test_cases_of_few_patients_decide_nothing() -> None:
    """A hundred ECGs of five patients are five observations: too few to call a model a guesser."""
    truth = ["sinus"] * 100 + ["paced"] * 100
    people = [f"s{row}" for row in range(100)] + [f"p{row % 5}" for row in range(100)]
    says = {"image": {"rhythm": ["sinus"] * 200}, "no-image": {"rhythm": ["sinus"] * 200}}
    found = judge({"rhythm": truth}, says, people)["rhythm"]
    assert found.word == "underpowered"
    assert "paced 100 of 5 patients" in found.reason
    assert judge({"rhythm": truth}, says)["rhythm"].word == "prior"


def test_a_class_is_scored_from_so_many_patients_on() -> None:
    truth, says = ["sinus"] * 60 + ["paced"] * 40, {"image": {"rhythm": ["sinus"] * 60 + ["paced"] * 40}}
    for many, word in ((9, "underpowered"), (10, "associated")):
        people = [f"s{row}" for row in range(60)] + [f"p{row % many}" for row in range(40)]
        assert judge({"rhythm": truth}, says, people)["rhythm"].word == word
