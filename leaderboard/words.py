"""The words and flags of the page, each with one line; their shapes are those of the terminal's table."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ABOVE_BLIND", "FLAGS", "WORDS"]

#: In the order of the protocol; the first whose condition holds is given.
WORDS: Mapping[str, str] = {
    "reads": "better than every answer given without looking, and the answers follow the trace when only the trace "
    "changes.",
    "associated": "better than every answer given without looking; that the trace itself moves the answers was not "
    "shown, or not tested.",
    "leaks": "no gain that matters from the picture, but better than blind once the measurements are in the prompt.",
    "prior": "no gain that matters from the picture: no better than guessing from what is common.",
    "underpowered": "these ECGs cannot decide it: too few cases, or no truth, on this axis.",
}

FLAGS: Mapping[str, str] = {
    "constant": "one and the same answer on at least 99 % of the ECGs.",
    "declined": "most answers are refusals.",
}

#: The words that only a model above every blind arm gets.
ABOVE_BLIND = frozenset({"reads", "associated"})
