"""``reference/image-resnet``: what a network makes of the page at the size that a VLM's own resize leaves of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from einthoven.adapters.image.picture_set import inked
from einthoven.adapters.image.pictures import pictures
from einthoven.adapters.signal.onnx_network import OnnxNetwork, weights_folder
from einthoven.exchange import Answer, Input, Request, Status
from einthoven.renderers.profile import Profile, profile_named

__all__ = ["SHIPPED", "ImageReader"]

#: The networks that are shipped, each in a folder VIEW-PROFILE; the first is asked where none is named.
SHIPPED = Path(__file__).with_name("weights")


class ImageReader:
    """Answer from the pages of a request with a trained network, through onnxruntime.

    Parameters
    ----------
    name : str
        ``reference/image-resnet``.
    weights : str
        A folder that ``einthoven train image`` wrote; the shipped weights where it is empty.
    """

    inputs = frozenset({Input.IMAGE})
    concurrency = 1

    def __init__(self, name: str = "reference/image-resnet", weights: str = "") -> None:
        self.name = name
        shipped = min((path.parent for path in SHIPPED.glob("*/config.json")), default=None)
        self._network = OnnxNetwork(weights_folder(name, weights, shipped, "image"))
        self.config = self._network.config
        recipe = self.config.recipe
        if not recipe.view:
            raise ValueError(f"{weights} holds {recipe.network}, which gets samples")
        self._shape = tuple(recipe.options[key] for key in ("pages", "rows", "columns"))
        self.parameters: Mapping[str, Any] = {
            "weights": self._network.identity,
            "view": recipe.view,
            "profile": recipe.profile,
        }

    def profile(self) -> Profile:
        """Return whose resize it goes through, for the run's `resolution`."""
        return profile_named(self.config.recipe.profile)

    async def answer(self, request: Request) -> Answer:
        """Answer from the pages; decline where an arm shows none, or pages of another view."""
        begin = time.perf_counter()
        recipe = self.config.recipe
        if not request.images:
            return Answer("", Status.DECLINED, latency_s=time.perf_counter() - begin, detail="there is no picture")
        seen = pictures(request.images, recipe.profile)
        if seen.shape != self._shape:
            why = f"these are no pages of the view {recipe.view}, which the network was trained on"
            return Answer("", Status.DECLINED, latency_s=time.perf_counter() - begin, detail=why)
        found = self._network.probabilities(inked(seen[None], self.config.scale))
        text = self._network.said(found, request.task)
        return Answer(text, latency_s=time.perf_counter() - begin)

    async def close(self) -> None:
        """Let go of the weights."""
        self._network.close()
