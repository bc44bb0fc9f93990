"""What a run may cost: nothing is asked that could take it over the cap."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from einthoven.adapters.api import ApiAdapter
from einthoven.adapters.image_tokens import image_tokens, png_size
from einthoven.errors import EinthovenError, Exit
from einthoven.exchange import Adapter, Answer, Input, Request

__all__ = ["Capped", "Range", "capped", "picture_tokens", "text_tokens"]

#: Characters a token, most and fewest: prose in a good tokenizer, snake_case words and JSON in a poor one.
_DENSE, _LOOSE = 5.0, 2.5


@dataclass(frozen=True, slots=True)
class Range:
    """A lowest and a highest guess; `high` is `None` where nothing bounds it."""

    low: float
    high: float | None

    def __add__(self, other: Range) -> Range:
        known = self.high is not None and other.high is not None
        return Range(self.low + other.low, (self.high or 0.0) + (other.high or 0.0) if known else None)

    def __mul__(self, factor: float) -> Range:
        return Range(self.low * factor, None if self.high is None else self.high * factor)


def text_tokens(characters: int) -> Range:
    """Estimate the tokens of a text of so many characters."""
    return Range(math.ceil(characters / _DENSE), math.ceil(characters / _LOOSE))


def picture_tokens(model: str, sizes: Iterable[tuple[int, int]]) -> Range:
    """Estimate the tokens of pictures by their sizes in pixels."""
    total = Range(0, 0)
    for width, height in sizes:
        total += Range(*image_tokens(model, width, height))
    return total


class Capped:
    """An adapter that stops before its answers can cost more than `limit` dollars.

    A request is asked when what was spent, what those in flight may cost at most and what it may cost itself at most
    stay within the limit together. Where they do not, it waits for those in flight to say what they really cost;
    where none is in flight, the run ends. So nothing that was paid for is thrown away, and the limit holds as long as
    no request costs more than its bound: the highest guess of its input, and all of its output tokens.

    Raises
    ------
    EinthovenError
        The model's price is unknown, or nothing limits its output.
    """

    def __init__(self, inner: ApiAdapter, limit: float) -> None:
        if inner.price is None:
            raise EinthovenError(
                f"--max-cost: the price of {inner.name} is not known",
                "leave the cap out, or give the price in a file that EINTHOVEN_PRICES names (docs/api.md)",
            )
        if inner.max_tokens is None:
            raise EinthovenError(
                f"--max-cost: nothing limits how much {inner.name} writes",
                f"add ?max_tokens=…: {inner.name}?max_tokens=4096",
            )
        self.name = inner.name
        self.parameters: Mapping[str, Any] = inner.parameters
        self.inputs: frozenset[Input] = inner.inputs
        self.concurrency = inner.concurrency
        self.inner, self._limit, self._price, self._most = inner, limit, inner.price, inner.max_tokens
        self._spent = self._reserved = self._dearest = 0.0
        self._in_flight = 0
        self._changed = asyncio.Condition()

    def bound(self, request: Request) -> float:
        """Return the most that a request may cost, in dollars."""
        schema = len(str(self.inner.response_schema(request) or ""))
        sizes = [png_size(png) for png in request.images]
        sent = text_tokens(len(request.prompt) + schema) + picture_tokens(self.inner.name, sizes)
        dollars = ((sent.high or 0.0) * self._price.input + self._most * self._price.output) / 1e6
        return max(dollars, self._dearest)

    def count(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take what earlier processes of the run were told: an attempt of unknown cost counts as its tokens say."""
        for row in rows:
            usage = row.get("usage")
            if usage:
                self._spent += self._charged(usage[0], usage[1], usage[2], 0.0)

    def _charged(self, sent: int | None, received: int | None, cost: float | None, unknown: float) -> float:
        if cost is not None:
            return cost
        if sent is None or received is None:
            return unknown
        return (sent * self._price.input + received * self._price.output) / 1e6

    async def answer(self, request: Request) -> Answer:
        """Answer one request, or end the run where it could take it over the limit."""
        bound = self.bound(request)
        async with self._changed:
            while self._spent + self._reserved + bound > self._limit:
                if not self._in_flight:
                    raise EinthovenError(
                        f"${self._spent:.4f} of ${self._limit:g} are spent, one more request may cost ${bound:.4f}",
                        "run the same command with a higher --max-cost: it goes on from here",
                        Exit.COST_CAP,
                    )
                await self._changed.wait()
            self._reserved += bound
            self._in_flight += 1
        charged = bound  # of an answer that never came nobody knows what it cost
        try:
            found = await self.inner.answer(request)
            usage = found.usage
            charged = self._charged(usage.input_tokens, usage.output_tokens, usage.cost_usd, bound)
            self._dearest = max(self._dearest, charged)
            return found
        finally:
            self._in_flight -= 1
            self._reserved = self._reserved - bound if self._in_flight else 0.0
            self._spent += charged
            async with self._changed:
                self._changed.notify_all()

    def facts(self) -> dict[str, Any]:
        """Return what a bundle says of the provider."""
        return self.inner.facts()

    async def close(self) -> None:
        """Let go of the connections."""
        await self.inner.close()


def capped(adapter: Adapter, limit: float | None) -> Adapter:
    """Return the adapter with a cap on its cost; one that asks nobody, or has no cap, as it is."""
    return Capped(adapter, limit) if limit is not None and isinstance(adapter, ApiAdapter) else adapter
