"""The compiled loops give the pixels that NumPy gives, all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from einthoven.ecg.recording import Recording
from einthoven.renderers import engine, kernels
from einthoven.renderers.grid import render
from einthoven.renderers.ink import Stroke, draw
from einthoven.renderers.options import Options
from einthoven.renderers.trace import centre_line

PLAIN = kernels.Kernels(kernels.inked, kernels.lined)
HEIGHT, WIDTH = 60, 40


@pytest.fixture(scope="module")
def compiled() -> kernels.Kernels:
    pytest.importorskip("numba", reason="numba is not installed: the extra `fast`")
    return kernels.compiled(cache=False)


@contextmanager
def _with(found: kernels.Kernels | None) -> Iterator[None]:
    """Draw with these kernels, or with NumPy."""
    before, made = engine._engine, engine._Engine()
    made.kernels, made.settled = found, True
    engine._engine = made
    try:
        yield
    finally:
        engine._engine = before


def _planes(strokes: list[Stroke], pen: int, *engines: kernels.Kernels | None) -> list[NDArray[np.uint8]]:
    planes = []
    for one in engines:
        plane = np.arange(HEIGHT * WIDTH, dtype=np.uint8).reshape(HEIGHT, WIDTH) & np.uint8(0b11000111)
        with _with(one):
            draw(plane, strokes, pen)
        planes.append(plane)
    return planes


#: On the page, just beyond it, far beyond it, nowhere.
_Y = (
    st.floats(-5, HEIGHT + 5)
    | st.integers(-3, HEIGHT + 3).map(float)
    | st.floats(allow_nan=True, allow_infinity=True)
    | st.just(float("nan"))
)


@st.composite
def _stroke(draws: st.DrawFn) -> Stroke:
    line = draws(hnp.arrays(np.float64, st.integers(1, 150), elements=_Y, fill=st.sampled_from([20.0, np.nan])))
    spread = draws(hnp.arrays(np.float64, line.size, elements=st.floats(0, 30), fill=st.just(0.0)))
    return Stroke(draws(st.integers(-30, WIDTH + 10)), line, line + spread)


@settings(deadline=None, max_examples=150)
@given(strokes=st.lists(_stroke(), max_size=4), pen=st.integers(1, 6))
def test_compiled_ink_is_numpys_ink(compiled: kernels.Kernels, strokes: list[Stroke], pen: int) -> None:
    one, other = _planes(strokes, pen, None, compiled)
    np.testing.assert_array_equal(one, other)


@settings(deadline=None, max_examples=40)
@given(strokes=st.lists(_stroke(), min_size=1, max_size=2), pen=st.integers(1, 4))
def test_the_loops_give_the_same_uncompiled(strokes: list[Stroke], pen: int) -> None:
    with np.errstate(all="ignore"):
        one, other = _planes(strokes, pen, None, PLAIN)
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("pen", [1, 2, 3, 5])
@pytest.mark.parametrize("seed", range(4))
def test_dense_noise_is_the_same_noise(compiled: kernels.Kernels, seed: int, pen: int) -> None:
    noise = np.random.RandomState(seed).uniform(-10, HEIGHT + 10, 301)
    noise[np.random.RandomState(seed + 9).rand(301) < 0.1] = np.nan
    one, other = _planes([Stroke(-5, noise, noise + seed)], pen, None, compiled)
    np.testing.assert_array_equal(one, other)
    assert (one & 63 == 63).mean() > 0.3


def _lines(
    samples: NDArray[np.float32], rate: float, t0: float, t1: float, *engines: kernels.Kernels | None
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    lines = []
    for one in engines:
        with _with(one), np.errstate(all="ignore"):
            lines.append(centre_line(samples, rate, t0, t1, 1000))
    return lines


_TIMES = st.tuples(st.sampled_from([0.0, 0.05, 0.3, 1.25]), st.sampled_from([0.1, 0.25, 0.4])).map(
    lambda both: (both[0], both[0] + both[1])
)
_SAMPLES = hnp.arrays(
    np.float32,
    st.integers(0, 900),
    elements=st.floats(width=32, allow_nan=True, allow_infinity=True),
    fill=st.sampled_from([np.float32(0.25), np.float32(np.nan)]),
)


@settings(deadline=None, max_examples=150)
@given(samples=_SAMPLES, rate=st.sampled_from([50.0, 62.5, 100.0, 257.0, 360.0, 500.0, 1000.0, 4000.0]), times=_TIMES)
def test_a_compiled_centre_line_is_numpys(
    compiled: kernels.Kernels, samples: NDArray[np.float32], rate: float, times: tuple[float, float]
) -> None:
    for one, other in zip(*_lines(samples, rate, *times, None, compiled), strict=True):
        np.testing.assert_array_equal(one, other)


@settings(deadline=None, max_examples=40)
@given(samples=_SAMPLES, rate=st.sampled_from([50.0, 257.0, 500.0]), times=_TIMES)
def test_the_centre_line_is_the_same_uncompiled(
    samples: NDArray[np.float32], rate: float, times: tuple[float, float]
) -> None:
    for one, other in zip(*_lines(samples, rate, *times, None, PLAIN), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("rate", [50, 100, 250, 257, 400, 500, 1000])
@pytest.mark.parametrize("options", [Options(), Options(layout="12x1", cabrera=True, mm_per_mv=20, crop="tight")])
def test_pages_are_the_same_bytes(
    compiled: kernels.Kernels, rate: int, options: Options, recording_of: Callable[..., Recording]
) -> None:
    draws = np.random.RandomState(rate)
    signal = np.cumsum(draws.randn(12, 9 * rate), axis=1) * 0.02
    signal[:, draws.rand(9 * rate) < 0.01] = np.nan
    signal[3, :: rate // 2] = 5.0
    pages = []
    for one in (None, compiled):
        with _with(one):
            pages.append(render(recording_of(signal, rate), options))
    assert pages[0] == pages[1]
    assert pages[0][0].png == pages[1][0].png
