from dataclasses import replace

import pytest

from einthoven.bench.scoring.verdict import Evidence, verdict

TESTED = Evidence(
    kind="categorical",
    n=400,
    masked=10,
    cases={"sinus": 300, "paced": 60, "other": 3},
    others={},
    gain=0.4,
    gain_ci=(0.3, 0.5),
    p_holm=0.004,
    delta=0.275,
    mde=0.21,
    blind_answer="sinus",
)


def test_test_one_passed_is_associated() -> None:
    found = verdict(TESTED)
    assert found.word == "associated"
    assert found.reason == (
        "Above every blind arm: gain 0.40 [0.30, 0.50] over always answering 'sinus', p = 0.004 after Holm; "
        "whether the picture causes the answers was not tested with pairs."
    )


def test_test_one_goes_before_a_small_gain() -> None:
    assert verdict(replace(TESTED, gain=0.1, gain_ci=(0.05, 0.2))).word == "associated"


@pytest.mark.parametrize(
    ("gain", "gain_ci", "start"),
    [
        (0.0, (0.0, 0.0), "Always answering 'sinus' scores as well: gain 0.00 [0.00, 0.00],"),
        (-0.05, (-0.1, 0.0), "Always answering 'sinus' scores better: gain -0.05 [-0.10, 0.00],"),
        (0.05, (-0.1, 0.2), "Little better than always answering 'sinus': gain 0.05 [-0.10, 0.20],"),
    ],
)
def test_a_gain_below_delta_is_prior(gain: float, gain_ci: tuple[float, float], start: str) -> None:
    found = verdict(replace(TESTED, gain=gain, gain_ci=gain_ci, p_holm=0.5, delta=0.2875))
    assert found.word == "prior"
    assert found.reason == f"{start} below 0.29, half the gain of a modest reader."


def test_other_blind_arms_are_named() -> None:
    base = replace(TESTED, gain=0.0, gain_ci=(-0.1, 0.1), p_holm=1.0, blind_answer=None)
    assert verdict(replace(base, best_blind="no-image")).reason.startswith("The no-image arm scores as well")
    assert verdict(base).reason.startswith("Answering as the training majority scores as well")


def test_neither_is_underpowered_and_says_what_could_have_been_seen() -> None:
    undecided = replace(TESTED, gain=0.2, gain_ci=(-0.1, 0.5), p_holm=0.051)
    found = verdict(undecided)
    assert found.word == "underpowered"
    assert found.reason == (
        "Undecided: gain 0.20 [-0.10, 0.50] over always answering 'sinus' is not shown to be above 0 "
        "(p = 0.051 after Holm) nor below 0.28; a gain of 0.21 would have been seen four times in five."
    )
    assert "even a perfect reader" in verdict(replace(undecided, mde=None)).reason


@pytest.mark.parametrize(
    ("cases", "others", "reason"),
    [
        (
            {"sinus": 380, "atrial_fibrillation": 12, "paced": 0},
            {},
            "Only one class has 20 cases: sinus 380, atrial_fibrillation 12.",
        ),
        (
            {"a": 19, "b": 18, "c": 3, "d": 3, "e": 2, "f": 1, "g": 1},
            {},
            "No class has 20 cases: a 19, b 18, c 3, d 3,",
        ),
        ({"a": 0}, {}, "No class has 20 cases: there are none."),
        (
            {"lbbb": 12, "rbbb": 390},
            {"lbbb": 380, "rbbb": 2},
            "No label has 20 cases and 20 records without it: rbbb 390 with, 2 without; lbbb 12 with, 380 without.",
        ),
    ],
)
def test_too_few_cases_are_named(cases: dict[str, int], others: dict[str, int], reason: str) -> None:
    found = verdict(Evidence("set" if others else "categorical", 400, 0, cases, others))
    assert found.word == "underpowered"
    assert found.reason.startswith(reason)


def test_no_truth_at_all() -> None:
    assert verdict(Evidence("set", 0, 1108, {}, {})).reason == (
        "No record has a truth on this axis: all 1108 are masked."
    )


def test_flags_stand_beside_the_word() -> None:
    assert verdict(TESTED).flags == ()
    assert verdict(replace(TESTED, modal_share=0.99)).flags == ("constant",)
    assert verdict(replace(TESTED, modal_share=0.989, declined_share=0.51)).flags == ("declined",)
    assert verdict(replace(TESTED, declined_share=0.5)).flags == ()


@pytest.mark.parametrize(
    ("cases", "others", "patients", "reason"),
    [
        (
            {"sinus": 380, "paced": 24, "other": 3},
            {},
            {"sinus": (300, 0), "paced": (5, 0), "other": (2, 0)},
            "Only one class has 20 cases, of 10 patients: sinus 380, paced 24 of 5 patients, other 3.",
        ),
        (
            {"sinus": 25, "paced": 24},
            {},
            {"sinus": (12, 0), "paced": (9, 0)},
            "Only one class has 20 cases, of 10 patients: sinus 25, paced 24 of 9 patients.",
        ),
        (
            {"lbbb": 25},
            {"lbbb": 375},
            {"lbbb": (1, 100)},
            "No label has 20 cases and 20 records without it, of 10 patients: "
            "lbbb 25 of 1 patient with, 375 without.",
        ),
    ],
)
def test_cases_of_too_few_patients_are_told(cases, others, patients, reason) -> None:  # type: ignore[no-untyped-def]
    found = verdict(Evidence("set" if others else "categorical", 400, 0, cases, others, patients=patients))
    assert (found.word, found.reason) == ("underpowered", reason)
