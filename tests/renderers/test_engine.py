import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from einthoven.renderers import engine
from einthoven.renderers.ink import Stroke, draw
from einthoven.renderers.kernels import Kernels, inked, lined

PLAIN = Kernels(inked, lined)


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A process that has drawn nothing yet, and a list of what it loaded."""
    loads: list[str] = []

    def load() -> tuple[Kernels, str]:
        loads.append("loaded")
        return PLAIN, ""

    monkeypatch.delenv(engine.SWITCH, raising=False)
    monkeypatch.setattr(engine, "_engine", engine._Engine())
    monkeypatch.setattr(engine, "_loaded", load)
    yield loads


def _dot() -> None:
    draw(np.zeros((5, 5), dtype=np.uint8), [Stroke(2, np.array([2.0]), np.array([2.0]))] * 100)


def test_numpy_draws_until_there_was_much_to_draw(fresh: list[str]) -> None:
    for _ in range(engine.PATIENCE // 100):
        _dot()
    assert fresh == []
    assert engine.name() == "NumPy (few strokes yet)"
    _dot()
    assert fresh == ["loaded"]
    assert engine.name() == "numba"
    _dot()
    assert fresh == ["loaded"]


def test_asking_alone_does_not_count(fresh: list[str]) -> None:
    for _ in range(3 * engine.PATIENCE):
        assert engine.kernels() is None
    assert fresh == []


def test_who_knows_what_is_ahead_starts_at_once(fresh: list[str]) -> None:
    engine.start()
    engine.start()
    assert fresh == ["loaded"]
    assert engine.kernels() is PLAIN


@pytest.mark.parametrize("value", ["0", "1"])
def test_the_switch_decides_at_the_first_stroke(
    value: str, fresh: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(engine.SWITCH, value)
    assert engine.kernels(1) is PLAIN  # `_loaded` looks at the switch, here it is replaced
    assert fresh == ["loaded"]


def test_nobody_waits_for_another_threads_loading_unless_asked(
    fresh: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> tuple[Kernels, str]:
        begun.set()
        assert go_on.wait(10)
        return PLAIN, ""

    monkeypatch.setattr(engine, "_loaded", slow)
    other = threading.Thread(target=engine.start)
    other.start()
    assert begun.wait(10)
    assert engine.kernels(engine.PATIENCE + 1) is None  # NumPy meanwhile
    go_on.set()
    other.join(10)
    assert engine.kernels() is PLAIN


def test_a_failure_while_loading_leaves_numpy(fresh: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.delenv(engine.SWITCH, raising=False)
    monkeypatch.setattr(engine, "_engine", engine._Engine())

    def broken(cache: bool) -> Kernels:
        raise RuntimeError(f"no compiler, cache={cache}")

    monkeypatch.setattr("einthoven.renderers.kernels.compiled", broken)
    engine.start()
    assert engine.kernels() is None
    assert engine.name() == "NumPy (numba failed: RuntimeError: no compiler, cache=False)"


#: Draws a page, then says what draws and what the pixels are.
_PROGRAM = """
import sys
{before}
import numpy as np
from einthoven.ecg.patient import Patient
from einthoven.ecg.recording import Recording
from einthoven.renderers import engine
from einthoven.renderers.grid import render
signal = np.sin(np.arange(60000).reshape(12, 5000) / 37).astype(np.float32)
pages = [render(Recording("r", signal, 500.0, Patient("p")))[0] for _ in range(2)]
print(pages[-1].pixel_id, "numba" in sys.modules, engine.name(), sep="|")
"""


def _told(before: str = "", **environment: str) -> list[str]:
    kept = {name: value for name, value in os.environ.items() if name not in (engine.SWITCH, "NUMBA_CACHE_DIR")}
    run = subprocess.run(
        [sys.executable, "-c", _PROGRAM.format(before=before)],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.strip().split("|")


@pytest.fixture(scope="module")
def plain() -> list[str]:
    return _told()


def test_a_single_page_never_pays_for_numba(plain: list[str]) -> None:
    assert plain[1:] == ["False", "NumPy (few strokes yet)"]


def test_switched_off_it_stays_off(plain: list[str]) -> None:
    assert _told(EINTHOVEN_NUMBA="0") == [plain[0], "False", "NumPy (EINTHOVEN_NUMBA=0)"]


def test_without_numba_numpy_draws_whatever_is_asked_for(plain: list[str]) -> None:
    told = _told("sys.modules['numba'] = None", EINTHOVEN_NUMBA="1")
    assert told == [plain[0], "True", "NumPy (numba is not installed)"]  # the None that stands for it


def test_switched_on_numba_draws_the_same_pixels(plain: list[str], tmp_path: Path) -> None:
    pytest.importorskip("numba", reason="numba is not installed: the extra `fast`")
    cache = tmp_path / "cache"
    assert _told(EINTHOVEN_NUMBA="1", NUMBA_CACHE_DIR=str(cache)) == [plain[0], "True", "numba"]
    assert any(cache.rglob("*.nbc"))
    # From the disk the second time.
    before = {path: path.stat().st_mtime_ns for path in cache.rglob("*.nbc")}
    assert _told(EINTHOVEN_NUMBA="1", NUMBA_CACHE_DIR=str(cache)) == [plain[0], "True", "numba"]
    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*.nbc")} == before


def test_without_a_folder_for_machine_code_numba_draws_all_the_same(plain: list[str]) -> None:
    pytest.importorskip("numba", reason="numba is not installed: the extra `fast`")
    nowhere = "from numba.core import caching; caching.CacheImpl._locator_classes = []"
    assert _told(nowhere, EINTHOVEN_NUMBA="1") == [plain[0], "True", "numba"]
