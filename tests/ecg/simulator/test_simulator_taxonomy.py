"""Every value of the taxonomy is reached, or there is a reason why not."""

from __future__ import annotations

import numpy as np
import pytest
from reach import REACHED, UNREACHED, UNSTATED

from einthoven.ecg.reading import Ischemia
from einthoven.ecg.simulator import Parameters, simulate
from einthoven.ecg.simulator.possible import TERRITORIES
from einthoven.ecg.simulator.truth import reading
from einthoven.tasks.taxonomy import axes, axis_value


def _labels(parameters: Parameters, axis: str) -> set[str]:
    value = axis_value(reading(parameters)[0], axis)
    return {value} if isinstance(value, str) else set(value or ())


def test_the_table_is_complete() -> None:
    for name, axis in axes().items():
        if name != "diagnosis":
            reached = {value for other, value in REACHED if other == name}
            assert reached | (set(axis.values) & set(UNREACHED)) == set(axis.values), name
            assert not reached & set(UNREACHED)


@pytest.mark.parametrize("place", REACHED, ids="-".join)
def test_a_value_is_reached_and_not_masked(place: tuple[str, str]) -> None:
    axis, value = place
    parameters = REACHED[place]
    assert value in _labels(parameters, axis)
    assert axis not in reading(parameters)[1]
    signal = simulate(parameters, 3).signal
    assert signal is not None
    assert np.ptp(signal, axis=1).min() > 0.05
    assert np.abs(signal).max() < 6


def test_every_statement_is_made_somewhere() -> None:
    stages = {"acute", "recent", "old", "subendocardial_injury", "ischemia"}
    made = set()
    for parameters in (*REACHED.values(), *_territories(stages)):
        made |= _labels(parameters, "diagnosis")
    assert set(axes()["diagnosis"].values) - made == set(UNSTATED)


def _territories(stages: set[str]) -> list[Parameters]:
    found = []
    for stage in stages:
        for walls in TERRITORIES:
            try:
                found.append(Parameters(ischemia=Ischemia(stage, walls)))
            except ValueError:
                continue  # no statement names it
    return found


def test_what_stays_the_same_is_the_same() -> None:
    """A value differs from a normal heart of the same seed: each of them can be seen."""
    well = simulate(Parameters(noise=0), 3).signal
    assert well is not None
    for place, parameters in REACHED.items():
        if parameters == Parameters():
            continue
        ill = simulate(parameters, 3).signal
        assert ill is not None
        assert np.abs(ill - well).max() > 0.05, place
