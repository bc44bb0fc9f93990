"""The taxonomy's words as a reader of ECGs writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from einthoven.ecg.reading import AxisTruth

__all__ = ["clinical", "listed", "truth_words"]

#: Parts of names that are abbreviations, as they are written.
_WRITTEN: Mapping[str, str] = {
    **{word: word.upper() for word in ("av", "lbbb", "rbbb", "lafb", "lpfb", "ivcd", "lvh", "lv", "rvh", "ecg")},
    **{
        word: word.upper()
        for word in ("st", "t", "u", "p", "q", "r", "qrs", "qt", "pr", "norm", "mi", "sttc", "hyp", "cd")
    },
    "brugada": "Brugada",
}


def clinical(value: str) -> str:
    """Return a value in words: ``first_degree_av_block`` is ``first degree AV block``."""
    return " ".join(_WRITTEN.get(part.lower(), part) for part in value.split("_"))


def listed(values: Iterable[str]) -> str:
    """Return labels in words, one after the other; no label is ``none``."""
    return ", ".join(clinical(value) for value in values) or "none"


def truth_words(truth: AxisTruth) -> tuple[str, list[str]]:
    """Return what is true on an axis in words, and what must be said beside it.

    Returns
    -------
    words : str
        The class or the labels; ``masked`` where the source does not say.
    notes : list of str
        What else is accepted, what cannot be told, what silence implied, and why.
    """
    notes = []
    if truth.value is None:
        words = "masked: the source does not say, so it does not count"
    elif isinstance(truth.value, str):
        words = clinical(truth.value)
        others = sorted(truth.accepted - {truth.value})
        if others:
            notes.append(f"accepted too: {listed(others)}; counts in the share right only")
    else:
        words = listed(sorted(truth.value))
        if truth.open:
            notes.append(f"cannot be told from the source, counts neither way: {listed(sorted(truth.open))}")
    if truth.implied:
        notes.append("implied by the source's silence")
    if truth.reason:
        notes.append(truth.reason)
    return words, notes
