"""The subset of JSON Schema that structured outputs take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["strict_schema"]

#: What every provider with structured outputs takes. The others (uniqueItems, pattern, lengths, bounds, titles, $id)
#: are refused by some; they are checked here when the answer is parsed.
_TAKEN = frozenset(
    {"type", "properties", "required", "items", "enum", "const", "anyOf", "additionalProperties", "$ref", "$defs"}
)


def strict_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Derive the schema that is sent from the task's own.

    Keywords outside the subset are dropped; every object is closed and all its properties are required, as strict
    mode demands. An answer that is valid by the derived schema is therefore valid by the original in all but the
    dropped keywords.

    Parameters
    ----------
    schema : mapping
        Draft 2020-12, as a task gives it.
    """
    strict: dict[str, Any] = {key: value for key, value in schema.items() if key in _TAKEN}
    for key in ("properties", "$defs"):
        if key in strict:
            strict[key] = {name: strict_schema(part) for name, part in strict[key].items()}
    if "items" in strict:
        strict["items"] = strict_schema(strict["items"])
    if "anyOf" in strict:
        strict["anyOf"] = [strict_schema(part) for part in strict["anyOf"]]
    if "properties" in strict:
        strict["required"] = list(strict["properties"])
        strict["additionalProperties"] = False
    return strict
