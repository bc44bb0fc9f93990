from __future__ import annotations

import numpy as np
import pytest
from ruler import CONDITIONS

from einthoven.ecg.recording import LEADS
from einthoven.ecg.simulator import Parameters, simulate
from einthoven.ecg.simulator.lead_field import CHEST, leads, project


@pytest.mark.parametrize("name", CONDITIONS)
@pytest.mark.parametrize("noise", [0.0, 1.0, 4.0])
def test_einthoven_and_goldberger_hold_to_the_microvolt(name: str, noise: float) -> None:
    parameters = Parameters(**{**_fields(CONDITIONS[name]), "noise": noise})
    signal = simulate(parameters, 11).signal
    assert signal is not None
    microvolts = np.rint(signal.astype(float) * 1000)
    assert np.abs(signal * 1000 - microvolts).max() < 1e-2  # whole microvolts, in float32
    row = dict(zip(LEADS, microvolts, strict=True))
    assert np.array_equal(row["III"], row["II"] - row["I"])
    assert np.array_equal(2 * row["aVR"], -(row["I"] + row["II"]))
    assert np.array_equal(2 * row["aVL"], row["I"] - row["III"])
    assert np.array_equal(2 * row["aVF"], row["II"] + row["III"])


def _fields(parameters: Parameters) -> dict[str, object]:
    return {name: getattr(parameters, name) for name in Parameters.__dataclass_fields__}


def test_a_vector_gives_dowers_leads() -> None:
    """A Frank vector (x, y, z) through our frame gives the rows of Dower's published matrix."""
    x, y, z = 0.7, 0.4, -0.3
    lead_i = 0.632 * x - 0.235 * y + 0.059 * z
    lead_ii = 0.235 * x + 1.066 * y - 0.132 * z
    frontal = 2 / np.sqrt(3) * (lead_ii - lead_i / 2)
    got = project(np.array([[lead_i, frontal]]), np.array([[lead_i, frontal, z]]))[0]
    assert got[:2] == pytest.approx([lead_i, lead_ii])
    assert got[2] == pytest.approx(-0.515 * x + 0.157 * y - 0.917 * z)
    assert got[4] == pytest.approx(0.882 * x + 0.098 * y - 1.277 * z)
    assert got[7] == pytest.approx(0.831 * x + 0.076 * y + 0.230 * z)
    assert CHEST.shape == (6, 3)


def test_leads_are_rounded_not_truncated() -> None:
    twelve = leads(np.tile(np.array([[0.0], [0.0], *([[0.0006]] * 6)]), 3))
    assert twelve.dtype == np.float32
    assert np.all(twelve[6:] == np.float32(0.001))
