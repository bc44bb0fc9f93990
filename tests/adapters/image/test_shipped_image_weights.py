"""The shipped image network, on pages of hearts that it has not seen; it answers without torch."""

import asyncio
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from shipped_weights import shipped_config

from einthoven.adapters.image.reader import SHIPPED, ImageReader
from einthoven.adapters.registry import create
from einthoven.bench.eyesight import SeeingAdapter
from einthoven.bench.sources.registry import open_source
from einthoven.exchange import Request, Status
from einthoven.renderers.registry import view
from einthoven.tasks.registry import task
from einthoven.tasks.taxonomy import axes, axis_value

FOLDERS = sorted(SHIPPED.iterdir())


@pytest.fixture(scope="module")
def reader() -> ImageReader:
    made = create("reference/image-resnet")
    assert isinstance(made, ImageReader)
    return made


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_the_weights_are_small_and_say_what_they_are(folder: Path) -> None:
    recipe = shipped_config(folder)["recipe"]
    assert folder.name == f"{recipe['view']}-{recipe['profile']}"


def test_it_says_which_page_it_reads(reader: ImageReader) -> None:
    assert (reader.parameters["view"], reader.parameters["profile"]) == ("grid", "gemma-4-70")
    assert isinstance(reader, SeeingAdapter) and reader.profile().name == "gemma-4-70"


def test_it_reads_pages_that_it_has_not_seen(reader: ImageReader) -> None:
    """On 60 test records it is far oftener right than the commonest class would be."""
    source = open_source("sim")
    right: dict[str, list[bool]] = {"rate": [], "rhythm": [], "axis": []}
    usual: dict[str, list[object]] = {axis: [] for axis in right}
    for entry in [entry for entry in source.entries if entry.split == "test"][:60]:
        pages = view("grid")(source.load(entry))
        answer = asyncio.run(
            reader.answer(Request(entry.id, "image", "dense", "", images=tuple(page.png for page in pages)))
        )
        assert answer.status is Status.OK
        reading = task("dense").parse(answer.text)
        for axis in right:
            truth = entry.truth[axis]
            if not truth.masked:
                right[axis].append(axis_value(reading, axis) in truth.accepted)
                usual[axis].append(truth.value)
    for axis in right:
        majority = max(usual[axis].count(value) for value in axes()[axis].values) / len(usual[axis])
        assert np.mean(right[axis]) > majority + 0.2, axis


def test_it_needs_no_torch() -> None:
    code = (
        "import asyncio, sys\n"
        "from einthoven.adapters.registry import create\n"
        "from einthoven.exchange import Request\n"
        "from einthoven.renderers.registry import view\n"
        "pages = tuple(page.png for page in view('grid', blank=True)())\n"
        "request = Request('r', 'blank', 'dense', '', images=pages)\n"
        "answer = asyncio.run(create('reference/image-resnet').answer(request))\n"
        "print(answer.status, 'torch' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "ok False"), done.stderr
