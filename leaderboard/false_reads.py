"""How many false words a board is expected to hold, from how often models that do not look were given them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["ErrorRates", "error_rates", "expected_reads"]


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """What ``error-rates.toml`` holds: shares of models, each judged on eight axes.

    Attributes
    ----------
    kinds, models : int
        Kinds of simulated models that do not look, and how many models in all.
    reads, above_blind : int
        How many of them were called ``reads`` on any axis; passed test 1 on any.
    reads_upper, above_blind_upper : float
        The largest one-sided upper 95 % bound of a kind.
    """

    kinds: int
    models: int
    reads: int
    reads_upper: float
    above_blind: int
    above_blind_upper: float


@cache
def error_rates() -> ErrorRates:
    """Read the rates."""
    text = files("einthoven.leaderboard").joinpath("error-rates.toml").read_text(encoding="utf-8")
    return ErrorRates(**tomllib.loads(text))


def expected_reads(models: int) -> str:
    """Say how many of some models, did none of them look, would be called ``reads`` on any axis.

    Parameters
    ----------
    models : int
        Models on the board that are judged at all.
    """
    most = models * error_rates().reads_upper
    return f"at most {most:.2f}" if most >= 0.005 else "fewer than 0.01"
