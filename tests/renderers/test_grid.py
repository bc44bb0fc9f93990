import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from PIL import Image

from einthoven.ecg.patient import Patient
from einthoven.ecg.recording import Recording
from einthoven.errors import EinthovenError
from einthoven.renderers import identity
from einthoven.renderers.grid import blank, render
from einthoven.renderers.page import Page

Make = Callable[..., Recording]
Decode = Callable[[Page], NDArray[np.uint8]]

#: The page of the fixture `fixed_signal`, frozen: when it changes, RENDERER_VERSION changes with it.
FIXED_PIXEL_ID = "7facc91c1d354f3df01547ed5c0aeedd4ecb2e5b939a90ac0d6d2854b4997c69"


def test_the_page_has_its_size_and_one_image(
    recording_of: Make, fixed_signal: NDArray[np.float32], indices: Decode
) -> None:
    pages = render(recording_of(fixed_signal))
    assert len(pages) == 1
    assert indices(pages[0]).shape == (1700, 2200)
    assert (pages[0].view, pages[0].version) == ("grid", "1")


def test_the_fixed_recording_keeps_its_pixels(recording_of: Make, fixed_signal: NDArray[np.float32]) -> None:
    (page,) = render(recording_of(fixed_signal))
    assert page.pixel_id == identity.of_png(page.png) == FIXED_PIXEL_ID


def test_a_recording_without_any_value_is_the_blank_page(recording_of: Make, indices: Decode) -> None:
    (page,), (empty,) = render(recording_of(np.full((12, 5000), np.nan))), blank()
    assert page.png == empty.png
    assert page.pixel_id == empty.pixel_id
    assert page.geometry == empty.geometry
    assert (indices(empty) & 63).any()  # lead names, pulses and footer stay


def test_what_comes_after_ten_seconds_does_not_show(recording_of: Make, fixed_signal: NDArray[np.float32]) -> None:
    signal = fixed_signal
    longer = np.concatenate([signal, np.full((12, 700), 3.0, dtype=np.float32)], axis=1)
    assert render(recording_of(longer))[0].png == render(recording_of(signal))[0].png


def test_a_recording_that_cannot_be_drawn_is_refused_in_two_lines(recording_of: Make) -> None:
    with pytest.raises(EinthovenError, match="a page image without a signal"):
        render(Recording("scan", None, 500, Patient("p"), pages=(Path("scan.png"),)))
    with pytest.raises(EinthovenError, match="40 Hz"):
        render(recording_of(np.zeros((12, 400)), 40))


def test_another_process_draws_the_same_bytes(
    recording_of: Make, fixed_signal: NDArray[np.float32], tmp_path: Path
) -> None:
    signal = tmp_path / "signal.npy"
    np.save(signal, fixed_signal)
    program = (
        "import sys, hashlib, numpy as np; from einthoven.ecg.recording import Recording;"
        "from einthoven.ecg.patient import Patient; from einthoven.renderers.grid import render;"
        f"page, = render(Recording('made', np.load({str(signal)!r}), 500.0, Patient('p')));"
        "print(page.pixel_id, hashlib.sha256(page.png).hexdigest())"
    )
    (page,) = render(recording_of(fixed_signal))
    expected = [page.pixel_id, hashlib.sha256(page.png).hexdigest()]
    for seed in ("1", "2"):
        # Another home, so that no font or configuration of this machine's can play a part.
        environment = {**os.environ, "PYTHONHASHSEED": seed, "HOME": str(tmp_path), "LC_ALL": "C"}
        run = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        assert run.stdout.split() == expected


def test_threads_draw_as_one_does(recording_of: Make) -> None:
    draws = np.random.RandomState(9)
    recordings = [recording_of(np.cumsum(draws.randn(12, 5000), axis=1) * 0.02) for _ in range(6)]
    alone = [render(recording)[0] for recording in recordings]
    with ThreadPoolExecutor(4) as pool:
        together = [pages[0] for pages in pool.map(render, recordings * 3)]
    assert [page.png for page in together] == [page.png for page in alone] * 3


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.data_too_large, HealthCheck.too_slow])
@given(
    rate=st.sampled_from([50.0, 62.5, 100.0, 257.0, 500.0, 999.9]),
    drawn=hnp.arrays(
        np.float32,
        st.tuples(st.just(12), st.integers(0, 60)),
        elements=st.floats(width=32, allow_nan=True, allow_infinity=True),
        fill=st.sampled_from([np.float32(0), np.float32(np.nan)]),
    ),
    repeats=st.integers(1, 12),
)
def test_no_signal_crashes_or_touches_the_grid(rate: float, drawn: NDArray[np.float32], repeats: int) -> None:
    recording = Recording("any", np.tile(drawn, (1, repeats)), rate, Patient("p"))
    (page,) = render(recording)
    plane, empty = (np.asarray(Image.open(BytesIO(p.png))) for p in (page, blank()[0]))
    np.testing.assert_array_equal(plane >> 6, empty >> 6)
    assert ((plane & 63) >= (empty & 63)).all()
    assert identity.of_png(page.png) == page.pixel_id
