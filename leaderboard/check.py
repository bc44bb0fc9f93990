"""A built site held against its own promises: links, checksums, policy, sizes, and no request to anywhere."""

from __future__ import annotations

import gzip
import hashlib
import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from einthoven.errors import EinthovenError, Exit
from einthoven.leaderboard.build import LISTING, listed
from einthoven.leaderboard.crew import Crew
from einthoven.leaderboard.page_facts import page_facts, plain
from einthoven.leaderboard.render import POLICY
from einthoven.leaderboard.strangers import visible

__all__ = ["CHECKS", "Fault", "SiteReport", "check_site"]

#: Gzipped bytes that a page may have, by the start of its path; the first that fits counts.
_LARGEST = (("index.html", 100_000), ("models/", 150_000), ("ecg/", 250_000), ("", 250_000))
#: Gzipped, all scripts and all styles of the site together.
_SCRIPTS, _STYLES = 30_000, 10_000

#: What is checked.
CHECKS = ("checksums", "policy", "rules", "links", "sizes")

_CHUNK = 50


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One broken promise.

    Attributes
    ----------
    check : str
        One of `CHECKS`.
    path : str
        The file.
    detail : str
        One line.
    """

    check: str
    path: str
    detail: str


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What a check found.

    Attributes
    ----------
    files, pages : int
        How many there are.
    bytes : int
        Of all files.
    largest : mapping of str to int
        Gzipped bytes of the largest page, by kind.
    faults : list of Fault
        Sorted; empty for a good site.
    """

    files: int
    pages: int
    bytes: int
    largest: Mapping[str, int]
    faults: list[Fault]


@dataclass(frozen=True, slots=True)
class _Looked:
    """What one file gave: its size, and of a page its ids and where it leads."""

    path: str
    size: int
    zipped: int = 0
    ids: frozenset[str] = frozenset()
    links: frozenset[tuple[str, str]] = frozenset()
    faults: list[Fault] = field(default_factory=list)


def check_site(folder: Path) -> SiteReport:
    """Check a site.

    Parameters
    ----------
    folder : Path
        As ``einthoven leaderboard build`` made it.

    Raises
    ------
    EinthovenError
        The folder holds no site.
    """
    sums = listed(folder / LISTING)
    if not sums:
        raise EinthovenError(
            f"{visible(str(folder), 300)} holds no site: no {LISTING}",
            "build one: einthoven leaderboard build BUNDLES -o DIR",
            Exit.MISSING,
        )
    paths = sorted(sums)
    chunks = [{path: sums[path] for path in paths[start : start + _CHUNK]} for start in range(0, len(paths), _CHUNK)]
    with Crew(answers=100 * len(paths)) as crew:
        looked = [one for found in crew.map(partial(_look, folder), chunks) for one in found]
    faults = [fault for one in looked for fault in one.faults]
    faults += _dead_links(looked)
    largest: dict[str, int] = {}
    for one in looked:
        if one.path.endswith(".html"):
            start, most = next(row for row in _LARGEST if one.path.startswith(row[0]))
            kind = start.removesuffix("/").removesuffix(".html") or "others"
            largest[kind] = max(largest.get(kind, 0), one.zipped)
            if one.zipped > most:
                faults.append(Fault("sizes", one.path, f"{one.zipped:,} bytes gzipped, {most:,} at most"))
    for suffix, most in ((".js", _SCRIPTS), (".css", _STYLES)):
        total = sum(one.zipped for one in looked if one.path.startswith("assets/") and one.path.endswith(suffix))
        if total > most:
            faults.append(Fault("sizes", f"assets/*{suffix}", f"{total:,} bytes gzipped, {most:,} at most"))
    pages = sum(one.path.endswith(".html") for one in looked)
    return SiteReport(len(looked), pages, sum(one.size for one in looked), largest, sorted(faults))


def _look(folder: Path, sums: Mapping[str, str]) -> list[_Looked]:
    return [_look_at(folder, path, digest) for path, digest in sums.items()]


def _look_at(folder: Path, path: str, digest: str) -> _Looked:
    place = folder / path
    if place.is_symlink() or not place.is_file():
        return _Looked(path, 0, faults=[Fault("checksums", path, "missing, or no plain file")])
    content = place.read_bytes()
    faults = []
    if hashlib.sha256(content).hexdigest() != digest:
        faults.append(Fault("checksums", path, f"not the file that {LISTING} names"))
    if path.endswith(".css") and (b"url(" in content or b"@import" in content):
        faults.append(Fault("rules", path, "a style sheet that loads something"))
    if not path.endswith(".html"):
        zipped = len(gzip.compress(content, 6)) if path.startswith("assets/") else 0
        return _Looked(path, len(content), zipped, faults=faults)
    facts = page_facts(content.decode("utf-8", "replace"))
    if facts.policy != POLICY:
        faults.append(Fault("policy", path, "no Content-Security-Policy" if not facts.policy else "another policy"))
    faults += [Fault("rules", path, fault) for fault in plain(facts.faults)]
    zipped = len(gzip.compress(content, 6))
    return _Looked(path, len(content), zipped, frozenset(facts.ids), frozenset(facts.links), faults)


def _dead_links(looked: Iterable[_Looked]) -> list[Fault]:
    by_path = {one.path: one for one in looked}
    faults = []
    for one in by_path.values():
        folder = posixpath.dirname(one.path)
        for link, fragment in sorted(one.links):
            target = posixpath.normpath(posixpath.join(folder, link)) if link else one.path
            if target == LISTING:
                continue
            if target not in by_path:
                faults.append(Fault("links", one.path, f"leads to {visible(target, 120)}, which is not there"))
            # A fragment with "=" is a state that a script reads, not a place.
            elif (
                fragment and "=" not in fragment and target.endswith(".html") and fragment not in by_path[target].ids
            ):
                faults.append(
                    Fault("links", one.path, f"leads to #{visible(fragment, 80)} in {target}, which is not there")
                )
    return faults
