"""What tokens cost: a dated table. A price that is not in it is unknown, never 0."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from einthoven.errors import EinthovenError, Exit

__all__ = ["Price", "price_of"]

#: The environment variable that names a table of one's own.
_OWN_TABLE = "EINTHOVEN_PRICES"

#: A snapshot's date behind a model's name: its price is that of the name.
_SNAPSHOT = re.compile(r"-(20\d{2}-\d{2}-\d{2}|20\d{6})$")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars a million tokens.

    Attributes
    ----------
    input, output : float
        Of tokens sent and received; reasoning is output.
    cached : float or None
        Of input tokens read from the provider's cache; `None` is unknown.
    read : date
        When `source` stated it.
    source : str
        Where it stands.
    """

    input: float
    output: float
    cached: float | None
    read: date
    source: str

    def cost(
        self, input_tokens: int | None, output_tokens: int | None, cached_tokens: int | None = 0
    ) -> float | None:
        """Return what an answer cost in dollars; `None` where a part of it is unknown.

        Parameters
        ----------
        input_tokens : int or None
            All tokens sent, the cached ones among them.
        output_tokens : int or None
            All tokens received, reasoning among them.
        cached_tokens : int or None
            How many of the sent ones came from the cache; `None` (the provider does not say) counts as none, which
            can only overstate the cost.
        """
        if input_tokens is None or output_tokens is None:
            return None
        cached = min(cached_tokens or 0, input_tokens)
        if cached and self.cached is None:
            return None
        dear = (input_tokens - cached) * self.input + cached * (self.cached or 0.0) + output_tokens * self.output
        return dear / 1e6


def _rows(text: str, where: str) -> dict[str, Price]:
    try:
        return {row["model"]: _price(row) for row in tomllib.loads(text).get("price", [])}
    except (tomllib.TOMLDecodeError, TypeError, KeyError, ValueError) as error:
        said = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise EinthovenError(
            f"{where} is no table of prices: {said}",
            'its rows look like [[price]] model = "openai/…" input = 1.0 output = 2.0 read = 2026-01-31 source = "…"',
        ) from None


def _price(row: dict[str, Any]) -> Price:
    numbers = [row["input"], row["output"], row.get("cached", 0.0)]
    if any(isinstance(n, bool) or not isinstance(n, int | float) or not 0 <= n < 1e6 for n in numbers):
        raise ValueError(f"a price of {row['model']} is no number of dollars")
    if not isinstance(row["read"], date):
        raise ValueError(f"the row of {row['model']} has no date: read = 2026-01-31")
    cached = row.get("cached")
    return Price(
        float(row["input"]),
        float(row["output"]),
        None if cached is None else float(cached),
        row["read"],
        row["source"],
    )


@cache
def _table(own: str) -> dict[str, Price]:
    table = _rows(files("einthoven.adapters").joinpath("prices.toml").read_text(encoding="utf-8"), "prices.toml")
    if own:
        try:
            text = Path(own).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise EinthovenError(
                f"{_OWN_TABLE} names {own}, which cannot be read: {getattr(error, 'strerror', None) or 'no UTF-8'}",
                f"correct {_OWN_TABLE}, or unset it",
                Exit.MISSING,
            ) from None
        table |= _rows(text, own)
    return table


def price_of(model: str) -> Price | None:
    """Return the price of a model, or `None` where it is unknown.

    Parameters
    ----------
    model : str
        ``provider/model``, without parameters.

    Raises
    ------
    EinthovenError
        The table that EINTHOVEN_PRICES names cannot be read.
    """
    table = _table(os.environ.get(_OWN_TABLE, ""))
    return table.get(model) or table.get(_SNAPSHOT.sub("", model))
