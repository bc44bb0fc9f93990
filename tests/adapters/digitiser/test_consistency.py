from __future__ import annotations

import numpy as np
import pytest

from einthoven.adapters.digitiser.consistency import contradiction
from einthoven.adapters.digitiser.digitise import digitised
from einthoven.adapters.digitiser.undigitisable import Undigitisable
from einthoven.ecg.recording import LEADS, Recording
from einthoven.renderers.degrade import degraded
from einthoven.renderers.registry import view


def test_leads_of_one_heart_agree_and_others_do_not(recording: Recording) -> None:
    assert recording.signal is not None
    own = contradiction(recording.signal, recording.sampling_rate)
    assert own is not None and own < 0.02
    wrong = recording.signal.copy()
    wrong[LEADS.index("II")] = -wrong[LEADS.index("II")]
    assert (contradiction(wrong, recording.sampling_rate) or 0.0) > 0.5
    late = recording.signal.copy()
    late[LEADS.index("aVF")] = np.roll(late[LEADS.index("aVF")], 150)
    assert (contradiction(late, recording.sampling_rate) or 0.0) > 0.4


def test_a_constant_offset_is_no_contradiction(recording: Recording) -> None:
    assert recording.signal is not None
    assert (contradiction(recording.signal + np.arange(12)[:, None], recording.sampling_rate) or 0.0) < 0.02


def test_leads_that_are_never_shown_at_once_say_nothing() -> None:
    signal = np.full((12, 1000), np.nan)
    signal[0, :500] = 1.0
    signal[1, 500:] = 1.0
    assert contradiction(signal, 500.0) is None


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_a_page_that_is_worn_beyond_reading_is_refused(recording: Recording, seed: int) -> None:
    worn = degraded(view("grid")(recording)[0], "scan", 5, seed)
    with pytest.raises(Undigitisable):
        digitised(worn.png)
