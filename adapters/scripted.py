"""``control/scripted``: a provider that is slow, malformed or failing on demand, for tests of the whole harness."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from einthoven.ecg.reading import Reading
from einthoven.exchange import Answer, Input, Request, Status, Usage
from einthoven.tasks.registry import task

__all__ = ["Scripted"]

_NORMAL = Reading("normal", "sinus", "normal", frozenset(), frozenset(), frozenset(), frozenset({"normal_ecg"}))


class Scripted:
    """Look at the picture, wait, and answer by a script.

    Which requests are met by which mishap is drawn by hash over seed, record and arm, so that it does not depend on
    the order of asking.

    Parameters
    ----------
    latency : float
        Seconds before each answer.
    malformed, empty, declined, truncated : float
        Share of the requests answered with broken JSON, nothing, a refusal, half an answer.
    errors : float
        Share of the requests that fail the first `error_attempts` times they are asked.
    error_attempts : int
        How often such a request fails. Attempts are counted in `log` where one is given, so across processes.
    text : str
        The answer; a normal reading where empty.
    parallel : int
        How many requests it takes at once.
    seed : int
        Of the draw.
    log : str
        A file to which every request is appended as it is asked; no part of the model's identity.
    """

    inputs = frozenset({Input.PROMPT, Input.IMAGE, Input.RECORD})

    def __init__(
        self,
        name: str = "control/scripted",
        latency: float = 0.0,
        malformed: float = 0.0,
        empty: float = 0.0,
        declined: float = 0.0,
        truncated: float = 0.0,
        errors: float = 0.0,
        error_attempts: int = 1,
        text: str = "",
        parallel: int = 8,
        seed: int = 0,
        log: str = "",
    ) -> None:
        shares = {"malformed": malformed, "empty": empty, "declined": declined, "truncated": truncated}
        if min(*shares.values(), errors) < 0 or sum(shares.values()) > 1 or errors > 1:
            raise ValueError("the shares of mishaps lie between 0 and 1 and sum to 1 at most")
        if parallel < 1 or error_attempts < 0 or not 0 <= latency < 3600:
            raise ValueError("parallel is 1 or more, latency 0 to 3600 s, error_attempts 0 or more")
        self.name = name
        self.concurrency = parallel
        self.parameters: Mapping[str, Any] = {
            **shares,
            "latency": latency,
            "errors": errors,
            "error_attempts": error_attempts,
            "text": text,
            "seed": seed,
        }
        self._shares = shares
        self._log = Path(log) if log else None
        self._attempts: Counter[str] = Counter()
        if self._log is not None and self._log.exists():
            self._attempts.update(self._log.read_text(encoding="utf-8").splitlines())

    def _draw(self, request: Request, what: str) -> float:
        text = f"{self.parameters['seed']}/{what}/{request.record_id}/{request.arm}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7], "big") / 2**56

    def _count(self, request: Request) -> int:
        line = f"{request.record_id} {request.arm}"
        self._attempts[line] += 1
        if self._log is not None:
            with self._log.open("a", encoding="utf-8") as stream:
                stream.write(line + "\n")
                stream.flush()
                os.fsync(stream.fileno())
        return self._attempts[line]

    async def answer(self, request: Request) -> Answer:
        """Answer by the script."""
        attempt = self._count(request)
        latency = float(self.parameters["latency"])
        await asyncio.sleep(latency)
        if self._draw(request, "error") < self.parameters["errors"] and attempt <= self.parameters["error_attempts"]:
            return Answer("", Status.API_ERROR, latency_s=latency, detail="scripted: 503 service unavailable")
        text = str(self.parameters["text"]) or task(request.task).target(_NORMAL)
        usage = Usage(
            input_tokens=len(request.prompt) // 4 + 1000 * len(request.images), output_tokens=len(text) // 4
        )
        mishap = self._draw(request, "mishap")
        for name, share in self._shares.items():
            if mishap < share:
                return {
                    "malformed": Answer(text.replace(":", "=", 1), usage=usage, latency_s=latency),
                    "empty": Answer("", Status.EMPTY, usage, latency),
                    "declined": Answer("I cannot interpret medical images.", Status.DECLINED, usage, latency),
                    "truncated": Answer(text[: len(text) // 2], Status.TRUNCATED, usage, latency),
                }[name]
            mishap -= share
        return Answer(text, usage=usage, latency_s=latency)

    async def close(self) -> None:
        """Nothing to let go."""
