"""docs/views.md: its Python example runs, its pictures are there, and its sizes are those of the pages."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from einthoven.ecg.recording import Recording
from einthoven.renderers.options import CHOICES, Options
from einthoven.renderers.registry import FOUR, VIEWS, view

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "views.md").read_text(encoding="utf-8")

#: The largest picture a page of the documentation may hold, in bytes.
MOST_BYTES = 300_000


def test_the_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    exec(compile(example, "docs/views.md", "exec"), {})
    assert re.fullmatch(r"[0-9a-f]{12} photo:3:\d+\n", capsys.readouterr().out)


def test_every_picture_is_there_and_small() -> None:
    pages = [page.read_text(encoding="utf-8") for page in DOCS.glob("*.md")]
    names = [name for text in pages for name in re.findall(r"\((images/[\w-]+\.png)\)", text)]
    readme = re.findall(r"\(docs/(images/[\w-]+\.png)\)", (DOCS.parent / "README.md").read_text(encoding="utf-8"))
    names += readme
    assert sorted(set(names)) == sorted(f"images/{file.name}" for file in (DOCS / "images").glob("*.png"))
    for name in names:
        file = DOCS / name
        assert file.stat().st_size <= MOST_BYTES, name
        with Image.open(file) as image:
            assert image.mode == "P"


def test_every_view_and_choice_is_named() -> None:
    assert all(f"| `{name}` |" in TEXT for name in VIEWS)
    assert all(f"`{name}`" in TEXT for name in CHOICES)


@pytest.mark.parametrize(
    ("options", "size"),
    [
        (Options(), (2200, 1700)),
        (Options(strips=()), (2200, 1440)),
        (Options(strips=("II", "V1")), (2200, 2020)),
        (Options(strips=("II", "V1", "V5")), (2200, 2340)),
        (Options(layout="6x2"), (2280, 1700)),
        (Options(layout="12x1"), (2280, 2260)),
        (Options(mm_per_mv=20), (2280, 1860)),
        (Options(layout="6x2", mm_per_mv=20), (2280, 1860)),
        (Options(layout="12x1", mm_per_mv=20), (2280, 2860)),
    ],
)
def test_sizes_of_layouts_are_those_of_the_page(options: Options, size: tuple[int, int]) -> None:
    (page,) = view("grid", blank=True, options=options)()
    assert (page.geometry.width, page.geometry.height) == size
    if options.strips is None:
        assert f"{size[0]}x{size[1]}" in TEXT


def test_sizes_of_views_are_those_of_the_page(
    recording_of: Callable[..., Recording], fixed_signal: NDArray[np.float32]
) -> None:
    sizes = {"grid": (2200, 1700), "clean": (2200, 1700), "stacked": (2200, 2080), "patches": (1000, 640)}
    assert sorted(sizes) == sorted(FOUR)
    for name, size in sizes.items():
        pages = view(name)(recording_of(fixed_signal))
        assert len(pages) == (12 if name == "patches" else 1)
        for page in pages:
            with Image.open(BytesIO(page.png)) as image:
                assert image.size == size
