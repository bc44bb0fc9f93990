"""Debian's Chromium, driven by Playwright: what the browser tests share."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from typing import Any

import pytest

#: Without the last five it looks up hosts of its own at every start.
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]

CHROMIUM = which("chromium") or which("chromium-browser")


@dataclass
class Watched:
    """A page, and everything it did that no page of the site may do.

    Attributes
    ----------
    page : playwright.sync_api.Page
        The page.
    requests, complaints : list of str
        Every address asked for; dialogs, errors of scripts and lines on the console.
    """

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@contextmanager
def browser() -> Iterator[Any]:
    """Start Chromium; skip where it, or Playwright, is not there."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright for Python")
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt install chromium")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield started
        finally:
            started.close()


def watched(started: Any, **context: Any) -> Watched:
    """Open an empty page that is watched from its first moment."""
    settings = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **context}
    page = started.new_context(**settings).new_page()
    page.set_default_timeout(15_000)
    found = Watched(page)
    page.on("request", lambda request: found.requests.append(request.url))
    page.on("dialog", lambda dialog: (found.complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda error: found.complaints.append(f"error {error}"))
    page.on("console", lambda line: found.complaints.append(f"console {line.text}"))
    return found


def inside(requests: list[str], folder: Path) -> bool:
    """Tell whether every request was for a file of the site."""
    return all(address.startswith((folder.as_uri() + "/", "data:")) for address in requests)
