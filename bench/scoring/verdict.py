"""The word for an axis, and the reason in one plain sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from einthoven.bench.scoring.contrasts import ContrastScore
from einthoven.bench.scoring.counts import MIN_CASES
from einthoven.bench.scoring.deltas import MODEST
from einthoven.bench.scoring.too_few import NAMED, too_few
from einthoven.tasks.taxonomy import Kind

__all__ = ["CONSTANT_SHARE", "LEVEL", "Evidence", "Verdict", "Word", "verdict"]

Word = Literal["reads", "associated", "leaks", "prior", "underpowered"]

#: Family-wise level of test 1 and of test 2.
LEVEL = 0.05

#: One answer on this share of the records is a constant.
CONSTANT_SHARE = 0.99


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a word is given for.

    Attributes
    ----------
    kind : {"categorical", "set"}
        Of the axis.
    n, masked : int
        Records that count, and records whose truth the source cannot say.
    cases, others : mapping of str to int
        By class or label: its cases; set axes: the records known to be without it (else empty).
    min_cases : int
        How many of them a class or label needs.
    patients : mapping of str to (int, int)
        By class or label: of how many patients its cases are, and its others (categorical axes: 0).
    gain : float or None
        Informedness of the image arm above the best blind arm; `None` where the axis is not scorable.
    gain_ci : (float, float) or None
        Its 95 % interval.
    p_holm : float or None
        Test 1, Holm over the axes.
    delta, mde : float or None
        The gain that matters; the gain that could have been seen.
    delta_of : str
        Whose gain delta is half of.
    contrasts : tuple of ContrastScore or None
        Test 2: the pairs that ask about this axis, Holm over all contrasts; `None` where no pairs were run.
    text_gain, text_p_holm : float or None
        Of the measurements alone: gain over the best blind arm, and test 1; `None` where that arm was not run.
    best_blind : str
        The blind arm that the gain is taken over.
    blind_answer : str or None
        What that arm always answers; `None` where its answers vary.
    modal_share, declined_share : float
        Of the image arm, over all records asked.
    """

    kind: Kind
    n: int
    masked: int
    cases: dict[str, int]
    others: dict[str, int]
    gain: float | None = None
    gain_ci: tuple[float, float] | None = None
    p_holm: float | None = None
    delta: float | None = None
    mde: float | None = None
    delta_of: str = MODEST
    contrasts: tuple[ContrastScore, ...] | None = None
    text_gain: float | None = None
    text_p_holm: float | None = None
    best_blind: str = "majority"
    blind_answer: str | None = None
    modal_share: float = 0.0
    declined_share: float = 0.0
    min_cases: int = MIN_CASES
    patients: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A word, why, and what else to know.

    Attributes
    ----------
    word : str
        ``reads``, ``associated``, ``leaks``, ``prior`` or ``underpowered``.
    reason : str
        One sentence with the figures.
    flags : tuple of str
        ``constant``: one answer on at least 99 % of the records. ``declined``: most answers are refusals.
    evidence : Evidence or None
        The figures behind it.
    """

    word: Word
    reason: str
    flags: tuple[str, ...] = ()
    evidence: Evidence | None = field(default=None, repr=False, compare=False)

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {"word": self.word, "reason": self.reason, "flags": list(self.flags)}


def verdict(evidence: Evidence) -> Verdict:
    """Try the words in the protocol's order; the first whose condition holds is the verdict."""
    flags = []
    if evidence.modal_share >= CONSTANT_SHARE:
        flags.append("constant")
    if evidence.declined_share > 0.5:
        flags.append("declined")
    for word, condition in _WORDS:
        reason = condition(evidence)
        if reason:
            return Verdict(word, reason, tuple(flags), evidence)
    return Verdict("underpowered", _underpowered(evidence), tuple(flags), evidence)


def _passed(evidence: Evidence) -> list[ContrastScore]:
    """Return the contrasts of the axis that are read."""
    return [each for each in evidence.contrasts or () if each.p_holm is not None and each.p_holm < LEVEL]


