"""The text of a question: how it begins, by what is given, and what is asked, with every allowed word in it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from string import Template

from einthoven.tasks.task import Intro
from einthoven.tasks.version import text_of

__all__ = ["question"]


@cache
def _intros(name: str) -> dict[str, str]:
    return tomllib.loads(text_of("prompts", name))


def question(
    name: str, words: Mapping[str, str], intro: Intro, measurements: str, intros: str = "intros.toml"
) -> str:
    """Return a task's question.

    Parameters
    ----------
    name : str
        The file of what is asked, under ``prompts/``.
    words : mapping of str to str
        What stands in its places.
    intro : str
        How it begins.
    measurements : str
        The printed measurements, where the intro has a place for them.
    intros : str
        The file of the beginnings.
    """
    begin = Template(_intros(intros)[intro]).substitute(measurements=measurements).strip()
    return Template(text_of("prompts", name)).substitute(words, intro=begin).strip()
