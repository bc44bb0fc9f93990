"""What the published study could have seen with its number of ECGs, axis by axis."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import bdtr

from einthoven.bench.power_plan import of_cases
from einthoven.bench.published import Figure, published
from einthoven.bench.scoring.counts import MIN_CASES
from einthoven.bench.scoring.wilson import wilson
from einthoven.ecg.reading import AXES

__all__ = ["RECALL", "SPECIFICITY", "Seen", "interval_of", "seen"]

#: A reader worth finding: what it recalls of the ECGs outside the commonest class, and of those in it.
RECALL, SPECIFICITY = 0.60, 0.98


@dataclass(frozen=True, slots=True)
class Seen:
    """One axis of the published study.

    Attributes
    ----------
    majority, others : int
        ECGs of the commonest class, and outside it.
    mde : float or None
        The gain in informedness that would be found four times in five, were all others one class: the most hopeful
        case. `None` where even a perfect reader would be missed, or there are fewer than 20 others.
    reader : float
        Accuracy in percent of a reader that recalls 60 % of the others and 98 % of the commonest class.
    p : float
        What McNemar's exact test of that reader against the majority gives: above 0.05 the study prints such a reader
        as "at baseline".
    """

    majority: int
    others: int
    mde: float | None
    reader: float
    p: float

    @property
    def scored(self) -> bool:
        """Whether there are cases enough to score the axis at all."""
        return self.others >= MIN_CASES


def seen() -> dict[str, Seen]:
    """Return what could be seen on each axis whose majority the source gives."""
    study = published()
    found = {}
    for axis in AXES:
        share = study.majority[axis].value if axis in study.majority else None
        if share is None:
            continue
        majority = round(share / 100 * study.records)
        others = study.records - majority
        wins, losses = round(RECALL * others), round((1 - SPECIFICITY) * majority)
        p = min(1.0, 2 * float(bdtr(min(wins, losses), wins + losses, 0.5)))
        reader = 100 * (RECALL * others + SPECIFICITY * majority) / study.records
        found[axis] = Seen(majority, others, of_cases("categorical", [majority, others]).mde, reader, p)
    return found


def interval_of(figure: Figure) -> tuple[float, float] | None:
    """Return Wilson's 95 % interval of a percentage of the study's ECGs; `None` where it gives no plain number."""
    if not figure.exact or figure.value is None:
        return None
    records = published().records
    low, high = wilson(round(figure.value / 100 * records), records)
    return 100 * low, 100 * high
