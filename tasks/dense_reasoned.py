"""The dense-reasoned task: a short reasoning, then the dense answer, with rare findings put together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from einthoven.ecg.reading import AXES, Reading
from einthoven.tasks import taxonomy
from einthoven.tasks.consolidation import consolidated, consolidated_space, consolidated_words, consolidation_text
from einthoven.tasks.dense import KEYS, axis_lists, dense_reading
from einthoven.tasks.label_space import LabelSpace
from einthoven.tasks.measurement_text import measurement_template
from einthoven.tasks.parser import PARSER_REVISION, json_object, reasoned_answer
from einthoven.tasks.question import question
from einthoven.tasks.reasoning import answer_line, reasoning, reasoning_text
from einthoven.tasks.synonyms import synonyms_text
from einthoven.tasks.task import INTROS, Intro
from einthoven.tasks.version import content_version
from einthoven.tasks.words import written

__all__ = ["DenseReasoned"]


class DenseReasoned:
    """Ask for a line of reasoning an axis, then for the dense answer.

    The other findings are asked for and scored in words of their own, in which rare ones stand together: that axis is
    not filled, its place takes the label space ``other_findings_consolidated``.
    """

    name = "dense-reasoned"
    asked = tuple(axis for axis in AXES if axis != "other_findings")

    def __init__(self) -> None:
        self.space: LabelSpace | None = consolidated_space()
        prompts = [self.prompt(intro) for intro in INTROS]
        tables = [synonyms_text(), consolidation_text(), reasoning_text()]
        self.version = content_version([prompts, measurement_template(), self.schema(), PARSER_REVISION, tables])

    def prompt(self, intro: Intro = "picture", measurements: str = "$measurements") -> str:
        """Return the question, with every allowed word in it."""
        groups = {name: sorted(found) for name, found in consolidated().items() if found != {name}}
        words = axis_lists()
        words["consolidated"] = ", ".join(consolidated())
        words["groups"] = "; ".join(f"{name} for {', '.join(found)}" for name, found in groups.items())
        return question("dense-reasoned.txt", words, intro, measurements, "reasoned_intros.toml")

    def schema(self) -> Mapping[str, Any]:
        """Return the schema of the object alone: where a provider enforces it, no reasoning stands before it."""
        schema = dict(taxonomy.answer_schema())
        findings = {"type": "array", "items": {"type": "string", "enum": list(consolidated())}, "uniqueItems": True}
        return schema | {"properties": {**schema["properties"], "other_findings": findings}}

    def parse(self, text: str) -> Reading:
        """Read an answer strictly; the reasoning is not looked at.

        Where a line begins with ``Answer:``, what follows the last such line is the answer. A finding of the taxonomy
        stands for its group.

        Raises
        ------
        InvalidAnswer
            With the first thing that is wrong.
        """
        return dense_reading(json_object(reasoned_answer(text)), also=True, findings=consolidated_words())

    def target(self, reading: Reading) -> str:
        """Write the reasoning and the answer of a perfect model; what is `None` has neither line nor key."""
        row = written(reading, KEYS)
        findings = consolidated_space().answer(reading)
        row.pop("other_findings", None)
        if findings is not None:
            row["other_findings"] = sorted(findings)
        answer = json.dumps({key: row[key] for key in KEYS if key in row}, separators=(", ", ": "))
        return "\n".join(filter(None, [reasoning(reading), answer_line(), answer]))
