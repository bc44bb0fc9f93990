"""Rhythms and blocks, read off the fiducial points, and the points off the signal."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest
from reach import REACHED

from einthoven.ecg.recording import LEADS
from einthoven.ecg.simulator import Parameters, Simulated, simulated
from einthoven.ecg.simulator.fiducials import Fiducials

SEEDS = range(8)
BEATING = {place: parameters for place, parameters in REACHED.items() if place[1] != "ventricular_fibrillation"}


def points(parameters: Parameters, seed: int) -> Fiducials:
    return simulated(replace(parameters, noise=0), seed).fiducials


def pr(found: Fiducials) -> np.ndarray:
    """ms from P to QRS of each conducted P wave, in order."""
    leads = found.p_leads_to >= 0
    return 1e3 * (found.qrs_onset[found.p_leads_to[leads]] - found.p_onset[leads])


@pytest.mark.parametrize("place", BEATING, ids="-".join)
def test_rate_and_order(place: tuple[str, str]) -> None:
    for seed in SEEDS:
        parameters = BEATING[place]
        found = points(parameters, seed)
        assert 60 / np.diff(found.qrs_onset).mean() == pytest.approx(parameters.heart_rate, rel=1e-6)
        order = (found.qrs_onset, found.r_peak, found.qrs_end, found.t_peak, found.t_end)
        assert all((early < late).all() for early, late in pairwise(order))
        assert (found.p_onset < found.p_peak).all()
        assert (found.p_peak < found.p_end).all()
        assert found.qrs_onset[0] >= 0.05 - 1e-9
        assert found.qrs_end[-1] <= 10
        lengths = {len(getattr(found, name)) for name in ("qrs_onset", "qrs_kind", "t_end")}
        assert len(lengths) == 1


def test_fibrillation_has_nothing_to_mark() -> None:
    found = points(REACHED["rhythm", "ventricular_fibrillation"], 1)
    assert all(len(getattr(found, field.name)) == 0 for field in fields(found))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_points_lie_where_the_signal_says(seed: int) -> None:
    """Noise-free: P begins and QRS ends where the components do, and R is the tallest place of the QRS."""
    page = simulated(Parameters(noise=0, heart_rate=60), seed)
    found, parts = page.fiducials, page.components
    p = np.abs(parts.atria).max(axis=0)
    qrs = np.abs(parts.qrs).max(axis=0)
    for onset in found.p_onset[found.p_onset > 0.1]:
        at = round(onset * 500)
        assert p[at - 10 : at - 2].max() < 0.012 < p[at + 2 : at + 10].max()
    for onset, r, end in zip(found.qrs_onset, found.r_peak, found.qrs_end, strict=True):
        first, last = round(onset * 500), round(end * 500)
        assert qrs[first - 20 : first].max() < 0.016
        assert qrs[last + 1 : last + 20].max() < 0.016
        assert abs(first + np.square(parts.qrs)[:, first:last].sum(axis=0).argmax() - r * 500) <= 2


@pytest.mark.parametrize("seed", SEEDS)
def test_wenckebach_lengthens_until_a_beat_is_lost(seed: int) -> None:
    found = points(Parameters(block="wenckebach", ratio=4, heart_rate=55, pr=180), seed)
    lost = np.flatnonzero((found.p_leads_to < 0) & (found.p_onset < found.qrs_onset[-1]))
    lost = lost[found.p_onset[lost] > found.qrs_onset[0]]
    assert lost.size >= 2
    group = found.qrs_onset[found.p_leads_to[lost[0] + 1 : lost[1]]] - found.p_onset[lost[0] + 1 : lost[1]]
    assert len(group) == 3
    assert (np.diff(group) > 0.01).all()
    assert group[0] == pytest.approx(0.18, abs=1e-6)
    rr = np.diff(found.qrs_onset[found.p_leads_to[lost[0] + 1 : lost[1]]])
    assert (np.diff(rr) < 0).all()  # RR shortens


@pytest.mark.parametrize("seed", SEEDS)
def test_mobitz_keeps_its_pr(seed: int) -> None:
    found = points(Parameters(block="mobitz", ratio=4, heart_rate=50), seed)
    assert pr(found) == pytest.approx(160, abs=1e-6)
    rr = np.diff(found.qrs_onset)
    assert rr.max() == pytest.approx(2 * rr.min(), rel=0.01)
    assert ((found.p_leads_to < 0).sum()) >= 2


@pytest.mark.parametrize("seed", SEEDS)
def test_two_to_one(seed: int) -> None:
    found = points(Parameters(block="two_to_one", heart_rate=40), seed)
    inside = (found.p_onset > found.qrs_onset[0]) & (found.p_onset < found.qrs_onset[-1] - 0.2)
    conducted = found.p_leads_to[inside] >= 0
    assert (conducted[1:] != conducted[:-1]).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_complete_block_parts_atria_and_ventricles(seed: int) -> None:
    found = points(REACHED["conduction", "third_degree_av_block"], seed)
    assert (found.p_leads_to == -1).all()
    assert 60 / np.diff(found.p_onset).mean() == pytest.approx(80, rel=0.02)
    before = found.qrs_onset[:, None] - found.p_onset[None, :]
    intervals = np.array([row[row > 0].min() for row in before if (row > 0).any()])
    assert np.ptp(intervals) > 0.15


@pytest.mark.parametrize("ratio", [2, 3, 4])
@pytest.mark.parametrize("seed", SEEDS)
def test_flutter_keeps_step(ratio: int, seed: int) -> None:
    rate = {2: 145.0, 3: 95.0, 4: 72.0}[ratio]
    parameters = Parameters(rhythm="atrial_flutter", pr=None, heart_rate=rate, ratio=ratio, qtc=390, noise=0)
    page = simulated(parameters, seed)
    found = page.fiducials
    assert np.ptp(np.diff(found.qrs_onset)) < 1e-6
    assert 60 / np.diff(found.flutter).mean() == pytest.approx(rate * ratio, rel=1e-3)
    f = page.components.atria[1] - page.components.atria[0] / 2  # aVF
    for trough in found.flutter[(found.flutter > 0.05) & (found.flutter < 9.9)]:
        at = round(trough * 500)
        assert f[at] < f[at - 12]
        assert f[at] < f[at + 12]
        assert f[at] < -0.05


@pytest.mark.parametrize("seed", SEEDS)
def test_ectopic_beats(seed: int) -> None:
    pvc = points(Parameters(ectopy="pvc"), seed)
    early = np.flatnonzero(pvc.qrs_kind == "ventricular")
    assert 1 <= early.size <= 3
    rr = np.diff(pvc.qrs_onset)
    for i in early:
        assert rr[i - 1] < 0.75 * 60 / 72
        assert rr[i - 1] + rr[i] == pytest.approx(2 * 60 / 72, rel=0.12)  # the pause compensates
        assert i not in pvc.p_leads_to
    pac = points(Parameters(ectopy="pac"), seed)
    assert {"sinus", "ectopic"} == set(pac.p_kind)
    assert (pac.qrs_kind == "conducted").all()
    pjc = points(Parameters(ectopy="pjc"), seed)
    assert len(pjc.p_onset) < len(pjc.qrs_onset) + 1
    assert np.diff(pjc.qrs_onset).min() < 0.8 * 60 / 72
    escape = np.diff(points(Parameters(ectopy="escape", heart_rate=62), seed).qrs_onset)
    assert escape.max() > 1.35
    kinds = set(points(Parameters(ectopy="fusion"), seed).qrs_kind)
    assert {"conducted", "fusion", "ventricular"} >= kinds >= {"conducted", "fusion"}


@pytest.mark.parametrize(("pattern", "step"), [("bigeminy", 2), ("trigeminy", 3)])
def test_every_second_or_third(pattern: str, step: int) -> None:
    found = points(Parameters(ectopy="pvc", pattern=pattern), 4)
    early = np.flatnonzero(found.qrs_kind == "ventricular")
    assert early.size >= 3
    assert (np.diff(early) == step).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_pacing_spikes(seed: int) -> None:
    for pacing, wanted in (
        ("ventricular", {"ventricular"}),
        ("atrial", {"atrial"}),
        ("dual", {"atrial", "ventricular"}),
    ):
        native = pacing == "atrial"
        parameters = Parameters(
            rhythm="paced", pacing=pacing, pr=None if pacing == "ventricular" else 170, qrs=92 if native else 160
        )
        page: Simulated = simulated(replace(parameters, noise=0), seed)
        found = page.fiducials
        assert set(found.spike_kind) == wanted
        assert set(found.qrs_kind) == {"conducted" if native else "paced"}
        spikes = np.abs(page.components.spikes[1])
        for spike in found.spikes:
            assert spikes[max(round(spike * 500) - 1, 0) : round(spike * 500) + 2].max() > 0.2


@pytest.mark.parametrize("seed", SEEDS)
def test_p_waves_upside_down(seed: int) -> None:
    for name in ("ectopic_atrial", "junctional", "supraventricular_tachycardia"):
        page = simulated(replace(REACHED["rhythm", name], noise=0), seed)
        for peak in page.fiducials.p_peak[page.fiducials.p_peak < 9.9]:
            assert page.components.atria[1][round(peak * 500)] < -0.04  # lead II
    upright = simulated(Parameters(noise=0), seed)
    assert all(upright.components.atria[1][round(t * 500)] > 0.04 for t in upright.fiducials.p_peak if t < 9.9)


def test_components_add_up_to_the_recording() -> None:
    for parameters in (Parameters(), REACHED["rhythm", "paced"], REACHED["rhythm", "atrial_flutter"]):
        page = simulated(parameters, 5)
        assert page.recording.signal is not None
        total = page.components.total()
        for row, lead in enumerate(("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")):
            assert page.recording.signal[LEADS.index(lead)] == pytest.approx(total[row], abs=1.1e-3)


@pytest.mark.parametrize(("reversal", "lead_i"), [("la_ra", "-I"), ("ra_ll", "-III"), ("la_ll", "II")])
def test_exchanged_electrodes(reversal: str, lead_i: str) -> None:
    right, wrong = simulated(Parameters(), 2).recording, simulated(Parameters(reversal=reversal), 2).recording
    assert right.signal is not None
    assert wrong.signal is not None
    sign = -1 if lead_i.startswith("-") else 1
    wanted = sign * right.signal[LEADS.index(lead_i.lstrip("-"))]
    assert wrong.signal[0] == pytest.approx(wanted, abs=2.1e-3)
    assert np.array_equal(wrong.signal[6:], right.signal[6:])
