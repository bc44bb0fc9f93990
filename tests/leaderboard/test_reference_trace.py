"""The reference trace on its paper: rows in order, apart from each other, whatever the voltages."""

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from einthoven.ecg.recording import LEADS
from einthoven.leaderboard.media import Trace
from einthoven.leaderboard.trace import paper_of, pulses, strips


def _trace(**microvolts: int) -> Trace:
    """Return ten seconds at 100 Hz: a wave of so many microvolts in the middle of every second."""
    found = np.zeros((12, 1000), np.int16)
    for lead, value in microvolts.items():
        found[LEADS.index(lead), 50::100] = value
    return Trace(found, 100.0)


def test_an_ordinary_ecg_has_the_ordinary_paper() -> None:
    paper = paper_of(_trace(I=800, II=1200, V5=1500, V1=-900))
    assert paper.baselines == (200, 500, 800, 1100) and paper.height == 1300


def test_a_deep_wave_moves_the_rows_below_it_away() -> None:
    # V1 goes down 3.5 mV, 35 mm: to the next whole 5 mm with 3 mm free.
    paper = paper_of(_trace(V1=-3500))
    assert paper.baselines == (200, 600, 900, 1200) and paper.height == 1400
    # What is deep in one column only touches what is high in the same one.
    assert paper_of(_trace(V1=-2000, aVF=2500)).baselines == (200, 500, 800, 1100)
    assert paper_of(_trace(V1=-2000, V2=1500)).baselines == (200, 600, 900, 1200)


@given(st.lists(st.integers(-32_000, 32_000), min_size=12, max_size=12))
def test_paper_fits_a_printed_page_and_whole_millimetres(values: list[int]) -> None:
    trace = _trace(**dict(zip(LEADS, values, strict=True)))
    paper = paper_of(trace)
    assert 1300 <= paper.height <= 1800 and paper.height % 50 == 0
    assert all(300 <= gap <= 400 for gap in np.diff(paper.baselines))
    drawn = strips(trace)
    assert [strip.lead for strip in drawn[:4]] == ["I", "aVR", "V1", "V4"] and drawn[-1].lead == "II"
    starts = [int(re.match(r"M50 (\d+)", pulse)[1]) for pulse in pulses(trace)]  # type: ignore[index]
    assert tuple(starts) == paper.baselines == tuple(sorted({strip.y for strip in drawn}))
