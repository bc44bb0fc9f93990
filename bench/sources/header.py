"""A WFDB header as text: what an index needs of it, without opening the signal and without numpy.

``wfdb`` reads the samples; it needs three milliseconds to parse a header, and 88,000 headers are a real size.
The format is that of the WFDB Applications Guide, ``header(5)``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Header", "HeaderError", "SignalLine", "comments", "parse_header", "read_text"]

#: Bits a sample takes in each WFDB format, ``signal(5)``. Compressed formats (508, 516, 524) have no fixed size.
_BITS = {8: 8, 16: 16, 24: 24, 32: 32, 61: 16, 80: 8, 160: 16, 212: 12, 310: 10, 311: 10}

_RECORD = re.compile(
    r"(?P<name>[^\s/]+)(?:/(?P<segments>\d+))?[ \t]+(?P<signals>\d+)"
    r"(?:[ \t]+(?P<rate>[0-9.eE+-]+)(?:/\S*)?(?:[ \t]+(?P<samples>\d+))?)?"
)
_SIGNAL = re.compile(
    r"(?P<file>\S+)[ \t]+(?P<format>\d+)(?:x(?P<frame>\d+))?(?::\d+)?(?:\+(?P<offset>\d+))?"
    r"(?:[ \t]+(?P<gain>[0-9.eE+-]+))?"
)


class HeaderError(ValueError):
    """A header that does not follow the format; the message says which line and why."""


@dataclass(frozen=True, slots=True)
class SignalLine:
    """One signal of a header.

    Attributes
    ----------
    file : str
        The signal file's name, beside the header.
    format : int
        The WFDB storage format.
    per_frame : int
        Samples of this signal in one frame.
    offset : int
        Bytes before the first sample.
    gain : float
        Units of the converter in one physical unit; 0 means uncalibrated.
    """

    file: str
    format: int
    per_frame: int
    offset: int
    gain: float


@dataclass(frozen=True, slots=True)
class Header:
    """The record line and the signal lines of a header.

    Attributes
    ----------
    sampling_rate : float
        Frames a second; 250 where the header is silent, as the format says.
    samples : int or None
        Frames in the record; `None` where the header does not say.
    segments : int
        1, or the number of segments of a multi-segment record.
    signals : tuple of SignalLine
        In the header's order.
    """

    sampling_rate: float
    samples: int | None
    segments: int
    signals: tuple[SignalLine, ...]

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the signal files, each once, in the header's order."""
        return tuple(dict.fromkeys(line.file for line in self.signals))

    def least_bytes(self, file: str) -> int:
        """Return how many bytes a signal file has at least when it is whole; 0 where that cannot be told."""
        lines = [line for line in self.signals if line.file == file]
        if self.samples is None or any(line.format not in _BITS for line in lines):
            return 0
        bits = sum(_BITS[line.format] * line.per_frame for line in lines) * self.samples
        return max(line.offset for line in lines) + (bits + 7) // 8


def read_text(path: Path) -> str:
    """Read a header or a table as UTF-8, forgiving what is not: a stray byte must not cost a record."""
    return path.read_bytes().decode("utf-8-sig", errors="replace")


def parse_header(text: str) -> Header:
    """Parse the record line and the signal lines.

    Raises
    ------
    HeaderError
        With the line that does not follow the format.
    """
    lines = [stripped for line in text.splitlines() if (stripped := line.strip()) and not stripped.startswith("#")]
    if not lines:
        raise HeaderError("the header is empty")
    record = _RECORD.match(lines[0])
    if record is None:
        raise HeaderError(f"no record line: {lines[0][:60]!r}")
    try:
        count = int(record["signals"])
        segments = int(record["segments"] or 1)
        rate = float(record["rate"] or 250)
        samples = None if record["samples"] is None else int(record["samples"])
    except ValueError:  # 1-2 Hz, or a number of 5,000 digits
        raise HeaderError(f"no numbers in the record line: {lines[0][:60]!r}") from None
    if segments > 1:
        return Header(rate, samples, segments, ())
    if len(lines) - 1 < count:
        raise HeaderError(f"{count} signals announced, {len(lines) - 1} described")
    return Header(rate, samples, segments, tuple(_signal_line(line) for line in lines[1 : count + 1]))


def _signal_line(line: str) -> SignalLine:
    found = _SIGNAL.match(line)
    if found is None:
        raise HeaderError(f"no signal line: {line[:60]!r}")
    try:
        numbers = int(found["format"]), int(found["frame"] or 1), int(found["offset"] or 0), float(found["gain"] or 0)
    except ValueError:
        raise HeaderError(f"no numbers in the signal line: {line[:60]!r}") from None
    return SignalLine(found["file"], *numbers)


def comments(text: str) -> dict[str, str]:
    """Return the ``#Key: value`` comments of a header, keys in lower case without spaces around them.

    A key that stands more than once keeps all its values, joined by commas (``#Dx`` on two lines is one list).
    ``#Age: 63``, ``# Age: 63`` and ``#<age>: 63`` all give ``age``. A comment without a colon is left out.
    """
    found: dict[str, str] = {}
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped.startswith("#"):
            continue
        key, colon, value = stripped.lstrip("#").partition(":")
        if not colon:
            continue
        key = key.strip().strip("<>").strip().lower()
        value = value.strip()
        found[key] = f"{found[key]},{value}" if found.get(key) else value
    return found
