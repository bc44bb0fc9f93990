"""Hostile bundles in real Chromium: no script of theirs runs, nothing is asked for but the site's own files."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from chromium import inside, watched
from hostile_bundles import INERT

from einthoven.leaderboard.build import build


def _some_of_every_kind(folder: Path) -> list[Path]:
    kinds: dict[Path, Path] = {}
    for page in sorted(folder.rglob("*.html")):
        kinds.setdefault(page.parent if page.name.startswith("ecg--") else page, page)
    return list(kinds.values())


@pytest.mark.parametrize("name", INERT)
def test_strangers_strings_are_text(name: str, started: Any, bundles: Path, tmp_path: Path) -> None:
    shutil.copytree(bundles / "oracle", tmp_path / "in" / "oracle")
    folder = tmp_path / "in" / "bundle"
    shutil.copytree(bundles / "random", folder)
    if name in ("script as a record", "script as a truth's reason"):  # else the two would be of different ECGs
        shutil.rmtree(tmp_path / "in" / "oracle")
    INERT[name](folder)
    site = tmp_path / "site"
    build([tmp_path / "in"], site)
    pages = _some_of_every_kind(site)
    assert len(pages) >= 8
    seen = watched(started)
    for page in pages:
        address = page.as_uri()
        # All raw answers of the arm that is bent: scripts put them in.
        seen.page.goto(f"{address}#arm=swapped" if page.name.startswith("ecg--") else address)
        if page.name.startswith("ecg--"):
            seen.page.locator("#answers article").first.wait_for()
            bent = seen.page.locator("#answers").text_content()
            assert name != "script as an answer" or "<script>document.title=" in bent
        assert seen.page.title() != "owned"
        assert seen.page.evaluate("document.querySelectorAll('script:not([src]), [onerror], iframe').length") == 0
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert seen.complaints == []
    assert inside(seen.requests, site)
