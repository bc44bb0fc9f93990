"""The commonest answer of an arm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from einthoven.bench.scoring.encode import Prediction

__all__ = ["in_words", "modal"]


def modal(predictions: Sequence[Prediction]) -> tuple[str | tuple[str, ...] | None, int]:
    """Return the commonest usable answer and how often it came; of several the first in the alphabet."""
    times = Counter(
        tuple(sorted(each)) if isinstance(each, frozenset) else each for each in predictions if each is not None
    )
    if not times:
        return None, 0
    answer = min(times, key=lambda each: (-times[each], each if isinstance(each, tuple) else (each,)))
    return answer, times[answer]


def in_words(answer: str | tuple[str, ...] | None) -> str | None:
    """Return an answer as it stands in a sentence; `None` where there is none."""
    return (", ".join(answer) or "none") if isinstance(answer, tuple) else answer
