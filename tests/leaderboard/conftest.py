"""Real bundles, small, and the site of them: made once by the code of the run, copied where they are bent."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import browser

from einthoven.bench.media import write_media
from einthoven.bench.run import run
from einthoven.bench.settings import Settings
from einthoven.leaderboard.build import build

ARMS = ("image", "image+measurements", "measurements", "no-image", "swapped", "conflict")


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs on the same 24 simulated ECGs, one with the pictures of six of them."""
    folder = tmp_path_factory.mktemp("bundles")
    run(Settings("control/random", "sim-demo", arms=ARMS, limit=24, jobs=1, out=folder / "random"))
    run(Settings("control/oracle", "sim-demo", limit=24, jobs=1, out=folder / "oracle"))
    write_media(folder / "oracle", "sim-demo", most=6)
    return folder


@pytest.fixture(scope="session")
def site_folder(bundles: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of both."""
    folder = tmp_path_factory.mktemp("site")
    build([bundles], folder)
    return folder


@pytest.fixture(scope="module")
def started(site_folder: Path) -> Iterator[Any]:
    """Chromium. After the site: Playwright keeps an event loop running, in which no run can be made."""
    with browser() as found:
        yield found
