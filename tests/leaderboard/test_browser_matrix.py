"""The matrix in Chromium, opened as a file: sorted, filtered, columns hidden, by address, and without scripts."""

from pathlib import Path
from typing import Any

import pytest
from chromium import inside, watched
from synthetic_result import make_result, write_result

from einthoven.leaderboard.build import build


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of forty models without rows, and three that are pinned."""
    folder = tmp_path_factory.mktemp("many")
    for k in range(40):
        name = f"{'openai' if k % 4 == 0 else 'other'}/model-{k:02}"
        write_result(folder / "in" / str(k), make_result(name, skill=k / 50, seed=k, inputs=("image",)))
    for name in ("baseline/majority", "control/random", "control/prior"):
        write_result(folder / "in" / name, make_result(name))
    build([folder / "in"], folder / "site")
    return folder / "site"


def _names(page: Any) -> list[str]:
    return [name.strip() for name in page.locator(".matrix tr[data-model]:visible th a").all_text_contents()]


def test_sort_by_keys_stands_in_the_address(started: Any, many: Path) -> None:
    seen = watched(started)
    seen.page.goto((many / "index.html").as_uri())
    button = seen.page.get_by_role("button", name="Sort by Rhythm")
    button.focus()
    seen.page.keyboard.press("Enter")
    gains = seen.page.locator("tbody[data-group=vlm] tr[data-model]").evaluate_all(
        "rows => rows.map(row => Number(row.cells[2].dataset.gain))"
    )
    assert len(gains) == 40
    assert gains == sorted(gains, reverse=True)
    assert seen.page.locator("th[aria-sort=descending]").get_attribute("data-axis") == "rhythm"
    assert seen.page.url.endswith("#b1.sort=rhythm")
    assert _names(seen.page)[-3:] == ["baseline/majority", "control/prior", "control/random"]
    button.press("Enter")
    assert seen.page.locator("th[aria-sort=ascending]").count() == 1
    button.press("Enter")
    assert seen.page.locator("th[aria-sort]").count() == 0
    assert _names(seen.page)[:2] == ["openai/model-00", "openai/model-04"]
    assert seen.complaints == []
    assert inside(seen.requests, many)


def test_filter_says_how_many_are_shown_and_clears(started: Any, many: Path) -> None:
    seen = watched(started)
    seen.page.goto((many / "index.html").as_uri())
    seen.page.get_by_label("Find a model").fill("OPENAI")
    assert seen.page.get_by_role("status").inner_text() == "Showing 10 of 40 models; baselines and controls stay"
    assert len(_names(seen.page)) == 13
    seen.page.get_by_label("Word").select_option("associated")
    seen.page.locator("select[name=on]").select_option("rhythm")
    shown = len(_names(seen.page)) - 3
    assert 0 < shown < 10
    linked = watched(started)
    linked.page.goto(seen.page.url)
    assert _names(linked.page) == _names(seen.page)
    assert linked.page.get_by_label("Find a model").input_value() == "OPENAI"
    seen.page.get_by_role("button", name="Clear").click()
    assert len(_names(seen.page)) == 43
    assert "#" not in seen.page.url


def test_columns_are_hidden_with_their_heads(started: Any, many: Path) -> None:
    seen = watched(started)
    seen.page.goto((many / "index.html").as_uri() + "#b1.hide=ischemia_stage,ischemia_territory,rate")
    assert seen.page.locator("thead th[data-axis]:visible").count() == 5
    assert seen.page.locator("thead .block:visible").count() == 1
    assert seen.page.locator("tr[data-model]").first.locator("td:visible").count() == 5
    seen.page.get_by_text("Columns").click()
    seen.page.get_by_role("checkbox", name="Ischaemia: stage").check()
    assert seen.page.locator("thead .block:visible").count() == 2


def test_models_that_are_not_there_do_no_harm(started: Any, site_folder: Path) -> None:
    seen = watched(started)
    seen.page.goto(
        (site_folder / "compare.html").as_uri() + "#board=../../x&m=<img src=x onerror=alert(1)>,__proto__"
    )
    seen.page.wait_for_selector("#two")
    assert seen.complaints == []
    assert inside(seen.requests, site_folder)


def test_everything_is_there_without_scripts(started: Any, site_folder: Path, many: Path) -> None:
    bare = watched(started, java_script_enabled=False)
    bare.page.goto((many / "index.html").as_uri())
    assert len(_names(bare.page)) == 43
    assert not bare.page.locator("form.tools").is_visible()
    bare.page.goto((site_folder / "compare.html").as_uri())
    assert "each model's page holds its differences" in bare.page.locator("noscript").inner_text()
    bare.page.locator("tr[data-model] a").first.click()
    assert bare.page.locator("h3[id^=others]").inner_text() == "Against the other models, on the same ECGs"
    assert inside(bare.requests, site_folder) or inside(bare.requests[:2], many)


@pytest.mark.parametrize("width", [320, 768])
def test_no_page_scrolls_sideways(started: Any, site_folder: Path, width: int) -> None:
    seen = watched(started, viewport={"width": width, "height": 800})
    folders = ("", "models", "axes", "boards")
    pages = [path for folder in folders for path in sorted((site_folder / folder).glob("*.html"))]
    assert len(pages) > 15
    for path in pages:
        seen.page.goto(path.as_uri())
        wide = seen.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path.name
    assert seen.complaints == []


def test_rows_that_are_laid_out_late_keep_the_columns(started: Any, many: Path) -> None:
    """More than forty models: rows are boxes of their own, and still a table to the eye."""
    seen = watched(started, viewport={"width": 700, "height": 800})
    seen.page.goto((many / "index.html").as_uri())
    left = "cells => cells.map(cell => Math.round(cell.getBoundingClientRect().left))"
    heads = seen.page.locator(".matrix thead th[data-axis]").evaluate_all(left)
    rows = seen.page.locator(".matrix tr[data-model]")
    assert seen.page.locator("table.long").count() == 1 and rows.count() == 43
    for row in (0, 20, 42):
        rows.nth(row).scroll_into_view_if_needed()
        assert rows.nth(row).locator("td").evaluate_all(left) == heads
    box = seen.page.locator("table.long").bounding_box()
    last = rows.nth(20).locator("td").last.bounding_box()
    assert last["x"] + last["width"] <= box["x"] + box["width"] + 1, "nothing is cut off at a row's end"
    blocks = seen.page.locator(".matrix thead .block").evaluate_all(left)
    assert blocks == [heads[0], heads[6]]
    # The names stay in sight when the table goes sideways.
    name = rows.nth(42).locator(".name")
    before = name.bounding_box()
    seen.page.locator(".scroll:has(table.long)").evaluate("box => { box.scrollLeft = 500; }")
    assert name.bounding_box()["x"] == before["x"]
    assert rows.nth(42).locator("td").first.bounding_box()["x"] < before["x"]
    # Rows far away are not laid out, and are found and reached by keys all the same.
    assert seen.page.evaluate("window.find('other/model-21')")
    seen.page.locator(".matrix tr[data-model] a").nth(20).focus()
    assert rows.nth(20).evaluate("row => { const box = row.getBoundingClientRect(); return box.bottom > 0; }")
    assert seen.page.locator(".matrix").get_by_role("cell").count() == 43 * 8
