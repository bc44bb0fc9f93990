"""The named cells of the error table: how many ECGs, of whom, and what kind of model is judged on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["CELLS", "PUBLISHED", "Cell", "Kind"]

#: What a simulated model does; `models.py` says how.
Kind = Literal[
    "constant",
    "prior",
    "temperature",
    "measurements",
    "age-sex",
    "refuses",
    "invalid",
    "planned",
    "threshold",
    "modest",
]

#: Shares of the commonest class on the axes of the benchmark with about 277 ECGs that BioStack Platforms published
#: ("AI Might Get the Diagnosis, But Does It Read the ECG Waveform?"); territory and other findings are not stated and
#: taken as stage, diagnosis from "always abnormal is right on about 74 %".
PUBLISHED: Mapping[str, float] = {
    "rate": 0.715,
    "rhythm": 0.942,
    "axis": 0.736,
    "conduction": 0.809,
    "ischemia_stage": 0.70,
    "ischemia_territory": 0.70,
    "other_findings": 0.70,
    "diagnosis": 0.26,
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of the error table.

    Attributes
    ----------
    name : str
        Of the row.
    kind : str
        What the simulated models do.
    records : int
        ECGs of a data set.
    majority : float, or mapping of str to float
        Share of the records on which an axis is normal, for all axes or by axis.
    clustered : bool
        One to four ECGs a patient, alike in truth and answer; else one each.
    title : str
        One line for people.
    """

    name: str
    kind: Kind
    records: int
    majority: float | Mapping[str, float] = field(hash=False)
    clustered: bool
    title: str

    @property
    def null(self) -> bool:
        """Whether no model of the cell looks at the picture, so that ``reads`` and a passed test 1 are false."""
        return self.kind not in ("planned", "threshold", "modest")


CELLS: Mapping[str, Cell] = {
    cell.name: cell
    for cell in (
        Cell("constant", "constant", 1_000, 0.70, False, "one answer to all pictures, one to none"),
        Cell("prior", "prior", 1_000, 0.70, False, "answers drawn by the right frequencies"),
        Cell("prior-clustered", "prior", 1_000, 0.94, True, "the same, one draw a patient"),
        Cell("temperature", "temperature", 2_200, 0.94, False, "one answer, now and then another one, by chance"),
        Cell("temperature-277", "temperature", 277, 0.70, True, "the same on few ECGs, one draw a patient"),
        Cell("measurements", "measurements", 1_000, 0.70, False, "answers from the numbers in the text"),
        Cell("age-sex", "age-sex", 1_000, 0.70, False, "answers from age and sex in the text"),
        Cell("refuses", "refuses", 1_000, 0.94, False, "guesses with a picture, refuses without one"),
        Cell("invalid", "invalid", 1_000, 0.70, False, "one answer; fails more often on some truths than on others"),
        Cell("planned", "planned", 2_200, 0.94, True, "readers as strong as the plan says 80 % power needs"),
        Cell("threshold", "threshold", 277, 0.70, True, "readers whose gain is exactly delta"),
        Cell("published-277", "modest", 277, PUBLISHED, False, "readers with 60 % sensitivity, 95 % specificity"),
    )
}
