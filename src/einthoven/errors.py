"""What went wrong and what to do about it: two lines, and an exit code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

__all__ = ["EinthovenError", "Exit", "Fault", "RecordingFault", "unknown_name"]


class Exit(IntEnum):
    """The exit codes of the command line, the same for every command."""

    OK = 0
    GATE_FAILED = 1
    USAGE = 2
    MISSING = 3
    INCOMPLETE = 4
    COST_CAP = 5
    INTERRUPTED = 130


class EinthovenError(Exception):
    """An error a person can act on.

    Parameters
    ----------
    problem : str
        One line: what is wrong, with the name of the thing that is wrong.
    remedy : str
        One line: what to do about it.
    exit_code : Exit
        What the command line exits with.
    """

    def __init__(self, problem: str, remedy: str, exit_code: Exit = Exit.USAGE) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.exit_code = exit_code

    def __str__(self) -> str:
        return f"{self.problem}\n{self.remedy}"

    def __reduce__(self) -> tuple[type[EinthovenError], tuple[str, str, Exit]]:
        # As an exception is pickled otherwise it comes back from a worker process without its remedy: that fails, and
        # breaks the pool.
        return type(self), (self.problem, self.remedy, self.exit_code)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one recording of a source cannot be used.

    Attributes
    ----------
    record_id : str
        The source's id of the recording.
    reason : str
        One word for tables: ``truncated``, ``missing``, ``nan``, ``unit``, ``missing_lead``, ``flat``, ``too_short``,
        ``unreadable``, ``label``; of page images also ``huge``, ``too_small``, ``no_ecg``.
    detail : str
        One line for people: which lead, how many samples, which unit.
    """

    record_id: str
    reason: str
    detail: str


class RecordingFault(Exception):
    """Raised by a source when a recording cannot be used; carries the `Fault` to report."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.record_id}: {fault.reason} ({fault.detail})")
        self.fault = fault


def unknown_name(kind: str, name: str, known: Iterable[str], exit_code: Exit = Exit.USAGE) -> EinthovenError:
    """Return the error for a name that no registry knows, with the one that may have been meant.

    Parameters
    ----------
    kind : str
        What was looked for: ``task``, ``view``, ``model``.
    name : str
        What was asked for.
    known : iterable of str
        What there is.
    """
    from difflib import get_close_matches  # only on the way to an error

    names = sorted(known)
    close = get_close_matches(name, names, n=1, cutoff=0.5)
    remedy = f"did you mean {close[0]}?" if close else f"there are: {', '.join(names)}"
    return EinthovenError(f"there is no {kind} {name!r}", remedy, exit_code)
