"""What the benchmark asks and what comes back: Request, Answer, Usage and the Adapter protocol."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:  # numpy comes with these; the registry must stay importable without it
    from einthoven.ecg.measurements import Measurements
    from einthoven.ecg.patient import Patient
    from einthoven.ecg.reading import Truth
    from einthoven.ecg.recording import Recording

__all__ = [
    "Adapter",
    "Answer",
    "Example",
    "FactualAdapter",
    "FittedAdapter",
    "Input",
    "PacedAdapter",
    "Request",
    "Status",
    "TaughtAdapter",
    "Usage",
]


class Input(StrEnum):
    """What an adapter may look at. Two requests equal in what it looks at are asked once."""

    PROMPT = "prompt"
    IMAGE = "image"
    SIGNAL = "signal"
    MEASUREMENTS = "measurements"
    PATIENT = "patient"
    RECORD = "record"
    """The record's id: for seeded controls, whose answers differ from record to record without a look at it."""
    TRUTH = "truth"
    """What is true of the ECG in the picture, where there is one: for controls that play a known reader."""


class Status(StrEnum):
    """What became of a request."""

    OK = "ok"
    INVALID = "invalid"
    DECLINED = "declined"
    TRUNCATED = "truncated"
    EMPTY = "empty"
    API_ERROR = "api_error"

    @property
    def final(self) -> bool:
        """Whether this is an answer. An ``api_error`` is an attempt: it is asked again on resume."""
        return self is not Status.API_ERROR


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer cost; `None` is unknown, never 0."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: float | None = None
    cached_tokens: int | None = None
    """How many of the input tokens came from the provider's cache."""


@dataclass(frozen=True, slots=True)
class Request:
    """One question about one record in one arm.

    Attributes
    ----------
    record_id, arm, task : str
        Where the answer belongs.
    prompt : str
        The text, complete.
    schema : mapping
        JSON Schema of the answer, for providers that can enforce one.
    images : tuple of bytes
        PNG files, in order; empty in an arm without pictures.
    image_ids : tuple of str
        The SHA-256 of each image's decoded pixels: the image's identity.
    recording, measurements, patient
        What else the arm gives; `None` where it gives none.
    truth : Truth or None
        Of the ECG that is shown; given to controls alone.
    """

    record_id: str
    arm: str
    task: str
    prompt: str
    schema: Mapping[str, Any] = field(default_factory=dict, repr=False)
    images: tuple[bytes, ...] = field(default=(), repr=False)
    image_ids: tuple[str, ...] = ()
    recording: Recording | None = field(default=None, repr=False)
    measurements: Measurements | None = None
    patient: Patient | None = None
    truth: Truth | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an adapter gave back. Parsing is the benchmark's business, not the adapter's.

    Attributes
    ----------
    text : str
        The raw answer, unchanged; of an attempt that failed, empty.
    status : Status
        ``ok`` here means "an answer came"; the parser may still call it ``invalid``.
    usage : Usage
        Tokens and cost.
    latency_s : float or None
        Seconds from sending to the whole answer.
    detail : str
        One line: the error, the reason of a refusal.
    """

    text: str
    status: Status = Status.OK
    usage: Usage = Usage()
    latency_s: float | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled record, for adapters that are fitted: on the training folds only."""

    record_id: str
    patient: Patient
    truth: Truth
    measurements: Measurements | None = None


class Adapter(Protocol):
    """Anything that answers a Request.

    Attributes
    ----------
    name : str
        ``provider/model`` as the user typed it.
    parameters : mapping
        Everything that changes the answers (temperature, seed); part of the cache key and of the bundle.
    inputs : frozenset of Input
        What it looks at.
    concurrency : int
        How many requests it wants in flight.
    """

    name: str
    parameters: Mapping[str, Any]
    inputs: frozenset[Input]
    concurrency: int

    async def answer(self, request: Request) -> Answer:
        """Answer one request. Errors of the provider come back as ``api_error``, they are not raised."""
        ...

    async def close(self) -> None:
        """Let go of connections and weights."""
        ...


@runtime_checkable
class FittedAdapter(Protocol):
    """An adapter that learns from the training folds before it answers."""

    def fit(self, examples: Iterable[Example]) -> None:
        """Learn from labelled records; called again for each cross-fitting fold."""
        ...


@runtime_checkable
class FactualAdapter(Protocol):
    """An adapter that has something to say of who answers: it stands in the bundle as ``provider``."""

    def facts(self) -> Mapping[str, Any]:
        """Return it, for JSON."""
        ...


@runtime_checkable
class PacedAdapter(Protocol):
    """An adapter that works on this machine and says how fast."""

    def pace(self) -> str:
        """Return a few words for the progress line; nothing before the first answer."""
        ...


@runtime_checkable
class TaughtAdapter(Protocol):
    """An adapter that was trained beforehand and knows on which records: it is not asked about them."""

    def taught_by(self) -> tuple[str, frozenset[str]]:
        """Return the data's name and the records' ids; empty where it does not know."""
        ...
