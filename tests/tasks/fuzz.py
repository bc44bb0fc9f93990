"""A seeded fuzzer of the tasks' parsers.

    python tests/tasks/fuzz.py --inputs 1000000 --seed 0

Each input begins as a valid answer, or as something that no model should give, and is then damaged: fenced, preceded
by reasoning, cut, with keys twice, wrong types, unknown words, synonyms, NaN, deep nesting, noise, refusals. It is
parsed by the task it was made for and by one other. A parser gives a complete `Reading` in the taxonomy's words, or
raises `InvalidAnswer` with one line; anything else is a crash and ends the run with the input.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from einthoven.ecg.reading import Ischemia, Reading
from einthoven.tasks import taxonomy
from einthoven.tasks.registry import TASKS, task
from einthoven.tasks.synonyms import synonyms
from einthoven.tasks.task import InvalidAnswer

Stream = np.random.RandomState

_REFUSALS = (
    "I'm sorry, but I can't interpret medical images.",
    "I cannot provide a diagnosis. Please consult a cardiologist.",
    "",
    " \n\t",
    "\ufeff",
    "null",
    "true",
    "[]",
    '"normal"',
    "{",
    "}",
    "{}",
    "<think>",
    "<think></think>",
    "```json\n```",
    "Answer:",
    "Answer: I do not know.",
)
_ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1e308,
    72.5,
    "",
    " ",
    "none",
    "None",
    [],
    {},
    [[]],
    [None],
    {"a": 1},
)
_LITERALS = ("NaN", "Infinity", "-Infinity", "1e999", "1" * 5000, "-0", "0x10", "'normal'", "None", "undefined")
_SNIPPETS = (
    '"',
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\\",
    "\x00",
    "\ud800",
    "\u202e",
    "```",
    "Answer:",
    "</think>",
    "é",
    "\n",
)
_WORDS = sorted({value for axis in taxonomy.axes().values() for value in axis.values})


def _one(stream: Stream, items: Any) -> Any:
    return items[stream.randint(len(items))]


def _some(stream: Stream, items: Any) -> frozenset[Any]:
    return frozenset(_one(stream, items) for _ in range(stream.randint(4)))


def reading(stream: Stream) -> Reading:
    """Draw a reading over the eight axes."""
    axes = taxonomy.axes()
    stages = [value for value in axes["ischemia_stage"].values if value != "none"]
    walls = list(taxonomy.territories().values())
    return Reading(
        rate=_one(stream, axes["rate"].values),
        rhythm=_one(stream, axes["rhythm"].values),
        axis=_one(stream, axes["axis"].values),
        conduction=_some(stream, axes["conduction"].values),
        ischemia=frozenset(Ischemia(_one(stream, stages), _one(stream, walls)) for _ in range(stream.randint(3))),
        other_findings=_some(stream, axes["other_findings"].values),
        diagnosis=_some(stream, axes["diagnosis"].values),
    )


def _document(text: str) -> tuple[str, Any]:
    """Split an answer into what stands before its object, and the object."""
    start = text.find("{")
    return text[:start], json.loads(text[start:])


def _synonym(stream: Stream, value: Any) -> Any:
    where = _one(stream, ("rhythm", "conduction", "other_findings", "diagnosis", "ischemia_stage", "territory"))
    words = list(synonyms(where)) or [value]
    return [_one(stream, words)] if isinstance(value, list) else _one(stream, words)


def _nested(stream: Stream) -> str:
    depth = int(_one(stream, (10, 200, 2_000, 90_000)))
    opened, closed = _one(stream, (("[", "]"), ('{"a":', "}"), ("[{", "}]")))
    return str(opened) * depth + ("1" + str(closed) * depth if stream.randint(2) else "")


def _change(stream: Stream, text: str) -> str:
    """Change one value, key or list of the object."""
    before, found = _document(text)
    keys = list(found) or ["rate"]
    key = _one(stream, keys)
    what = stream.randint(8)
    if what == 0:
        found[key] = _one(stream, _ODD)
    elif what == 1:
        found[key] = _one(stream, _WORDS)
    elif what == 2:
        found[key] = [_one(stream, _WORDS), _one(stream, _ODD)]
    elif what == 3:
        found[key] = _synonym(stream, found.get(key))
    elif what == 4:
        found.pop(key, None)
    elif what == 5:
        found[str(_one(stream, _WORDS))] = _one(stream, _ODD)
    elif what == 6:
        found["ischemia"] = [{"stage": _one(stream, _WORDS), "territory": _one(stream, _WORDS)}, _one(stream, _ODD)]
    else:
        return before + json.dumps({key: "\u0000"})[:-9] + str(_one(stream, _LITERALS)) + "}"
    return before + json.dumps(found, ensure_ascii=bool(stream.randint(2)))


def _noise(stream: Stream, text: str) -> str:
    """Insert, delete or replace a few characters anywhere."""
    for _ in range(1 + stream.randint(4)):
        place = stream.randint(len(text) + 1)
        text = text[:place] + str(_one(stream, ("", *_SNIPPETS))) + text[place + stream.randint(3) :]
    return text


def _twice(stream: Stream, text: str) -> str:
    before, found = _document(text)
    items = list(found.items())
    if not items:
        return text + text
    rows = [*items, _one(stream, [(key, value) for key, value in items])]
    return before + "{" + ", ".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in rows) + "}"


def _garbage(stream: Stream, text: str) -> str:
    kind = stream.randint(3)
    if kind == 0:
        return stream.bytes(1_000_000).decode("latin-1")
    return str(_one(stream, ('{"a":', "[", "{}", "```\n", "Answer:\n", "<think>", "\\"))) * 150_000 + text * (
        kind - 1
    )


#: What may befall an answer, and how often: a part each.
_DAMAGES: tuple[tuple[int, Callable[[Stream, str], str]], ...] = (
    (60, lambda stream, text: text),
    (60, lambda stream, text: f"```json\n{text}\n```"),
    (40, lambda stream, text: f"<think>It may be {{odd}}.</think>\n{text}"),
    (60, lambda stream, text: f"The rhythm is {_one(stream, _WORDS)}.\nAnswer:\n{text}"),
    (40, lambda stream, text: text + str(_one(stream, ("\nDone.", text, "}", "```", '{"rate": "normal"}')))),
    (120, lambda stream, text: text[: stream.randint(len(text) + 1)]),
    (60, _twice),
    (300, _change),
    (200, _noise),
    (40, lambda stream, text: str(_one(stream, _REFUSALS))),
    (1, lambda stream, text: _nested(stream)),
)
_SHARES = np.cumsum([share for share, _ in _DAMAGES]) / sum(share for share, _ in _DAMAGES)

#: One input in so many is a megabyte: slow to make, and one is much like another.
_HUGE = 5_000


def generated(stream: Stream, name: str) -> str:
    """Draw one input for a task's parser."""
    text = task(name).target(reading(stream)) or "{}"
    if stream.randint(_HUGE) == 0:
        return _garbage(stream, text)
    text = _DAMAGES[int(np.searchsorted(_SHARES, stream.rand(), side="right"))][1](stream, text)
    return _noise(stream, text) if stream.randint(8) == 0 else text


