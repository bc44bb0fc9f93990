"""From a WFDB header to a checked Recording; whatever is wrong with the files becomes a fault with a reason."""

from __future__ import annotations

import math
import warnings
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from einthoven.bench.sources.header import Header, parse_header, read_text
from einthoven.bench.sources.source import Entry
from einthoven.ecg.recording import PAGE_SECONDS, Recording, checked_signal
from einthoven.errors import Fault, RecordingFault

__all__ = ["load_recording", "read_record", "signal_files"]

_UNCALIBRATED = "converter units without a gain"


def load_recording(entry: Entry) -> Recording:
    """Read the recording of an entry whose locator is the path of a WFDB header.

    Raises
    ------
    RecordingFault
        ``missing``, ``truncated``, ``unreadable``, or a reason of `checked_signal`.
    """
    record = read_record(entry.id, Path(entry.locator))
    signal = checked_signal(entry.id, record.p_signal, record.sig_name, record.units, float(record.fs))
    return Recording(entry.id, signal, float(record.fs), entry.patient, entry.statements)


def signal_files(header_path: Path) -> tuple[Path, ...]:
    """Return the header and the signal files it names; the header alone where it cannot be read."""
    try:
        header = parse_header(read_text(header_path))
    except (OSError, ValueError):
        return (header_path,)
    return (header_path, *(header_path.parent / name for name in header.files))


def read_record(record_id: str, header_path: Path, *, physical: bool = True) -> Any:
    """Read the first ten seconds of a record with wfdb.

    Parameters
    ----------
    record_id : str
        For the fault.
    header_path : Path
        The ``.hea`` file.
    physical : bool
        Physical units (`p_signal`), or the converter's own (`d_signal`).

    Returns
    -------
    wfdb.Record
        At most the ten seconds of a page: CPSC records last up to 144 s, PTB's 115 s.

    Raises
    ------
    RecordingFault
        ``missing``, ``truncated``, ``unreadable``, ``unit``: whatever wfdb raises becomes one of them.
    """
    header = _checked_header(record_id, header_path)
    wanted = math.ceil(PAGE_SECONDS * header.sampling_rate)
    until = wanted if header.samples is not None and header.samples > wanted else None
    try:
        record = _wfdb().rdrecord(str(header_path.with_suffix("")), sampto=until, physical=physical)
    except FileNotFoundError as error:
        raise RecordingFault(Fault(record_id, "missing", f"no file {Path(error.filename or '').name}")) from None
    except Exception as error:  # wfdb raises many kinds on a bad file and gives them no base class
        message = " ".join(str(error).split())[:160] or "no message"
        raise RecordingFault(Fault(record_id, "unreadable", f"{type(error).__name__}: {message}")) from None
    # Without a gain wfdb assumes 200 units a millivolt: that is no voltage. Without a name or a unit it gives None.
    lines = zip(record.units, header.signals, strict=True)
    record.units = [(unit or "") if line.gain else _UNCALIBRATED for unit, line in lines]
    record.sig_name = [name or "" for name in record.sig_name]
    return record


def _checked_header(record_id: str, path: Path) -> Header:
    """Parse the header and compare it with the files beside it, so that a short file is called by its name."""

    def fault(reason: str, detail: str) -> RecordingFault:
        return RecordingFault(Fault(record_id, reason, detail))

    try:
        header = parse_header(read_text(path))
    except FileNotFoundError:
        raise fault("missing", f"no file {path.name}") from None
    except (OSError, ValueError) as error:  # HeaderError, or a name that no file can have
        detail = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise fault("unreadable", f"{path.name}: {detail}") from None
    if header.segments > 1:
        raise fault("unreadable", f"{path.name} joins {header.segments} segments; only single records are read")
    if not header.signals:
        raise fault("missing_lead", f"{path.name} names no signals")
    if not (math.isfinite(header.sampling_rate) and header.sampling_rate > 0):
        raise fault("unreadable", f"{path.name}: a sampling rate of {header.sampling_rate:g} Hz")
    for name in header.files:
        if Path(name).name != name or "\\" in name or "\0" in name:
            raise fault("unreadable", f"{path.name} names no file beside it: {name!r}")
        try:
            size = (path.parent / name).stat().st_size
        except OSError:
            raise fault("missing", f"no file {name}") from None
        if size < header.least_bytes(name):
            raise fault("truncated", f"{name} has {size} of {header.least_bytes(name)} bytes")
    return header


@cache
def _wfdb() -> ModuleType:
    """Import wfdb when the first record is read: it brings pandas, a second of start-up.

    Its remarks about dates and deprecated pandas calls are not about the user's data: stderr stays clean.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import wfdb
    warnings.filterwarnings("ignore", module=r"wfdb\b")
    module: ModuleType = wfdb
    return module
