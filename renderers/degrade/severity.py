"""How much of everything: the numbers of `severities.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

__all__ = ["Numbers", "numbers"]

#: Name of an effect's strength to its value at one severity.
Numbers = Mapping[str, float]


@cache
def numbers(kind: str, severity: int) -> Numbers:
    """Give the strength of every effect.

    Parameters
    ----------
    kind : str
        A table of the file.
    severity : int
        1 to 5: which column.
    """
    rows = tomllib.loads(Path(__file__).with_name("severities.toml").read_text(encoding="utf-8"))[kind]
    return MappingProxyType({name: float(values[severity - 1]) for name, values in rows.items()})
