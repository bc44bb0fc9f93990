"""How long a page keeps a telephone busy, by the processor's time: other work on the machine hardly counts.

Lighthouse's blocking time is that of the clock. On a machine that others use it tells how busy they are; a page of
50 ms was seen with 1,459 ms. Here the same sum is made of the time that the page's main thread had the processor.
"""

import json
import statistics
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from chromium import browser

#: Lighthouse's mobile telephone: a screen, a processor a quarter as fast, and what of a task is no blocking, in ms.
SCREEN: dict[str, Any] = {"viewport": {"width": 412, "height": 823}, "device_scale_factor": 1.75, "is_mobile": True}
SLOWER, FREE = 4, 50

_RUNS, _SETTLED_MS = 3, 1500
_KINDS = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline", "blink.user_timing", "loading"]


def blocked(events: list[dict[str, Any]]) -> float:
    """Sum what the main thread's tasks after the first content take beyond what is free, in ms.

    Parameters
    ----------
    events : list of dict
        Of a Chromium trace; ``ts``, ``dur`` and ``tdur``, the time on the processor, in microseconds.
    """
    painted = [event for event in events if event["name"] == "firstContentfulPaint"]
    if not painted:
        raise ValueError("nothing was painted")
    first = painted[-1]
    tasks = [
        event
        for event in events
        if (event["pid"], event["tid"], event.get("ph")) == (first["pid"], first["tid"], "X")
        and event["name"].endswith("RunTask")
    ]
    total, end = 0.0, 0
    for task in sorted(tasks, key=lambda task: (task["ts"], -task["dur"])):
        if task["ts"] < end:
            continue  # within the one before
        end = task["ts"] + task["dur"]
        if end > first["ts"]:
            total += max(0.0, SLOWER * task.get("tdur", 0) / 1000 - FREE)
    return total


def blocking(address: str) -> float:
    """Load a page three times and return the median of `blocked`."""
    found = []
    with browser() as started:
        for _ in range(_RUNS):
            context = started.new_context(**SCREEN)
            page = context.new_page()
            started.start_tracing(page=page, categories=_KINDS)
            page.goto(address)
            page.wait_for_timeout(_SETTLED_MS)
            found.append(blocked(json.loads(started.stop_tracing())["traceEvents"]))
            context.close()
    return statistics.median(found)
