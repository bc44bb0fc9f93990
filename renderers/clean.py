"""The view `clean`: the grid page's ink without its paper, exactly, because the index plane knows which is which."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.recording import Recording
from einthoven.renderers import grid
from einthoven.renderers.chroma import BRIGHTEST, dilated
from einthoven.renderers.options import STANDARD, Options
from einthoven.renderers.page import Geometry, Page
from einthoven.renderers.paper import FULL
from einthoven.renderers.sheet import finished

__all__ = ["LEAST_COVERAGE", "blank", "inked", "render"]

#: The least coverage at which black ink on white paper is dark enough for the chroma rule: what is binarised here is
#: what the rule would take on paper that no line disturbs.
LEAST_COVERAGE = next(c for c in range(FULL + 1) if (255 * (FULL - c) + FULL // 2) // FULL < BRIGHTEST)


def render(recording: Recording, options: Options = STANDARD) -> tuple[Page, ...]:
    """Draw the grid page and keep its ink: traces, names, pulses, ticks, header and footer, black on white.

    It is binarised and dilated as the published recipe does it (`einthoven.renderers.chroma`), so that it equals,
    pixel by pixel, what the recipe makes of the same page on white paper; it works for every grid and ink.

    Parameters
    ----------
    recording : Recording
        With a signal, sampled at 50 Hz or more.
    options : Options
        All that the view `grid` knows. The colours of grid and ink go with the cleaning.

    Returns
    -------
    tuple of Page
        One page of one bit a pixel, with the geometry of the grid page.

    Raises
    ------
    EinthovenError
        As the view `grid`.
    """
    return (_page(*grid.plane(recording, _colorless(options))),)


def blank(options: Options = STANDARD) -> tuple[Page, ...]:
    """Give the page with everything printed on it but the traces."""
    return (_page(*grid.blank_plane(_colorless(options))),)


def inked(plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Binarise and dilate an index plane of plain paper.

    Parameters
    ----------
    plane : ndarray of uint8, shape (height, width)
        Indices drawn on paper without lines: nothing but coverage.

    Returns
    -------
    ndarray of uint8, shape (height, width)
        1 where there is ink, else 0.
    """
    return dilated((plane >= LEAST_COVERAGE).view(np.uint8))


def _colorless(options: Options) -> Options:
    return replace(options, grid="none", ink="black")


def _page(plane: NDArray[np.uint8], geometry: Geometry) -> Page:
    return finished(inked(plane) == 0, None, geometry, "clean")
