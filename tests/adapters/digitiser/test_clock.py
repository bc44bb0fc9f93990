from __future__ import annotations

import numpy as np
import pytest

from einthoven.adapters.digitiser.calibration import scale
from einthoven.adapters.digitiser.clock import Stretch, on_one_clock, strips_by_signal
from einthoven.adapters.digitiser.comb import Comb
from einthoven.adapters.digitiser.pulses import Pulses
from einthoven.adapters.digitiser.undigitisable import Undigitisable
from einthoven.ecg.recording import LEADS, Recording

RATE = 500.0


def single_column(recording: Recording, simultaneous: bool) -> tuple[list[Stretch], list[np.ndarray]]:
    places, traces = [], []
    for k, lead in enumerate(LEADS):
        t0 = 0.0 if simultaneous else 2.5 * (k // 3)
        part = recording.signal[k, round(t0 * recording.sampling_rate) :][: round(2.5 * recording.sampling_rate)]
        places.append(Stretch(lead, 1, k, 0.0, 500.0, 0.0, 2.5))
        traces.append(part.astype(float))
    return places, traces


@pytest.mark.parametrize("simultaneous", [True, False])
def test_short_strips_are_timed_by_their_beats(recording: Recording, simultaneous: bool) -> None:
    found = on_one_clock(*single_column(recording, simultaneous), recording.sampling_rate)
    expected = [0.0] * 12 if simultaneous else [2.5 * (k // 3) for k in range(12)]
    assert [place.t0 for place in found] == expected


def test_a_heart_in_step_with_the_strips_does_not_make_them_simultaneous() -> None:
    """At 72 a minute 2.5 s are three beats: every strip shows them at the same places, each with waves of its own."""
    time = np.arange(0.0, 10.0, 1.0 / RATE)
    beats = [np.exp(-(((time - at) / 0.02) ** 2)) for at in np.arange(0.3, 10.0, 2.5 / 3)]
    wander = 0.2 * np.sin(2 * np.pi * 0.17 * time)
    one, two = 0.6 * np.sum(beats, axis=0) + wander, np.sum(beats, axis=0) - 0.5 * wander
    limb = [one, two, two - one, -(one + two) / 2, one - two / 2, two - one / 2]
    signal = np.stack([*limb, *(two * share for share in (-0.5, -0.3, 0.3, 1.0, 0.9, 0.8))])
    for simultaneous in (True, False):
        first = [0 if simultaneous else round(2.5 * RATE) * (k // 3) for k in range(12)]
        places = [Stretch(lead, 1, k, 0.0, 500.0, 0.0, 2.5) for k, lead in enumerate(LEADS)]
        parts = [signal[k, at : at + round(2.5 * RATE)] for k, at in enumerate(first)]
        assert [place.t0 for place in on_one_clock(places, parts, RATE)] == [at / RATE for at in first]


def test_a_strip_is_named_by_what_it_shows(recording: Recording) -> None:
    own = [Stretch(lead, 1, k % 3, 0.0, 1.0, 2.5 * (k // 3), 2.5 * (k // 3) + 2.5) for k, lead in enumerate(LEADS)]
    parts = [recording.signal[k, round(p.t0 * 500) : round(p.t1 * 500)].astype(float) for k, p in enumerate(own)]
    strip = Stretch("I", 1, 3, 0.0, 1.0, 0.0, 10.0, True)
    traces = [*parts, recording.signal[LEADS.index("V5")].astype(float)]
    assert strips_by_signal([*own, strip], traces, RATE)[-1].lead == "V5"


def pulse(width: float, height: float) -> Pulses:
    zero = np.zeros(1)
    return Pulses(zero, zero + width, zero, zero + height, width, height, 3.0)


def test_scale_from_grid_and_pulse() -> None:
    thin = Comb(8.0, True, 1.0)
    assert scale(thin, thin, pulse(40.2, 39.9), 2000.0).mm_per_mv == 5.0
    assert scale(thin, thin, pulse(79.0, 80.5), 2000.0).mm_per_second == 50.0
    exact = scale(thin, thin, pulse(40.5, 81.0), 2000.0)
    assert (exact.px_per_second, exact.px_per_mv) == (200.0, 80.0)  # the grid is the longer ruler
    without = scale(None, None, pulse(40.0, 80.0), 2000.0)
    assert (without.px_per_second, without.px_per_mv) == pytest.approx((200.0, 80.0))
    rows = Comb(160.0, False, 0.9)  # blank paper: what repeats itself are the rows' pulses
    assert scale(Comb(154.0, False, 0.8), rows, pulse(160.0, 80.0), 2000.0, 160.0).px_per_second == 800.0
    fives = Comb(40.0, False, 1.0)
    assert scale(fives, fives, None, 2000.0).px_per_mm_x == 8.0  # ten seconds are likelier than two
    with pytest.raises(Undigitisable):
        scale(None, None, None, 2000.0)
