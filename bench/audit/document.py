"""``audit.json``: its form, its schema, and which rows it is of."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson

from einthoven.bench.bundle import Bundle
from einthoven.bench.pairs import ARM as PAIRS
from einthoven.errors import EinthovenError, Exit

__all__ = ["AUDIT", "SCHEMA_VERSION", "answers_digest", "read_audit", "rounded", "validate_audit"]

#: The file in a bundle.
AUDIT = "audit.json"

#: The version of ``audit.schema.json``; raise it when a reader of the old one would misread the new.
SCHEMA_VERSION = "1"

#: A real audit has about 30 kB; what is larger than this is not read.
_MAX_BYTES = 5_000_000


#: Of a record and of an answer: what an audit rests on. More arms or pairs change none of it.
_OF_RECORD = ("id", "patient", "age", "sex", "site", "device", "quality", "statements", "truth")
_OF_ANSWER = ("record", "status", "text")


def answers_digest(bundle: Bundle, arm: str = "image") -> str:
    """Return a hash of what was answered in an arm and what is true: an audit of other rows is out of date."""
    apart = {row["record"] for row in bundle.answers if row["arm"] == PAIRS}
    records = [[row.get(key) for key in _OF_RECORD] for row in bundle.records if row["id"] not in apart]
    answers = [[row.get(key) for key in _OF_ANSWER] for row in bundle.answers if row["arm"] == arm]
    found = hashlib.sha256()
    for rows in (records, answers):
        found.update(b"\n".join(sorted(orjson.dumps(row, option=orjson.OPT_SORT_KEYS) for row in rows)) + b"\n\n")
    return found.hexdigest()[:16]


def rounded(value: Any) -> Any:
    """Round all floats to six decimals, like all of a bundle's numbers; what is no number becomes null."""
    if isinstance(value, float):
        return round(value, 6) + 0.0 if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [rounded(one) for one in value]
    return value


@cache
def _validator() -> Any:
    import jsonschema

    schema = json.loads(files("einthoven.bench.audit").joinpath("audit.schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema)


def validate_audit(document: Mapping[str, Any]) -> None:
    """Check an audit against its schema.

    Raises
    ------
    EinthovenError
        It does not hold; the first fault is named with its place.
    """
    fault = next(_validator().iter_errors(document), None)
    if fault is not None:
        place = ".".join(map(str, fault.absolute_path)) or "the top"
        raise EinthovenError(
            f"not a valid {AUDIT}: at {place}: {fault.message[:200]}", "audit the bundle again", Exit.MISSING
        )


def read_audit(path: Path) -> dict[str, Any]:
    """Read an audit, which may be a stranger's.

    Raises
    ------
    EinthovenError
        It is missing, too large, no JSON, of another version, or does not hold its schema.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(_MAX_BYTES + 1)
        if len(content) > _MAX_BYTES:
            raise ValueError("it is larger than any audit")
        document = orjson.loads(content)
    except OSError as error:
        raise EinthovenError(f"{path} cannot be read: {error.strerror}", "audit the bundle", Exit.MISSING) from None
    except ValueError as error:
        raise EinthovenError(f"{path} is damaged: {error}", "audit the bundle again", Exit.MISSING) from None
    if not isinstance(document, dict):
        raise EinthovenError(f"{path} is no JSON object", "audit the bundle again", Exit.MISSING)
    validate_audit(document)
    return document
