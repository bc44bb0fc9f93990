import hashlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from einthoven.renderers import identity
from einthoven.renderers.grid import blank
from einthoven.renderers.png import encoded


def test_anyone_recomputes_it_with_pillow() -> None:
    (page,) = blank()
    image = Image.open(BytesIO(page.png))
    head = f"{image.mode} {image.width}x{image.height} ".encode()
    assert hashlib.sha256(head + bytes(image.getpalette() or ()) + image.tobytes()).hexdigest() == page.pixel_id
    assert identity.of_png(page.png) == page.pixel_id


@pytest.mark.parametrize("change", ["pixel", "palette", "shape"])
def test_any_change_of_the_pixels_changes_it(change: str) -> None:
    plane = np.arange(12, dtype=np.uint8).reshape(3, 4)
    palette = bytes(range(256)) * 3
    before = identity.of_plane(plane, palette)
    if change == "pixel":
        plane[1, 1] += 1
    elif change == "palette":
        palette = b"\x07" + palette[1:]
    else:
        plane = plane.reshape(4, 3)
    assert identity.of_plane(plane, palette) != before
    assert identity.of_plane(plane, palette) == identity.of_png(encoded(plane, palette, 8, 8))


def test_a_plane_is_hashed_as_it_is_seen_not_as_it_lies_in_memory() -> None:
    plane = np.arange(12, dtype=np.uint8).reshape(3, 4)
    assert identity.of_plane(plane.T, bytes(768)) == identity.of_plane(plane.T.copy(), bytes(768))


def test_a_black_and_white_plane_is_hashed_as_pillow_packs_it() -> None:
    for width in (3, 8, 13):
        plane = np.random.RandomState(width).rand(9, width) > 0.5
        head = f"1 {width}x9 ".encode()
        assert identity.of_plane(plane, None) == hashlib.sha256(head + Image.fromarray(plane).tobytes()).hexdigest()
        assert identity.of_plane(plane, None) == identity.of_image(Image.fromarray(plane))
        assert identity.of_plane(plane.astype(np.uint8) * 3, None) == identity.of_plane(plane, None)


def test_what_was_begun_ends_as_the_whole() -> None:
    plane, palette = np.arange(12, dtype=np.uint8).reshape(3, 4), bytes(range(256)) * 3
    digest = identity.begun(plane.shape, palette)
    for row in plane:
        digest.update(row.data)
    assert digest.hexdigest() == identity.of_plane(plane, palette)


def test_images_of_other_modes_have_one_too() -> None:
    ids = set()
    for mode in ("L", "RGB"):
        file = BytesIO()
        Image.new(mode, (5, 4)).save(file, "PNG")
        ids.add(identity.of_png(file.getvalue()))
    assert len(ids) == 2
