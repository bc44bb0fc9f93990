"""Real recordings, read back from the pixels of their pages through `Segment.affine`."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.ecg.patient import Patient
from einthoven.ecg.recording import LEADS, Recording, checked_signal
from einthoven.renderers.grid import blank_plane, render
from einthoven.renderers.options import STANDARD, Options
from einthoven.renderers.page import Segment

See = Callable[..., NDArray[np.float64]]
Centroid = Callable[..., NDArray[np.float64]]

#: At 8 px/mm and 10 mm/mV, where a pixel is 12.5 microvolts.
PAGES = {
    "standard": STANDARD,
    "6x2": Options(layout="6x2", strips=("II",), grid="blue"),
    "12x1": Options(layout="12x1"),
    "cabrera at 50 mm/s": Options(cabrera=True, mm_per_second=50, crop="tight", strips=("aVR", "V6")),
}


def _thinned(inked: NDArray[np.float64]) -> NDArray[np.float64]:
    """The centre line of a column's ink: its upper and lower edge moved inwards by the disc of the pen, 3 px wide.

    The mean row alone is off by half the height of a stroke wherever a steep one turns. NaN where there is no ink.
    """
    any_ink, columns = inked > 0, np.arange(inked.shape[1])
    first = any_ink.argmax(axis=0)
    last = inked.shape[0] - 1 - any_ink[::-1].argmax(axis=0)
    top, bottom = first + 0.5 - inked[first, columns], last - 0.5 + inked[last, columns]
    disc = np.sqrt(1.5**2 - np.arange(-1, 2) ** 2.0)
    upper = np.max([np.roll(top, -k) + disc[k + 1] for k in (-1, 0, 1)], axis=0)
    lower = np.min([np.roll(bottom, -k) - disc[k + 1] for k in (-1, 0, 1)], axis=0)
    return np.where(any_ink.any(axis=0), (upper + lower) / 2, np.nan)


def _reach(segment: Segment, signal: NDArray[np.float32], xs: NDArray[np.int64]) -> tuple[NDArray[np.float64], ...]:
    """The highest and lowest page y that a segment's trace has within a pen's reach of page columns."""
    near = segment.t0 + (xs[:, None] + np.linspace(-3, 3, 31) - segment.x0) / segment.px_per_second
    millivolts = np.interp(near, np.arange(signal.shape[1]) / 500, signal[LEADS.index(segment.lead)])
    y = segment.baseline - segment.sign * segment.px_per_mv * millivolts
    return y.min(axis=1) - 2, y.max(axis=1) + 2


@pytest.mark.real_data
@pytest.mark.skipif("EINTHOVEN_DATA" not in os.environ, reason="EINTHOVEN_DATA is not set: no real recordings")
@pytest.mark.parametrize("name", PAGES)
def test_real_recordings_can_be_read_back_from_their_pages(name: str, ink: See, centroid: Centroid) -> None:
    import wfdb

    options = PAGES[name]
    root = Path(os.environ["EINTHOVEN_DATA"]) / "ptb-xl" / "records500"
    paths = sorted(root.glob("*/*_hr.hea"))[::75]
    assert paths
    quiet, whole, looked_at = [], [], 0
    printed = (blank_plane(options)[0] & 63) > 0
    for path in paths:
        samples, fields = wfdb.rdsamp(str(path.with_suffix("")))
        signal = checked_signal(path.stem, samples, fields["sig_name"], fields["units"], fields["fs"])
        (page,) = render(Recording(path.stem, signal, fields["fs"], Patient(path.stem)), options)
        inked = ink(page, options)
        for segment in page.geometry.segments:
            x0, x1, y0, y1 = segment.box.x0 + 3, segment.box.x1 - 3, segment.box.y0, segment.box.y1
            xs = np.arange(x0, x1)
            own = inked[y0:y1, x0:x1]
            # Columns where labels hide ink, the trace leaves its own space or another's enters it do not count.
            top, bottom = _reach(segment, signal, xs)
            good = ~printed[y0:y1, x0:x1].any(axis=0) & (top >= y0) & (bottom < y1) & own.any(axis=0)
            for other in page.geometry.segments:
                if other is not segment and other.box.x0 < x1 and x0 < other.box.x1:
                    top, bottom = _reach(other, signal, xs)
                    good &= (bottom < y0) | (top >= y1)
            looked_at += xs.size
            a, _, c, _, e, f = segment.affine
            truth = np.interp(a * xs + c, np.arange(signal.shape[1]) / 500, signal[LEADS.index(segment.lead)])
            level = good & (abs(own.sum(axis=0) - 3.3) < 0.4)  # away from the QRS strokes are level
            quiet.append((e * centroid(inked, x0, x1, y0, y1) + f - truth)[level])
            whole.append((e * (y0 + _thinned(own)) + f - truth)[good])
    near, all_of_it = np.concatenate(quiet), np.concatenate(whole)
    assert all_of_it.size > 0.8 * looked_at
    assert near.size > 0.2 * looked_at
    assert np.sqrt((near**2).mean()) < 0.010  # mV
    assert np.sqrt((all_of_it**2).mean()) < 0.030
