"""What the questions of a run may cost, arm by arm."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any

from einthoven.adapters.api import ApiAdapter
from einthoven.adapters.image_tokens import png_size
from einthoven.adapters.prices import Price
from einthoven.bench.ask import Question
from einthoven.bench.cost import Capped, Range, picture_tokens, text_tokens
from einthoven.bench.pages import worn
from einthoven.bench.plan import Plan, looked_at
from einthoven.bench.settings import Settings
from einthoven.bench.sources.source import Source
from einthoven.ecg.reading import Reading
from einthoven.exchange import Adapter, Input
from einthoven.renderers.page import Page
from einthoven.renderers.registry import view
from einthoven.tasks.measurement_text import measurement_template
from einthoven.tasks.task import Task

__all__ = ["estimate", "estimate_lines"]

#: The shortest answer anyone gives: normal on every axis.
_SHORTEST = Reading("normal", "sinus", "normal", frozenset(), frozenset(), frozenset(), frozenset({"normal_ecg"}))


def _dollars(price: Price | None, sent: Range, received: Range) -> Range | None:
    """Return what tokens cost; `None` where the price is unknown."""
    if price is None:
        return None
    cheap = sent.low if price.cached is None else 0.0  # at best all of the input comes from the cache
    low = (cheap * price.input + (sent.low - cheap) * (price.cached or 0.0) + received.low * price.output) / 1e6
    if sent.high is None or received.high is None:
        return Range(low, None)
    return Range(low, (sent.high * price.input + received.high * price.output) / 1e6)


def _pages(settings: Settings, source: Source, question: Question) -> tuple[Page, ...]:
    """Draw what stands for the pictures of an arm; an empty page has the size of a full one."""
    if question.arm.pictures == "none":
        return ()
    if settings.undrawn:
        pages = view(settings.view)(source.load(question.shown or question.entry))
    else:
        pages = view(settings.view, blank=True)()
    return worn(pages, settings, question.entry.id)


def estimate(
    adapter: Adapter, chosen: Task, settings: Settings, source: Source, planned: Plan, open_ones: Sequence[Question]
) -> dict[str, Any]:
    """Estimate what is left to ask and what it may cost.

    Parameters
    ----------
    adapter : Adapter
        Who is asked.
    chosen, settings, source
        Of the run.
    planned : Plan
        All questions.
    open_ones : sequence of Question
        Those that are still to be asked.

    Returns
    -------
    dict
        ``calls`` (requests that no other answers too), ``calls_by_arm``, ``answered``, ``images`` (sizes in pixels by
        arm), ``input_tokens``, ``output_tokens`` and ``cost_usd`` as ``[low, high]`` (an unknown end is null, an
        unknown price makes the whole null), ``cost_by_arm`` likewise, ``price`` with its date and source,
        ``asks_network``.
    """
    inner: Any = adapter.inner if isinstance(adapter, Capped) else adapter
    api = inner if isinstance(inner, ApiAdapter) else None
    schema = chosen.schema() if api is not None and api.schema == "strict" else {}
    around = len(json.dumps(schema)) if schema else 0
    price, most = (None, None) if api is None else (api.price, api.max_tokens)
    calls: Counter[str] = Counter()
    seen: set[Hashable] = set()
    first: dict[str, Question] = {}
    for question in planned.questions:
        first.setdefault(question.arm.name, question)
    for question in open_ones:
        key = looked_at(adapter, question, settings.undrawn)
        calls[question.arm.name] += key not in seen
        seen.add(key)
    shortest = text_tokens(len(chosen.target(_SHORTEST))).low
    images: dict[str, list[list[int]]] = {}
    costs: dict[str, Any] = {}
    sent, received = Range(0, 0), Range(0, 0)
    for name, question in first.items():
        drawn = planned.pairs.settings if name == "pairs" else settings
        shown = _pages(drawn, source, question) if Input.IMAGE in adapter.inputs else ()
        sizes = [png_size(page.png) for page in shown]
        images[name] = [list(size) for size in sizes]
        prompt = chosen.prompt(question.arm.intro, measurement_template())
        each = text_tokens(len(prompt) + around) + picture_tokens(adapter.name, sizes)
        asked = each * calls[name]
        told = Range(shortest * calls[name], None if most is None else most * calls[name])
        sent, received = sent + asked, received + told
        costs[name] = _ends(_dollars(price, asked, told), 4)
    return {
        "model": adapter.name,
        "asks_network": api is not None,
        "records": len({q.entry.id for q in planned.questions if q.arm.name == "image"}),
        "arms": [one.name for one in planned.arms],
        "calls": calls.total(),
        "calls_by_arm": {name: calls[name] for name in first},
        "answered": len(planned.questions) - len(open_ones),
        "images": images,
        "input_tokens": _ends(sent),
        "output_tokens": _ends(received),
        "cost_usd": _ends(_dollars(price, sent, received), 4),
        "cost_by_arm": costs,
        "price": None
        if price is None
        else {
            "input": price.input,
            "cached": price.cached,
            "output": price.output,
            "read": price.read.isoformat(),
            "source": price.source,
        },
    }


def _ends(span: Range | None, digits: int | None = None) -> list[float | None] | None:
    return (
        None if span is None else [round(span.low, digits), None if span.high is None else round(span.high, digits)]
    )


def estimate_lines(found: dict[str, Any]) -> list[str]:
    """Return an estimate as a person reads it before the asking: calls and dollars, arm by arm."""
    parts = []
    for name, calls in found["calls_by_arm"].items():
        cost = found["cost_by_arm"][name]
        dollars = "" if cost is None or not calls else f" (${cost[0]:,.2f} to {_top(cost[1])})"
        parts.append(f"{name} {calls:,}{dollars}")
    lines = [f"{found['calls']:,} request{'s' if found['calls'] != 1 else ''}: {', '.join(parts)}"]
    if found["asks_network"]:
        cost = found["cost_usd"]
        lines.append(
            "what they cost is not known: no price"
            if cost is None
            else f"they cost ${cost[0]:,.2f} to {_top(cost[1])}; --dry-run says more, --max-cost caps it"
        )
    return lines


def _top(dollars: float | None) -> str:
    return "an unknown sum" if dollars is None else f"${dollars:,.2f}"
