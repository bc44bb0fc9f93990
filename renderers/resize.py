"""What a model makes of a picture before it reads it: size after its own resize, and tokens."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from einthoven.renderers.profile import Profile

__all__ = ["Resized", "refusal", "resized"]

#: Decimals of a pixel: below, a rounding error is not told from a whole pixel, and 767.9999999999 is 768.
_WHOLE = 9


@dataclass(frozen=True, slots=True)
class Resized:
    """A picture as a model sees it; `None` is not published.

    Attributes
    ----------
    size : tuple of int or None
        Width and height in pixels that the picture is resized to.
    padded : tuple of int or None
        The same with the empty margin, right and below, that some models add.
    tokens : int or None
        What the picture takes of the model's context.
    billed : tuple of int
        The fewest and the most tokens that it is charged as; equal where it is published.
    token : tuple of float or None
        Width and height in pixels of what one token covers.
    """

    size: tuple[int, int] | None
    padded: tuple[int, int] | None
    tokens: int | None
    billed: tuple[int, int]
    token: tuple[float, float] | None


def _even(size: tuple[int, int], token: int, tokens: int | None = None) -> Resized:
    """Give a picture that squares of `token` pixels cover exactly."""
    count = size[0] // token * (size[1] // token)
    return Resized(size, size, count, (count, count), (token, token))


def _multiples(width: int, height: int, n: Mapping[str, float]) -> Resized:
    """Resize as ``smart_resize`` of Qwen2VLImageProcessor does: Python's round, half to even, among it."""
    token = int(n["token"])
    w, h = (round(side / token) * token for side in (width, height))
    if w * h > n["most"]:
        shrink = math.sqrt(height * width / n["most"])
        w, h = (max(token, math.floor(side / shrink / token) * token) for side in (width, height))
    elif w * h < n["least"]:
        grow = math.sqrt(n["least"] / (height * width))
        w, h = (math.ceil(side * grow / token) * token for side in (width, height))
    return _even((w, h), token)


def _budget(width: int, height: int, n: Mapping[str, float]) -> Resized:
    """Resize as ``get_aspect_ratio_preserving_size`` of Gemma4ImageProcessor does: small pictures grow."""
    token, tokens = int(n["token"]), int(n["tokens"])
    scale = math.sqrt(tokens * token**2 / (height * width))
    across, down = (math.floor(scale * side / token) for side in (width, height))
    if down == 0:  # a ribbon: one row of tokens
        across, down = min(width // height, tokens), 1
    elif across == 0:
        across, down = 1, min(height // width, tokens)
    return _even((across * token, down * token), token)


def _square(width: int, height: int, n: Mapping[str, float]) -> Resized:
    side, tokens = int(n["side"]), int(n["tokens"])
    covered = side / math.sqrt(tokens)
    return Resized((side, side), (side, side), tokens, (tokens, tokens), (covered, covered))


def _covered(size: tuple[int, int], token: int) -> tuple[int, int]:
    """Count the squares that cover a picture, across and down."""
    return math.ceil(size[0] / token), math.ceil(size[1] / token)


def _blocks(width: int, height: int, n: Mapping[str, float]) -> Resized:
    """Resize to the largest long side that fits, the short one rounded half to even."""
    token = int(n["token"])

    def fits(size: tuple[int, int]) -> bool:
        across, down = _covered(size, token)
        return max(across, down) * token <= n["edge"] and across * down <= n["blocks"]

    def at(long: int) -> tuple[int, int]:
        short = max(1, round(long / (max(width, height) / min(width, height))))
        return (long, short) if width >= height else (short, long)

    size = (width, height)
    if not fits(size):
        fitting, beyond = 1, max(width, height)
        while fitting + 1 < beyond:
            middle = (fitting + beyond) // 2
            fitting, beyond = (middle, beyond) if fits(at(middle)) else (fitting, middle)
        size = at(fitting)
    across, down = _covered(size, token)
    return Resized(size, (across * token, down * token), across * down, (across * down,) * 2, (token, token))


def _patches(width: int, height: int, n: Mapping[str, float]) -> Resized:
    token, most = int(n["token"]), int(n["patches"])
    scale = min(1.0, n["edge"] / max(width, height))
    w, h = (max(1, round(side * scale)) for side in (width, height))
    if math.prod(_covered((w, h), token)) > most:
        shrink = math.sqrt(token**2 * most / (w * h))
        fine = [side * shrink / token for side in (w, h)]
        # A ribbon's short side is one patch whatever happens: only what can shrink to whole patches is held to them.
        shrink *= min(math.floor(round(x, _WHOLE)) / x for x in fine if x >= 1)
        w, h = (max(1, math.floor(round(side * shrink, _WHOLE))) for side in (w, h))
    count = math.prod(_covered((w, h), token))
    billed = math.ceil(round(count * n["factor"], _WHOLE))
    return Resized((w, h), (w, h), count, (billed, billed), (token, token))


def _tiles(width: int, height: int, n: Mapping[str, float]) -> Resized:
    """Tiles of 512 px overlap no published number of pixels a token: what one token covers is unknown."""
    scale = min(1.0, n["box"] / max(width, height))
    scale *= min(1.0, n["short"] / (min(width, height) * scale))
    w, h = (max(1, math.floor(round(side * scale, _WHOLE))) for side in (width, height))
    tokens = int(n["base"] + n["per_tile"] * math.prod(_covered((w, h), 512)))
    return Resized((w, h), (w, h), tokens, (tokens, tokens), None)


def _unsized(width: int, height: int, n: Mapping[str, float]) -> Resized:
    fewest, most = int(n["fewest"]), int(n["tokens"])
    return Resized(None, None, most if fewest == most else None, (fewest, most), None)


_RULES: Mapping[str, Callable[[int, int, Mapping[str, float]], Resized]] = MappingProxyType(
    {
        "multiples": _multiples,
        "budget": _budget,
        "square": _square,
        "blocks": _blocks,
        "patches": _patches,
        "tiles": _tiles,
        "unsized": _unsized,
    }
)


def resized(width: int, height: int, profile: Profile) -> Resized:
    """Resize a picture as a model does, refused or not: see `refusal`.

    Parameters
    ----------
    width, height : int
        Of the picture, in pixels.
    profile : Profile
        How the model sees.
    """
    return _RULES[profile.rule](width, height, profile.numbers)


def refusal(width: int, height: int, images: int, profile: Profile) -> str:
    """Say why a model turns a picture away, in words; empty where it does not.

    Parameters
    ----------
    width, height : int
        Of the picture, in pixels.
    images : int
        How many pictures the request has.
    profile : Profile
        How the model sees.
    """
    most = profile.refuses
    edge = most.get("edge", math.inf)
    if images > most.get("crowd", math.inf):
        edge = min(edge, most["crowd_edge"])
    if max(width, height) > edge:
        return f"a side is longer than {edge} px" + (f" among {images} pictures" if edge < most["edge"] else "")
    if max(width, height) / min(width, height) > most.get("ratio", math.inf):
        return f"one side is more than {most['ratio']} times the other"
    if "patches" in most and math.prod(_covered((width, height), int(profile.numbers["token"]))) > most["patches"]:
        return f"more than {most['patches']:,} patches"
    return ""
