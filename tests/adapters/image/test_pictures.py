"""Pages as the image network takes them."""

import io

import numpy as np
import pytest
from PIL import Image

from einthoven.adapters.image.pictures import pictures, seen_size
from einthoven.bench.picture_data import page_shape
from einthoven.bench.sources.registry import open_source
from einthoven.errors import EinthovenError
from einthoven.renderers.profile import profile_named
from einthoven.renderers.registry import FOUR, view
from einthoven.renderers.resize import resized


def _png(width: int, height: int, grey: int) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (width, height), grey).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize("profile", ["gemma-4-70", "gemma-4", "qwen3-vl"])
def test_a_picture_has_the_size_that_the_profile_leaves(profile: str) -> None:
    found = pictures([_png(2200, 1700, 255), _png(2200, 1700, 0)], profile)
    width, height = resized(2200, 1700, profile_named(profile)).size or (0, 0)
    assert found.shape == (2, height, width) and found.dtype == np.uint8
    assert (found[0] == 0).all() and (found[1] == 255).all()


def test_what_is_not_known_is_told() -> None:
    with pytest.raises(EinthovenError, match="not published"):
        seen_size("gemini-3", 2200, 1700)
    with pytest.raises(EinthovenError, match="gemma"):
        seen_size("gemma-5", 2200, 1700)
    with pytest.raises(EinthovenError, match="several sizes"):
        pictures([_png(1000, 640, 0), _png(2200, 1700, 0)], "gemma-4-70")


@pytest.mark.parametrize("name", FOUR)
def test_the_shape_of_a_view_is_that_of_its_pages(name: str) -> None:
    source = open_source("sim")
    pages = view(name)(source.load(source.entries[0]))
    assert pictures([page.png for page in pages], "gemma-4-70").shape == page_shape(name, "gemma-4-70")
