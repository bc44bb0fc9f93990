"""Which arithmetic draws: NumPy's, or compiled kernels of the same numbers. No pixel tells them apart.

The rule. A process begins with NumPy. Once it has drawn `PATIENCE` strokes (some 150 pages of `grid`) it loads the
compiled kernels, if numba is there, and stays with them. Loading takes most of a second, the first time on a machine
some seconds, takes some 120 MB, and saves about five milliseconds a page: by then NumPy has cost as much as loading
does. A command that draws one page never pays for it, one that draws thousands hardly notices. A process that knows
how much is ahead of it calls `start`.

The environment variable ``EINTHOVEN_NUMBA`` overrides the rule: ``0`` stays with NumPy, ``1`` begins with numba.
"""

from __future__ import annotations

import os
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from einthoven.renderers.kernels import Kernels

__all__ = ["PATIENCE", "SWITCH", "kernels", "name", "start"]

#: Strokes that NumPy draws before the kernels are loaded.
PATIENCE = 2000

#: The environment variable.
SWITCH = "EINTHOVEN_NUMBA"


class _Engine:
    """What this process draws with."""

    def __init__(self) -> None:
        self.kernels: Kernels | None = None
        self.settled = False
        self.strokes = 0
        self.why = "few strokes yet"
        self.loading = Lock()

    def settle(self, wait: bool) -> None:
        """Load the kernels, or find out that there are none. Who need not wait draws on with NumPy meanwhile."""
        if not self.loading.acquire(blocking=wait):
            return
        try:
            if not self.settled:
                self.kernels, self.why = _loaded()
                self.settled = True
        finally:
            self.loading.release()


_engine = _Engine()


def kernels(strokes: int = 0) -> Kernels | None:
    """Give the compiled kernels, or None while NumPy draws.

    Parameters
    ----------
    strokes : int
        How many strokes the caller is about to draw: counted.
    """
    if not _engine.settled:
        _engine.strokes += strokes
        if os.environ.get(SWITCH) in ("0", "1") or _engine.strokes > PATIENCE:
            _engine.settle(wait=False)
    return _engine.kernels


def start() -> None:
    """Load the kernels now: for a process that will draw some hundred pages.

    Does nothing where numba is not installed or ``EINTHOVEN_NUMBA=0``.
    """
    _engine.settle(wait=True)


def name() -> str:
    """Say what draws, and why it is not numba where it is not: for people."""
    return "numba" if _engine.kernels else f"NumPy ({_engine.why})"


def _loaded() -> tuple[Kernels | None, str]:
    if os.environ.get(SWITCH) == "0":
        return None, f"{SWITCH}=0"
    from einthoven.renderers.kernels import compiled

    try:
        try:
            return compiled(cache=True), ""
        except ModuleNotFoundError:
            return None, "numba is not installed"
        except Exception:
            # No folder to keep machine code in, or a damaged one: compile for this process alone.
            return compiled(cache=False), ""
    except Exception as error:
        # An accelerator that fails must not stop a run: NumPy draws the same pixels.
        return None, f"numba failed: {type(error).__name__}: {error}"
