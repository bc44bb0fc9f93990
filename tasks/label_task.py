"""What the tasks have in common that ask for a label of their own and for no axis: one key, one value."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from einthoven.ecg.reading import Reading
from einthoven.tasks.label_space import LabelSpace
from einthoven.tasks.measurement_text import measurement_template
from einthoven.tasks.parser import PARSER_REVISION, json_object
from einthoven.tasks.question import question
from einthoven.tasks.synonyms import synonyms_text
from einthoven.tasks.task import INTROS, Intro, InvalidAnswer
from einthoven.tasks.version import content_version, text_of

__all__ = ["LabelTask"]


class LabelTask(ABC):
    """A task whose answer is one JSON object with one key, the label.

    Attributes
    ----------
    name, version, asked, space
        As of `einthoven.tasks.task.Task`; no axis is asked for.
    key : str
        The one key of an answer.
    tables : tuple of str
        The data files that decide what is right: part of the version.
    """

    name: ClassVar[str]
    key: ClassVar[str]
    tables: ClassVar[tuple[str, ...]] = ()
    version: str
    asked: tuple[str, ...] = ()
    space: LabelSpace

    def __init__(self) -> None:
        prompts = [self.prompt(intro) for intro in INTROS]
        tables = [synonyms_text(), *(text_of(name) for name in self.tables)]
        content = [prompts, measurement_template(), self.schema(), PARSER_REVISION, list(self.space.values), tables]
        self.version = content_version(content)

    @abstractmethod
    def prompt(self, intro: Intro = "picture", measurements: str = "$measurements") -> str:
        """Return the question."""

    @abstractmethod
    def schema(self) -> Mapping[str, Any]:
        """Return the JSON Schema of an answer."""

    @abstractmethod
    def read(self, value: object) -> str | frozenset[str]:
        """Take the value of the key; raises `InvalidAnswer`."""

    def question(self, name: str, words: Mapping[str, str], intro: Intro, measurements: str) -> str:
        """Return the text of the question, which stands under ``prompts/``."""
        return question(name, words, intro, measurements)

    def closed(self, value: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the schema of an object with the one key."""
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "additionalProperties": False,
            "required": [self.key],
            "properties": {self.key: value},
        }

    def parse(self, text: str) -> Reading:
        """Read an answer strictly: the one key, and words that are given or stand in the table of synonyms.

        Raises
        ------
        InvalidAnswer
            With the first thing that is wrong.
        """
        found = json_object(text)
        if self.key not in found:
            raise InvalidAnswer(f"the key {self.key!r} is missing")
        for key in found:
            if key != self.key:
                raise InvalidAnswer(f"the key {key[:40]!r} was not asked for")
        return Reading(label=self.read(found[self.key]))

    def target(self, reading: Reading) -> str:
        """Write the label; an empty text where the reading has none."""
        label = self.space.answer(reading)
        if label is None:
            return ""
        order = self.space.values.index
        return json.dumps({self.key: label if isinstance(label, str) else sorted(label, key=order)})
