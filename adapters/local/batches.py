"""Single requests gathered into batches: the next is made ready while the model works on the one before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from einthoven.adapters.local.generation import Generated
from einthoven.exchange import Request

__all__ = ["Batches"]

#: Seconds that an idle model waits for more requests to come.
_LINGER = 0.05


@dataclass(frozen=True, slots=True)
class _Waiting:
    request: Request
    answer: asyncio.Future[Generated]


class Batches:
    """Gather requests with equally many pictures.

    A full batch is made ready at once. A part of one goes only when the model would be idle otherwise and nothing
    more comes: so it works on full batches as long as there are enough requests.

    Parameters
    ----------
    most : int
        Requests of a batch.
    prepare : callable
        Makes the tensors of a batch; runs in threads of its own, two batches ahead at most.
    work : callable
        Answers a batch, given its tensors; runs in one thread, batch by batch.
    """

    def __init__(
        self,
        most: int,
        prepare: Callable[[Sequence[Request]], Any],
        work: Callable[[Sequence[Request], Any], list[Generated]],
    ) -> None:
        self._most, self._prepare, self._do = most, prepare, work
        self._hands = ThreadPoolExecutor(2, thread_name_prefix="tensors")
        self._model = ThreadPoolExecutor(1, thread_name_prefix="model")
        self._waiting: dict[int, list[_Waiting]] = {}
        self._arrived = 0
        self._under_way = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    async def answer(self, request: Request) -> Generated:
        """Wait for the answer to a request; what `prepare` or `work` raises comes out of here."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:  # the first request, or the first of another loop
            self._loop, self._waiting, self._under_way = loop, {}, 0
            self._changed = asyncio.Event()
            self._ready: asyncio.Queue[tuple[list[_Waiting], asyncio.Future[Any]]] = asyncio.Queue(1)
            self._tasks = [loop.create_task(self._gather()), loop.create_task(self._serve())]
        one = _Waiting(request, loop.create_future())
        self._waiting.setdefault(len(request.images), []).append(one)
        self._arrived += 1
        self._changed.set()
        return await one.answer

    async def _next(self) -> list[_Waiting]:
        while True:
            fullest = max(self._waiting, key=lambda count: len(self._waiting[count]), default=0)
            found = self._waiting.get(fullest, [])
            full = len(found) >= self._most
            if found and not full and not self._under_way:
                before = self._arrived
                await asyncio.sleep(_LINGER)
                if self._arrived != before:
                    continue
                full = True
            if full:
                batch, rest = found[: self._most], found[self._most :]
                self._waiting[fullest] = rest
                if not rest:
                    del self._waiting[fullest]
                self._under_way += 1
                return batch
            self._changed.clear()
            await self._changed.wait()

    async def _gather(self) -> None:
        assert self._loop is not None
        while True:
            batch = await self._next()
            requests = [one.request for one in batch]
            await self._ready.put((batch, self._loop.run_in_executor(self._hands, self._prepare, requests)))

    async def _serve(self) -> None:
        assert self._loop is not None
        while True:
            batch, coming = await self._ready.get()
            try:
                tensors = await coming
                found = await self._loop.run_in_executor(
                    self._model, self._do, [one.request for one in batch], tensors
                )
                for one, answer in zip(batch, found, strict=True):
                    if not one.answer.done():
                        one.answer.set_result(answer)
            except Exception as error:
                for one in batch:
                    if not one.answer.done():
                        one.answer.set_exception(error)
            self._under_way -= 1
            self._changed.set()

    async def close(self) -> None:
        """Stop gathering; a batch under way is waited for."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks, self._loop = [], None
        self._hands.shutdown(wait=True, cancel_futures=True)
        self._model.shutdown(wait=True, cancel_futures=True)
