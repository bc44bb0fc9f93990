"""The declared cell: the one way of asking whose axes are tested and given a word."""

from __future__ import annotations

from einthoven.renderers.registry import UNDRAWN

__all__ = ["declared"]


def declared(task: str, view: str) -> bool:
    """Return whether a run's axes get a word: task dense on the view grid, declared before any model was run.

    A page image is shown as it is; there is no grid to draw, so it stands in its place. All other cells get intervals
    alone: with six tasks and four views some word would be won by chance.
    """
    return task == "dense" and (view == "grid" or view in UNDRAWN)
