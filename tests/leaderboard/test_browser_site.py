"""Two models chosen and compared in Chromium, by pointer and by address, and a site under a sub-path."""

import functools
import http.server
import threading
from pathlib import Path
from typing import Any

import pytest
from chromium import inside, watched
from synthetic_result import make_result, write_result

from einthoven.leaderboard.build import build

_SKILLS = {"lab/low": 0.1, "lab/high": 0.6, "lab/middle": 0.3}


@pytest.fixture(scope="module")
def site(bundles: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three invented vision-language models on real ECGs, and the two runs with answers on simulated ones."""
    folder = tmp_path_factory.mktemp("browsed")
    for name, skill in _SKILLS.items():
        result = make_result(name, skill=skill, inputs=("image", "prompt"))
        write_result(folder / "in" / name.replace("/", "-"), result)
    build([folder / "in", bundles], folder / "site")
    return folder / "site"


def _names(page: Any) -> list[str]:
    rows = page.locator("table").first.locator("tr[data-model]:visible th a")
    return [text.replace("\u200b", "") for text in rows.all_inner_texts()]


def _home(started: Any, site: Path, state: str = "") -> Any:
    seen = watched(started)
    seen.page.goto((site / "index.html").as_uri() + state)
    return seen


def test_two_chosen_models_are_compared(started: Any, site: Path) -> None:
    seen = _home(started, site)
    form = seen.page.locator("form.tools").first
    for name in ("lab/high", "lab/low"):
        seen.page.get_by_role("checkbox", name=f"Choose {name}").first.check()
    link = form.locator(".compare")
    assert link.is_visible()
    assert (link.get_attribute("href") or "").endswith("m=lab--high,lab--low")


def test_comparison_by_address(started: Any, site: Path) -> None:
    (board,) = (path.parent.name for path in site.glob("ecg/*/index.html"))
    seen = watched(started)
    seen.page.goto(f"{(site / 'compare.html').as_uri()}#board={board}&m=control--oracle,control--random")
    compared = seen.page.locator("#compared")
    compared.get_by_role("table").first.wait_for()
    assert "control/oracle" in compared.inner_text() and "control/random" in compared.inner_text()
    link = compared.locator("a[href*='/ecg--']").first
    if link.count() == 0:
        for details in compared.locator("summary").all():
            details.click()
    address = compared.locator("a[href*='ecg--']").first.get_attribute("href")
    seen.page.goto((site / "compare.html").as_uri().rsplit("/", 1)[0] + "/" + str(address).lstrip("./"))
    assert seen.page.title().startswith("ECG ")
    assert seen.complaints == []
    assert inside(seen.requests, site)


def test_every_page_under_a_sub_path_of_a_server(started: Any, site: Path, tmp_path: Path) -> None:
    (tmp_path / "some").mkdir()
    (tmp_path / "some" / "place").symlink_to(site)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{server.server_port}/some/place/"
        seen = watched(started)
        pages = [path.relative_to(site).as_posix() for path in site.rglob("*.html") if "ecg--" not in path.name]
        for page in pages:
            seen.page.goto(root + page)
        server.shutdown()
    assert len(pages) > 12
    assert seen.complaints == []
    assert all(address.startswith((root, "data:")) for address in seen.requests)
