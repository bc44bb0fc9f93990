"""Intervals of gains are held against the gain that a reader is made with."""

from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from einthoven.bench.error_rates.cells import CELLS
from einthoven.bench.error_rates.coverage import covered, main
from einthoven.bench.error_rates.simulate import AxisOutcome, judge_batch


def outcome(true_gain: float | None, ends: tuple[float, float] | None) -> AxisOutcome:
    return AxisOutcome("reads", 0.01, True, 0.5, 0.2, true_gain, ends)


def test_intervals_are_counted_where_they_lie() -> None:
    models = [
        {"rate": outcome(0.3, ends), "axis": outcome(None, ends)}
        for ends in ((0.1, 0.2), (0.1, 0.3), (0.3, 0.5), (0.4, 0.5), None)
    ]
    found = covered(models)
    assert list(found) == ["rate"]  # nobody knows the gain on the other
    rate = found["rate"]
    assert (rate.intervals, rate.below, rate.above, rate.held) == (4, 0.25, 0.25, 0.5)


@pytest.mark.parametrize("name", ["threshold", "published-277"])
def test_the_true_gain_is_what_the_readers_gain(name: str) -> None:
    judged = [one for batch in range(3) for one in judge_batch(CELLS[name], batch, resamples=200, flips=99)]
    middles: dict[str, list[float]] = {}
    for model in judged:
        for axis, one in model.items():
            if one.gain_ci is not None and one.true_gain is not None:
                middles.setdefault(axis, []).append(float(np.mean(one.gain_ci)) - one.true_gain)
    assert len(middles) >= 6
    for axis, away in middles.items():
        assert abs(np.mean(away)) < 0.06, axis  # data sets are few: twenty models share one
    found = covered(judged)
    held = float(np.mean([one.held for one in found.values()]))
    assert 0.85 < held < 1.0
    shifted = [
        {axis: replace(one, true_gain=(one.true_gain or 0.0) + 0.3) for axis, one in model.items()}
        for model in judged
    ]
    assert np.mean([one.below for one in covered(shifted).values()]) > 0.5  # with another truth they do not hold it


def test_who_does_not_read_has_no_gain_to_hold() -> None:
    assert covered(judge_batch(CELLS["constant"], 0, models=2, resamples=100, flips=99)) == {}


def test_blind_arms_that_guess_draw_the_interval_down() -> None:
    """The best of several guesses is partly luck, in the sample and again in every resample."""
    cell = replace(CELLS["published-277"], majority=0.7)
    below = []
    for guesses in (0, 3):
        judged = [one for batch in range(5) for one in judge_batch(cell, batch, 20, 300, 19, guesses)]
        shares = [one for one in covered(judged).values() if one.intervals >= 60]
        assert len(shares) >= 4
        below.append(np.mean([one.below for one in shares]))
    assert below[0] < 0.05 < below[1]


def test_the_command_prints_a_row_an_axis() -> None:
    said = CliRunner().invoke(main, ["--models", "20", "--cell", "published-277"]).stdout.splitlines()
    rows = [line for line in said if line.startswith("| published-277 |")]
    assert len(rows) in (6, 7) and all(line.count(" %") == 3 for line in rows)
