from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einthoven.bench.sources.demographics import parse_age, parse_identifier, parse_sex
from einthoven.ecg.patient import FEMALE, MALE, Patient


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("56.0", 56.0),
        ("0", 0.0),
        ("51\n", 51.0),
        ("120", 120.0),
        ("300", 90.0),
        ("300.0", 90.0),
        (">89\n", 90.0),
        *[
            (text, None)
            for text in ("", None, "NaN", "nan", "-1", "Unknown", "121", "299", "inf", ">12", "1e9", "7o")
        ],
    ],
)
def test_ages(text: str | None, age: float | None) -> None:
    assert parse_age(text) == age


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        *[(text, MALE) for text in ("0", "0.0", "M", "M\n", "male", "Male")],
        *[(text, FEMALE) for text in ("1", "1.0", "F\n", "f", "Female", "FEMALE")],
        *[(text, None) for text in ("", None, "NaN", "Unknown", "2", "x")],
    ],
)
def test_sexes_zero_is_male(text: str | None, sex: int | None) -> None:
    assert parse_sex(text) == sex
    assert (MALE, FEMALE) == (0, 1)


@pytest.mark.parametrize(
    ("text", "identifier"), [("15709.0", "15709"), ("15709", "15709"), (" p1 ", "p1"), ("1.5", "1.5"), ("", "")]
)
def test_identifiers(text: str, identifier: str) -> None:
    assert parse_identifier(text) == identifier


@settings(deadline=None)  # machines that are shared are slow at times
@given(st.text(), st.text())
def test_whatever_a_table_says_makes_a_patient(age: str, sex: str) -> None:
    Patient("p", parse_age(age), parse_sex(sex))
