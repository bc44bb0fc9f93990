"""The sparse task: only what is abnormal; a key that is left out says normal, or none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from einthoven.ecg.reading import AXES, Reading
from einthoven.tasks import taxonomy
from einthoven.tasks.dense import KEYS, axis_lists, dense_reading
from einthoven.tasks.label_space import LabelSpace
from einthoven.tasks.measurement_text import measurement_template
from einthoven.tasks.parser import PARSER_REVISION, json_object
from einthoven.tasks.question import question
from einthoven.tasks.synonyms import synonyms_text
from einthoven.tasks.task import INTROS, Intro, InvalidAnswer
from einthoven.tasks.version import content_version
from einthoven.tasks.words import labels_of, words_of, written

__all__ = ["Sparse"]

#: The key of what nobody can judge on this ECG: those axes are answered neither normal nor abnormal.
_HIDDEN = "not_assessable"

#: What the empty object says beside normal and none: a diagnosis that is left out restates the rest.
_NORMAL_STATEMENTS = ("normal_ecg", "sinus_rhythm")


def _left_out() -> dict[str, Any]:
    """Return what each key says that is left out, but for diagnosis."""
    axes = taxonomy.axes()
    return {key: (axes[key].normal if key in axes else None) or [] for key in KEYS if key != "diagnosis"}


class Sparse:
    """Ask for the abnormal values only, as one JSON object; the eight axes are all answered by it."""

    name = "sparse"
    asked = AXES
    space: LabelSpace | None = None

    def __init__(self) -> None:
        prompts = [self.prompt(intro) for intro in INTROS]
        content = [prompts, measurement_template(), self.schema(), PARSER_REVISION, synonyms_text()]
        self.version = content_version(content)

    def prompt(self, intro: Intro = "picture", measurements: str = "$measurements") -> str:
        """Return the question, with every word in it that is not normal."""
        words = axis_lists()
        for name in ("rhythm", "axis"):
            axis = taxonomy.axes()[name]
            words[f"abnormal_{name}"] = ", ".join(value for value in axis.values if value != axis.normal)
        return question("sparse.txt", words, intro, measurements)

    def schema(self) -> Mapping[str, Any]:
        """Return the taxonomy's schema with no key required.

        Normal values are allowed, though they need not be said: who enforces schemas strictly requires every key.
        """
        schema = dict(taxonomy.answer_schema())
        hidden = {"type": "array", "items": {"type": "string", "enum": list(KEYS)}, "uniqueItems": True}
        return schema | {"required": [], "properties": {**schema["properties"], _HIDDEN: hidden}}

    def parse(self, text: str) -> Reading:
        """Read an answer strictly: known keys, and words that are given or stand in the table of synonyms.

        Raises
        ------
        InvalidAnswer
            With the first thing that is wrong.
        """
        found = dict(json_object(text))
        hidden = labels_of(found.pop(_HIDDEN, []), words_of(KEYS, "", also=False), _HIDDEN)
        for key in hidden:
            # Who enforces the schema strictly must write every key: the normal value says nothing beside it.
            if key in found and found[key] not in ([], None, "none", _left_out().get(key)):
                raise InvalidAnswer(f"{key} is answered and called not assessable")
            found.pop(key, None)
        if "diagnosis" not in found:
            found["diagnosis"] = [] if found or hidden else list(_NORMAL_STATEMENTS)
        read = dense_reading(_left_out() | found, also=True)
        return Reading(**{key: None if key in hidden else getattr(read, key) for key in KEYS})

    def target(self, reading: Reading) -> str:
        """Write what is abnormal; what the truth masks is written as not assessable, never left out as normal."""
        row = written(reading, KEYS)
        hidden = [key for key in KEYS if key not in row]
        normal = _left_out()
        short = {key: value for key, value in row.items() if key == "diagnosis" or value != normal[key]}
        if hidden:
            short[_HIDDEN] = hidden
        alone = short.keys() == {"diagnosis"}
        if "diagnosis" in short and short["diagnosis"] == (sorted(_NORMAL_STATEMENTS) if alone else []):
            del short["diagnosis"]
        return json.dumps(short, separators=(", ", ": "))
