"""Which images of paper ECGs belong to which record, and what the record is called."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from einthoven.ecg.recording import LEADS
from einthoven.errors import EinthovenError, Exit

__all__ = ["SUFFIXES", "Sheet", "sheets"]

#: What is taken for an image in a folder; a file that is named is opened whatever it is called.
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".tif", ".tiff", ".webp"})

#: A name's end that says which lead an image shows: ``x-aVR.png``, ``x_V1.png``.
_LEAD = re.compile(rf"^(?P<name>.+)[-_](?P<lead>{'|'.join(LEADS)})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper ECG: one image, or several of a lead each.

    Attributes
    ----------
    stem : str
        What its files are called, a path below the output folder without an ending; a WFDB record's name allows
        letters, digits, hyphens and underscores only, all else becomes an underscore.
    images : tuple of Path
        In the order of their leads.
    """

    stem: str
    images: tuple[Path, ...]


def sheets(paths: Sequence[Path], *, together: bool = False) -> list[Sheet]:
    """Sort images into records.

    Twelve images of a folder whose names differ only in a lead at their end (``x-I.png`` to ``x-V6.png``) are one
    record. So are, where `together` is set, all images of each folder, and all files that are named.

    Parameters
    ----------
    paths : sequence of Path
        Image files, and folders, which are searched through; hidden files are left out.
    together : bool
        Each record is several images of a lead each.

    Returns
    -------
    list of Sheet
        In the order of the paths, folders by name. What stands in a folder below a given one keeps its place.

    Raises
    ------
    EinthovenError
        A path is missing or cannot be read, a folder has no image, or two records would get the same name.
    """
    found: list[Sheet] = []
    single: list[Path] = []
    for path in paths:
        if path.is_dir():
            before = len(found)
            for folder, images in _folders(path):
                below = folder.relative_to(path)
                if together:
                    name = folder.resolve().name if folder == path else below.as_posix()
                    found.append(Sheet(_stem(name), _ordered(images)))
                else:
                    found += _by_name(images, below)
            if len(found) == before:
                kinds = ", ".join(sorted(SUFFIXES))
                raise EinthovenError(f"{path} holds no image", f"images end in {kinds}", Exit.MISSING)
        elif path.is_file():
            _refuse_unreadable(path)
            single.append(path)
        else:
            raise EinthovenError(f"there is no file {path}", "give images, or folders of images", Exit.MISSING)
    if together and single:
        found.append(Sheet(_stem(_shared_name(single)), _ordered(single)))
    else:
        found += _by_name(single, Path())
    _refuse_one_name(found)
    return found


def _folders(root: Path) -> Iterator[tuple[Path, list[Path]]]:
    """Yield each folder with the images that stand in it."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        # What an earlier run left is no page.
        names = [n for n in files if not n.startswith(".") and not n.endswith(".overlay.png")]
        images = [Path(folder, name) for name in names if Path(name).suffix.lower() in SUFFIXES]
        if images:
            yield Path(folder), sorted(images, key=_natural)


def _refuse_unreadable(path: Path) -> None:
    try:
        path.open("rb").close()
    except OSError as error:
        raise EinthovenError(
            f"{path} cannot be read: {error.strerror}", "make it readable, or leave it out", Exit.MISSING
        ) from None


def _by_name(images: Sequence[Path], below: Path) -> list[Sheet]:
    """Make a record of each image, and one of twelve that name the twelve leads."""
    leads: dict[Path, dict[str, Path]] = {}
    for path in images:
        match = _LEAD.match(path.stem)
        if match:
            leads.setdefault(path.with_name(match["name"]), {}).setdefault(match["lead"].lower(), path)
    whole = {name: own for name, own in leads.items() if len(own) == len(LEADS)}
    member = {path: name for name, own in whole.items() for path in own.values()}
    found: dict[Path, Sheet] = {}
    for path in images:
        name = member.get(path, path)
        stem = name.name if path in member else path.stem
        own = tuple(whole[name][lead.lower()] for lead in LEADS) if path in member else (path,)
        found.setdefault(name, Sheet((below / _stem(stem)).as_posix(), own))
    return list(found.values())


def _ordered(images: Sequence[Path]) -> tuple[Path, ...]:
    """Put images in the order of the leads that their names end in, else of their numbers."""
    order = [lead.lower() for lead in LEADS]
    named = []
    for path in images:
        lead = next((one for one in order if re.search(rf"(^|[-_ ]){one}$", path.stem.lower())), None)
        named.append(len(order) if lead is None else order.index(lead))
    if sorted(named) == list(range(len(LEADS))):
        return tuple(path for _, path in sorted(zip(named, images, strict=True), key=lambda pair: pair[0]))
    return tuple(sorted(images, key=_natural))


def _natural(path: Path) -> list[tuple[int, str]]:
    """Sort ``x2`` before ``x10``."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"([0-9]+)", path.name)]


def _shared_name(images: Sequence[Path]) -> str:
    """Name files by what their names share, else by their folder."""
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*(path.stem for path in images), strict=False))
    shared = "".join(letters[0] for letters in alike).rstrip("-_ .")
    return shared if len(shared) > 1 else images[0].resolve().parent.name


def _stem(name: str) -> str:
    """Name a record as WFDB allows; folders before it keep their names."""
    folder, slash, own = name.rpartition("/")
    return f"{folder}{slash}{re.sub(r'[^A-Za-z0-9_-]', '_', own) or 'page'}"


def _refuse_one_name(found: Sequence[Sheet]) -> None:
    seen: dict[str, Sheet] = {}
    for one in found:
        other = seen.setdefault(one.stem.lower(), one)  # some file systems know no capitals
        if other is not one:
            raise EinthovenError(
                f"{other.images[0]} and {one.images[0]} would both be called {one.stem}",
                "rename one of them, or run the command once for each, with an -o of its own",
            )
