"""The page of one ECG: what the model saw, what is true, and what every model answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from einthoven.bench.arms import ARMS
from einthoven.leaderboard import trace
from einthoven.leaderboard.clinical import clinical, truth_words
from einthoven.leaderboard.ecg_board import EcgBoard, ModelRow
from einthoven.leaderboard.ecg_paths import asked_key, ecg_index_path, ecg_key, ecg_path
from einthoven.leaderboard.raw_answers import raw_answers
from einthoven.leaderboard.registry import registry_bytes
from einthoven.leaderboard.render import render
from einthoven.leaderboard.sheets import STATUSES
from einthoven.leaderboard.strangers import visible
from einthoven.tasks import taxonomy

__all__ = ["ecg_files", "findings", "media_path"]

#: With so many models or fewer their answers stand in the table in words; with more, as marks.
_IN_WORDS = 30

#: So many distinct answers on an axis are listed with how many models gave each.
_LISTED = 5

#: Of the registry of raw answers: there are thousands, and a stronger one saves 2 %.
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class _Cell:
    """One model on one axis: a mark, and the answer where there is room."""

    mark: str
    kind: str
    words: Markup | str = ""


#: Of right, wrong, and what does not count: mark and class.
_MARKS = {1: ("✓", "y"), 0: ("✗", "n"), -2: ("–", "o")}


def ecg_files(ecgs: EcgBoard, column: int) -> list[tuple[str, bytes]]:
    """Return the files of one ECG: its page and its registry of raw answers.

    Parameters
    ----------
    ecgs : EcgBoard
        Its board.
    column : int
        Its place among the ids.
    """
    ids = ecgs.truths.ids
    record, row = ids[column], ecgs.truths.records[column]
    media = ecgs.media.get(record)
    drawn = None if media is None else media.trace
    page = render(
        ecgs.site,
        ecg_path(ecgs.board, record),
        "ecg.html.j2",
        board=ecgs.board,
        record=visible(record),
        facts=_facts(row),
        shown_elsewhere=_elsewhere(row),
        axes=[_axis(ecgs, number, column) for number in range(len(ecgs.truths.axes))],
        titles=ecgs.titles,
        groups_of=_groups(ecgs, column),
        in_words=len(ecgs.models) <= _IN_WORDS,
        media=media,
        media_path=media_path,
        seen=_seen(ecgs, None if media is None else {f"{one.width}×{one.height}" for one in media.pictures}),
        rule=ecgs.rule,
        strips=trace.strips(drawn) if drawn else [],
        pulses=trace.pulses(drawn) if drawn else [],
        paper=(trace.WIDTH, trace.paper_of(drawn).height if drawn else 0),
        key=ecg_key(ecgs.board, record),
        asked=asked_key(ecgs.board),
        arms=[(name, ARMS[name].title) for name in ecgs.arms],
        index=ecg_index_path(ecgs.board),
        before=ecg_path(ecgs.board, ids[column - 1]) if column else "",
        after=ecg_path(ecgs.board, ids[column + 1]) if column + 1 < len(ids) else "",
        place=column + 1,
        total=len(ids),
    )
    key = ecg_key(ecgs.board, record)
    return [page, (f"data/{key}.js", registry_bytes(key, raw_answers(ecgs, column), _LEVEL))]


def media_path(sha256: str) -> str:
    """Return where a picture stands in the site; equal pictures of several boards are one file."""
    return f"media/{sha256}.png"


def findings(ecgs: EcgBoard, column: int) -> str:
    """Return what is true of an ECG in one line: all that is not normal or none, but for the summing diagnosis."""
    truth = {axis.name: axis.truths[column].value for axis in ecgs.truths.axes}
    walls = truth.get("ischemia_territory") or ()
    found = []
    for name, value in truth.items():
        if name in ("diagnosis", "ischemia_territory") or value is None or value in _NORMAL:
            continue
        named = [value] if isinstance(value, str) else sorted(value)
        if name == "axis":
            found.append(f"{clinical(named[0])} axis")
        elif named == ["other"]:
            found.append(f"other {name}")
        elif name == "ischemia_stage":
            stage = taxonomy.axes()[name].meanings.get(named[0]) or clinical(named[0])
            found.append(f"{stage} ({', '.join(sorted(walls))})" if walls else stage)
        else:
            found += [clinical(each) for each in named]
    return ", ".join(found)


#: Values that go without saying in a list of findings.
_NORMAL = ("normal", "none", "sinus")

_FACTS = {
    "heart_rate": ("heart rate", "bpm"),
    "pr": ("PR", "ms"),
    "qrs": ("QRS", "ms"),
    "qt": ("QT", "ms"),
    "qtc_fridericia": ("QTc (Fridericia)", "ms"),
    "qtc_bazett": ("QTc (Bazett)", "ms"),
    "p_axis": ("P axis", "°"),
    "qrs_axis": ("QRS axis", "°"),
    "t_axis": ("T axis", "°"),
}


def _facts(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what is known of the ECG beside its truth, each with its name."""
    found = []
    age, sex = row.get("age"), row.get("sex")
    if isinstance(age, int | float):
        found.append(("Age", f"{age:.0f} years"))
    if sex in (0, 1):
        found.append(("Sex", ("male", "female")[int(sex)]))
    found += [(name.capitalize(), visible(str(row[name]))) for name in ("device", "site", "quality") if row.get(name)]
    given = row.get("measurements") or {}
    numbers = [_number(name, given[name]) for name in _FACTS if isinstance(given.get(name), int | float)]
    if numbers:
        by = given.get("measurer")
        found.append(
            (f"Printed in the text arms{f', measured by {visible(str(by))}' if by else ''}", ", ".join(numbers))
        )
    return found


