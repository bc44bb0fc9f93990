"""Bundles in, what the site keeps of them out: read one by one, checked, and let go again.

Two hundred runs hold more text than fits into memory. Of each stay the positions of its answers; its raw answers are
written into a scratch file, ECG by ECG, from which the pages of the ECGs take them.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from einthoven.bench.bundle import Bundle, read_bundle
from einthoven.bench.pairs import ARM as PAIRS
from einthoven.bench.table import asked_for
from einthoven.errors import EinthovenError, Exit
from einthoven.leaderboard.sheets import Sheet, sheet_of
from einthoven.leaderboard.strangers import visible
from einthoven.leaderboard.truths import Truths, truths_digest, truths_of
from einthoven.tasks import taxonomy
from einthoven.tasks.registry import TASKS, task

__all__ = ["Gathered", "Verbatim", "gather"]

#: A raw answer is shown to so many characters; all of it stands in the bundle.
MOST_SHOWN = 20_000


@dataclass(frozen=True, slots=True)
class Verbatim:
    """The raw answers of one run in a scratch file.

    Attributes
    ----------
    path : Path
        The file.
    ends : ndarray of int64, shape (records + 1,)
        Where each ECG's part begins and the last one ends.
    """

    path: Path
    ends: NDArray[np.int64] = field(repr=False)

    def of(self, column: int) -> list[list[Any]]:
        """Return the answers to one ECG: arm, status, text, and why it is not usable or which variant was shown."""
        with self.path.open("rb") as stream:
            stream.seek(int(self.ends[column]))
            packed = stream.read(int(self.ends[column + 1] - self.ends[column]))
        return orjson.loads(zlib.decompress(packed)) if packed else []


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is kept of a run.

    Attributes
    ----------
    sheet : Sheet
        Its answers as positions.
    verbatim : Verbatim
        Its raw answers.
    digest : str
        Of ids and truths, which all runs of a board share.
    """

    sheet: Sheet
    verbatim: Verbatim
    digest: str


def gather(
    folder: Path, result: Mapping[str, Any], scratch: Path, truths: Truths | None = None
) -> tuple[Gathered, Truths] | None:
    """Read the rows of one run.

    Parameters
    ----------
    folder : Path
        The bundle.
    result : mapping
        Its ``result.json``, checked already.
    scratch : Path
        The file for raw answers.
    truths : Truths, optional
        What an earlier run of the same board knew of the ECGs; taken again where it is the same.

    Returns
    -------
    tuple of Gathered and Truths, or None
        `None` where there are no rows, or rows that only another version of einthoven can read.

    Raises
    ------
    EinthovenError
        The rows are damaged or make no sense, or ``result.json`` says something else than they do.
    """
    if not (folder / "run.json").is_file():
        return None
    bundle = read_bundle(folder)
    try:
        if not _readable(bundle, result):
            return None
        digest = truths_digest(bundle)
        if truths is None or digest != truths.digest:
            truths = truths_of(bundle)
        if not len(set(truths.ids)) == len(truths.ids) == result["data"]["records"]:
            raise ValueError(f"{len(set(truths.ids))} different ECGs in {len(truths.ids)} rows")
        sheet = sheet_of(bundle, truths)
        _refuse_other_scores(folder, sheet, result)
        return Gathered(sheet, _write_verbatim(bundle, truths, scratch), digest), truths
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise _refusal(folder, f"its rows make no sense ({type(error).__name__}: {error})") from error


def _refusal(folder: Path, why: str) -> EinthovenError:
    return EinthovenError(
        f"{visible(str(folder), 300)}: {visible(why, 300)}",
        "copy the bundle again, score it again, or leave it out",
        Exit.MISSING,
    )


def _readable(bundle: Bundle, result: Mapping[str, Any]) -> bool:
    """Tell whether this einthoven can parse the answers; refuse rows that belong to another result."""
    run, identity = bundle.run, bundle.run["identity"]
    for what, one, other in (
        ("model", run["model"]["name"], result["model"]["name"]),
        ("data", run["data"]["fingerprint"], result["data"]["fingerprint"]),
        ("task", identity["task"], {key: result["task"][key] for key in ("name", "version")}),
        ("view", identity["view"], result["view"]),
    ):
        if one != other:
            raise ValueError(f"run.json and result.json name another {what}")
    known = identity["task"]["name"] in TASKS and identity["taxonomy"] == taxonomy.version()
    return known and task(identity["task"]["name"]).version == identity["task"]["version"]


def _refuse_other_scores(folder: Path, sheet: Sheet, result: Mapping[str, Any]) -> None:
    """Refuse a ``result.json`` whose shares of right answers are not those of the rows."""
    for name, scores in asked_for(result).items():
        if name not in sheet.axes or "image" not in sheet.arms:
            raise _refusal(folder, f"its rows hold no answers on {name}")
        right = sheet.axes[name].right["image"]
        counted = int((right >= 0).sum())
        accuracy = round(int((right == 1).sum()) / counted, 6) if counted else None
        if counted != scores["n"] or accuracy != scores["arms"]["image"]["accuracy"]:
            said = scores["arms"]["image"]["accuracy"]
            raise _refusal(
                folder,
                f"result.json says {said} of {scores['n']} right on {name}, its answers {accuracy} of {counted}",
            )


def _write_verbatim(bundle: Bundle, truths: Truths, scratch: Path) -> Verbatim:
    column = {row: place for place, row in enumerate(truths.ids)}
    rows: list[list[list[Any]]] = [[] for _ in column]
    for row in bundle.answers:
        if row["arm"] == PAIRS:
            continue
        text = str(row["text"])
        if len(text) > MOST_SHOWN:
            text = f"{text[:MOST_SHOWN]}… ({len(text):,} characters)"
        note = str(row.get("detail") or row.get("variant") or "")[:300]
        rows[column[row["record"]]].append([row["arm"], row["status"], text, note])
    ends = np.zeros(len(rows) + 1, np.int64)
    with scratch.open("wb") as stream:
        for place, answers in enumerate(rows):
            stream.write(zlib.compress(orjson.dumps(answers), 1) if answers else b"")
            ends[place + 1] = stream.tell()
    return Verbatim(scratch, ends)
