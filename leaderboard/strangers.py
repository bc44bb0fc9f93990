"""Strangers' strings made fit to be read: nothing invisible, nothing that turns the line around, nothing endless.

Escaping for HTML is the template's work and happens after this.
"""

from __future__ import annotations

import unicodedata

__all__ = ["visible"]

#: Control, format (direction overrides, zero-width), lone surrogate, private, unassigned, line and paragraph breaks.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

#: Marks that stack on one letter; no script needs more, and a tower of them covers the lines above.
_MARKS = 3


def visible(text: str, limit: int = 80) -> str:
    r"""Return a string as a person can read and compare it.

    Invisible and direction-changing characters stand as ``\u202e``, so that two names that differ look different.

    Parameters
    ----------
    text : str
        From a bundle.
    limit : int
        Characters shown; what is longer ends in how long it is.
    """
    if len(text) <= limit and text.isascii() and text.isprintable() and not text.isspace() and text:
        return text  # nearly all that a site shows: a site of 200 models asks half a million times
    shown = []
    marks = 0
    for character in text[:limit]:
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        shown.append(f"\\u{ord(character):04x}" if category in _HIDDEN or marks > _MARKS else character)
    if len(text) > limit:
        shown.append(f"… ({len(text):,} characters)")
    return "".join(shown) if text.strip() else f"(blank: {len(text)} characters)"
