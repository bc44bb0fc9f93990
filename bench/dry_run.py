"""What a run would ask and cost, without asking: no network, no key, nothing written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from einthoven.adapters.api import ApiAdapter
from einthoven.adapters.image_tokens import png_size
from einthoven.adapters.prices import Price
from einthoven.adapters.registry import create
from einthoven.bench.arms import arm
from einthoven.bench.bundle import read_bundle
from einthoven.bench.cost import Range, picture_tokens, text_tokens
from einthoven.bench.pages import worn
from einthoven.bench.selection import select
from einthoven.bench.settings import Settings, default_folder
from einthoven.bench.sources.registry import open_source
from einthoven.ecg.reading import Reading
from einthoven.errors import EinthovenError
from einthoven.exchange import Input, Status
from einthoven.renderers.registry import UNDRAWN, view
from einthoven.tasks.measurement_text import measurement_template
from einthoven.tasks.registry import task

__all__ = ["dry_run"]

#: The shortest answer anyone gives: normal on every axis.
_SHORTEST = Reading("normal", "sinus", "normal", frozenset(), frozenset(), frozenset(), frozenset({"normal_ecg"}))


def _answered(folder: Path) -> set[tuple[str, str]]:
    """Return which questions of a run were answered already; what cannot be read counts as nothing."""
    rows: list[dict[str, Any]] = []
    with suppress(EinthovenError):
        rows += [dict(row, status=row["asked"]) for row in read_bundle(folder).answers]
    with suppress(OSError, ValueError):  # none, or a torn last line
        for line in (folder / "journal.jsonl").read_bytes().splitlines():
            rows.append(orjson.loads(line))
    return {(row["record"], row["arm"]) for row in rows if "status" in row and Status(row["status"]).final}


def _dollars(price: Price | None, sent: Range, received: Range) -> Range | None:
    """Return what tokens cost; `None` where the price is unknown."""
    if price is None:
        return None
    cheap = sent.low if price.cached is None else 0.0  # at best all of the input comes from the cache
    low = (cheap * price.input + (sent.low - cheap) * (price.cached or 0.0) + received.low * price.output) / 1e6
    if sent.high is None or received.high is None:
        return Range(low, None)
    return Range(low, (sent.high * price.input + received.high * price.output) / 1e6)


def dry_run(settings: Settings) -> Mapping[str, Any]:
    """Estimate what a run would ask and cost.

    Parameters
    ----------
    settings : Settings
        What the run would be given; its line should be dry, so that neither key nor SDK are needed.

    Returns
    -------
    mapping
        ``calls`` (answers that are still missing and have to be asked for), ``answered`` (stand in the folder
        already), ``images`` (sizes in pixels by arm), ``input_tokens``, ``output_tokens`` and ``cost_usd`` as
        ``[low, high]`` (an unknown end is null, an unknown price makes the whole null), ``price`` with its date and
        source, ``asks_network``.

    Raises
    ------
    EinthovenError
        Bad names or unusable data.
    """
    arms = [arm(name) for name in settings.arms]
    chosen, draw, draw_blank = task(settings.task), view(settings.view), view(settings.view, blank=True)
    adapter = create(settings.model, settings.line)
    source = open_source(settings.data)
    entries = select(source, settings).entries
    answered = _answered(settings.out or default_folder(settings)) if not settings.fresh else set()

    api = adapter if isinstance(adapter, ApiAdapter) else None
    schema = chosen.schema() if api is not None and api.schema == "strict" else {}
    around = len(json.dumps(schema)) if schema else 0
    sees = Input.IMAGE in adapter.inputs
    calls, done = 0, 0
    sent = Range(0, 0)
    images: dict[str, list[list[int]]] = {}
    for one in arms:
        left = [entry for entry in entries if (entry.id, one.name) not in answered]
        done += len(entries) - len(left)
        # Requests equal in what the model looks at are asked once: an arm with nothing of the record's own is one.
        own = one.pictures == "view" or (one.pictures == "blank" and settings.view in UNDRAWN)
        distinct = len(left) if own or one.text else min(1, len(left))
        shown = (
            draw_blank(*[source.load(entries[0])] * own)
            if one.pictures == "blank"
            else draw(source.load(entries[0]))
            if one.pictures == "view"
            else ()
        )
        shown = worn(shown, settings, entries[0].id)
        sizes = [png_size(page.png) for page in shown] if sees else []
        images[one.name] = [list(size) for size in sizes]
        calls += distinct
        prompt = chosen.prompt(one.intro, measurement_template())
        each = text_tokens(len(prompt) + around) + picture_tokens(adapter.name, sizes)
        sent += each * distinct
    shortest = text_tokens(len(chosen.target(_SHORTEST))).low
    most = api.max_tokens if api is not None else None
    received = Range(shortest * calls, None if most is None else most * calls)
    price = api.price if api is not None else None
    cost = _dollars(price, sent, received)
    return {
        "model": adapter.name,
        "asks_network": api is not None,
        "records": len(entries),
        "arms": [one.name for one in arms],
        "calls": calls,
        "answered": done,
        "images": images,
        "input_tokens": [round(sent.low), None if sent.high is None else round(sent.high)],
        "output_tokens": [round(received.low), None if received.high is None else round(received.high)],
        "cost_usd": None
        if cost is None
        else [round(cost.low, 4), None if cost.high is None else round(cost.high, 4)],
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
