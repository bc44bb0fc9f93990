"""Asking over the network: einthoven beside a bare AsyncOpenAI loop, against a local server with 200 ms latency.

Run with ``python tests/benchmarks/bench_api.py``. Each request carries a page of its own. einthoven renders the pages
in worker processes, as a run does, encodes, asks, journals; the bare loop is the SDK's `create` with a fixed number
of workers, once with the same rendering in the same number of processes, once with pages that were rendered
beforehand (so that it does less). Server, workers and client share the cores; rounds are interleaved.

Targets: at 16 connections at least 90 % of the ideal rate (connections / latency), by the best round, since whatever
else runs on the machine can only slow it down; at 64 at least 95 % of the bare loop that does the same work, by the
median of neighbouring rounds.
"""

import asyncio
import base64
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from itertools import cycle, islice
from pathlib import Path

from openai import AsyncOpenAI

from einthoven.adapters.provider import Line
from einthoven.adapters.registry import create
from einthoven.adapters.strict_schema import strict_schema
from einthoven.bench.arms import arm
from einthoven.bench.ask import Question, ask
from einthoven.bench.journal import Journal
from einthoven.bench.pages import Pages
from einthoven.bench.settings import Settings
from einthoven.bench.sources.registry import open_source
from einthoven.bench.sources.source import Entry
from einthoven.exchange import Request, Status
from einthoven.renderers.page import Page
from einthoven.tasks.registry import task

LATENCY = 0.2
ROUNDS = 3
SECONDS = 8.0  # of a round, on an idle machine
JOBS = os.cpu_count() or 1
TASK = task("dense")
PROMPT, SCHEMA = TASK.prompt(), TASK.schema()

Draw = Callable[[Entry], Awaitable[tuple[Page, ...]]]


def entries(count: int) -> list[Entry]:
    found = open_source("sim").entries
    return list(islice(cycle(found), count))


async def warm(draw: Draw) -> None:
    """Have every worker process started and its template drawn."""
    await asyncio.gather(*(draw(entry) for entry in entries(8 * JOBS)))


async def ours(url: str, connections: int, count: int, draw: Draw) -> float:
    adapter = create("compatible/m", Line(base_url=url, concurrency=connections))

    async def prepare(question: Question) -> tuple[Request, str]:
        shown = await draw(question.entry)
        images, ids = tuple(page.png for page in shown), tuple(page.pixel_id for page in shown)
        return Request(question.entry.id, "image", "dense", PROMPT, SCHEMA, images, ids), next(keys)

    keys: Iterator[str] = (str(number) for number in range(count))
    questions = [Question(entry, arm("image"), 0) for entry in entries(count)]
    statuses: list[str] = []
    with tempfile.TemporaryDirectory() as folder, Journal(Path(folder)) as journal:
        began = time.perf_counter()
        await ask(adapter, questions, prepare, journal, {}, lambda row: statuses.append(row["status"]))
        taken = time.perf_counter() - began
    await adapter.close()
    assert statuses == [Status.OK] * count
    return count / taken


async def bare(url: str, connections: int, count: int, draw: Draw) -> float:
    form = {"type": "json_schema", "json_schema": {"name": "a", "strict": True, "schema": strict_schema(SCHEMA)}}
    waiting = iter(entries(count))
    ready: asyncio.Queue[tuple[Page, ...]] = asyncio.Queue(2 * connections)

    async def drawer() -> None:
        for entry in waiting:
            await ready.put(await draw(entry))

    async def worker(client: AsyncOpenAI, share: Iterator[int]) -> None:
        for _ in share:
            [page] = await ready.get()
            url = "data:image/png;base64," + base64.b64encode(page.png).decode()
            content = [{"type": "text", "text": PROMPT}, {"type": "image_url", "image_url": {"url": url}}]
            done = await client.chat.completions.create(
                model="m",
                messages=[{"role": "user", "content": content}],  # type: ignore[list-item, misc]
                response_format=form,  # type: ignore[arg-type]
            )
            assert done.choices[0].message.content

    async with AsyncOpenAI(api_key="none", base_url=url) as client:
        share = iter(range(count))
        began = time.perf_counter()
        drawers = [drawer() for _ in range(connections + 2)]
        await asyncio.gather(*drawers, *(worker(client, share) for _ in range(connections)))
        return count / (time.perf_counter() - began)


async def main() -> None:
    server = subprocess.Popen(
        [sys.executable, Path(__file__).parents[1] / "adapters" / "api_server.py", "--latency", str(LATENCY)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    url = server.stdout.readline().strip()
    pages = Pages(open_source("sim"), Settings("control/prior", "sim", jobs=JOBS), 10_000)
    kept = {entry.id: await pages.of(entry) for entry in entries(64)}

    async def drawn_before(entry: Entry) -> tuple[Page, ...]:
        return kept[sorted(kept)[hash(entry.id) % len(kept)]]

    print(f"{JOBS} cores for server, {JOBS} rendering processes and client; {LATENCY * 1e3:.0f} ms latency")
    try:
        await warm(pages.of)
        verdicts = []
        for connections in (16, 64):
            ideal = connections / LATENCY
            count = int(min(ideal, 40.0 * JOBS) * SECONDS)
            rates: dict[str, list[float]] = {}
            for _ in range(ROUNDS):
                for name, loop, draw in (
                    ("einthoven, rendering", ours, pages.of),
                    ("bare AsyncOpenAI, rendering", bare, pages.of),
                    ("einthoven, pages ready", ours, drawn_before),
                    ("bare AsyncOpenAI, pages ready", bare, drawn_before),
                )[: 2 if connections == 16 else 4]:
                    rates.setdefault(name, []).append(await loop(url, connections, count, draw))
            print(f"\n{connections} connections, ideal {ideal:.0f} requests/s, {count} requests a round")
            for name, found in rates.items():
                best, spread = max(found), ", ".join(f"{rate:.0f}" for rate in found)
                print(f"  {name:30} best {best:6.1f}/s, {best / ideal:4.0%} of ideal  ({spread})")
            rounds = list(zip(*rates.values(), strict=True))
            paired = statistics.median(row[0] / row[1] for row in rounds)
            print(f"  einthoven / bare loop, median of rounds: {paired:.2f} rendering", end="")
            if connections == 16:
                print()
                share = max(row[0] for row in rounds) / ideal
                verdicts.append((f"at 16, {share:.0%} of the ideal rate (target: at least 90 %)", share >= 0.90))
            else:
                print(f", {statistics.median(row[2] / row[3] for row in rounds):.2f} pages ready,")
                unequal = statistics.median(row[0] / row[3] for row in rounds)
                print(f"    {unequal:.2f} where einthoven renders and the bare loop has its pages ready")
                verdicts.append((f"at 64, {paired:.0%} of the bare loop (target: at least 95 %)", paired >= 0.95))
    finally:
        pages.close()
        server.terminate()
        server.wait()
    print()
    for text, kept_it in verdicts:
        print(f"{'kept' if kept_it else 'MISSED'}: {text}")


if __name__ == "__main__":
    asyncio.run(main())
