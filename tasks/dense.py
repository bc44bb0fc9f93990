"""The dense task: an answer on every axis at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from einthoven.ecg.reading import AXES, Reading
from einthoven.tasks import taxonomy
from einthoven.tasks.label_space import LabelSpace
from einthoven.tasks.measurement_text import measurement_template
from einthoven.tasks.parser import PARSER_REVISION, json_object
from einthoven.tasks.question import question
from einthoven.tasks.task import INTROS, Intro, InvalidAnswer
from einthoven.tasks.version import content_version
from einthoven.tasks.words import Vocabulary, axis_words, ischemia_of, labels_of, word_of, written

__all__ = ["KEYS", "Dense", "axis_lists", "dense_reading"]

#: The keys of an answer, in the prompt's order: the fields of a Reading.
KEYS = ("rate", "rhythm", "axis", "conduction", "ischemia", "other_findings", "diagnosis")


def axis_lists() -> dict[str, str]:
    """Return the words of every axis as a prompt lists them."""
    words = {name: ", ".join(axis.values) for name, axis in taxonomy.axes().items()}
    words["stage"] = ", ".join(value for value in taxonomy.axes()["ischemia_stage"].values if value != "none")
    words["territory"] = ", ".join(taxonomy.territories())
    return words


def dense_reading(found: Mapping[str, Any], *, also: bool, findings: Vocabulary | None = None) -> Reading:
    """Read a complete answer out of its JSON object.

    Parameters
    ----------
    found : mapping
        The object.
    also : bool
        Whether synonyms count.
    findings : mapping of str to str, optional
        The words of a task's own label space that stand in place of the other findings.

    Raises
    ------
    InvalidAnswer
        With the first thing that is wrong.
    """
    for key in KEYS:
        if key not in found:
            raise InvalidAnswer(f"the key {key!r} is missing")
    for key in found:
        if key not in KEYS:
            raise InvalidAnswer(f"the key {key[:40]!r} was not asked for")

    def the_class(key: str) -> str:
        return word_of(found[key], axis_words(key, also=also), key)

    def labels(key: str, words: Vocabulary | None = None) -> frozenset[str]:
        return labels_of(found[key], axis_words(key, also=also) if words is None else words, key)

    return Reading(
        rate=the_class("rate"),
        rhythm=the_class("rhythm"),
        axis=the_class("axis"),
        conduction=labels("conduction"),
        ischemia=ischemia_of(found["ischemia"], also=also),
        other_findings=labels("other_findings") if findings is None else None,
        diagnosis=labels("diagnosis"),
        label=None if findings is None else labels("other_findings", findings),
    )


class Dense:
    """Ask for a value or a list on every axis, as one JSON object."""

    name = "dense"
    asked = AXES
    space: LabelSpace | None = None

    def __init__(self) -> None:
        prompts = [self.prompt(intro) for intro in INTROS]
        self.version = content_version([prompts, measurement_template(), self.schema(), PARSER_REVISION])

    def prompt(self, intro: Intro = "picture", measurements: str = "$measurements") -> str:
        """Return the question, with every allowed word in it."""
        return question("dense.txt", axis_lists(), intro, measurements)

    def schema(self) -> Mapping[str, Any]:
        """Return the taxonomy's schema: a complete answer."""
        return taxonomy.answer_schema()

    def parse(self, text: str) -> Reading:
        """Read an answer strictly.

        Every key must be there and no other, every word must be the taxonomy's. Case, and spaces or hyphens in place
        of underscores, are forgiven; a bare string or a single object stands for a list of one; ``"none"`` alone
        stands for the empty list.

        Raises
        ------
        InvalidAnswer
            With the first thing that is wrong.
        """
        return dense_reading(json_object(text), also=False)

    def target(self, reading: Reading) -> str:
        """Write the answer of a perfect model, keys in the prompt's order, lists sorted; `None` is left out.

        A training target with masked axes therefore teaches nothing on them.
        """
        return json.dumps(written(reading, KEYS), separators=(", ", ": "))
