"""Danger matrices: what it costs to say one class where another is true.

Weights are a judgement, not a measurement. So they are data files, anyone can bring their own, and none stands alone:
every figure is computed under all of `MATRICES`.
"""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.errors import EinthovenError, unknown_name
from einthoven.tasks import taxonomy

__all__ = ["CLASSES", "MATRICES", "NORMAL", "Danger", "danger", "read_danger"]

#: The shipped ones; the first is the published one.
MATRICES = ("published", "missed", "uniform")

#: PTB-XL's superclasses, in the order in which ties are broken.
CLASSES = tuple(taxonomy.superclasses())

#: What an answer stands for that names none of the others.
NORMAL = CLASSES.index("NORM")

#: No file of weights is larger.
_MAX_BYTES = 100_000

_SHAPE = "a row of classes, then a row of five numbers for each: the class that is true, and what each answer costs"


@dataclass(frozen=True, slots=True)
class Danger:
    """A danger matrix.

    Attributes
    ----------
    name, title, source : str
        The word for it, the words for people, where the weights come from.
    rows : tuple of tuple of float
        By what is true and what is said, both in the order of `CLASSES`.
    """

    name: str
    title: str
    source: str
    rows: tuple[tuple[float, ...], ...]

    @property
    def cells(self) -> NDArray[np.float64]:
        """The weights, shape (true, said)."""
        return np.array(self.rows)

    @property
    def critical(self) -> tuple[tuple[int, int], ...]:
        """The cells with the highest weight: (true, said)."""
        cells = self.cells
        return tuple((int(i), int(j)) for i, j in np.argwhere(cells == cells.max()))

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form, which is that of a file."""
        return {
            "name": self.name,
            "title": self.title,
            "source": self.source,
            "classes": list(CLASSES),
            "danger": [list(row) for row in self.rows],
        }


@cache
def danger(name: str) -> Danger:
    """Return a shipped matrix.

    Raises
    ------
    EinthovenError
        There is none of that name.
    """
    if name not in MATRICES:
        raise unknown_name("danger matrix", name, MATRICES)
    text = files("einthoven.bench.scoring").joinpath("matrices", f"{name}.toml").read_text(encoding="utf-8")
    return _checked(tomllib.loads(text), name)


def read_danger(path: Path) -> Danger:
    """Read a matrix of one's own.

    Parameters
    ----------
    path : Path
        A TOML file as those in ``bench/scoring/matrices/``, or a CSV file with the classes along the top (what is
        said) and down the first column (what is true).

    Raises
    ------
    EinthovenError
        The file cannot be read, or is no danger matrix; the place of the first fault is named.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EinthovenError(f"{path} cannot be read: {error.strerror}", "give a file with --danger") from None
    if len(content) > _MAX_BYTES:
        raise EinthovenError(f"{path} is too large for five rows of five numbers", "give another file with --danger")
    try:
        text = content.decode("utf-8-sig")
        document = _from_csv(text, path.stem) if path.suffix.lower() == ".csv" else tomllib.loads(text)
    except (ValueError, csv.Error) as error:
        why = str(error).splitlines()[0] if str(error) else "no message"
        raise EinthovenError(f"{path} is no danger matrix: {why}", f"a CSV file holds {_SHAPE}") from None
    found = _checked(document, str(path))
    if found.name in MATRICES and found.rows != danger(found.name).rows:
        raise EinthovenError(f"{path} calls its own weights {found.name}", "give them a name of their own")
    return found


def _from_csv(text: str, stem: str) -> dict[str, Any]:
    rows = [[cell.strip() for cell in row] for row in csv.reader(text.splitlines()) if any(map(str.strip, row))]
    if len(rows) != 1 + len(CLASSES) or any(len(row) != 1 + len(CLASSES) for row in rows):
        raise ValueError(f"it has not {1 + len(CLASSES)} rows of {1 + len(CLASSES)} cells")
    classes = rows[0][1:]
    if [row[0] for row in rows[1:]] != classes:
        raise ValueError("the classes along the top and down the side are not the same")
    name = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in stem.lower()).strip("-")
    return {
        "name": name[:40] or "own",
        "classes": classes,
        "danger": [[float(x) for x in row[1:]] for row in rows[1:]],
    }


@cache
def _validator() -> Any:
    import jsonschema

    schema = files("einthoven.bench.scoring").joinpath("danger.schema.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(json.loads(schema))


def _checked(document: Mapping[str, Any], where: str) -> Danger:
    fault = next(iter(sorted(_validator().iter_errors(document), key=lambda one: list(map(str, one.path)))), None)
    remedy = "see the matrices in bench/scoring/matrices, and docs/safety.md"
    if fault is not None:
        place = ".".join(map(str, fault.absolute_path)) or "the top"
        raise EinthovenError(f"{where} is no danger matrix: at {place}: {fault.message[:150]}", remedy)
    cells = np.array(document["danger"], dtype=np.float64)
    if not np.isfinite(cells).all():
        raise EinthovenError(f"{where} is no danger matrix: a weight is no finite number", remedy)
    if cells.diagonal().any():
        raise EinthovenError(f"{where} charges for right answers: the diagonal is 0", remedy)
    if not cells.any():
        raise EinthovenError(f"{where} charges for no error at all", remedy)
    if not np.allclose(cells, cells.round(6), rtol=0, atol=1e-12):
        raise EinthovenError(f"{where} has weights with more than six decimals", "round them")
    order = [document["classes"].index(name) for name in CLASSES]
    rows = cells[np.ix_(order, order)].round(6)
    return Danger(
        document["name"],
        document.get("title") or document["name"],
        document.get("source") or "not stated",
        tuple(tuple(row) for row in rows.tolist()),
    )
