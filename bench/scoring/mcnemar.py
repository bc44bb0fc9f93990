"""Exact McNemar test: which of two arms is right on more records, as the field prints it.

It takes records as independent, which records of one patient are not, and at a 94 % majority it rejects readers that
read: a column beside the verdict, never a gate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr

__all__ = ["McNemar", "mcnemar"]


@dataclass(frozen=True, slots=True)
class McNemar:
    """The records on which exactly one of two arms is right.

    Attributes
    ----------
    wins, losses : int
        Right where the other is wrong; wrong where the other is right.
    p : float
        Two-sided exact binomial p of the two being equally likely; 1 where there is no such record.
    """

    wins: int
    losses: int
    p: float

    @property
    def useful(self) -> bool:
        """Whether the arm is right more often, at 0.05."""
        return self.wins > self.losses and self.p < 0.05

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {"useful": self.useful, "wins": self.wins, "losses": self.losses, "p_mcnemar": round(self.p, 6)}


def mcnemar(right: NDArray[np.bool_], right_other: NDArray[np.bool_]) -> McNemar:
    """Compare two arms on the same records, shape (records,) each."""
    wins, losses = int((right & ~right_other).sum()), int((right_other & ~right).sum())
    p = min(1.0, 2 * float(bdtr(min(wins, losses), wins + losses, 0.5))) if wins + losses else 1.0
    return McNemar(wins, losses, p)
