"""How a model on this machine sees: its profile, out of its own image processor's settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from einthoven.renderers.profile import Profile, profile_of

__all__ = ["own_profile"]


def _rule(images: Any, processor: Any) -> tuple[str, Mapping[str, float]] | None:
    """Return the rule of `einthoven.renderers.resize` that an image processor follows; `None` of an unknown kind."""
    kind = type(images).__name__
    if kind.startswith("Qwen2VLImageProcessor"):
        size = images.size
        limits = {"least": size["shortest_edge"], "most": size["longest_edge"]}
        return "multiples", {"token": images.patch_size * images.merge_size, **limits}
    if kind.startswith("Gemma4ImageProcessor"):
        return "budget", {"token": images.patch_size * images.pooling_kernel_size, "tokens": images.max_soft_tokens}
    square = kind.startswith(("Gemma3ImageProcessor", "SiglipImageProcessor"))
    if square and not getattr(images, "do_pan_and_scan", False):
        tokens = getattr(processor, "image_seq_length", None)
        if tokens and images.size["height"] == images.size["width"]:
            return "square", {"side": images.size["height"], "tokens": tokens}
    return None


def own_profile(name: str, kind: str, processor: Any) -> Profile | None:
    """Return how a model sees.

    Parameters
    ----------
    name : str
        The model's, with ``hf/`` before it.
    kind : str
        Its ``model_type``.
    processor : ProcessorMixin
        Of `load_processor`.

    Returns
    -------
    Profile or None
        By its processor's own settings where the kind of processor is known, else by its name; `None` where neither
        says.
    """
    found = _rule(processor.image_processor, processor)
    if found is None:
        return profile_of(name)
    from transformers import __version__

    rule, numbers = found
    return Profile(
        name=kind.replace("_", "-"),
        rule=rule,
        numbers=MappingProxyType(dict(numbers)),
        basis="processor",
        source=f"transformers {__version__}: {type(processor.image_processor).__name__} with its own settings",
        read=date.today(),
    )
