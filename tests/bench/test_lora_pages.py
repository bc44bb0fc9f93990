"""A training shows a record as the run will: in its look, with its wear."""

import asyncio
from dataclasses import replace

import pytest

from einthoven.bench.arms import arm
from einthoven.bench.lora_samples import LoraSamples
from einthoven.bench.pages import Pages
from einthoven.bench.settings import Settings
from einthoven.bench.sources.sim_pairs import open_pairs
from einthoven.tasks.registry import task


@pytest.mark.parametrize("worn", [{}, {"degrade": "scan", "severity": 2}], ids=["clean", "scan"])
def test_samples_are_the_pages_of_a_run(worn: dict[str, object]) -> None:
    source = open_pairs("", per_contrast=1)
    settings = replace(Settings("hf/x", "sim-pairs", jobs=1), **worn)  # type: ignore[arg-type]
    a, b = next(
        (a, b)
        for a, b in zip(source.entries, source.entries[1:], strict=False)
        if a.wear == b.wear and a.look != b.look
    )
    samples = LoraSamples(source, [a, b], settings, task("binary"), arm("image"))
    pages = Pages(source, settings, 2)
    shown = [tuple(page.png for page in asyncio.run(pages.of(entry))) for entry in (a, b)]
    pages.close()
    assert [sample.images for sample in samples] == shown
    assert shown[0] != shown[1]
