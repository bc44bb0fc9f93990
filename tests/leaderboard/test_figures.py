import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einthoven.leaderboard.figures import (
    below_span,
    ceiling,
    count,
    dollars,
    interval,
    percent,
    plain,
    probability,
    seconds,
    signed,
    span_x,
)
from einthoven.leaderboard.render import _environment


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
    assert 0 <= float(span_x(value)) <= 250
    if -0.25 <= value <= 1:
        assert math.isclose(float(span_x(value)) / 200 - 0.25, value, abs_tol=0.003)


def test_what_lies_below_the_scale_is_no_dot_at_its_end() -> None:
    assert below_span(-0.251) and not below_span(-0.25) and not below_span(1.0)
    dot = _environment().from_string('{% from "charts.html.j2" import dot with context %}{{ dot(value, 250, 8) }}')
    assert "circle" in dot.render(value=-0.25) and "off" not in dot.render(value=-0.25)
    assert "circle" not in dot.render(value=-0.7) and 'class="off"' in dot.render(value=-0.7)


def test_ceiling_is_what_the_best_blind_arm_leaves() -> None:
    assert ceiling({"gain": 0.3, "informedness": 0.3}) == 1.0
    assert ceiling({"gain": 0.2, "informedness": 0.5}) == pytest.approx(0.7)
    assert ceiling({"gain": None, "informedness": None}) is None


def test_probability_has_its_relation() -> None:
    assert probability(0.0004) == "p < 0.001"
    assert probability(0.0124) == "p = 0.012"
    assert probability(None) == "p not computed"
    assert seconds(None) == "unknown"
