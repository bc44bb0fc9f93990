from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruler import AF, PACED, page

from einthoven.ecg.simulator import Parameters, beats
from einthoven.ecg.simulator.rhythm import EDGES

seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=200, deadline=None)
@given(rate=st.floats(30, 150), seed=seeds, rhythm=st.sampled_from(["sinus", "atrial_fibrillation"]))
def test_the_mean_rate_is_the_one_asked_for(rate: float, seed: int, rhythm: str) -> None:
    parameters = Parameters(heart_rate=rate, rhythm=rhythm, pr=120 if rhythm == "sinus" else None, qtc=380)
    r = beats(parameters, seed)
    assert 60 / np.diff(r).mean() == pytest.approx(rate, rel=1e-9)
    assert r[0] >= EDGES[0] - 1e-9
    assert r[-1] <= 10
    assert np.diff(r).min() > 0.2


@pytest.mark.parametrize("rate", [38, 57, 63, 97, 103, 140])
@pytest.mark.parametrize("seed", range(4))
def test_that_many_complexes_are_on_the_page(rate: float, seed: int) -> None:
    """Counted in the signal: steep stretches, at their mean distance, give the rate within half a beat a minute."""
    parameters = Parameters(heart_rate=rate, pr=130, qtc=400, noise=0)
    found = page(parameters, seed)
    steep = np.abs(np.diff(found.signal[[0, 1, 6, 8, 10]], axis=1)).sum(axis=0) > 0.15
    peaks = np.flatnonzero(steep)
    runs = np.split(peaks, np.flatnonzero(np.diff(peaks) > 75) + 1)
    times = np.array([run[0] for run in runs]) / 500
    assert len(times) == len(beats(parameters, seed))
    assert 60 / np.diff(times).mean() == pytest.approx(rate, abs=0.5)


@pytest.mark.parametrize("seed", range(10))
def test_sinus_rhythm_is_regular_but_not_rigid(seed: int) -> None:
    for rate in (45, 70, 120):
        rr = np.diff(beats(Parameters(heart_rate=rate, pr=140), seed))
        assert np.ptp(rr) < 0.08
        assert np.ptp(rr) > 0.001


@pytest.mark.parametrize("seed", range(10))
def test_fibrillation_is_irregular_at_every_rate(seed: int) -> None:
    for rate in (42, 80, 120, 155):
        rr = np.diff(beats(replace(AF, heart_rate=rate), seed))
        assert rr.std() / rr.mean() > 0.1
        assert np.abs(np.diff(rr)).max() > 0.1 * rr.mean()


def test_pacing_is_rigid() -> None:
    assert np.ptp(np.diff(beats(PACED, 5))) < 1e-9
