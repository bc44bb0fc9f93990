"""Things on the sheet or on the glass: a staple, punched holes, dust."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from einthoven.renderers.degrade.draw import stream

__all__ = ["dusted", "punched", "stapled"]

#: Fractional bits of OpenCV's coordinates.
_BITS = 4

#: Millimetres: a 24/6 staple's back and wire.
_STAPLE, _WIRE = 12.0, 0.5

#: Millimetres, ISO 838: diameter of a hole, from its centre to the edge, from one centre to the other.
_HOLE, _INSET, _APART = 6.0, 12.0, 80.0

_METAL, _GLINT = (138, 132, 128), (214, 212, 210)


def _fixed(*values: float) -> tuple[int, ...]:
    return tuple(round(value * 2**_BITS) for value in values)


def stapled(image: NDArray[np.uint8], px_per_mm: float, seed: int) -> NDArray[np.uint8]:
    """Put a staple into the top left or right corner; drawn into the image."""
    width = image.shape[1]
    draws = stream(seed, "staple")
    left, angle = bool(draws.randint(4)), np.radians(draws.uniform(25.0, 60.0))
    x, y = draws.uniform(9.0, 12.0) * px_per_mm, draws.uniform(7.0, 9.0) * px_per_mm
    half = np.array([np.cos(angle), -np.sin(angle)]) * _STAPLE / 2 * px_per_mm
    if not left:
        x, half = width - 1 - x, half * (-1, 1)
    wire = max(1, round(_WIRE * px_per_mm))
    for shift, color, thickness in ((0.5, (120, 120, 120), wire), (0.0, _METAL, wire), (-0.12, _GLINT, 1)):
        offset = shift * px_per_mm
        ends = [_fixed(x + sign * half[0] + offset, y + sign * half[1] + offset) for sign in (-1, 1)]
        cv2.line(image, ends[0], ends[1], color, thickness, cv2.LINE_AA, _BITS)
    return image


def punched(image: NDArray[np.uint8], px_per_mm: float, seed: int) -> NDArray[np.uint8]:
    """Punch two holes at the left or the upper edge, with a thin shadow; drawn into the image."""
    height, width = image.shape[:2]
    draws = stream(seed, "holes")
    upper = bool(draws.randint(2))
    middle = (width if upper else height) / 2 / px_per_mm + draws.uniform(-6.0, 6.0)
    for side in (-1, 1):
        along, inset = (middle + side * _APART / 2) * px_per_mm, _INSET * px_per_mm
        x, y = (along, inset) if upper else (inset, along)
        radius = _HOLE / 2 * px_per_mm
        cv2.circle(image, _fixed(x, y), _fixed(radius)[0], (104, 108, 110), cv2.FILLED, cv2.LINE_AA, _BITS)
        inner = _fixed(x + 0.35 * px_per_mm, y + 0.35 * px_per_mm)
        cv2.circle(image, inner, _fixed(radius * 0.9)[0], (226, 228, 230), cv2.FILLED, cv2.LINE_AA, _BITS)
    return image


def dusted(image: NDArray[np.uint8], px_per_mm: float, count: int, seed: int) -> NDArray[np.uint8]:
    """Lay `count` specks and hairs on the glass; drawn into the image."""
    height, width = image.shape[:2]
    draws = stream(seed, "dust")
    for _ in range(count):
        x, y = draws.uniform(0, width), draws.uniform(0, height)
        radius, grey = draws.uniform(0.06, 0.28) * px_per_mm, int(draws.uniform(60, 170))
        hair, angle, bend = draws.uniform() < 0.08, draws.uniform(0, np.pi), draws.uniform(-0.7, 0.7)
        if hair:
            steps = np.linspace(0.0, 1.0, 12)
            turn = angle + bend * 2 * steps
            path = np.cumsum(np.stack([np.cos(turn), np.sin(turn)], axis=1), axis=0) * 0.5 * px_per_mm + (x, y)
            points = np.rint(path * 2**_BITS).astype(np.int32)
            cv2.polylines(image, [points], False, (grey, grey, grey), 1, cv2.LINE_AA, _BITS)
        else:
            cv2.circle(image, _fixed(x, y), _fixed(radius)[0], (grey, grey, grey), cv2.FILLED, cv2.LINE_AA, _BITS)
    return image
