"""The person a recording was taken from, as far as an ECG cart knows them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FEMALE", "MALE", "OLDEST_STATED_AGE", "Patient"]

#: PTB-XL's coding, which we take over: 0 = male, 1 = female (Wagner et al. 2020, table of metadata).
MALE, FEMALE = 0, 1

#: PTB-XL writes 300 for every age above 89 (HIPAA); such an age is "over 89", never 300.
OLDEST_STATED_AGE = 89


@dataclass(frozen=True, slots=True)
class Patient:
    """Who the recording is of.

    Attributes
    ----------
    id : str
        The source's id of the patient; the unit of resampling. A source without patient ids gives the record id.
    age : float or None
        Years at the time of the recording; `None` where it is not stated. Values above 89 mean "over 89".
    sex : int or None
        0 = male, 1 = female, `None` where it is not stated.
    """

    id: str
    age: float | None = None
    sex: int | None = None

    def __post_init__(self) -> None:
        if self.sex not in (None, MALE, FEMALE):
            raise ValueError(f"sex is 0 (male), 1 (female) or None, not {self.sex!r}")
        if self.age is not None and not 0 <= self.age <= 120:
            raise ValueError(f"age is in years between 0 and 120, not {self.age!r}")
