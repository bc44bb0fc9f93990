"""What the words of a verdict say, each in half a line, for who meets them in a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

__all__ = ["GLYPHS", "word_lines"]

#: Every verdict word has its own shape, here and on the board.
GLYPHS: Mapping[str, str] = {"reads": "●", "associated": "◐", "leaks": "▼", "prior": "○", "underpowered": "?"}

_SAID: Mapping[str, str] = {
    "reads": "it reads this off the picture",
    "associated": "it is better than guessing, and the cause is open",
    "leaks": "the text does it: no gain from the picture, only from the numbers",
    "prior": "it guesses",
    "underpowered": "this run cannot tell",
}


def word_lines(words: Iterable[str]) -> list[str]:
    """Return a line for each word that was given, in the order in which they are tried."""
    given = set(words)
    return [f"{GLYPHS[word]} {word}: {said}" for word, said in _SAID.items() if word in given]
