"""What came back over the network, whoever sent it: a reply that could be read, or why it could not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from einthoven.exchange import Status

__all__ = ["Reply", "UnreadableReply", "count", "error_message", "json_reply", "one_line", "valid_text"]

#: Characters of an error that are kept.
_LONGEST = 300


class UnreadableReply(Exception):
    """The bytes of a response are no reply; says in one line what they are instead."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply of a provider.

    Attributes
    ----------
    text : str
        The raw answer, unchanged.
    status : Status
        ``ok``, ``declined``, ``truncated`` or ``empty``.
    detail : str
        Why, in one line.
    input_tokens, output_tokens, cached_tokens : int or None
        As billed, the cached ones among the input, reasoning among the output; `None` where the provider is silent.
    cost_usd : float or None
        Where the provider says what it charged.
    billed_apart : bool
        Whether there are tokens at a price of their own (cache writes), so that the table cannot say what it cost.
    """

    text: str
    status: Status
    detail: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    cost_usd: float | None = None
    billed_apart: bool = False


def one_line(text: str) -> str:
    """Return a text without markup and line breaks, cut to a length that fits a line."""
    plain = re.sub(r"(?s)<(script|style)\b.*?</\1>|<[^>]*>", " ", text)
    return " ".join(plain.split())[:_LONGEST]


def valid_text(text: str) -> str:
    """Return a text that can be written: a lone half of a surrogate pair becomes the replacement character."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def count(value: object) -> int | None:
    """Return a token count, or `None` where there is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def json_reply(content: bytes) -> dict[str, Any]:
    """Read the body of a response as a JSON object.

    Raises
    ------
    UnreadableReply
        It is cut, HTML, not UTF-8, no JSON, or not an object.
    """
    if not content.strip():
        raise UnreadableReply("the reply has no body")
    try:
        found = json.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise UnreadableReply("the reply is not UTF-8") from None
    except (ValueError, RecursionError):
        start = one_line(content[:400].decode("utf-8", "replace"))[:80]
        raise UnreadableReply(f"the reply is no JSON: {start}") from None
    if not isinstance(found, dict):
        raise UnreadableReply("the reply is JSON, but no object")
    return found


def error_message(content: bytes) -> tuple[str, str]:
    """Return code and message of an error response; of one that is no JSON, its text."""
    try:
        found = json_reply(content)
    except UnreadableReply:
        return "", one_line(content[:4000].decode("utf-8", "replace"))
    error = found.get("error", found)
    if not isinstance(error, Mapping):
        return "", one_line(str(error))
    message = error.get("message") or error.get("detail") or json.dumps(error)
    return str(error.get("code") or error.get("type") or ""), one_line(str(message))
