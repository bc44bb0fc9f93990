"""Names of models as pages show them: parameters as people write them, and none taken for another."""

from pathlib import Path

import pytest
from read_page import read_page
from synthetic_result import make_result, write_result

from einthoven.leaderboard.build import build
from einthoven.leaderboard.runs import Run
from einthoven.leaderboard.site import Site


def _site(*names: str) -> Site:
    return Site.of([Run(Path("/bundles", str(at)), make_result(name)) for at, name in enumerate(names)])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("reference/resnet1d?weights=runs%2Ftuned", "reference/resnet1d?weights=runs/tuned"),
        ("a/b?path=C%3A%5Cmodels%20new", r"a/b?path=C:\models new"),
        ("a/b?x=1%262%3D3%25", "a/b?x=1%262%3D3%25"),
        ("a%2Fb", "a%2Fb"),
        ("a/b?x=%E2%80%AE%00", "a/b?x=%E2%80%AE%00"),
        ("a/b?x=%7F", r"a/b?x=\u007f"),
    ],
)
def test_parameters_are_decoded_but_for_what_has_a_meaning(name: str, shown: str) -> None:
    assert _site(name).shown(name) == shown


def test_names_that_would_read_alike_stand_as_they_are() -> None:
    one, other = "a/b?weights=x%2Fy", "a/b?weights=x/y"
    site = _site(one, other)
    assert (site.shown(one), site.shown(other)) == (one, other)


def test_only_the_command_that_made_a_run_shows_the_escape(tmp_path: Path) -> None:
    write_result(tmp_path / "bundles" / "one", make_result("reference/resnet1d?weights=runs%2Ftuned"))
    write_result(tmp_path / "bundles" / "two", make_result("baseline/majority"))
    build([tmp_path / "bundles"], tmp_path / "site")
    exact = "einthoven run 'reference/resnet1d?weights=runs%2Ftuned'"
    texts = {
        path.name: read_page(path.read_text("utf-8")).text.replace(exact, "")
        for path in (tmp_path / "site").rglob("*.html")
    }
    assert sum("runs/tuned" in text for text in texts.values()) > 5
    assert [name for name, text in texts.items() if "runs%2Ftuned" in text] == []
