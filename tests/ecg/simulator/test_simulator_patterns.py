"""What a cardiologist looks for, in millivolts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from ruler import (
    ACUTE_ANTERIOR,
    ACUTE_INFERIOR,
    AF,
    CONDITIONS,
    LBBB,
    LVH,
    OLD_ANTERIOR,
    OLD_INFERIOR,
    PACED,
    RBBB,
    page,
    readable,
)

from einthoven.ecg.recording import LEADS
from einthoven.ecg.simulator import Parameters, simulate, simulated
from einthoven.ecg.simulator.population import draw

SEEDS = range(6)
NORMAL = Parameters()


@pytest.mark.parametrize("seed", SEEDS)
def test_normal_r_progression_and_upright_t(seed: int) -> None:
    found = page(NORMAL, seed)
    r = [found.qrs(f"V{i}").max() for i in range(1, 7)]
    assert r[0] < r[1] < r[2] < r[3]
    assert r[2] > 0.3  # not a poor progression
    assert max(r) in r[3:5]
    assert found.qrs("V1").min() < -0.3
    for lead in ("I", "II", "V3", "V4", "V5", "V6"):
        assert found.t_wave(lead) > 0.05, lead
    assert found.t_wave("aVR") < -0.05
    for lead in LEADS:
        assert abs(found.at_j(lead, 40)) < 0.16, lead  # up to 0.2 mV in V2 and V3 is normal


def test_pathological_q_only_with_a_scar() -> None:
    """In a population: Q of 30 ms in III and aVF, or any Q in V3, is there with the scar and never without."""
    seen = 0
    for parameters, seed in draw(21, 900):
        if not readable(parameters) or parameters.conduction not in ("none", "rbbb") or parameters.findings:
            continue
        found = page(parameters, seed)
        q = {lead: _q_length(found.qrs(lead)) for lead in ("III", "aVF", "V3", "V5")}
        if not parameters.scarred:
            assert min(q["III"], q["aVF"]) < 30, parameters
            assert q["V3"] < 20, parameters
            assert q["V5"] < 30, parameters
            continue
        assert parameters.ischemia is not None
        seen += 1
        if "inferior" in parameters.ischemia.walls:
            assert max(q["III"], q["aVF"]) >= 26, parameters
        if "anterior" in parameters.ischemia.walls:
            assert q["V3"] >= 28 or found.qrs("V3").max() < 0.15, parameters
    assert seen > 10


def _q_length(course: np.ndarray) -> float:
    """ms for which a complex is below -0.05 mV before it is first above 0.05, if it ever gets below -0.1."""
    above = np.flatnonzero(course > 0.05)
    q = course[: above[0]] if above.size else course
    return 2.0 * float((q < -0.05).sum()) if q.size and q.min() < -0.1 else 0.0


@pytest.mark.parametrize("seed", SEEDS)
def test_acute_inferior(seed: int) -> None:
    found = page(ACUTE_INFERIOR, seed)
    st = {lead: found.at_j(lead, 20) for lead in LEADS}
    assert min(st["II"], st["III"], st["aVF"]) > 0.1  # Thygesen et al. 2018: 0.1 mV in two contiguous leads
    assert st["III"] > st["II"]
    assert st["aVL"] < -0.08  # reciprocal
    assert st["I"] < 0
    assert st["V2"] < -0.03
    assert max(st["V4"], st["V5"], st["V6"]) < 0.1


@pytest.mark.parametrize("seed", SEEDS)
def test_acute_anterior(seed: int) -> None:
    found = page(ACUTE_ANTERIOR, seed)
    st = {lead: found.at_j(lead, 20) for lead in LEADS}
    assert min(st["V3"], st["V4"]) > 0.2
    assert st["V2"] > 0.15
    assert st["V1"] < st["V2"]
    assert st["V6"] < 0.15
    assert max(st["III"], st["aVF"]) < -0.05  # reciprocal
    assert max(st["II"], st["III"], st["aVF"]) < 0.05


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("axis", [-50, 10, 60])
def test_old_inferior(seed: int, axis: float) -> None:
    found = page(replace(OLD_INFERIOR, qrs_axis=axis), seed)
    for lead in ("III", "aVF"):
        assert _q_length(found.qrs(lead)) >= 28, lead  # from -0.05 mV on: 30 ms from its onset
        assert abs(found.at_j(lead, 40)) < 0.1
        assert abs(found.t_wave(lead)) < 0.3  # flat: neither upright as in health nor deep as in the first weeks
    assert _q_length(found.qrs("V5")) < 30


@pytest.mark.parametrize("seed", SEEDS)
def test_old_anterior(seed: int) -> None:
    found, well = page(OLD_ANTERIOR, seed), page(NORMAL, seed)
    for lead in ("V2", "V3"):
        assert found.qrs(lead).max() < 0.4 * well.qrs(lead).max(), lead
        assert found.qrs(lead).min() < -0.4
        assert found.t_wave(lead) < 0.5 * well.t_wave(lead)
    assert found.qrs("V5").max() > 0.4
    assert _q_length(found.qrs("aVF")) < 30


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("axis", [-60, 5, 70])
def test_lbbb(seed: int, axis: float) -> None:
    found = page(replace(LBBB, qrs_axis=axis), seed)
    v1, v6 = found.qrs("V1"), found.qrs("V6")
    assert v1.min() < -0.8
    assert v1.max() < 0.25
    assert v6.max() > 0.3
    assert v6[: v6.argmax()].min() > -0.05  # no septal q
    assert found.qrs("I")[:20].min() > -0.05
    assert found.at_j("V1", 20) > 0.05  # discordant
    assert found.t_wave("V1") > 0.2
    assert found.t_wave("V2") > 0.2
    assert found.t_wave("V6") < -0.05


@pytest.mark.parametrize("seed", SEEDS)
def test_lbbb_is_notched_laterally(seed: int) -> None:
    assert any(_summits(page(LBBB, seed).qrs(lead)) >= 2 for lead in ("I", "aVL", "V5", "V6"))


def _summits(course: np.ndarray) -> int:
    """Local maxima above half of the highest."""
    inner = course[1:-1]
    return int(((inner > course[:-2]) & (inner >= course[2:]) & (inner > course.max() / 2)).sum())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("axis", [-60, 45, 110])
def test_rbbb(seed: int, axis: float) -> None:
    found = page(replace(RBBB, qrs_axis=axis), seed)
    v1 = found.qrs("V1")
    nadir = int(v1.argmin())
    r, r2 = v1[:nadir].max(), v1[nadir:].max()
    assert r > 0.03
    assert v1.min() < 0
    assert r2 > max(0.3, r)
    for lead in ("I", "V6"):
        late = found.qrs(lead)[-45:]
        assert late.min() < -0.05, lead
        assert 2 * (late < -0.03).sum() >= 40, lead  # wide
    assert found.t_wave("V1") < 0


@pytest.mark.parametrize("seed", SEEDS)
def test_pacing(seed: int) -> None:
    found = page(PACED, seed)
    spikes = np.abs(np.diff(found.lead("II"), 2))
    for onset in np.rint(simulated(PACED, seed).fiducials.qrs_onset * 500).astype(int):
        assert spikes[max(onset - 8, 0) : onset - 1].max() > 0.15
    assert found.qrs("II").min() < -0.3
    assert found.qrs("V1").min() < -0.3
    assert found.t_wave("III") > 0.05  # against a negative QRS


def _sokolow(parameters: Parameters, seed: int) -> float:
    found = page(parameters, seed)
    return max(found.qrs("V5").max(), found.qrs("V6").max()) - float(found.qrs("V1").min())


def test_sokolow_lyon_only_with_hypertrophy() -> None:
    tall = {"left_ventricular_hypertrophy", "lvh_voltage_criteria", "high_qrs_voltage"}
    for parameters, seed in draw(9, 400):
        if readable(parameters) and "septal_hypertrophy" not in parameters.findings:
            assert bool(_sokolow(parameters, seed) > 3.5) is bool(parameters.findings & tall), parameters


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("axis", [-60, 15, 70])
def test_strain(seed: int, axis: float) -> None:
    found = page(replace(LVH, qrs_axis=axis), seed)
    for lead in ("I", "V5", "V6"):
        assert found.at_j(lead, 40) < -0.02, lead
        assert found.t_wave(lead) < -0.05, lead
    assert found.t_wave("V2") > 0


@pytest.mark.parametrize("seed", SEEDS)
def test_f_waves(seed: int) -> None:
    """Between T and the next QRS the baseline moves in V1, at 4 to 9 Hz."""
    found = page(replace(AF, heart_rate=40), seed)
    row = found.lead("V1")
    gaps = [row[a + 260 : b - 30] for a, b in zip(found.onsets, found.onsets[1:], strict=False) if b - a > 450]
    longest = max(gaps, key=len)
    assert 0.04 < np.ptp(longest) < 0.5
    spectrum = np.abs(np.fft.rfft(longest - longest.mean(), 8192))
    assert 4 <= np.fft.rfftfreq(8192, 1 / 500)[spectrum.argmax()] <= 9


@pytest.mark.parametrize("name", CONDITIONS)
def test_noise_rides_on_the_same_heart(name: str) -> None:
    noise = [_noise(CONDITIONS[name], seed) for seed in range(20)]
    # A restless patient's baseline wanders more.
    assert 0.03 < np.median([one.std() for one in noise]) < 0.05
    for one in noise:
        assert 0.01 < one.std() < 0.1
        assert np.abs(one).max() < 0.26


def _noise(parameters: Parameters, seed: int) -> np.ndarray:
    quiet, noisy = (simulate(replace(parameters, noise=level), seed).signal for level in (0.0, 1.0))
    assert quiet is not None
    assert noisy is not None
    return (noisy - quiet).astype(float)
