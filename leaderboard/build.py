"""Bundles to a static site: a pure function of the bundles, the same bytes twice."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from einthoven.errors import EinthovenError
from einthoven.leaderboard.contents import all_pages
from einthoven.leaderboard.runs import Run, find_runs
from einthoven.leaderboard.site import Site
from einthoven.leaderboard.strangers import visible

__all__ = ["LISTING", "build", "listed", "write_site"]

#: All files of the site with their checksums, as ``sha256sum --check`` takes them; by it the next build takes away
#: what it no longer makes.
LISTING = "SHA256SUMS"

#: What a path of the site looks like: no part begins with a dot, so that none leads out of the folder.
_PATH = re.compile(r"(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*/)*[A-Za-z0-9_~-][A-Za-z0-9._~-]*")


def build(folders: Sequence[Path], out: Path) -> Path:
    """Build the site of all bundles under some folders.

    Nothing is written before all of them have been read and found valid.

    Parameters
    ----------
    folders : sequence of Path
        Bundles, or folders of bundles.
    out : Path
        The site's folder, made where it is missing. Files of an earlier build that are no longer made are removed;
        what else stands there is left alone.

    Returns
    -------
    Path
        The home page.

    Raises
    ------
    EinthovenError
        See `find_runs` and `write_site`.
    """
    return write_site(find_runs(folders)[0], out)


def write_site(runs: Sequence[Run], out: Path) -> Path:
    """Write the site of some runs into a folder and return its home page.

    All files are made beside the site first and then moved: who reads it meanwhile sees whole pages, and a bundle
    that turns out damaged leaves the site that stands.

    Raises
    ------
    EinthovenError
        Two runs of one model on the same ECGs; rows of a bundle that are damaged; or the site cannot be written.
    """
    site = Site.of(runs)
    staged = out / f".{os.getpid()}.part"
    try:
        out.mkdir(parents=True, exist_ok=True)
        try:
            made = dict(_stage(site, staged))
            _move(made, staged, out)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    except OSError as error:
        raise EinthovenError(
            f"cannot write {visible(str(out), 300)}: {error.strerror}",
            "give another folder with --out, or make room",
        ) from None
    return out / "index.html"


def _stage(site: Site, staged: Path) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for path, content in all_pages(site):
        if not _PATH.fullmatch(path) or path.lower() in seen:
            raise ValueError(f"{path!r}: no path of a site, or made twice")  # a fault of a page module
        seen.add(path.lower())
        place = staged / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        yield path, hashlib.sha256(content).hexdigest()


def listed(listing: Path) -> dict[str, str]:
    """Read a listing: the SHA-256 of each path; lines that are none are passed over."""
    if not listing.is_file():
        return {}
    lines = (line.partition("  ") for line in listing.read_text("utf-8", "replace").splitlines())
    return {path: digest for digest, _, path in lines if _PATH.fullmatch(path)}


def _move(made: Mapping[str, str], staged: Path, out: Path) -> None:
    listing = out / LISTING
    before = listed(listing)
    for path in made:
        place = out / path
        place.parent.mkdir(parents=True, exist_ok=True)
        (staged / path).replace(place)
    for path in sorted(before.keys() - made.keys(), reverse=True):
        (out / path).unlink(missing_ok=True)
    listing.write_text("".join(f"{made[path]}  {path}\n" for path in sorted(made)), "utf-8")