def checked(name: str, text: str) -> bool:
    """Parse an input; return whether it was taken.

    Raises
    ------
    AssertionError
        A reading that is incomplete or in foreign words, or a reason of several lines.
    """
    chosen = task(name)
    try:
        found = chosen.parse(text)
    except InvalidAnswer as error:
        assert 0 < len(str(error)) < 300 and "\n" not in str(error), repr(error)
        return False
    for axis in taxonomy.axes().values():
        value = taxonomy.axis_value(found, axis.name)
        if axis.name not in chosen.asked:
            assert value is None, axis.name
        elif value is None:
            assert name == "sparse", axis.name  # which may call an axis not assessable
        else:
            assert (value if isinstance(value, frozenset) else {value}) <= set(axis.values), (axis.name, value)
    if chosen.space is None:
        assert found.label is None
    else:
        assert isinstance(found.label, str) == (chosen.space.kind == "categorical")
        assert (found.label if isinstance(found.label, frozenset) else {found.label}) <= set(chosen.space.values)
    return True


def fuzz(inputs: int, seed: int) -> Counter[tuple[str, bool]]:
    """Parse so many inputs, in turn for each task; return how many each took and refused."""
    stream = Stream(seed)
    names = list(TASKS)
    counts: Counter[tuple[str, bool]] = Counter()
    for k in range(inputs):
        name, other = names[k % len(names)], str(_one(stream, names))
        text = generated(stream, name)
        try:
            counts[name, checked(name, text)] += 1
            checked(other, text)
        except BaseException:
            print(f"input {k} of seed {seed}, made for {name}, other {other}: {text[:2000]!r}", file=sys.stderr)
            raise
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    start = time.perf_counter()
    counts = fuzz(given.inputs, given.seed)
    seconds = time.perf_counter() - start
    print(f"{given.inputs:,} inputs, seed {given.seed}: no crash, {seconds:.0f} s")
    for name in TASKS:
        print(f"{name:15} taken {counts[name, True]:8,}  refused {counts[name, False]:8,}")


if __name__ == "__main__":
    main()
