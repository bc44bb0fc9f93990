"""The pages of ECGs in Chromium, opened as files: calipers, raw answers, filters, deep links, without scripts."""

from pathlib import Path
from typing import Any

from chromium import inside, watched


def _ecgs(site_folder: Path) -> list[Path]:
    return sorted(site_folder.glob("ecg/*/ecg--*.html"))


def _pictured(site_folder: Path) -> Path:
    return next(page for page in _ecgs(site_folder) if 'id="trace"' in page.read_text("utf-8"))


def test_calipers_measure_by_keys_pointer_and_address(started: Any, site_folder: Path) -> None:
    seen = watched(started)
    address = _pictured(site_folder).as_uri()
    seen.page.goto(address)
    measured = seen.page.locator("#measured")
    assert measured.text_content() == ""
    seen.page.get_by_role("button", name="Calipers").click()
    # Arms begin at 650 and 900 units of 4 ms: one second apart, 1 mV between them.
    assert measured.text_content() == "1000 ms, 60 bpm, 1.00 mV"
    arms = seen.page.get_by_role("slider")
    assert arms.count() == 2
    arms.nth(1).focus()
    for _ in range(5):
        seen.page.keyboard.press("ArrowLeft")
    seen.page.keyboard.press("Shift+ArrowLeft")
    seen.page.keyboard.press("Shift+ArrowDown")
    assert measured.text_content() == "940 ms, 64 bpm, 0.90 mV"
    assert "940 ms" in (arms.nth(1).get_attribute("aria-valuetext") or "")
    assert seen.page.url == f"{address}#calipers=650,250,885,160"

    box = seen.page.locator("#trace").bounding_box()
    unit = box["width"] / 2700
    seen.page.mouse.move(box["x"] + 500 * unit, box["y"] + 300 * unit)
    seen.page.mouse.down()
    seen.page.mouse.move(box["x"] + 700 * unit, box["y"] + 250 * unit, steps=4)
    seen.page.mouse.up()
    ms = int((measured.text_content() or "").split(" ms")[0])
    assert abs(ms - 800) <= 8
    assert "75 bpm" in (measured.text_content() or "")

    linked = watched(started)
    linked.page.goto(f"{address}#calipers=200,100,450,50")
    assert linked.page.locator("#measured").text_content() == "1000 ms, 60 bpm, 0.50 mV"
    linked.page.goto(f"{address}#calipers=0,0,99999,99999")
    assert linked.page.get_by_role("slider").nth(1).get_attribute("aria-valuenow") == "10800"
    assert seen.complaints == linked.complaints == []
    assert inside(seen.requests + linked.requests, site_folder)


def test_paper_is_to_scale(started: Any, site_folder: Path) -> None:
    """Twelve strips of 2.5 s, one of 10 s, four pulses of 1 mV by 0.2 s: as the browser measures them."""
    seen = watched(started)
    seen.page.goto(_pictured(site_folder).as_uri())
    found = seen.page.evaluate(
        "[...document.querySelectorAll('#trace path.ink')].map(p => { const b = p.getBBox();"
        "return [b.x, b.width, b.height]; })"
    )
    widths = [round(width) for _, width, _ in found]
    assert widths.count(100) == 4  # calibration: 25 + 50 + 25 units
    assert sum(620 <= width <= 625 for width in widths) == 12
    assert sum(2495 <= width <= 2500 for width in widths) == 1
    assert all(height == 100 for _, width, height in found if round(width) == 100)