def _above_blind(evidence: Evidence) -> str | None:
    if evidence.p_holm is None or evidence.p_holm >= LEVEL:
        return None
    return (
        f"Above every blind arm: gain {_gain(evidence)} over {_blind(evidence)}, {_p(evidence.p_holm)} after Holm; "
    )


def _reads(evidence: Evidence) -> str | None:
    above, passed = _above_blind(evidence), _passed(evidence)
    if above is None or not passed:
        return None
    return f"{above}and the picture causes it: of the pairs it tells apart {_named(passed)}."


def _associated(evidence: Evidence) -> str | None:
    above = _above_blind(evidence)
    if above is None:
        return None
    if evidence.contrasts is None:
        return f"{above}whether the picture causes the answers was not tested with pairs."
    if not evidence.contrasts:
        return f"{above}no pairs ask about this axis, so whether the picture causes the answers is not known."
    named = _named(evidence.contrasts)
    return f"{above}but pairs that differ in this alone it does not tell apart: {named} both right."


def _named(contrasts: Sequence[ContrastScore]) -> str:
    named = ", ".join(f"{each.name} ({each.both_right} of {each.n})" for each in contrasts[:NAMED])
    return named + (f" and {len(contrasts) - NAMED} more" if len(contrasts) > NAMED else "")


def _prior(evidence: Evidence) -> str | None:
    if evidence.gain is None or evidence.gain_ci is None or evidence.delta is None:
        return None
    if evidence.gain_ci[1] >= evidence.delta:
        return None
    goal = f"below {evidence.delta:.2f}, half the gain of {evidence.delta_of}"
    gain = round(evidence.gain, 2)  # as it is printed
    if gain > 0:
        return f"Little better than {_blind(evidence)}: gain {_gain(evidence)}, {goal}."
    blind = _blind(evidence)
    return f"{blind[0].upper()}{blind[1:]} scores {'as well' if gain == 0 else 'better'}: " + (
        f"gain {_gain(evidence)}, {goal}."
    )


def _leaks(evidence: Evidence) -> str | None:
    if evidence.text_gain is None or evidence.text_p_holm is None or evidence.text_p_holm >= LEVEL:
        return None
    if evidence.gain_ci is None or evidence.delta is None or evidence.gain_ci[1] >= evidence.delta:
        return None
    return (
        f"The printed text does it: gain {_number(evidence.text_gain)} from it alone, {_p(evidence.text_p_holm)} "
        f"after Holm, and {_gain(evidence)} from the picture, below {evidence.delta:.2f}, half the gain of "
        f"{evidence.delta_of}."
    )


#: In the order in which they are tried; each gives its reason or nothing.
_WORDS: Sequence[tuple[Word, Callable[[Evidence], str | None]]] = (
    ("reads", _reads),
    ("associated", _associated),
    ("leaks", _leaks),
    ("prior", _prior),
)


def _underpowered(evidence: Evidence) -> str:
    if not evidence.n:
        return f"No record has a truth on this axis: all {evidence.masked} are masked."
    if evidence.gain is None or evidence.gain_ci is None or evidence.delta is None:
        return too_few(evidence.kind, evidence.cases, evidence.others, evidence.patients, evidence.min_cases)
    seen = (
        "even a perfect reader would be missed too often"
        if evidence.mde is None
        else f"a gain of {evidence.mde:.2f} would have been seen four times in five"
    )
    p = "" if evidence.p_holm is None else f" ({_p(evidence.p_holm)} after Holm)"
    return (
        f"Undecided: gain {_gain(evidence)} over {_blind(evidence)} is not shown to be above 0{p} "
        f"nor below {evidence.delta:.2f}; {seen}."
    )


def _gain(evidence: Evidence) -> str:
    assert evidence.gain is not None and evidence.gain_ci is not None
    low, high = evidence.gain_ci
    return f"{_number(evidence.gain)} [{_number(low)}, {_number(high)}]"


def _number(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}"  # + 0.0 turns -0.00 into 0.00


def _blind(evidence: Evidence) -> str:
    if evidence.best_blind not in ("majority", "constant"):
        return f"the {evidence.best_blind} arm"
    if evidence.blind_answer is None:
        return "answering as the training majority"
    return f"always answering '{evidence.blind_answer}'"


def _p(p: float) -> str:
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
