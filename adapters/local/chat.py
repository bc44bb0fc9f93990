"""Requests as a model takes them: one user message in its own chat template, a batch padded on the left."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from einthoven.exchange import Request

__all__ = ["batch_inputs", "message", "opened"]


def message(prompt: str, pictures: Sequence[Any]) -> dict[str, Any]:
    """Return the user's message: the prompt, then the pictures, as servers are sent it too."""
    shown = [{"type": "image", "image": picture} for picture in pictures]
    return {"role": "user", "content": [{"type": "text", "text": prompt}, *shown]}


def opened(png: bytes) -> Any:
    """Return a PNG file as a picture in RGB."""
    from PIL import Image

    return Image.open(io.BytesIO(png)).convert("RGB")


def batch_inputs(processor: Any, requests: Sequence[Request], thinking: bool = False) -> Any:
    """Return the tensors of one batch, on the CPU.

    Parameters
    ----------
    processor : ProcessorMixin
        Of `load_processor`.
    requests : sequence of Request
        With pictures in all of them or in none.
    thinking : bool
        Whether a model that can think before it answers is asked to; it changes nothing where the template knows no
        such choice.

    Returns
    -------
    BatchFeature
        ``input_ids`` and ``attention_mask`` of shape requests x tokens, and what the model's pictures are made of.
    """
    conversations = [[message(request.prompt, [opened(png) for png in request.images])] for request in requests]
    choice = {"enable_thinking": thinking} if "enable_thinking" in str(processor.chat_template) else {}
    return processor.apply_chat_template(
        conversations,
        tokenize=True,
        return_dict=True,
        return_tensors="pt",
        add_generation_prompt=True,
        processor_kwargs={"padding": True},
        **choice,
    )
