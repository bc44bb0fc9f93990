from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from einthoven.ecg.patient import Patient
from einthoven.ecg.recording import LEADS, Recording
from einthoven.errors import EinthovenError
from einthoven.renderers.page import Box, Segment
from einthoven.renderers.strokes import LEAST_SAMPLING_RATE, strokes

Make = Callable[..., Recording]

BOX = Box(100, 0, 600, 200)
SEGMENT = Segment("V2", 2.5, 5.0, 100, 100, 200, 80, BOX, BOX)


def _levels(recording_of: Make, rate: float = 500) -> Recording:
    return recording_of(np.repeat(np.arange(12)[:, None] * 0.1, round(10 * rate), axis=1), rate)


@pytest.mark.parametrize("rate", [50, 100, 250, 257, 400, 500, 1000])
def test_a_slot_shows_its_own_lead_at_its_own_scale(rate: float, recording_of: Make) -> None:
    for lead in LEADS:
        (stroke,), _ = strokes(_levels(recording_of, rate), [replace(SEGMENT, lead=lead)], 200)
        assert stroke.x0 == 100
        assert stroke.top.size == stroke.bottom.size == 2.5 * 200 * 5 + 1
        np.testing.assert_allclose(stroke.top, 100 - 8 * LEADS.index(lead), atol=1e-5)


def test_upside_down_is_the_mirror_image_and_top_stays_above(recording_of: Make) -> None:
    draws = np.random.RandomState(4)
    recording = recording_of(np.cumsum(draws.randn(12, 3341), axis=1) * 0.02, 334.1)
    (up, down), _ = strokes(recording, [SEGMENT, replace(SEGMENT, sign=-1)], 200)
    np.testing.assert_allclose(down.top, 200 - up.bottom, atol=1e-9)
    np.testing.assert_allclose(down.bottom, 200 - up.top, atol=1e-9)
    assert (up.top <= up.bottom).all()
    assert (up.top < up.bottom).any()


def test_segments_come_back_marked_where_they_leave_the_page(recording_of: Make) -> None:
    for millivolts, sign, clipped in (
        (1.25, 1, False),
        (1.26, 1, True),
        (-1.24, 1, False),
        (-1.25, 1, True),
        (1.25, -1, True),
        (-1.25, -1, False),
        (np.nan, 1, False),
    ):
        signal = np.zeros((12, 5000))
        signal[LEADS.index("V2"), 2000] = millivolts
        segment = replace(SEGMENT, sign=sign)
        _, marked = strokes(recording_of(signal), [segment], 200)
        assert marked == (replace(segment, clipped=clipped),), (millivolts, sign)


def test_what_comes_after_ten_seconds_does_not_show(recording_of: Make) -> None:
    signal = np.zeros((12, 6000))
    signal[:, 5000:] = 1.0
    last = replace(SEGMENT, t0=7.5, t1=10.0)
    (long,), _ = strokes(recording_of(signal), [last], 200)
    (short,), _ = strokes(recording_of(signal[:, :5000]), [last], 200)
    np.testing.assert_array_equal(long.top, short.top)
    assert np.nanmin(long.top) == 100


def test_what_cannot_be_drawn_is_refused(recording_of: Make) -> None:
    with pytest.raises(EinthovenError, match="a page image without a signal") as caught:
        strokes(Recording("scan", None, 500, Patient("p"), pages=(Path("scan.png"),)), [SEGMENT], 200)
    assert "the view page" in caught.value.remedy
    with pytest.raises(EinthovenError, match=r"49\.9 Hz"):
        strokes(recording_of(np.zeros((12, 499)), 49.9), [SEGMENT], 200)
    strokes(recording_of(np.zeros((12, 500)), LEAST_SAMPLING_RATE), [SEGMENT], 200)
