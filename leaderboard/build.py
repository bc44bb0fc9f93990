"""Bundles to a static site, for now of one page. A pure function of the bundles: the same bytes twice."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from einthoven.errors import EinthovenError
from einthoven.leaderboard.page import page
from einthoven.leaderboard.runs import Run, find_runs
from einthoven.leaderboard.strangers import visible

__all__ = ["build", "write_site"]


def build(folders: Sequence[Path], out: Path) -> Path:
    """Build the site of all bundles under some folders.

    Nothing is written before all of them have been read and found valid.

    Parameters
    ----------
    folders : sequence of Path
        Bundles, or folders of bundles.
    out : Path
        The site's folder, made where it is missing; ``index.html`` in it is replaced.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    EinthovenError
        See `find_runs` and `write_site`.
    """
    return write_site(find_runs(folders)[0], out)


def write_site(runs: Sequence[Run], out: Path) -> Path:
    """Write the page of some runs into a folder and return its path.

    Raises
    ------
    EinthovenError
        Two runs of one model on the same ECGs; or the page cannot be written.
    """
    content = page(runs).encode()
    path = out / "index.html"
    # Beside it, then renamed: who opens the page meanwhile sees the old one or the new one.
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        out.mkdir(parents=True, exist_ok=True)
        try:
            beside.write_bytes(content)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise EinthovenError(
            f"cannot write {visible(str(path), 300)}: {error.strerror}",
            "give another folder with --out, or make room",
        ) from None
    return path
