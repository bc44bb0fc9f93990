"""Where the traces begin, on pages whose ink has no sharp edge."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from einthoven.adapters.digitiser.digitise import digitised
from einthoven.adapters.digitiser.undigitisable import Undigitisable
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


def test_a_smudge_before_one_row_does_not_move_the_others(recording: Recording) -> None:
    page = view("grid")(recording)[0]
    pixels = cv2.imdecode(np.frombuffer(page.png, dtype=np.uint8), cv2.IMREAD_COLOR)
    begins, strip = page.geometry.segments[0], page.geometry.segments[-1]
    at = round(strip.baseline)
    cv2.line(pixels, (round(begins.x0) - 80, at), (round(begins.x0), at), (0, 0, 0), 3)
    found = digitised(cv2.imencode(".png", pixels)[1].tobytes())
    assert found.stretches[0].x0 == pytest.approx(begins.x0, abs=0.2)


def test_a_page_that_could_not_be_laid_straight_is_refused(recording: Recording) -> None:
    pixels = cv2.imdecode(np.frombuffer(view("clean")(recording)[0].png, dtype=np.uint8), cv2.IMREAD_COLOR)
    height, width = pixels.shape[:2]
    shear = np.array([[1.0, 0.02, 0.0], [0.0, 1.0, 0.0]])
    sheared = cv2.warpAffine(pixels, shear, (width + 40, height), borderValue=(255, 255, 255))
    with pytest.raises(Undigitisable, match="straight"):
        digitised(cv2.imencode(".png", sheared)[1].tobytes())
