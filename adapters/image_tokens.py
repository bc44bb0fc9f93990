"""How many tokens a picture costs, before anyone was asked: a lowest and a highest guess by the model's name."""

from __future__ import annotations

from einthoven.renderers.profile import profile_of, profiles, variants
from einthoven.renderers.resize import resized

__all__ = ["image_tokens", "png_size"]


def png_size(png: bytes) -> tuple[int, int]:
    """Return width and height of a PNG file in pixels, from its header."""
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def image_tokens(model: str, width: int, height: int) -> tuple[int, int]:
    """Estimate the input tokens of one picture.

    Parameters
    ----------
    model : str
        The model's name, with or without its provider and parameters: ``gpt-5.5``, ``qwen/qwen3-vl-8b``.
    width, height : int
        Of the picture, in pixels.

    Returns
    -------
    low, high : int
        Over the profiles of ``renderers/profiles.toml`` that the model may have: its own and other settings of it. A
        model that nobody knows is taken for one with open weights: over all whose processors are known.
    """
    profile = profile_of(model)
    if profile is None:
        able = tuple(one for one in profiles().values() if one.basis == "processor")
    else:
        able = variants(profile)
    billed = [resized(width, height, one).billed for one in able]
    return min(low for low, _ in billed), max(high for _, high in billed)
