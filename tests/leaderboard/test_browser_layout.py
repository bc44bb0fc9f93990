"""What a page does to its reader in Chromium: nothing moves, nothing sticks out, words of tables stay whole."""

import time
from pathlib import Path
from typing import Any

import pytest
from audit.audit import templates
from chromium import watched

_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) {
    window.shifts.push([one.value, ...one.sources.map((each) => String(each.node?.nodeName))]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""

#: Words that stand on more than one line, but for names, which may be anything.
_BROKEN = """() => {
  const found = [];
  for (const cell of document.querySelectorAll("table th:not(.name), table td")) {
    const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) for (const word of walk.currentNode.data.matchAll(/[\\p{L}]{2,}/gu)) {
      const range = document.createRange();
      range.setStart(walk.currentNode, word.index);
      range.setEnd(walk.currentNode, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) found.push(word[0]);
    }
  }
  return found;
}"""


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_when_the_scripts_come_late(started: Any, site_folder: Path, width: int) -> None:
    moved = {}
    for place in templates(site_folder):
        seen = watched(started, viewport={"width": width, "height": 820})
        seen.page.add_init_script(_SHIFTS)
        seen.page.route("**/*.js", lambda route: (time.sleep(0.15), route.continue_()))
        seen.page.goto((site_folder / place).as_uri())
        seen.page.wait_for_timeout(400)
        shifts = seen.page.evaluate("window.shifts")
        if sum(shift[0] for shift in shifts) > 0.02:
            moved[place] = shifts
        seen.page.context.close()
    assert not moved


def test_long_names_in_the_filters_do_not_stick_out(started: Any, site_folder: Path) -> None:
    (place,) = site_folder.glob("ecg/*/index.html")
    seen = watched(started, viewport={"width": 320, "height": 820})
    seen.page.goto(place.as_uri())
    name = "control/oracle?sensitivity=0.8&specificity=0.95 and more"
    seen.page.evaluate("name => document.querySelector('select[name=model]').add(new Option(name))", name)
    assert seen.page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("place", ["compare.html", "models/control--random.html", "data.html", "axes/rhythm.html"])
def test_words_of_tables_stay_whole_on_a_narrow_page(started: Any, site_folder: Path, place: str) -> None:
    seen = watched(started, viewport={"width": 360, "height": 820})
    seen.page.goto((site_folder / place).as_uri())
    if place == "compare.html":
        seen.page.locator("#compared table").first.wait_for()
    assert seen.page.evaluate(_BROKEN) == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") == 360


def test_all_axes_of_the_matrix_fit_on_a_screen(started: Any, site_folder: Path) -> None:
    (board,) = site_folder.glob("boards/*.html")
    seen = watched(started, viewport={"width": 1280, "height": 820})
    seen.page.goto(board.as_uri())
    region = seen.page.locator(".scroll").filter(has=seen.page.locator("table.matrix")).first
    assert region.locator("thead th[data-axis]").count() == 8
    assert region.evaluate("node => node.scrollWidth - node.clientWidth") == 0


def test_print_is_dark_on_white_and_without_buttons(started: Any, site_folder: Path) -> None:
    seen = watched(started)
    seen.page.emulate_media(media="print", color_scheme="dark")
    seen.page.goto((site_folder / "index.html").as_uri())
    body = seen.page.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert body == ["rgb(27, 31, 36)", "rgb(255, 255, 255)"]
    assert seen.page.locator("th button").count() and not seen.page.locator("th button").first.is_visible()
    seen.page.emulate_media(media="screen", color_scheme="dark")
    assert seen.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 22, 27)"
