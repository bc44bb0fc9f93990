from __future__ import annotations

import string
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einthoven.bench.sources.header import HeaderError, comments, parse_header, read_text

A0001 = """\
A0001 2 500 7500 12-May-2020 12:33:59
A0001.mat 16+24 1000/mV 16 0 28 -1716 0 I
A0001.mat 16x1+24 1000.0(0)/mV 16 0 7 2029 0 II
#Age: 74
# Sex: Male
#Dx: 59118001
"""


def test_a_challenge_header() -> None:
    header = parse_header(A0001)
    assert (header.sampling_rate, header.samples, header.segments) == (500.0, 7500, 1)
    assert header.files == ("A0001.mat",)
    assert header.signals[1].gain == 1000
    assert header.least_bytes("A0001.mat") == 24 + 7500 * 2 * 2
    assert comments(A0001) == {"age": "74", "sex": "Male", "dx": "59118001"}


def test_what_wfdb_wrote_is_read_the_same(tmp_path: Path, write_record: Callable[..., Path]) -> None:
    path = write_record(tmp_path, "r1", rate=250, comments=["Age: 3", "Dx: 1,2"])
    header = parse_header(read_text(path))
    assert (header.sampling_rate, header.samples, len(header.signals)) == (250.0, 2500, 12)
    assert header.least_bytes("r1.dat") == (tmp_path / "r1.dat").stat().st_size
    assert comments(read_text(path)) == {"age": "3", "dx": "1,2"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("r.dat 16 200/mV", 2000),
        ("r.dat 8 200/mV", 1000),
        ("r.dat 24 200/mV", 3000),
        ("r.dat 32 200/mV", 4000),
        ("r.dat 212 200/mV", 1500),
        ("r.dat 80x4 200/mV", 4000),
        ("r.dat 16+100 200/mV", 2100),
        ("r.dat 516 200/mV", 0),
    ],
)
def test_how_long_a_whole_signal_file_is(line: str, expected: int) -> None:
    assert parse_header(f"r 1 500 1000\n{line} 12 0 0 0 0 I\n").least_bytes("r.dat") == expected


def test_a_header_may_be_silent_about_rate_length_and_gain() -> None:
    header = parse_header("r 1\nr.dat 16\n")
    assert (header.sampling_rate, header.samples, header.signals[0].gain) == (250.0, None, 0.0)
    assert header.least_bytes("r.dat") == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment\n",
        "r\n",
        "r twelve 500\n",
        "r 2 500 100\nr.dat 16 200\n",
        "r 1 500 100\nr.dat\n",
        "r 1 1-2\n",
    ],
)
def test_what_is_no_header_says_so(text: str) -> None:
    with pytest.raises(HeaderError):
        parse_header(text)


def test_a_multi_segment_record_is_told_by_its_first_line() -> None:
    assert parse_header("r/3 12 500 9000\na 3000\nb 3000\nc 3000\n").segments == 3


def test_bom_crlf_and_stray_bytes(tmp_path: Path) -> None:
    path = tmp_path / "r.hea"
    path.write_bytes(b"\xef\xbb\xbf" + A0001.replace("\n", "\r\n").encode() + b"# Name: M\xfcller\r\n")
    text = read_text(path)
    assert parse_header(text).samples == 7500
    assert comments(text)["dx"] == "59118001"


KEYS = st.text(string.ascii_letters + " ", min_size=1).filter(lambda key: key.strip())
VALUES = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), max_size=40)


@settings(deadline=None)  # machines that are shared are slow at times
@given(st.dictionaries(KEYS.map(lambda key: key.strip().lower()), VALUES), st.sampled_from(["#", "# ", "##", "  # "]))
def test_comments_round_trip(said: dict[str, str], mark: str) -> None:
    text = "r 0 500\n" + "".join(f"{mark}{key.title()}: {value}\n" for key, value in said.items())
    assert comments(text) == {key: value.strip() for key, value in said.items()}


@settings(deadline=None)  # machines that are shared are slow at times
@given(st.lists(st.sampled_from(["164889003", "RBBB", "AF"]), min_size=1))
def test_a_key_on_several_lines_is_one_list(codes: list[str]) -> None:
    assert comments("".join(f"#Dx: {code}\n" for code in codes))["dx"].split(",") == codes


@settings(deadline=None)  # machines that are shared are slow at times
@given(st.text())
def test_comments_never_raise(text: str) -> None:
    assert all(key == key.strip() for key in comments(text))


@settings(deadline=None)  # machines that are shared are slow at times
@given(st.one_of(st.text(), st.text("r12 0./x+()-#\n\t")))
def test_any_text_is_a_header_or_a_header_error(text: str) -> None:
    try:
        header = parse_header(text)
    except HeaderError:
        return
    assert header.segments != 1 or all(header.least_bytes(file) >= 0 for file in header.files)
