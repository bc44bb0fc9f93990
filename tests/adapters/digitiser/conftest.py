"""One simulated recording, and how well a digitised page follows it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from einthoven.adapters.digitiser.digitised import Digitised
from einthoven.ecg.recording import LEADS, Recording
from einthoven.ecg.simulator import Parameters, simulate


@pytest.fixture(scope="session")
def recording() -> Recording:
    return simulate(Parameters(heart_rate=92), 3)


@pytest.fixture(scope="session")
def likeness(recording: Recording) -> Callable[[Digitised], list[float]]:
    """Correlation of each lead's own stretch with the recording, worst first; 0 where nothing was read."""

    def measured(found: Digitised) -> list[float]:
        assert recording.signal is not None
        result = []
        for place in found.stretches:
            if place.strip:
                continue
            lead = LEADS.index(place.lead)
            first = round(place.t0 * found.sampling_rate)
            read = found.signal[lead, first : round(place.t1 * found.sampling_rate)]
            time = place.t0 + np.arange(len(read)) / found.sampling_rate
            true = np.interp(
                time, np.arange(recording.signal.shape[1]) / recording.sampling_rate, recording.signal[lead]
            )
            seen = np.isfinite(read) & (time < recording.duration)
            result.append(float(np.corrcoef(read[seen], true[seen])[0, 1]) if seen.sum() > 50 else 0.0)
        return sorted(result)

    return measured
