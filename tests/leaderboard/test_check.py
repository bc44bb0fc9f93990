import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from einthoven.cli.main import main
from einthoven.leaderboard.build import LISTING, build
from einthoven.leaderboard.check import check_site
from einthoven.leaderboard.page_facts import page_facts
from einthoven.leaderboard.render import POLICY


def test_a_built_site_is_good_and_the_same_twice(bundles: Path, site_folder: Path, tmp_path: Path) -> None:
    report = check_site(site_folder)
    assert report.faults == []
    assert report.pages > 24
    build([bundles / "oracle", bundles / "random"], tmp_path)
    assert (tmp_path / LISTING).read_bytes() == (site_folder / LISTING).read_bytes()


def _resign(site: Path, path: str, change: Callable[[str], str]) -> None:
    """Change a page and its checksum, as another program that makes sites might."""
    import hashlib

    place = site / path
    before = hashlib.sha256(place.read_bytes()).hexdigest()
    place.write_text(change(place.read_text("utf-8")), "utf-8")
    listing = (site / LISTING).read_text("utf-8")
    (site / LISTING).write_text(listing.replace(before, hashlib.sha256(place.read_bytes()).hexdigest()), "utf-8")


@pytest.mark.parametrize(
    ("change", "check", "detail"),
    [
        (lambda text: text.replace(POLICY.replace("'", "&#39;"), "default-src *"), "policy", "another policy"),
        (lambda text: text.replace("</main>", "<script>1</script></main>"), "rules", "inline <script>"),
        (lambda text: text.replace("</main>", '<p style="color:red"></p></main>'), "rules", "attribute style on <p>"),
        (
            lambda text: text.replace("</main>", '<img src="https://evil.example/x.png"></main>'),
            "rules",
            "src of <img>",
        ),
        (lambda text: text.replace("</main>", '<p id="main"></p></main>'), "rules", "id 'main' twice"),
        (
            lambda text: text.replace("</main>", '<a href="javascript:alert(1)">x</a></main>'),
            "rules",
            "leads outside",
        ),
        (lambda text: text.replace("</main>", '<a href="gone.html">x</a></main>'), "links", "gone.html"),
        (lambda text: text.replace("</main>", '<a href="data.html#gone">x</a></main>'), "links", "#gone"),
        (lambda text: text + "".join(f"<!--{hash(str(k))}-->" for k in range(30_000)), "sizes", "gzipped"),
    ],
)
def test_broken_promises_are_found(
    change: Callable[[str], str], check: str, detail: str, site_folder: Path, tmp_path: Path
) -> None:
    site = shutil.copytree(site_folder, tmp_path / "site")
    _resign(site, "index.html", change)
    faults = check_site(site).faults
    assert [fault.check for fault in faults] == [check]
    assert detail in faults[0].detail and faults[0].path == "index.html"


def _command(*arguments: str) -> int:
    try:
        main(["leaderboard", "check", *arguments])
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0


def test_command_says_it_in_two_lines(site_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _command(str(site_folder)) == 0
    site = shutil.copytree(site_folder, tmp_path / "site")
    (site / "data.html").unlink()
    (site / "data" / "scores.csv").write_text("nothing")
    capsys.readouterr()
    assert _command(str(site)) == 1
    printed = capsys.readouterr()
    assert "checksums: data/scores.csv: not the file" in printed.out
    assert len(printed.err.splitlines()) == 2 and "einthoven leaderboard build" in printed.err
    assert _command(str(site), "--json") == 1
    kinds = {fault["check"] for fault in json.loads(capsys.readouterr().out)["faults"]}
    assert kinds == {"checksums"}
    assert _command(str(tmp_path)) == 3


def test_pages_are_taken_apart() -> None:
    facts = page_facts(
        '<meta http-equiv="refresh" content="0"><a href="//x.example">x</a><p aria-labelledby="y"></p>'
    )
    assert len(facts.faults) == 3
    facts = page_facts(
        '<a href="https://x.example">x</a><img src="data:,"><link href="a.css"><a href="b.html#c=1">x</a>'
    )
    assert [fault for fault in facts.faults if "before the policy" not in fault] == []
    assert facts.links == {("a.css", ""), ("b.html", "c=1")}
