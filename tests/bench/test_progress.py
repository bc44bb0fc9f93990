import io

import pytest

from einthoven.bench import progress
from einthoven.bench.progress import Meter, clock


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(progress.time, "monotonic", clock)
    return clock


def test_plain_lines_come_now_and_then_with_an_eta(time: Clock) -> None:
    stream = io.StringIO()
    with Meter("asking", 100, stream) as meter:
        for step in range(100):
            time.now = (step + 1) * 0.2
            meter.advance(1, f"{step} unparsed")
    lines = stream.getvalue().splitlines()
    assert lines[0] == "asking: 26/100 (26%), ETA 0:15, 25 unparsed"
    assert lines[-1] == "asking: 100/100 (100%), took 0:20, 99 unparsed"
    assert len(lines) == 4


def test_quick_work_is_silent(time: Clock) -> None:
    stream = io.StringIO()
    with Meter("asking", 3, stream) as meter:
        time.now = 1.5
        meter.advance(3)
    assert stream.getvalue() == ""


def test_nothing_to_do_is_no_error() -> None:
    with Meter("asking", 0, io.StringIO()) as meter:
        meter.advance(0)


def test_a_length_known_late(time: Clock) -> None:
    stream = io.StringIO()
    with Meter("reading", 100, stream) as meter:
        time.now = 10
        meter.reach(10, 40)
        assert (meter.done, meter.total) == (10, 40)
    assert stream.getvalue().splitlines()[0] == "reading: 10/40 (25%), ETA 0:30"


def test_a_terminal_gets_a_bar() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    with Meter("asking", 2, stream) as meter:
        meter.advance(2, "right 50.0%")
    assert "asking" in stream.getvalue()


def test_clock() -> None:
    assert [clock(0), clock(59.6), clock(3723)] == ["0:00", "1:00", "1:02:03"]
