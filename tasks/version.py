"""A task's version: a hash over all that decides what is asked, how it is read, and what counts as right."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

__all__ = ["content_version", "text_of"]


def content_version(parts: Sequence[Any]) -> str:
    """Return the version of some content: prompts, schema, parser revision, the tables that a task uses.

    Parameters
    ----------
    parts : sequence
        JSON values.

    Returns
    -------
    str
        Twelve hexadecimal digits of a SHA-256.
    """
    return hashlib.sha256(json.dumps(list(parts), sort_keys=True).encode()).hexdigest()[:12]


def text_of(*path: str) -> str:
    """Return a text or table of this room, by its path under ``tasks/``."""
    return files("einthoven.tasks").joinpath(*path).read_text(encoding="utf-8")
