"""What a run would ask and cost, without asking: no network, no key, nothing written."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from einthoven.adapters.registry import create
from einthoven.bench.bundle import read_bundle
from einthoven.bench.contradictions import ARMS as CONTRADICTING
from einthoven.bench.estimate import estimate
from einthoven.bench.plan import must_measure, plan
from einthoven.bench.selection import select
from einthoven.bench.settings import Settings, default_folder
from einthoven.bench.sources.registry import open_source
from einthoven.errors import EinthovenError
from einthoven.exchange import Status
from einthoven.tasks.registry import task

__all__ = ["dry_run"]


def _answered(folder: Path) -> set[tuple[str, str, str]]:
    """Return which questions of a run were answered already; what cannot be read counts as nothing."""
    rows: list[dict[str, Any]] = []
    with suppress(EinthovenError):
        rows += [dict(row, status=row["asked"]) for row in read_bundle(folder).answers]
    with suppress(OSError, ValueError):  # none, or a torn last line
        for line in (folder / "journal.jsonl").read_bytes().splitlines():
            rows.append(orjson.loads(line))
    return {
        (row["record"], row["arm"], row.get("variant", ""))
        for row in rows
        if "status" in row and Status(row["status"]).final
    }


def dry_run(settings: Settings) -> Mapping[str, Any]:
    """Estimate what a run would ask and cost.

    Parameters
    ----------
    settings : Settings
        What the run would be given; its line should be dry, so that neither key nor SDK are needed.

    Returns
    -------
    mapping
        What `estimate.estimate` gives.

    Raises
    ------
    EinthovenError
        Bad names or unusable data.
    """
    adapter, chosen, source = create(settings.model, settings.line), task(settings.task), open_source(settings.data)
    # Only what is drawn for picture and text that contradict each other depends on what is measured.
    measure = bool({*CONTRADICTING} & {*settings.arms}) and must_measure(source, settings, adapter)[0]
    selection = select(source, settings, measure=measure)
    planned = plan(settings, chosen, selection)
    answered = _answered(settings.out or default_folder(settings)) if not settings.fresh else set()
    open_ones = [q for q in planned.questions if (q.entry.id, q.arm.name, q.variant) not in answered]
    return estimate(adapter, chosen, settings, source, planned, open_ones)
