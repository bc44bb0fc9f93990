import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einthoven.leaderboard.figures import bar_x, count, dollars, interval, percent, plain, signed


@pytest.mark.parametrize(
    ("given_value", "shown"),
    [
        (0.314, "+0.31"),
        (-0.314, "−0.31"),
        (0.0, "0.00"),
        (-0.0, "0.00"),
        (-0.004, "0.00"),
        (1, "+1.00"),
        (None, "none"),
    ],
)
def test_signed(given_value: float | None, shown: str) -> None:
    assert signed(given_value) == shown


def test_unknown_is_never_zero() -> None:
    assert dollars(None) == count(None) == "unknown"
    assert percent(None) == plain(None) == "none"
    assert interval(None) == "no interval"
    assert dollars(0.0) == "$0.00"
    assert count(0) == "0"


def test_little_is_not_nothing() -> None:
    assert dollars(0.0004) == "< $0.01"
    assert percent(0.0004) == "<\u00a00.1\u00a0%"
    assert percent(0.0) == "0.0\u00a0%"
    assert percent(0.942) == "94.2\u00a0%"
    assert dollars(1234.5) == "$1,234.50"


def test_whole_floats_are_counts() -> None:
    assert count(1108.0) == count(1108) == "1,108"


@given(st.floats(-2, 2))
def test_bar_stays_on_its_line(value: float) -> None:
    assert 0 <= float(bar_x(value)) <= 200
    if abs(value) <= 1:
        assert math.isclose(float(bar_x(value)) / 100 - 1, value, abs_tol=0.006)
