"""Ages, sexes and patients as the tables of the world spell them."""

from __future__ import annotations

import math

from einthoven.ecg.patient import FEMALE, MALE, OLDEST_STATED_AGE

__all__ = ["parse_age", "parse_count", "parse_identifier", "parse_sex"]

#: PTB-XL's stand-in for every age above 89 (Wagner et al. 2020); the Challenge headers took it over.
_OVER_THE_OLDEST = 300

_SEXES = {"0": MALE, "1": FEMALE, "m": MALE, "f": FEMALE, "male": MALE, "female": FEMALE, "0.0": MALE, "1.0": FEMALE}


def parse_age(text: str | None) -> float | None:
    """Return an age in years; `None` for whatever states none: empty, ``NaN``, ``Unknown``, negative, beyond 120.

    300 (PTB-XL) and ``>89`` (LUDB) mean "over 89" and give 90, the only value above 89 that is ever returned for
    them.
    """
    cleaned = (text or "").strip()
    if cleaned.startswith(">"):
        return OLDEST_STATED_AGE + 1.0 if cleaned[1:].strip() == str(OLDEST_STATED_AGE) else None
    try:
        age = float(cleaned)
    except ValueError:
        return None
    if age == _OVER_THE_OLDEST:
        return OLDEST_STATED_AGE + 1.0
    return age if math.isfinite(age) and 0 <= age <= 120 else None


def parse_sex(text: str | None) -> int | None:
    """Return 0 for male, 1 for female, `None` for whatever states neither."""
    return _SEXES.get((text or "").strip().lower())


def parse_identifier(text: str | None) -> str:
    """Return an identifier as text: ``15709.0``, what pandas makes of an integer column with gaps, is ``15709``."""
    cleaned = (text or "").strip()
    whole, point, fraction = cleaned.partition(".")
    return whole if point and whole.isdecimal() and not fraction.strip("0") else cleaned


def parse_count(text: str | None) -> int | None:
    """Return a whole number such as a fold's, ``10`` or ``10.0``; `None` for anything else."""
    cleaned = parse_identifier(text)
    return int(cleaned) if cleaned.isdecimal() and len(cleaned) < 10 else None
