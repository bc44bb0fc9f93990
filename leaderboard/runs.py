"""The runs a page is made of: every ``result.json`` under the given folders, checked before a word of it is shown."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from einthoven.bench.bundle import Bundle, read_bundle
from einthoven.bench.table import asked_for
from einthoven.ecg.reading import AXES
from einthoven.errors import EinthovenError, Exit
from einthoven.leaderboard.crew import Crew
from einthoven.leaderboard.strangers import visible

__all__ = ["MAX_BYTES", "Run", "find_runs"]

#: A real ``result.json`` has about 25 kB; what is larger than this is not read.
MAX_BYTES = 5_000_000

#: What checking one costs, in answers of a board as `Crew` counts: processes are worth it from thirty on.
_WEIGHT = 2_000

#: No count, price or latency of a run is larger; a longer number would only be there to break the page.
_LARGEST = 1e12

#: No run has more classes, arms or statuses, and no data set more faults; the page lists only some of those.
_MOST, _MOST_FAULTS = 1_000, 100_000

#: What a metric of the image arm can be at all: (lowest, highest). A gain is a difference of two informednesses.
_BOUNDS: Mapping[str, tuple[float, float]] = {
    "accuracy": (0, 1),
    "informedness": (-1, 1),
    "gain": (-2, 2),
    "p_holm": (0, 1),
    "mde": (0, 2),
}


@dataclass(frozen=True, slots=True)
class Run:
    """One finished run.

    Attributes
    ----------
    path : Path
        Of its ``result.json``; for messages, never for the page.
    result : mapping
        The document, valid by ``result.schema.json``.
    """

    path: Path
    result: Mapping[str, Any]

    @property
    def model(self) -> str:
        """The model's name as the bundle gives it: a stranger's string."""
        return str(self.result["model"]["name"])

    @property
    def cost(self) -> float | None:
        """US dollars of all arms; unknown where that of one arm is."""
        costs = [arm["cost_usd"] for arm in self.result["arms"].values()]
        return None if None in costs else float(sum(costs))

    def worded(self, word: str) -> list[str]:
        """Return the axes that were given a word."""
        axes = self.result["axes"].items()
        return [name for name, axis in axes if "verdict" in axis and axis["verdict"]["word"] == word]

    def settings(self) -> Mapping[str, Any]:
        """Read ``run.json``, which no schema checks: nothing where it is missing, too large or no JSON object."""
        import orjson

        try:
            with (self.path.parent / "run.json").open("rb") as stream:
                content = stream.read(MAX_BYTES + 1)
            found = orjson.loads(content) if len(content) <= MAX_BYTES else None
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def bundle(self) -> Bundle | None:
        """Read the rows behind the result: anew at each call, because two hundred runs do not fit into memory.

        Returns
        -------
        Bundle or None
            `None` where only ``result.json`` is there.

        Raises
        ------
        EinthovenError
            The rows are damaged, too large, or of another version.
        """
        folder = self.path.parent
        return read_bundle(folder) if (folder / "run.json").is_file() else None


def find_runs(folders: Sequence[Path]) -> tuple[list[Run], list[Path]]:
    """Read every ``result.json`` under some folders; a file reached twice counts once.

    Parameters
    ----------
    folders : sequence of Path
        Bundles, or folders of bundles. Links to folders are not followed.

    Returns
    -------
    runs : list of Run
        Sorted by path.
    unfinished : list of Path
        Folders with a journal and no ``result.json``: runs to be resumed, left out.

    Raises
    ------
    EinthovenError
        A folder without a bundle; a file that is too large, damaged, of another schema or with impossible numbers.
    """
    found: dict[Path, Path] = {}
    unfinished: set[Path] = set()
    for folder in folders:
        if not folder.is_dir():
            raise EinthovenError(
                f"{_named(folder)} is no folder", "give the folders that einthoven run wrote", Exit.MISSING
            )
        paths = list(_walk(folder, unfinished))
        if not paths:
            raise EinthovenError(
                f"there is no result.json under {_named(folder)}",
                "give the folder of a finished run, or a folder of such folders",
                Exit.MISSING,
            )
        for path in paths:
            found.setdefault(path.resolve(), path)
    ordered = sorted(found.values())
    with Crew(_WEIGHT * len(ordered)) as crew:
        runs = [Run(path, document) for path, document in zip(ordered, crew.map(_read, ordered), strict=True)]
    return runs, sorted(unfinished)


def _walk(folder: Path, unfinished: set[Path]) -> Iterator[Path]:
    def fail(error: OSError) -> None:
        raise EinthovenError(
            f"cannot read {_named(Path(str(error.filename)))}: {error.strerror}", "make it readable", Exit.MISSING
        )

    for place, _, names in os.walk(folder, onerror=fail):
        if "result.json" in names:
            yield Path(place, "result.json")
        elif "journal.jsonl" in names:
            unfinished.add(Path(place))


def _named(path: Path) -> str:
    return visible(str(path), 300)


def _refusal(path: Path, why: str, remedy: str = "score the bundle again, or leave it out") -> EinthovenError:
    return EinthovenError(f"{_named(path)} {why}", remedy, Exit.MISSING)


def _read(path: Path) -> Mapping[str, Any]:
    import orjson

    from einthoven.bench.result import SCHEMA_VERSION, validate

    try:
        if not path.is_file():
            raise _refusal(path, "is no plain file")
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise _refusal(path, f"is larger than {MAX_BYTES // 1_000_000} MB: no run gives that", "leave it out")
        document = orjson.loads(content)
    except OSError as error:
        raise _refusal(path, f"cannot be read: {error.strerror}", "make it readable, or leave it out") from None
    except ValueError as error:
        raise _refusal(path, f"is no JSON: {visible(str(error), 100)}", "copy the bundle again") from None
    if not isinstance(document, dict):
        raise _refusal(path, "is no JSON object", "copy the bundle again")
    version = document.get("schema_version", "none")
    if version != SCHEMA_VERSION:
        raise _refusal(
            path,
            f"has schema version {visible(str(version), 20)}, and this einthoven reads {SCHEMA_VERSION}",
            "score the bundle again with this einthoven (einthoven score), or use the one that made it",
        )
    try:
        # Sizes first: the schema's check of a hundred thousand entries takes a minute.
        fault = next(_out_of_size(document, ""), None)
        if fault is None:
            validate(document)
            fault = next(_impossible(document), None)
    except EinthovenError as error:
        raise _refusal(path, f"is {visible(error.problem, 300)}", f"{error.remedy}, or leave it out") from None
    except RecursionError:
        raise _refusal(path, "is nested too deeply") from None
    if fault is not None:
        raise _refusal(path, f"says what no run can give: {visible(fault, 200)}")
    return document


def _impossible(result: Mapping[str, Any]) -> Iterator[str]:
    """Name what fits the schema and still cannot be: it would be shown as if it had been measured."""
    space = result["task"].get("space")
    if space is not None and (space not in result["secondary"] or space in AXES):
        yield f"the task's label space {space} is not scored"
        return
    if not asked_for(result):
        yield "nothing was asked for"
    for name, axis in asked_for(result).items():
        if axis["n"] + axis["masked"] != result["data"]["records"]:
            yield f"{name}: {axis['n']} records counted and {axis['masked']} masked of {result['data']['records']}"
        if not set(axis["eligible"]) <= axis["cases"].keys():
            yield f"{name}: classes are counted that no record has"
        for arm, scores in (("image", axis["arms"]["image"]), ("majority", axis["baselines"]["majority"])):
            for metric, (lowest, highest) in _BOUNDS.items():
                value, ends = scores.get(metric), scores.get(f"{metric}_ci")
                for number in [] if value is None else [value]:
                    if not lowest <= number <= highest:
                        yield f"{name}: {metric} of {arm} is {number}"
                if ends is not None and not lowest <= ends[0] <= ends[1] <= highest:
                    yield f"{name}: the interval of {metric} of {arm} is {ends}"


def _out_of_size(value: object, place: str) -> Iterator[str]:
    """Name numbers and lists that no run makes so large."""
    if isinstance(value, dict | list) and len(value) > (_MOST_FAULTS if place == "data.faults" else _MOST):
        yield f"{place} has {len(value)} entries"
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _out_of_size(part, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list):
        for part in value:
            yield from _out_of_size(part, place)
    elif isinstance(value, int | float) and not (math.isfinite(value) and abs(value) <= _LARGEST):
        yield f"{place} is {value}"
