from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from einthoven.bench import pages as module
from einthoven.bench.pages import Pages
from einthoven.bench.settings import Settings
from einthoven.bench.sources.images import open_images
from einthoven.bench.sources.registry import open_source
from einthoven.bench.sources.source import Source
from einthoven.errors import EinthovenError
from einthoven.renderers import as_is, grid


@pytest.fixture
def scans(tmp_path: Path) -> Source:
    """Two records of one and of two pages; whether they show an ECG is not asked here."""
    stream = np.random.RandomState(5)
    for name, width in (("a", 400), ("b", 410), ("c", 420)):
        Image.fromarray(stream.randint(0, 256, (320, width, 3)).astype(np.uint8)).save(tmp_path / f"{name}.png")
    (tmp_path / "labels.csv").write_text("record,images,codes\nr1,a.png,lbbb\nr2,c.png;b.png,lbbb\n")
    return open_images(str(tmp_path))


def test_a_signal_is_drawn_and_its_blank_page_is_everybody_s() -> None:
    source = open_source("sim")
    pages = Pages(source, Settings("control/prior", "sim", jobs=1), 1)
    entry = source.entries[0]
    assert asyncio.run(pages.of(entry)) == grid.render(source.load(entry))
    assert asyncio.run(pages.of(entry, "blank")) == pages.blank == grid.blank()
    assert asyncio.run(pages.of(entry, "none")) == ()
    pages.close()


@pytest.mark.parametrize("jobs", [1, 2])
def test_pages_are_shown_as_they_are_and_each_record_has_its_blank(
    scans: Source, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    monkeypatch.setattr(module, "_WORTH_A_PROCESS", 2)
    pages = Pages(scans, Settings("control/prior", f"images:{scans.name}", jobs=jobs), 2)
    for entry in scans.entries:
        recording = scans.load(entry)
        assert asyncio.run(pages.of(entry)) == as_is.render(recording)
        assert asyncio.run(pages.of(entry, "blank")) == as_is.blank(recording)
        assert asyncio.run(pages.of(entry, "none")) == ()
    assert pages.blank == ()
    pages.close()


def test_worn_pages_are_worn_by_record_and_the_blank_one_is_worn_too() -> None:
    source = open_source("sim")
    settings = Settings("control/prior", "sim", jobs=1, degrade="scan", severity=2)
    pages = Pages(source, settings, 1)
    one, other = (asyncio.run(pages.of(entry))[0] for entry in source.entries[:2])
    again = asyncio.run(pages.of(source.entries[0]))[0]
    assert one.degraded.startswith("scan:2:")
    assert one.degraded != other.degraded
    assert one.pixel_id == again.pixel_id != grid.render(source.load(source.entries[0]))[0].pixel_id
    assert pages.blank[0].degraded.startswith("scan:2:")
    pages.close()


def test_wear_needs_its_severity() -> None:
    with pytest.raises(EinthovenError, match="--degrade and --severity go together"):
        Settings("control/prior", "sim", degrade="scan")
    with pytest.raises(EinthovenError):
        Settings("control/prior", "sim", severity=3)
