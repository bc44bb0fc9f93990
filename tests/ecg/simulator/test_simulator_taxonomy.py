"""Every value of the taxonomy is reached, or there is a reason why not."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from reach import REACHED, UNREACHED, UNSTATED

from einthoven.ecg.reading import Ischemia
from einthoven.ecg.simulator import Parameters, simulate, simulated
from einthoven.ecg.simulator.possible import RATES, TERRITORIES
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


@pytest.mark.parametrize("limit", ["slowest", "fastest"])
@pytest.mark.parametrize("rhythm", RATES)
def test_every_rhythm_goes_as_slow_and_as_fast_as_it_may(rhythm: str, limit: str) -> None:
    rate = RATES[rhythm][limit == "fastest"]
    told: dict[str, Any] = {"heart_rate": rate, "qtc": 330.0 if rate > 100.0 else 410.0}
    base = REACHED["rhythm", rhythm]
    if base.pr is not None and rate > 100.0:
        told["pr"] = 84.0
    if rhythm == "atrial_flutter":
        told["ratio"] = 4 if limit == "slowest" else 2
    if not base.native:
        told["qrs"], told["qtc"] = 120.0, 400.0
    page = simulated(replace(base, **told), 5)
    if rhythm != "ventricular_fibrillation":
        assert 60.0 / np.diff(page.fiducials.qrs_onset).mean() == pytest.approx(rate, rel=1e-9)
    with pytest.raises(ValueError, match=r"/min|a minute"):
        replace(base, **told | {"heart_rate": rate + (1.0 if limit == "fastest" else -1.0)})


def test_thirty_to_two_hundred_and_twenty() -> None:
    assert min(low for low, _ in RATES.values()) == 30.0
    assert max(high for name, (_, high) in RATES.items() if name != "ventricular_fibrillation") == 220.0


def test_a_page_takes_no_longer_than_15_ms() -> None:
    """The best of some pages: how fast it can be, not how busy the machine is."""
    spent = []
    for seed in range(12):
        start = time.process_time()
        simulate(Parameters(), seed)
        spent.append(time.process_time() - start)
    assert min(spent) < 0.015