def test_raw_answers_by_arm_and_model(started: Any, site_folder: Path) -> None:
    seen = watched(started)
    page = _ecgs(site_folder)[0].as_uri()
    seen.page.goto(page)
    seen.page.locator("#raw-title").scroll_into_view_if_needed()
    count = seen.page.locator("#raw-count")
    count.get_by_text("Showing 2 of 2 answers").wait_for()
    assert seen.page.locator("#answers article").count() == 2
    assert "rhythm" in seen.page.locator("#answers pre").first.text_content()
    seen.page.locator("select[name=arm]").select_option("no-image")
    count.get_by_text("Showing 1 of 1 answers").wait_for()
    seen.page.locator("input[name=model]").fill("oracle")
    count.get_by_text("Showing 0 of 1 answers").wait_for()
    assert seen.page.url == f"{page}#arm=no-image&model=oracle"

    linked = watched(started)
    linked.page.goto(f"{page}#arm=image&model=oracle")
    linked.page.locator("#raw-count").get_by_text("Showing 1 of 2 answers").wait_for()
    assert linked.page.locator("#answers h3").inner_text() == "control/oracle"
    assert seen.complaints == linked.complaints == []
    assert inside(seen.requests, site_folder)


def _shown(page: Any) -> int:
    return int(page.locator("#ecgs tbody tr:visible").count())


def test_filters_of_the_list_stand_in_the_address(started: Any, site_folder: Path) -> None:
    (index,) = site_folder.glob("ecg/*/index.html")
    seen = watched(started)
    seen.page.goto(index.as_uri())
    assert _shown(seen.page) == 24
    seen.page.locator("select[name=axis]").select_option("rhythm")
    values = seen.page.locator("select[name=value]")
    values.select_option("sinus")
    seen.page.wait_for_function("document.querySelectorAll('#ecgs tbody tr:not([hidden])').length < 24")
    sinus = _shown(seen.page)
    assert 0 < sinus < 24
    assert f"Showing {sinus} of 24" in seen.page.locator("#shown").text_content()
    seen.page.locator("select[name=model]").select_option(label="control/oracle")
    seen.page.locator("select[name=score]").select_option("1")
    seen.page.wait_for_function("location.hash.includes('score=1')")
    seen.page.wait_for_timeout(300)
    right = _shown(seen.page)
    seen.page.locator("select[name=score]").select_option("0")
    seen.page.wait_for_timeout(300)
    assert right + _shown(seen.page) == sinus  # none of them is masked
    state = seen.page.url.partition("#")[2]

    linked = watched(started)
    linked.page.goto(f"{index.as_uri()}#{state}")
    linked.page.wait_for_function("document.querySelectorAll('#ecgs tbody tr:not([hidden])').length < 24")
    assert _shown(linked.page) == _shown(seen.page)
    linked.page.get_by_role("button", name="Clear").click()
    linked.page.get_by_text("Showing 24 of 24").wait_for()
    assert "#" not in linked.page.url
    linked.page.locator("input[name=pictures]").check()
    linked.page.get_by_text("Showing 6 of 24").wait_for()
    assert seen.complaints == linked.complaints == []
    assert inside(seen.requests + linked.requests, site_folder)


def test_all_is_there_without_scripts(started: Any, site_folder: Path) -> None:
    seen = watched(started, java_script_enabled=False)
    (index,) = site_folder.glob("ecg/*/index.html")
    seen.page.goto(index.as_uri())
    assert seen.page.locator("#ecgs tbody tr").count() == 24
    assert not seen.page.locator("#filters").is_visible()
    seen.page.goto(_pictured(site_folder).as_uri())
    for name in ("control/random", "control/oracle"):
        assert seen.page.get_by_role("row").filter(has_text=name).count() == 1
    assert seen.page.locator("#trace path.ink").count() > 17
    assert not seen.page.locator("#calipers").is_visible()
    assert not seen.page.locator("#raw").is_visible()
    assert seen.page.get_by_text("showing them here needs scripts").is_visible()
    picture = seen.page.locator("figure img")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 500


def test_no_page_scrolls_sideways(started: Any, site_folder: Path) -> None:
    seen = watched(started, viewport={"width": 320, "height": 640})
    (index,) = site_folder.glob("ecg/*/index.html")
    for page in (_pictured(site_folder), index, site_folder / "data.html", site_folder / "ecg" / "index.html"):
        seen.page.goto(page.as_uri())
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 320, page
