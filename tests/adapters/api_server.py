"""A real HTTP server that answers like a provider, or misbehaves as it is told: for tests and timings.

In a test: ``with ApiServer(script) as server``, where ``script`` takes what was `Seen` and gives a `Deed`.
On its own: ``python tests/adapters/api_server.py --latency 0.2`` prints its address and answers until it is ended.
"""

import argparse
import asyncio
import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

NORMAL = json.dumps(
    {
        "rate": "normal",
        "rhythm": "sinus",
        "axis": "normal",
        "conduction": [],
        "ischemia": [],
        "other_findings": [],
        "diagnosis": ["normal_ecg"],
    }
)


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    number: int
    at: float
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def content(self) -> list[dict[str, Any]]:
        return self.body["messages"][0]["content"]

    @property
    def pictures(self) -> list[str]:
        """The base64 texts of its pictures, of either kind of provider."""
        urls = [part["image_url"]["url"] for part in self.content if part["type"] == "image_url"]
        sources = [part["source"]["data"] for part in self.content if part["type"] == "image"]
        return [url.removeprefix("data:image/png;base64,") for url in urls] + sources


@dataclass(frozen=True)
class Deed:
    """What the server does with one request."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    latency: float = 0.0
    cut_at: int | None = None
    """Send so many bytes of the body, then break the connection."""


def chat(
    text: str | None = NORMAL, why: str = "stop", usage: Mapping[str, Any] | None = None, **message: Any
) -> Deed:
    """A chat completion."""
    choice = {"index": 0, "finish_reason": why, "message": {"role": "assistant", "content": text, **message}}
    reply = {"id": "c-1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    billed = {"prompt_tokens": 1500, "completion_tokens": 60, "total_tokens": 1560} if usage is None else usage
    return Deed(body=json.dumps(reply | {"usage": billed}).encode())


def message(text: str = NORMAL, why: str = "end_turn", **usage: int) -> Deed:
    """A message of Anthropic's API."""
    billed = usage or {"input_tokens": 1500, "output_tokens": 60}
    content = [{"type": "text", "text": text}] if text else []
    reply = {"id": "m-1", "type": "message", "role": "assistant", "model": "m", "content": content}
    return Deed(body=json.dumps(reply | {"stop_reason": why, "usage": billed}).encode())


def failure(status: int, text: str = "no", code: str = "", **headers: str) -> Deed:
    """An error as the providers send it."""
    error = {"error": {"message": text, "type": "error", "code": code}}
    return Deed(status, json.dumps(error).encode(), {k.replace("_", "-"): v for k, v in headers.items()})


class ApiServer:
    """The server, in a thread of its own; `seen` grows with each request."""

    def __init__(self, script: Callable[[Seen], Deed] | None = None, latency: float = 0.0) -> None:
        self.script = script or (lambda seen: message() if "messages" in seen.path else chat())
        self.latency = latency
        self.seen: list[Seen] = []
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        seen = Seen(
            len(self.seen),
            time.monotonic(),
            request.path,
            {k.lower(): v for k, v in request.headers.items()},
            json.loads(raw),
        )
        self.seen.append(seen)
        deed = self.script(seen)
        await asyncio.sleep(max(self.latency, deed.latency))
        headers = {"Content-Type": "application/json"} | dict(deed.headers)
        if deed.cut_at is None:
            return web.Response(status=deed.status, body=deed.body, headers=headers)
        response = web.StreamResponse(status=deed.status, headers=headers | {"Content-Length": str(len(deed.body))})
        await response.prepare(request)
        await response.write(deed.body[: deed.cut_at])
        assert request.transport is not None
        request.transport.close()
        return response

    async def _start(self) -> None:
        app = web.Application(client_max_size=1 << 30)
        app.router.add_post("/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port: int = self._runner.addresses[0][1]
        self._ready.set()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        self._loop.run_forever()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)


async def _quick(latency: float) -> None:
    """Answer as cheaply as possible: nothing is parsed and nothing kept."""
    body = chat().body

    async def handle(request: web.Request) -> web.Response:
        await request.read()
        await asyncio.sleep(latency)
        return web.Response(body=body, content_type="application/json")

    app = web.Application(client_max_size=1 << 30)
    app.router.add_post("/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/v1", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency", type=float, default=0.2, help="seconds before each answer")
    with suppress(KeyboardInterrupt):
        asyncio.run(_quick(parser.parse_args().latency))
