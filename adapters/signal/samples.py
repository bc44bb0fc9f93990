"""The samples as a network takes them: one rate, one scale for all leads, each lead about its own zero line."""

from __future__ import annotations

from math import gcd

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.recording import PAGE_SECONDS, Recording
from einthoven.errors import EinthovenError

__all__ = ["MICROVOLTS", "RATES", "at_rate", "stored", "voltages"]

#: Hz that networks are trained at.
RATES = (100, 250, 500)

#: Steps of a stored sample in a millivolt.
MICROVOLTS = 1000.0


def at_rate(recording: Recording, rate: int) -> NDArray[np.float32]:
    """Return the first ten seconds at another sampling rate, each lead less its median.

    Parameters
    ----------
    recording : Recording
        With a signal.
    rate : int
        Hz, one of `RATES`.

    Returns
    -------
    ndarray of float32, shape (12, 10 * rate)
        Millivolts: the voltage is kept, whatever the lead.

    Raises
    ------
    EinthovenError
        The recording has no signal, or its rate is no whole number of Hz.
    """
    from scipy.signal import resample_poly

    if recording.signal is None:
        raise EinthovenError(f"{recording.id} is a page image, without a signal", "give this model recordings")
    own = round(recording.sampling_rate)
    if abs(own - recording.sampling_rate) > 1e-3 * rate:
        raise EinthovenError(
            f"{recording.id} has {recording.sampling_rate:g} Hz: only whole rates are resampled",
            "resample it, or leave it out",
        )
    signal = recording.signal.astype(np.float64)
    signal -= np.median(signal, axis=1, keepdims=True)
    if own != rate:
        common = gcd(own, rate)
        signal = resample_poly(signal, rate // common, own // common, axis=1)
    wanted = round(PAGE_SECONDS * rate)
    if signal.shape[1] < wanted:
        signal = np.pad(signal, ((0, 0), (0, wanted - signal.shape[1])), mode="edge")
    return np.ascontiguousarray(signal[:, :wanted], dtype=np.float32)


def stored(signal: NDArray[np.float32]) -> NDArray[np.int16]:
    """Write millivolts as whole microvolts; beyond 32.7 mV, where no heart is, they are clipped."""
    limits = np.iinfo(np.int16)
    whole: NDArray[np.int16] = np.clip(np.rint(signal * MICROVOLTS), limits.min, limits.max).astype(np.int16)
    return whole


def voltages(samples: NDArray[np.int16], scale: float) -> NDArray[np.float32]:
    """Read them back, divided by the one scale (mV) that a network was trained with."""
    return samples.astype(np.float32) * np.float32(1 / (MICROVOLTS * scale))
