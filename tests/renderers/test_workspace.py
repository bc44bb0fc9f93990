import threading

import numpy as np
import pytest

from einthoven.renderers import workspace
from einthoven.renderers.workspace import copied, room


@pytest.fixture(autouse=True)
def _own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "_kept", workspace._Kept())


def _address(array: np.ndarray) -> int:
    return int(array.__array_interface__["data"][0])


def test_an_array_has_its_shape_and_can_be_written() -> None:
    array = room((7, 11))
    assert (array.shape, array.dtype, array.flags.c_contiguous) == ((7, 11), np.uint8, True)
    array[:] = 5
    assert array.sum() == 5 * 77


def test_memory_is_lent_again_when_nobody_looks_at_it() -> None:
    first = room((100, 100))
    at = _address(first)
    del first
    again = room((90, 100))
    assert _address(again) == at
    assert again.shape == (90, 100)


@pytest.mark.parametrize(
    "look", [lambda a: a, lambda a: a[3:5, ::2], lambda a: a.view(bool).reshape(-1), lambda a: memoryview(a)]
)
def test_memory_is_not_lent_while_a_view_of_it_is_left(look: object) -> None:
    room((50, 50))  # given back at once: what follows has been lent before
    array = room((50, 50))
    array[:] = 1
    view = look(array)  # type: ignore[operator]
    del array
    for _ in range(5):
        room((50, 50))[:] = 9
    assert (np.asarray(view) == 1).all()


def test_any_number_of_arrays_can_be_held_at_once() -> None:
    arrays = [room((20, 20)) for _ in range(10)]
    for value, array in enumerate(arrays):
        array[:] = value
    assert [int(a[0, 0]) for a in arrays] == list(range(10))
    assert all((a == a[0, 0]).all() for a in arrays)
    assert len(workspace._kept.blocks) == workspace._MOST


def test_no_more_blocks_are_kept_than_a_page_needs() -> None:
    for size in range(10, 400, 7):  # each larger than all before
        room((size, size))[:] = 0
        assert len(workspace._kept.blocks) <= workspace._MOST


def test_another_thread_has_memory_of_its_own() -> None:
    mine = room((64, 64))
    at = _address(mine)
    del mine
    seen = []
    thread = threading.Thread(target=lambda: seen.append(len(workspace._kept.blocks)))
    thread.start()
    thread.join()
    assert seen == [0]
    assert _address(room((64, 64))) == at


def test_a_copy_is_equal_and_apart() -> None:
    source = np.random.RandomState(1).randint(0, 256, (30, 40)).astype(np.uint8)
    source.setflags(write=False)
    copy = copied(source)
    np.testing.assert_array_equal(copy, source)
    copy[0, 0] += 1
    assert copy[0, 0] != source[0, 0]
