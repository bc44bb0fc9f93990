"""One pause for all: when one request is told to wait, every request of the event loop waits."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

__all__ = ["LONGEST", "Pause", "told_to_wait"]

#: Seconds. Who is told to wait longer than this is not retried: the attempt fails and says so.
LONGEST = 120.0


def told_to_wait(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that ``retry-after-ms`` or ``retry-after`` (seconds or a date) ask for, or `None`."""
    for name, divisor in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) / divisor
        except ValueError:
            continue
        return seconds if math.isfinite(seconds) and seconds > 0 else None
    try:
        seconds = parsedate_to_datetime(headers["retry-after"]).timestamp() - time.time()
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return seconds if seconds > 0 else None


class Pause:
    """Hooks of an HTTP client.

    The SDKs retry each request on its own: with 64 in flight, 63 others would run into the same limit and use up
    their retries while one waits politely.
    """

    def __init__(self) -> None:
        self._until = 0.0

    async def before(self, request: Any) -> None:
        """Wait until the pause is over; it may grow meanwhile."""
        while (left := self._until - time.monotonic()) > 0:
            await asyncio.sleep(left)

    async def after(self, response: Any) -> None:
        """Begin or extend the pause where a response asks for one."""
        if response.status_code != 408 and response.status_code != 429 and response.status_code < 500:
            return
        seconds = told_to_wait(response.headers)
        if seconds is None:
            return
        if seconds > LONGEST:
            response.headers["x-should-retry"] = "false"  # both SDKs obey it; one of them would sleep for days
            return
        self._until = max(self._until, time.monotonic() + seconds)
