"""What the tests of the API adapters share: a request with pictures, and an adapter at a local server."""

import asyncio
import io
from collections.abc import Sequence

from PIL import Image

from einthoven.adapters.provider import Line
from einthoven.adapters.registry import create
from einthoven.exchange import Answer, Request
from einthoven.tasks.registry import task

#: Long and unlike anything else, so that a search for it cannot find something else.
KEY = "sk-test-4f9d2c7b1a8e6053d4f9d2c7b1a8e605"


def png(shade: int = 0, size: tuple[int, int] = (40, 30)) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", size, shade).save(buffer, "PNG")
    return buffer.getvalue()


def request(record: str = "r1", pictures: int = 1) -> Request:
    chosen = task("dense")
    return Request(
        record_id=record,
        arm="image",
        task="dense",
        prompt=chosen.prompt(),
        schema=chosen.schema(),
        images=tuple(png(shade) for shade in range(pictures)),
        image_ids=tuple(f"{record}-{shade}" for shade in range(pictures)),
    )


def ask(model: str, url: str, requests: Sequence[Request] = (), timeout: float = 20.0) -> list[Answer]:
    """Ask all at once, as a run does, and close."""

    async def all_of_them() -> list[Answer]:
        adapter = create(model, Line(base_url=url, timeout=timeout))
        try:
            return await asyncio.gather(*(adapter.answer(one) for one in requests or [request()]))
        finally:
            await adapter.close()

    return asyncio.run(all_of_them())
