"""Where the traces begin, on pages whose ink has no sharp edge."""

from __future__ import annotations

import numpy as np
import pytest

from einthoven.adapters.digitiser.digitise import digitised
from einthoven.ecg.recording import Recording
from einthoven.renderers.degrade import degraded
from einthoven.renderers.registry import view


@pytest.mark.parametrize(("kind", "severity"), [("scan", 1), ("scan", 2), ("photo", 1)])
def test_wear_does_not_move_the_beginning_of_the_traces(recording: Recording, kind: str, severity: int) -> None:
    page = view("grid")(recording)[0]
    begins = page.geometry.segments[0]
    off = []
    for seed in range(5):
        worn = degraded(page, kind, severity, seed)
        found = digitised(worn.png)
        to_paper = found.papers[0].homography @ np.array(worn.geometry.homography).reshape(3, 3)
        at = to_paper @ np.array([begins.x0, page.geometry.height / 2, 1.0])
        off.append(found.stretches[0].x0 - at[0] / at[2])
    # A fifth of a pixel is a millisecond, and 50 uV on an R wave's flank.
    assert abs(np.median(off)) < 0.13
