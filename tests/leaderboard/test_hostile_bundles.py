"""What is turned away is turned away in two lines; what builds has the same elements as the good bundle's site."""

import shutil
import sys
from pathlib import Path

import pytest
from hostile_bundles import INERT, REFUSED

from einthoven.errors import EinthovenError
from einthoven.leaderboard.build import build
from einthoven.leaderboard.check import check_site


def test_there_are_fifteen() -> None:
    assert len(INERT) + len(REFUSED) >= 15


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_two_lines(name: str, bundles: Path, tmp_path: Path) -> None:
    bend, why = REFUSED[name]
    folder = tmp_path / "in" / "bundle"
    shutil.copytree(bundles / "oracle", folder)
    bend(folder)
    with pytest.raises(EinthovenError) as caught:
        build([folder], tmp_path / "site")
    assert why in caught.value.problem
    for line in (caught.value.problem, caught.value.remedy):
        assert line.isprintable() and len(line) < 1000
    assert not (tmp_path / "site" / "index.html").exists()
    assert list((tmp_path / "site").iterdir()) == []


@pytest.mark.parametrize("name", INERT)
def test_what_builds_keeps_every_promise(name: str, bundles: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in" / "bundle"
    shutil.copytree(bundles / "random", folder)
    INERT[name](folder)
    build([folder], tmp_path / "site")
    assert check_site(tmp_path / "site").faults == []
    assert {path.name for path in tmp_path.iterdir()} == {"in", "site"}
    assert not (tmp_path / "in" / "exploded").exists()
    for path in (tmp_path / "site").rglob("*"):
        assert path.resolve().is_relative_to((tmp_path / "site").resolve())
        if path.suffix == ".html":
            text = path.read_text("utf-8")
            assert "<script>" not in text
            assert 'onerror="' not in text.replace("&#34;", "").replace("&quot;", "") or "&lt;img" in text


def test_the_leaderboard_never_unpickles() -> None:
    rooms = Path(sys.modules["einthoven.leaderboard"].__path__[0])
    for path in [*rooms.rglob("*.py"), rooms.parent / "bench" / "bundle.py"]:
        words = path.read_text("utf-8")
        assert "import pickle" not in words and "allow_pickle" not in words and "np.load" not in words, path
