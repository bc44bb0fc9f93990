"""The line below the traces: speed and gain, and a remark, at its left end, in its middle or at its right end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from einthoven.renderers.layout import Text

__all__ = ["in_line"]


def in_line(scale: Text, remark: Text, pad: int, gap: int, ends: tuple[int, int], where: str) -> tuple[Text, Text]:
    """Set speed and gain, and the remark behind them.

    Parameters
    ----------
    scale, remark : Text
        On their baselines; their x is not looked at. A remark without text takes no room.
    pad : int
        Pixels kept free on either side of the scale, for its frame.
    gap : int
        Pixels between scale and remark.
    ends : tuple of int
        The x where the line begins and where it ends.
    where : {"left", "center", "right"}
        Where in the line they stand.

    Returns
    -------
    scale, remark : Text
        In their places.
    """
    begin, end = ends
    scale = replace(scale, x=begin + pad)
    remark = replace(remark, x=scale.box.x1 + gap)
    free = end - (remark.box.x1 if remark.text else scale.box.x1 + pad)
    by = {"left": 0, "center": free // 2, "right": free}[where]
    return replace(scale, x=scale.x + by), replace(remark, x=remark.x + by)
