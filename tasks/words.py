"""Values, lists and ischaemia entries out of JSON: strict about words, forgiving about their spelling."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from einthoven.ecg.reading import Ischemia, Reading
from einthoven.tasks import taxonomy
from einthoven.tasks.synonyms import spelled, synonyms
from einthoven.tasks.task import InvalidAnswer

__all__ = [
    "Vocabulary",
    "axis_words",
    "ischemia_of",
    "labels_of",
    "territory_words",
    "word_of",
    "words_of",
    "written",
]

#: A word as it is compared -> the value it stands for.
Vocabulary = Mapping[str, str]


def words_of(values: Iterable[str], where: str, *, also: bool) -> Vocabulary:
    """Return the words that stand for some values.

    Parameters
    ----------
    values : iterable of str
        The values themselves.
    where : str
        Whose they are: for the table of synonyms.
    also : bool
        Whether synonyms stand for them too.
    """
    own = {spelled(value): value for value in values}
    return {**synonyms(where), **own} if also else own


@cache
def axis_words(axis: str, *, also: bool) -> Vocabulary:
    """Return the words for an axis of the taxonomy; without ``none``, which is no stage but the empty list."""
    return words_of((v for v in taxonomy.axes()[axis].values if v != "none"), axis, also=also)


@cache
def territory_words(*, also: bool) -> Vocabulary:
    """Return the words for the territories."""
    return words_of(taxonomy.territories(), "territory", also=also)


def word_of(value: object, words: Vocabulary, where: str) -> str:
    """Take one value.

    Raises
    ------
    InvalidAnswer
        It is no string, or none of the words.
    """
    if not isinstance(value, str):
        raise InvalidAnswer(f"{where} holds {type(value).__name__}, not a word")
    word = words.get(spelled(value))
    if word is None:
        raise InvalidAnswer(f"{where} has no value {value[:40]!r}")
    return word


def _items(value: object, where: str) -> list[object]:
    """Take a list; a bare string or a single object is a list of one, and ``"none"`` alone is the empty list."""
    items = value if isinstance(value, list) else [value]
    words = [item.strip().lower() for item in items if isinstance(item, str)]
    if "none" not in words:
        return items
    if len(items) > 1:
        raise InvalidAnswer(f"{where} says none beside something")
    return []


def labels_of(value: object, words: Vocabulary, where: str) -> frozenset[str]:
    """Take a list of words, a bare one as a list of one; see `word_of` for what is raised."""
    return frozenset(word_of(item, words, where) for item in _items(value, where))


def ischemia_of(value: object, *, also: bool) -> frozenset[Ischemia]:
    """Take a list of ``{"stage": …, "territory": …}``; a bare stage has no territory.

    Parameters
    ----------
    value : object
        Out of JSON.
    also : bool
        Whether synonyms count.

    Raises
    ------
    InvalidAnswer
        It is no such list.
    """
    stages, places = axis_words("ischemia_stage", also=also), territory_words(also=also)
    territories = taxonomy.territories()
    found = set()
    for item in _items(value, "ischemia"):
        if isinstance(item, str):  # a bare stage, without a territory
            found.add(Ischemia(word_of(item, stages, "ischemia")))
            continue
        if not isinstance(item, dict):
            raise InvalidAnswer(f"ischemia holds {type(item).__name__}, not an object")
        unknown = set(item) - {"stage", "territory"}
        if unknown or "stage" not in item:
            raise InvalidAnswer("an ischemia entry has the keys stage and territory")
        stage = item["stage"]
        if isinstance(stage, str) and stage.strip().lower() == "none" and len(_items(value, "ischemia")) == 1:
            return frozenset()
        names = labels_of(item.get("territory", "unspecified"), places, "territory")
        walls = frozenset(wall for name in names for wall in territories[name])
        found.add(Ischemia(word_of(stage, stages, "stage"), walls))
    return frozenset(found)


@cache
def _territory_names() -> dict[frozenset[str], str]:
    return {walls: name for name, walls in taxonomy.territories().items()}


def _entries(ischemia: frozenset[Ischemia]) -> list[dict[str, str]]:
    """Write ischaemia entries; walls that have no common name become an entry each."""
    names = _territory_names()
    rows = set()
    for entry in ischemia:
        groups = [entry.walls] if entry.walls in names else [frozenset({wall}) for wall in entry.walls]
        rows |= {(entry.stage, names[group]) for group in groups}
    return [{"stage": stage, "territory": territory} for stage, territory in sorted(rows)]


def written(reading: Reading, keys: Iterable[str]) -> dict[str, object]:
    """Return the JSON value of each field that a reading has: lists sorted, `None` left out."""
    row: dict[str, object] = {}
    for key in keys:
        value = getattr(reading, key)
        if isinstance(value, frozenset):
            entries = frozenset(item for item in value if isinstance(item, Ischemia))
            row[key] = _entries(entries) if entries else sorted(item for item in value if isinstance(item, str))
        elif value is not None:
            row[key] = value
    return row
