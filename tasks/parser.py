"""One JSON object out of a model's answer, by stated rules, or the reason why there is none.

The rules, in this order: a leading ``<think>…</think>`` block is dropped; a text with fenced blocks must have one
only, and that is the answer; otherwise the answer is the object that begins at the first brace, and no brace may
follow it. Prose around the object is allowed, a second object is not: nobody should guess which one was meant.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from einthoven.tasks.task import InvalidAnswer

__all__ = ["LONGEST_ANSWER", "PARSER_REVISION", "json_object", "reasoned_answer"]

#: Part of every task's version: raise it when the rules above change.
PARSER_REVISION = "1"

#: Characters. The longest honest answer has a few thousand; past this it is noise, and JSON is not even tried.
LONGEST_ANSWER = 200_000

#: A line that ends a reasoning; markdown's emphasis around it is spelling.
_ANSWER = re.compile(r"^[ \t*_#]{0,8}answer[*_]{0,4}:[*_ \t]{0,8}", re.IGNORECASE | re.MULTILINE)

_FENCED = re.compile(r"```[a-zA-Z]*[ \t]*\r?\n(.*?)```", re.DOTALL)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InvalidAnswer(f"the key {key[:40]!r} stands twice")
        found[key] = value
    return found


def _constant(name: str) -> NoReturn:
    raise InvalidAnswer(f"{name} is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_constant)


def _without_thinking(text: str) -> str:
    body = text.lstrip("\ufeff \t\r\n")
    if body.startswith("<think>"):
        _, closed, body = body.rpartition("</think>")
        if not closed:
            raise InvalidAnswer("the reasoning has no end")
    return body


def reasoned_answer(text: str) -> str:
    """Return what follows the reasoning that was asked for: the text after the last line that begins ``Answer:``.

    A ``<think>`` block is dropped first. Without such a line it is the whole text, and the rules above apply: prose
    without a brace may stand before the object.

    Parameters
    ----------
    text : str
        The raw answer.

    Raises
    ------
    InvalidAnswer
        Too long, or thinking without an end.
    """
    if len(text) > LONGEST_ANSWER:
        raise InvalidAnswer(f"{len(text)} characters, more than {LONGEST_ANSWER}")
    body = _without_thinking(text)
    end = 0
    for line in _ANSWER.finditer(body):
        end = line.end()
    return body[end:]


def json_object(text: str) -> dict[str, Any]:
    """Return the one JSON object of an answer.

    Parameters
    ----------
    text : str
        The raw answer.

    Raises
    ------
    InvalidAnswer
        No object, more than one, malformed JSON, a duplicate key, NaN or Infinity, nesting too deep, too long.
    """
    if len(text) > LONGEST_ANSWER:
        raise InvalidAnswer(f"{len(text)} characters, more than {LONGEST_ANSWER}")
    body = _without_thinking(text)
    blocks = _FENCED.findall(body)
    if len(blocks) > 1:
        raise InvalidAnswer(f"{len(blocks)} fenced blocks, one was asked for")
    if blocks:
        body = blocks[0]
    start = body.find("{")
    if start < 0:
        raise InvalidAnswer("no JSON object")
    try:
        found, end = _DECODER.raw_decode(body, start)
    except json.JSONDecodeError as error:
        raise InvalidAnswer(f"malformed JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise InvalidAnswer("nested too deep") from None
    except ValueError as error:  # an integer of more digits than Python converts, and the hooks' own
        raise error if isinstance(error, InvalidAnswer) else InvalidAnswer("a number too long to read") from None
    if "{" in body[end:]:
        raise InvalidAnswer("more than one JSON object")
    if not isinstance(found, dict):  # unreachable for text that begins with a brace; keeps the type honest
        raise InvalidAnswer("not a JSON object")
    return found
