import asyncio
import os

import pytest

from einthoven.adapters.digitiser.processes import Processes
from einthoven.errors import EinthovenError, Exit


def where(_: int) -> int:
    return os.getpid()


def killed(number: int) -> int:
    if number > 24:
        os._exit(9)
    return number


async def asked(processes: Processes[int], number: int, times: int) -> list[int]:
    try:
        return await asyncio.gather(*(processes.of(number, k + 1) for k in range(times)))
    finally:
        processes.close()


def test_the_first_things_are_done_here_and_the_others_elsewhere() -> None:
    found = asyncio.run(asked(Processes(where), 2, 40))
    assert set(found[:24]) == {os.getpid()}
    assert os.getpid() not in found[24:]


def test_one_process_is_this_one() -> None:
    assert set(asyncio.run(asked(Processes(where), 1, 40))) == {os.getpid()}


def test_a_killed_process_is_told_in_two_lines() -> None:
    with pytest.raises(EinthovenError, match="was killed") as told:
        asyncio.run(asked(Processes(killed), 2, 30))
    assert told.value.exit_code is Exit.INCOMPLETE
