"""From a source to labelled pictures for a network: drawn once, shrunk as a profile does, kept on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.metadata import version as installed
from pathlib import Path
from typing import Literal

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from einthoven.adapters.image.picture_set import PictureSet
from einthoven.adapters.image.pictures import pictures, seen_size
from einthoven.adapters.signal.outputs import Outputs
from einthoven.bench.pages import drawn
from einthoven.bench.progress import Meter
from einthoven.bench.settings import Settings
from einthoven.bench.signal_data import data_key, labelled
from einthoven.bench.sources.cache import cache_folder
from einthoven.bench.sources.source import Entry, Source
from einthoven.bench.workers import cores, mapped
from einthoven.renderers.profile import profile_named
from einthoven.renderers.registry import RENDERER_VERSION, view

__all__ = ["page_shape", "pictured"]

#: Fewer recordings than this are drawn in this process.
_WORTH_WORKERS = 400

#: Pages drawn between two notes of how far it got: an interrupted drawing goes on from the last one.
_NOTED = 50

_KILLED = ("a process that drew pages was killed (out of memory?)", "run again with --jobs 1")

_source_in_worker: Source
_settings_in_worker: Settings
_profile_in_worker: str


def page_shape(name: str, profile: str) -> tuple[int, int, int]:
    """Return pages, rows and columns of what a profile leaves of a view's pages.

    Raises
    ------
    EinthovenError
        There is no such view or profile, or its sizes are not published.
    """
    import io

    from PIL import Image

    blank = view(name, blank=True)()

    columns, rows = seen_size(profile, *Image.open(io.BytesIO(blank[0].png)).size)
    return len(blank), rows, columns


def pictured(
    source: Source, entries: Sequence[Entry], shown: str, profile: str, of: Outputs, jobs: int | None = None
) -> PictureSet:
    """Draw the pages of records, or take them from disk where they were drawn before.

    Parameters
    ----------
    source : Source
        Of the records.
    entries : sequence of Entry
        The usable ones.
    shown, profile : str
        A view, and whose resize it goes through.
    of : Outputs
        What the network answers.
    jobs : int, optional
        Worker processes.
    """
    shape = (len(entries), *page_shape(shown, profile))
    folder = cache_folder() / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    rule = profile_named(profile)
    drawing = [data_key(source, entries, 0, False), shown, rule.rule, sorted(rule.numbers.items()), RENDERER_VERSION]
    key = hashlib.sha256(repr([*drawing, installed("pillow")]).encode()).hexdigest()[:24]
    path = folder / f"{key}.npy"
    with FileLock(folder / f"{key}.lock"):
        if not path.is_file():
            _draw(source, entries, shown, profile, path, shape, jobs)
    return PictureSet(np.load(path, mmap_mode="r"), labelled(entries, of))


def _draw(
    source: Source,
    entries: Sequence[Entry],
    shown: str,
    profile: str,
    path: Path,
    shape: tuple[int, ...],
    jobs: int | None,
) -> None:
    part, count = path.with_name(f"{path.name}.part"), path.with_name(f"{path.name}.drawn")
    drawn_before = int(count.read_text()) if part.is_file() and count.is_file() else 0
    mode: Literal["r+", "w+"] = "r+" if drawn_before else "w+"
    rows = np.lib.format.open_memmap(part, mode=mode, dtype=np.uint8, shape=shape)
    left = entries[drawn_before:]
    workers = min(jobs or cores(), len(left) // (_WORTH_WORKERS // 2))
    given = (source, Settings("reference/image-resnet", source.name, view=shown), profile)
    with Meter(f"drawing {source.name}, {shown} as {profile} sees it", len(entries)) as meter:
        meter.advance(drawn_before)
        for number, found in enumerate(mapped(_work, left, workers, _start, given, _KILLED), start=drawn_before + 1):
            rows[number - 1] = found
            meter.advance()
            if number % _NOTED == 0:
                rows.flush()
                count.write_text(str(number))
    rows.flush()
    part.replace(path)
    count.unlink(missing_ok=True)


def _start(source: Source, settings: Settings, profile: str) -> None:
    global _source_in_worker, _settings_in_worker, _profile_in_worker
    _source_in_worker, _settings_in_worker, _profile_in_worker = source, settings, profile


def _work(entry: Entry) -> NDArray[np.uint8]:
    pages = drawn(_source_in_worker, entry, _settings_in_worker)
    return pictures([page.png for page in pages], _profile_in_worker)
