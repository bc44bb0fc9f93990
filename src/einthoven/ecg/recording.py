"""One 12-lead ECG: twelve traces in millivolts, in the standard order, and who they are of."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.patient import Patient
from einthoven.errors import Fault, RecordingFault

__all__ = ["LEADS", "PAGE_SECONDS", "Recording", "checked_signal"]

#: The standard order of the twelve leads (AHA/ACC/HRS 2007, part I).
LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")

_STANDARD = frozenset(lead.lower() for lead in LEADS)

#: A page shows ten seconds. A shorter recording would betray itself by its length (CPSC's run from 6 to 144 s and
#: length goes with class), so it is a fault; a longer one is cropped to its first ten seconds.
PAGE_SECONDS = 10.0

#: Between these bounds, in millivolts, lies the standard deviation of the middle lead of any ECG: in 1,913 recordings
#: of PTB-XL, the Challenge sets and LUDB it runs from 0.055 to 0.70 mV. The bounds are ten times further out, so that
#: only a unit that is wrong by a factor of 1000 (volts or microvolts called millivolts) falls outside.
_PLAUSIBLE_DEVIATION = (0.005, 15.0)

#: Millivolts per unit, for the spellings met in WFDB headers.
_MILLIVOLTS_PER_UNIT = {
    "mv": 1.0,
    "millivolt": 1.0,
    "v": 1e3,
    "volt": 1e3,
    "uv": 1e-3,
    "µv": 1e-3,
    "μv": 1e-3,
    "microvolt": 1e-3,
}


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """A 12-lead ECG. Frozen: its array is read-only.

    Attributes
    ----------
    id : str
        The source's id of the recording.
    signal : ndarray of float32, shape (12, samples), or None
        Millivolts in the order of `LEADS`. `None` for a recording that is only a page image.
    sampling_rate : float
        Hz.
    patient : Patient
        Who it is of.
    statements : mapping of str to float
        The source's own codes with their likelihood in percent. 0 means "not graded", never "absent".
    pages : tuple of Path
        The page images of a recording that carries them in place of a signal, in order (`images:` sources).
    """

    id: str
    signal: NDArray[np.float32] | None
    sampling_rate: float
    patient: Patient
    statements: Mapping[str, float] = field(default_factory=dict)
    pages: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        if self.signal is None:
            if not self.pages:
                raise ValueError(f"{self.id}: a recording has a signal or a page image")
            return
        if self.signal.dtype != np.float32 or self.signal.ndim != 2 or self.signal.shape[0] != len(LEADS):
            raise ValueError(
                f"{self.id}: a signal is float32 of shape (12, samples), not {self.signal.dtype} {self.signal.shape}"
            )
        if not self.sampling_rate > 0:
            raise ValueError(f"{self.id}: a sampling rate is above 0 Hz, not {self.sampling_rate!r}")
        self.signal.setflags(write=False)

    @property
    def duration(self) -> float:
        """Seconds; 0 without a signal."""
        return 0.0 if self.signal is None else self.signal.shape[1] / self.sampling_rate


def checked_signal(
    record_id: str,
    samples: NDArray[np.floating],
    names: Sequence[str],
    units: Sequence[str],
    sampling_rate: float,
) -> NDArray[np.float32]:
    """Bring what a file holds into the standard form, or say why it cannot be used.

    Parameters
    ----------
    record_id : str
        For the fault.
    samples : ndarray, shape (samples, signals)
        As WFDB gives them: physical units, one column a signal.
    names, units : sequences of str
        One name and one unit a column. Names are matched without regard to case; signals that are none of the twelve
        leads (respiration, Frank leads) are left out.
    sampling_rate : float
        Hz.

    Returns
    -------
    ndarray of float32, shape (12, samples)
        Millivolts, standard lead order, the first ten seconds.

    Raises
    ------
    RecordingFault
        ``missing_lead`` (also doubled), ``unit`` (also an amplitude that no heart has), ``too_short``, ``nan``,
        ``flat``, ``unreadable`` (a sampling rate that is none).
    """
    if not (math.isfinite(sampling_rate) and sampling_rate > 0):
        raise RecordingFault(Fault(record_id, "unreadable", f"a sampling rate of {sampling_rate!r} Hz"))
    position: dict[str, int] = {}
    for column, name in enumerate(names):
        lead = name.strip().lower()
        if lead not in _STANDARD:
            continue
        if lead in position:
            raise RecordingFault(Fault(record_id, "missing_lead", f"lead {name.strip()} stands twice"))
        position[lead] = column
    absent = [lead for lead in LEADS if lead.lower() not in position]
    if absent:
        raise RecordingFault(
            Fault(record_id, "missing_lead", f"no {', '.join(absent)} among {', '.join(names) or 'no signals'}")
        )
    columns = [position[lead.lower()] for lead in LEADS]
    scale = []
    for lead, column in zip(LEADS, columns, strict=True):
        factor = _MILLIVOLTS_PER_UNIT.get(units[column].strip().lower())
        if factor is None:
            raise RecordingFault(Fault(record_id, "unit", f"lead {lead} is in {units[column]!r}, not in volts"))
        scale.append(factor)
    wanted = round(PAGE_SECONDS * sampling_rate)
    if samples.shape[0] < wanted:
        seconds = samples.shape[0] / sampling_rate
        raise RecordingFault(Fault(record_id, "too_short", f"{seconds:.2f} s, a page shows {PAGE_SECONDS:g} s"))
    signal = np.ascontiguousarray((samples[:wanted, columns] * np.asarray(scale)).T, dtype=np.float32)
    bad = ~np.isfinite(signal)
    if bad.any():
        leads = [lead for lead, row in zip(LEADS, bad, strict=True) if row.any()]
        raise RecordingFault(
            Fault(record_id, "nan", f"{int(bad.sum())} samples without a value in {', '.join(leads)}")
        )
    still = np.ptp(signal, axis=1) == 0
    if still.any():
        leads = [lead for lead, flat in zip(LEADS, still, strict=True) if flat]
        verb = "never moves" if len(leads) == 1 else "never move"
        raise RecordingFault(Fault(record_id, "flat", f"{', '.join(leads)} {verb}"))
    low, high = _PLAUSIBLE_DEVIATION
    spread = float(np.median(signal.std(axis=1)))
    if not low <= spread <= high:
        raise RecordingFault(
            Fault(record_id, "unit", f"the middle lead varies by {spread:.3g} mV: the unit of the header is wrong")
        )
    return signal
