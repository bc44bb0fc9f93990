"""How many tokens a picture costs, before anyone was asked: a lowest and a highest guess by the model's name."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["image_tokens", "png_size"]


def png_size(png: bytes) -> tuple[int, int]:
    """Return width and height of a PNG file in pixels, from its header."""
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


@cache
def _families() -> list[dict[str, Any]]:
    text = files("einthoven.adapters").joinpath("image_tokens.toml").read_text(encoding="utf-8")
    families: list[dict[str, Any]] = tomllib.loads(text)["family"]
    return families


def _fixed(width: int, height: int, rule: Mapping[str, Any]) -> float:
    return float(rule["tokens"])


def _area(width: int, height: int, rule: Mapping[str, Any]) -> float:
    scale = min(1.0, float(rule["long"]) / max(width, height))
    return min(float(rule["limit"]), width * height * scale**2 / float(rule["per_token"]))


def _tiles(width: int, height: int, rule: Mapping[str, Any]) -> float:
    scale = min(1.0, rule["fit"] / max(width, height))
    scale *= min(1.0, rule["short"] / (min(width, height) * scale))
    across, down = (math.ceil(round(side * scale, 6) / 512) for side in (width, height))
    return float(rule["base"] + rule["per_tile"] * across * down)


def _patches(width: int, height: int, rule: Mapping[str, Any]) -> float:
    scale = min(1.0, rule["long"] / max(width, height))
    across, down = (math.ceil(round(side * scale, 6) / rule["size"]) for side in (width, height))
    return float(min(rule["limit"], across * down) * rule["factor"])


_RULES = {"fixed": _fixed, "area": _area, "tiles": _tiles, "patches": _patches}


def image_tokens(model: str, width: int, height: int) -> tuple[int, int]:
    """Estimate the input tokens of one picture.

    Parameters
    ----------
    model : str
        The model's name behind the provider: ``gpt-5.5``, ``qwen/qwen3-vl-8b``.
    width, height : int
        Of the picture, in pixels.

    Returns
    -------
    low, high : int
        By the rules of ``image_tokens.toml``, each with its source there.
    """
    name = model.lower()
    names = (name, name.rpartition("/")[2])
    family = next(f for f in _families() if any(fnmatchcase(n, p) for p in f["patterns"] for n in names))
    found = [math.ceil(_RULES[family[end]["rule"]](width, height, family[end])) for end in ("low", "high")]
    return min(found), max(found)
