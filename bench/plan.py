"""All that a run asks, before anything is asked."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from einthoven.adapters.local.twin import TWIN, TWINS
from einthoven.bench.arms import Arm, arm
from einthoven.bench.ask import Question
from einthoven.bench.contradictions import ARMS as CONTRADICTING
from einthoven.bench.contradictions import Contradictions, contradictions_of
from einthoven.bench.pairs import ARM as PAIRS
from einthoven.bench.pairs import Pairs, pairs_of
from einthoven.bench.selection import Selection
from einthoven.bench.settings import Settings
from einthoven.bench.sources.source import Source
from einthoven.exchange import Adapter, FittedAdapter, Input
from einthoven.tasks.task import Task

__all__ = ["Plan", "looked_at", "must_measure", "plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """The questions of a run.

    Attributes
    ----------
    arms : sequence of Arm
        As the user asked for them.
    questions : sequence of Question
        All of them, arm by arm.
    pairs : Pairs
        The simulator pairs among them.
    contradictions : Contradictions
        Donors and moved numbers.
    """

    arms: Sequence[Arm]
    questions: Sequence[Question]
    pairs: Pairs
    contradictions: Contradictions


def must_measure(source: Source, settings: Settings, adapter: Adapter) -> tuple[bool, bool]:
    """Whether the recordings asked about, and those learnt from, must be measured.

    The first for a prompt or a model, the second for a model that is fitted to the numbers; both for the truth of
    rate and axis where a real source is silent. What is masked in a simulated truth nobody can read.
    """
    told = [e.truth for e in source.entries if e.split == settings.split] if not source.simulated else []
    if any(truth["rate"].masked or truth["axis"].masked for truth in told):
        return True, True
    looks = Input.MEASUREMENTS in adapter.inputs
    return looks or any(arm(name).text for name in settings.arms), looks and isinstance(adapter, FittedAdapter)


def plan(settings: Settings, chosen: Task, selection: Selection) -> Plan:
    """Plan a run.

    Raises
    ------
    EinthovenError
        An arm that is none, or pairs beside pairs.
    """
    arms = [arm(name) for name in settings.arms]
    entries, fold_of = selection.entries, selection.fold_of
    pairs = pairs_of(settings, chosen)
    crossed = contradictions_of(settings, chosen, entries)
    questions = [
        Question(entry, one, fold_of[entry.id])
        for one in arms
        if one.name not in (PAIRS, *CONTRADICTING)
        for entry in entries
    ]
    return Plan(arms, [*questions, *crossed.questions(entries, fold_of), *pairs.questions()], pairs, crossed)


def looked_at(adapter: Adapter, question: Question, undrawn: bool) -> Hashable:
    """Return what an adapter looks at of a question: equal ones are asked once.

    It stands for the cache key before anything is drawn.

    Parameters
    ----------
    adapter : Adapter
        Who is asked.
    question : Question
        What is asked.
    undrawn : bool
        Whether the records are page images, whose empty page is a record's own.
    """
    one, entry = question.arm, question.entry
    picture = (question.shown or entry).id if one.pictures == "view" else one.pictures
    if one.pictures == "blank" and undrawn:
        picture = f"blank/{entry.id}"
    text = (entry.id, question.variant if question.printed is not None else "") if one.text else None
    parts: Mapping[Input, Hashable] = {
        Input.PROMPT: (one.intro, text),
        Input.IMAGE: picture,
        Input.SIGNAL: picture if one.pictures == "view" else None,
        Input.TRUTH: picture if one.pictures == "view" else None,
        Input.MEASUREMENTS: text,
        Input.PATIENT: entry.patient.id if one.text else None,
        Input.RECORD: entry.id,
    }
    fold = question.fold if isinstance(adapter, FittedAdapter) else None
    who = TWIN if one.name in TWINS else ""  # another model answers it
    return who, fold, *(parts[name] for name in sorted(adapter.inputs))
