"""How straight a worn page is laid, against the projection that wore it."""

from __future__ import annotations

import numpy as np
import pytest

from einthoven.adapters.digitiser.paper import Paper, paper
from einthoven.adapters.digitiser.picture import picture
from einthoven.bench.sources.registry import open_source
from einthoven.renderers.degrade import degraded
from einthoven.renderers.page import Geometry
from einthoven.renderers.registry import view


def bent(found: Paper, geometry: Geometry) -> float:
    """Give the pixels by which a point of the page may lie off, but for a shift and a stretch along either side."""
    x, y = np.meshgrid(np.linspace(60, 2140, 12), np.linspace(200, 1600, 8))
    points = np.stack([x.ravel(), y.ravel(), np.ones(x.size)])
    laid = found.homography @ np.array(geometry.homography).reshape(3, 3) @ points
    off = [laid[k] / laid[2] - np.polyval(np.polyfit(points[k], laid[k] / laid[2], 1), points[k]) for k in (0, 1)]
    return float(np.abs(off).max())


@pytest.mark.parametrize(("kind", "severity", "at_most"), [("scan", 3, 0.15), ("scan", 4, 0.25), ("photo", 2, 0.5)])
def test_worn_pages_are_laid_straight_to_a_part_of_a_pixel(kind: str, severity: int, at_most: float) -> None:
    """Half of them to half as much, and each to twice: heavy ink may mislead the count of its lines a little."""
    source = open_source("sim")
    off = []
    for number in range(0, 40, 8):
        page = view("grid")(source.load(source.entries[number]))[0]
        worn = degraded(page, kind, severity, number)
        found = paper(picture(worn.png))
        assert not found.straight
        off.append(bent(found, worn.geometry))
    assert np.median(off) < at_most / 2.0, off
    assert max(off) < 2.0 * at_most, off
