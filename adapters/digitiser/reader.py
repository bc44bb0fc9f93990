"""``reference/digitiser``: a reader made of pixels, the positive control.

It gets nothing but the images of a request: no signal, no geometry, no text. A page that it cannot digitise is
declined with the reason.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from einthoven.adapters.digitiser.processes import Processes
from einthoven.adapters.digitiser.undigitisable import Undigitisable
from einthoven.exchange import Answer, Input, Request, Status
from einthoven.tasks.registry import task

__all__ = ["VERSION", "DigitiserReader"]

#: Goes up whenever an answer may change.
VERSION = "2"


class DigitiserReader:
    """Digitise the page, measure it, and read the numbers by rule; many pages on all cores."""

    inputs = frozenset({Input.IMAGE})

    def __init__(self, name: str = "reference/digitiser") -> None:
        self.name = name
        self.parameters: Mapping[str, Any] = {"version": VERSION}
        self.concurrency = Processes.most()
        self._processes = Processes(_answer)

    async def answer(self, request: Request) -> Answer:
        """Answer one request in the task's own form; without a page, or with one that shows no ECG, decline."""
        if not request.images:
            return _answer((), request.task)
        return await self._processes.of(self.concurrency, request.images, request.task)

    async def close(self) -> None:
        """Stop the processes."""
        self._processes.close()


def _answer(images: tuple[bytes, ...], name: str) -> Answer:
    from einthoven.adapters.digitiser.beats import beats
    from einthoven.adapters.digitiser.digitise import digitised
    from einthoven.adapters.digitiser.reading import reading

    begin = time.perf_counter()
    try:
        found = beats(digitised(images))
    except Undigitisable as why:
        return Answer("", Status.DECLINED, latency_s=time.perf_counter() - begin, detail=why.reason)
    if found.rhythm.measurements.heart_rate is None:
        why_not = "no heart beat was found in what the page shows"
        return Answer("", Status.DECLINED, latency_s=time.perf_counter() - begin, detail=why_not)
    text = task(name).target(reading(found))
    return Answer(text, latency_s=time.perf_counter() - begin)
