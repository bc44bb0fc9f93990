"""What every task owns: its prompt, its schema, its parser, its training target, and a version over all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol, get_args

from einthoven.ecg.reading import Reading
from einthoven.tasks.label_space import LabelSpace

__all__ = ["INTROS", "Intro", "InvalidAnswer", "Task"]

#: How a question begins, by what is given; the texts stand in ``prompts/intros.toml``.
Intro = Literal["picture", "picture-and-measurements", "measurements", "nothing-told"]
INTROS: tuple[Intro, ...] = get_args(Intro)


class InvalidAnswer(ValueError):
    """An answer that the parser does not take; the message says why in one line."""


class Task(Protocol):
    """One way of asking.

    Attributes
    ----------
    name : str
        The task's name in the registry.
    version : str
        A hash over prompt, schema, parser revision and tables: part of the cache key and of every bundle.
    asked : tuple of str
        The axes that its answers fill; the others are not scored.
    space : LabelSpace or None
        What it asks for in words of its own, scored beside the axes.
    """

    name: str
    version: str
    asked: tuple[str, ...]
    space: LabelSpace | None

    def prompt(self, intro: Intro = "picture", measurements: str = "$measurements") -> str:
        """Return the text of the question, complete.

        Parameters
        ----------
        intro : str
            How it begins: by what is given.
        measurements : str
            The printed measurements, where the intro has a place for them; by default the place stays marked.
        """
        ...

    def schema(self) -> Mapping[str, Any]:
        """Return the JSON Schema (draft 2020-12) of an answer."""
        ...

    def parse(self, text: str) -> Reading:
        """Read an answer.

        Raises
        ------
        InvalidAnswer
            With the reason; never another exception, whatever the text.
        """
        ...

    def target(self, reading: Reading) -> str:
        """Write the answer a perfect model would give; fields that are `None` are left out.

        An empty text says that this reading teaches nothing here: leave the record out of the training.
        """
        ...