def _elsewhere(row: Mapping[str, Any]) -> list[str]:
    """Return what the contradicting arms showed or printed in its place."""
    found = []
    if row.get("donor"):
        found.append(f"In the arm swapped the picture was that of ECG {visible(str(row['donor']))}.")
    conflict = row.get("conflict") or {}
    if conflict.get("moved"):
        moved = ", ".join(_number(name, value) for name, value in conflict["moved"].items())
        found.append(f"In the arm conflict these numbers were printed: {visible(moved, 200)}.")
    return found


def _number(name: str, value: Any) -> str:
    """Return a printed number with its name and unit."""
    title, unit = _FACTS.get(name, (visible(str(name)), ""))
    if not isinstance(value, int | float):
        return f"{title} {value}"
    return f"{title} {value:z.0f} {unit}".replace(" °", "°").strip()


def _axis(ecgs: EcgBoard, number: int, column: int) -> dict[str, Any]:
    axis = ecgs.truths.axes[number]
    words, notes = truth_words(axis.truths[column])
    said: Counter[tuple[str, int]] = Counter()
    right = counted = 0
    for model in ecgs.models:
        if not model.compared:
            continue
        good = int(model.right[0, number, column])
        right += good == 1
        counted += good >= 0
        said[_said(model, axis.name, column), good] += 1
    return {
        "title": ecgs.titles[number],
        "masked": axis.truths[column].value is None,
        "words": visible(words, 400),
        "notes": [visible(note, 900) for note in notes],
        "right": right,
        "counted": counted,
        "said": [(words, *_MARKS[good], times) for (words, good), times in said.most_common(_LISTED)],
        "more": max(0, len(said) - _LISTED),
    }


def _said(model: ModelRow, axis: str, column: int) -> Markup | str:
    place = int(model.places[axis][column])
    return model.words[axis][place] if place >= 0 else "no usable answer"


def _groups(ecgs: EcgBoard, column: int) -> list[tuple[str, list[tuple[ModelRow, str, list[_Cell]]]]]:
    """Return the rows of the table, group by group."""
    in_words = len(ecgs.models) <= _IN_WORDS
    grouped: dict[str, list[tuple[ModelRow, str, list[_Cell]]]] = {}
    for model in ecgs.models:
        status = int(model.statuses[column])
        marks = [_MARKS[good] for good in model.right[0, :, column].tolist()]
        words = [_said(model, axis.name, column) if in_words else "" for axis in ecgs.truths.axes]
        cells = [_Cell(mark, kind, each) for (mark, kind), each in zip(marks, words, strict=True)]
        grouped.setdefault(model.group, []).append((model, STATUSES[status] if status >= 0 else "not asked", cells))
    return list(grouped.items())


def _seen(ecgs: EcgBoard, sizes: set[str] | None) -> list[tuple[str, str, list[str]]]:
    """Return, for each size that a resize leaves, who sees it."""
    found: dict[tuple[str, str], list[str]] = {}
    for model in ecgs.models:
        for sent, left in model.seen:
            if sizes and sent in sizes:
                found.setdefault((sent, left), []).append(model.name)
    return [(sent, left, names) for (sent, left), names in sorted(found.items())]
