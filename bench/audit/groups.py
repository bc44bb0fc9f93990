"""Whom a record is of, and where from: the groups between which danger is compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["ATTRIBUTES", "UNKNOWN", "groups_of"]

#: Attribute -> its words for people.
ATTRIBUTES: Mapping[str, str] = {
    "age": "age, years",
    "sex": "sex",
    "site": "site",
    "device": "device",
    "quality": "signal quality, as the source notes it",
}

#: A record of which nobody knows stays, in a group of its own.
UNKNOWN = "unknown"

#: From this age on, and the name of the band.
_BANDS = ((80.0, "80 and over"), (60.0, "60 to 79"), (40.0, "40 to 59"), (18.0, "18 to 39"), (0.0, "under 18"))

#: PTB-XL's coding, which `einthoven.ecg.patient` keeps: 0 is male.
_SEXES = {0: "male", 1: "female"}


def groups_of(records: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return the group of each record, by attribute.

    Parameters
    ----------
    records : sequence of mapping
        Rows of ``records.jsonl.gz``.

    Returns
    -------
    dict of str to list of str
        All of `ATTRIBUTES`. A record with several kinds of noise is of the group ``several kinds``; one without a
        note is ``nothing noted`` where the source has notes of others, and else unknown.
    """
    noted = any(record.get("quality") for record in records)
    return {
        "age": [_band(record.get("age")) for record in records],
        "sex": [_SEXES.get(record.get("sex", -1), UNKNOWN) for record in records],
        "site": [str(record.get("site") or UNKNOWN) for record in records],
        "device": [" ".join(str(record.get("device") or UNKNOWN).split()) for record in records],
        "quality": [_kind(record.get("quality", ""), noted) for record in records],
    }


def _band(age: float | None) -> str:
    return UNKNOWN if age is None else next((name for least, name in _BANDS if age >= least), UNKNOWN)


def _kind(quality: str, noted: bool) -> str:
    kinds = {part.partition(":")[0].strip().replace("_", " ") for part in quality.split(";")} - {""}
    if not kinds:
        return "nothing noted" if noted else UNKNOWN
    return "several kinds" if len(kinds) > 1 else kinds.pop()
