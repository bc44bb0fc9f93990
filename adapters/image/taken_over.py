"""What a network of pages can begin with where another was trained on other pages: another size, or another view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["PAGE_OPTIONS", "fitted"]

#: The options of the network that say what its pages are, not what it is.
PAGE_OPTIONS = frozenset({"pages", "rows", "columns", "fold"})

_STEM = "tower.embedder.embedder.convolution.weight"


def fitted(
    tensors: Mapping[str, Tensor], own: Mapping[str, Tensor], theirs: Mapping[str, Any], ours: Mapping[str, Any]
) -> dict[str, Tensor]:
    """Return of another network's weights those that fit; the rest of it begins afresh.

    The tower fits pages of any size. Where the pages are finer by a whole number, and folded by as much more, the
    first layer is spread over the finer pixels: on a page whose pixels are alike within each coarser one, the network
    then says what the other one said. The layers behind the tower know places on the page, and fit where those are as
    many.

    Parameters
    ----------
    tensors : mapping
        Of the other network.
    own : mapping
        Of this one, for their shapes.
    theirs, ours : mapping
        Options of both networks.
    """
    found = dict(tensors)
    before, now = int(theirs.get("fold", 1)), int(ours.get("fold", 1))
    if now != before and now % before == 0:
        times = now // before
        stem = tensors[_STEM]
        square = stem.reshape(stem.shape[0], before, before, *stem.shape[2:])
        spread = square.repeat_interleave(times, 1).repeat_interleave(times, 2) / times**2
        found[_STEM] = spread.reshape(stem.shape[0], now * now, *stem.shape[2:])
    if found["wide.weight"].shape != own["wide.weight"].shape:  # then what the head made of it means nothing either
        found = {name: value for name, value in found.items() if not name.startswith(("wide.", "head."))}
    return {name: value for name, value in found.items() if value.shape == own[name].shape}
