from __future__ import annotations

import numpy as np

from einthoven.adapters.digitiser.runs import runs


def test_ink_that_grows_faint_and_does_not_end_is_one_run() -> None:
    coverage = np.zeros((60, 4), dtype=np.uint8)
    coverage[10:40, :] = 200
    coverage[30:34, 1] = 70  # where blurred flanks part
    coverage[30:34, 2] = 10  # paper shows
    coverage[20:36, 3] = 70  # too long for that
    found = runs(coverage)
    assert np.diff(found.starts).tolist() == [1, 1, 2, 2]
    assert (found.first[1], found.last[1]) == (10, 39)
    assert found.ink[1] == (26 * 200 + 4 * 70) / 255


def test_no_ink() -> None:
    assert len(runs(np.zeros((20, 20), dtype=np.uint8))) == 0
