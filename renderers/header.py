"""The line above the traces. It is made of an id, a patient and a duration, and can therefore hold no measurement."""

from __future__ import annotations

from collections.abc import Sequence

from einthoven.ecg.patient import FEMALE, MALE, OLDEST_STATED_AGE, Patient
from einthoven.renderers.lettering import SMALL, extent, printable

__all__ = ["header"]

_UNKNOWN = "-"
_SEXES = {MALE: "male", FEMALE: "female", None: _UNKNOWN}
_GAP = "     "
_CUT = "..."


def header(
    fields: Sequence[str],
    room: int,
    font: str,
    record_id: str = _UNKNOWN,
    patient: Patient | None = None,
    seconds: float | None = None,
) -> str:
    """Word the header.

    Neither the signal nor anything measured on it is an argument: by construction none of it can be printed.

    Parameters
    ----------
    fields : sequence of str
        Of `einthoven.renderers.options.HEADER_FIELDS`, in the order to print them.
    room : int
        Pixels that the line may be long. Of an id that is too long the end is cut off and replaced by three points.
    font : str
        A key of `einthoven.renderers.lettering.FONTS`.
    record_id : str
        The source's id of the recording; what is not printable ASCII becomes a question mark.
    patient : Patient, optional
        Who it is of. An age that the source calls "over 89" is printed so; what is not stated is a dash.
    seconds : float, optional
        The recording's length: its number of samples by its sampling rate.

    Returns
    -------
    str
        Empty where no fields are asked for.
    """
    age = None if patient is None else patient.age
    values = {
        "id": printable(record_id),
        "age": _UNKNOWN if age is None else f"over {OLDEST_STATED_AGE}" if age > OLDEST_STATED_AGE else f"{age:g}",
        "sex": _SEXES[None if patient is None else patient.sex],
        "duration": _UNKNOWN if seconds is None else f"{seconds:.1f} s",
    }

    def line(shown: str) -> str:
        stated = values | {"id": shown}
        return _GAP.join(f"{'ID' if name == 'id' else name.capitalize()}: {stated[name]}" for name in fields)

    def fits(text: str) -> bool:
        return extent(text, SMALL, font)[2] <= room

    whole = line(values["id"])
    if fits(whole) or "id" not in fields:
        return whole
    least, most = 0, min(len(values["id"]), room)
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if fits(line(values["id"][:middle] + _CUT)) else (least, middle - 1)
    return line(values["id"][:least] + _CUT)
