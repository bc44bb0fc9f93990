from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from einthoven.bench.sources.signals import load_recording, signal_files
from einthoven.bench.sources.source import Entry
from einthoven.ecg.patient import Patient
from einthoven.ecg.reading import AXES, AxisTruth, Truth
from einthoven.ecg.recording import LEADS
from einthoven.errors import RecordingFault

Write = Callable[..., Path]


def entry(header: Path) -> Entry:
    nothing = Truth({axis: AxisTruth() for axis in AXES})
    return Entry(header.stem, Patient("p1", 60, 0), nothing, "test", statements={"NORM": 100.0}, locator=str(header))


def reason(header: Path) -> str:
    with pytest.raises(RecordingFault) as caught:
        load_recording(entry(header))
    assert caught.value.fault.record_id == header.stem
    assert caught.value.fault.detail
    assert "\n" not in caught.value.fault.detail
    return caught.value.fault.reason


@pytest.mark.parametrize("rate", [100, 250, 257, 500, 1000])
def test_a_record_is_read_in_millivolts(
    tmp_path: Path, write_record: Write, millivolts: Callable[..., np.ndarray], rate: int
) -> None:
    truth = millivolts(12, rate)
    recording = load_recording(entry(write_record(tmp_path, "r1", signal=truth, rate=rate)))
    assert recording.signal is not None
    np.testing.assert_allclose(recording.signal, truth[: 10 * rate].T, atol=1e-6)
    assert (recording.id, recording.sampling_rate, recording.duration) == ("r1", rate, 10.0)
    assert (recording.patient, recording.statements) == (Patient("p1", 60, 0), {"NORM": 100.0})


def test_a_challenge_mat_file_is_read(
    tmp_path: Path, write_mat_record: Write, millivolts: Callable[..., np.ndarray]
) -> None:
    recording = load_recording(entry(write_mat_record(tmp_path, "A0001", seconds=14)))
    np.testing.assert_allclose(recording.signal, millivolts(14)[:5000].T, atol=1e-6)


@pytest.mark.parametrize(("unit", "factor"), [("V", 1e-3), ("uV", 1e3)])
def test_units_and_lead_order_are_brought_to_the_standard(
    tmp_path: Path, write_record: Write, millivolts: Callable[..., np.ndarray], unit: str, factor: float
) -> None:
    truth = millivolts()
    turned = [name.upper() for name in LEADS[::-1]]
    header = write_record(
        tmp_path, "r1", signal=truth[:, ::-1] * factor, leads=turned, units=unit, gain=1000 / factor
    )
    np.testing.assert_allclose(load_recording(entry(header)).signal, truth.T, atol=1e-6)


@pytest.mark.parametrize("cut", [0, 1, 23, 24, 119_999, 60_000, 72_000])
def test_a_truncated_dat_is_called_by_its_name(tmp_path: Path, write_record: Write, cut: int) -> None:
    header = write_record(tmp_path, "r1")
    os.truncate(tmp_path / "r1.dat", cut)
    assert reason(header) == "truncated"


@pytest.mark.parametrize("cut", [0, 23, 24, 100, 120_023])
def test_a_truncated_mat_is_called_by_its_name(tmp_path: Path, write_mat_record: Write, cut: int) -> None:
    header = write_mat_record(tmp_path, "A0001")
    os.truncate(tmp_path / "A0001.mat", cut)
    assert reason(header) == "truncated"


def test_truncated_behind_the_page_is_truncated_too(tmp_path: Path, write_record: Write) -> None:
    header = write_record(tmp_path, "r1", seconds=30)
    os.truncate(tmp_path / "r1.dat", 20 * 500 * 24)
    assert reason(header) == "truncated"


def test_a_longer_file_than_announced_is_read(tmp_path: Path, write_record: Write) -> None:
    header = write_record(tmp_path, "r1")
    with (tmp_path / "r1.dat").open("ab") as file:
        file.write(b"trailing bytes")
    assert load_recording(entry(header)).duration == 10.0


def test_a_header_silent_about_the_length_is_read_to_the_end(tmp_path: Path, write_record: Write) -> None:
    header = write_record(tmp_path, "r1", seconds=11)
    header.write_text(header.read_text().replace("r1 12 500 5500", "r1 12 500"))
    assert load_recording(entry(header)).duration == 10.0
    os.truncate(tmp_path / "r1.dat", 24 * 1000)
    assert reason(header) == "too_short"


def test_missing_files(tmp_path: Path, write_record: Write) -> None:
    header = write_record(tmp_path, "r1")
    (tmp_path / "r1.dat").unlink()
    assert reason(header) == "missing"
    header.unlink()
    assert reason(header) == "missing"


def test_nan_flat_short_and_foreign_units(
    tmp_path: Path, write_record: Write, millivolts: Callable[..., np.ndarray]
) -> None:
    holed, still = millivolts(), millivolts()
    holed[50, 3] = np.nan
    still[:, 3] = 0.25
    assert reason(write_record(tmp_path, "nan", signal=holed)) == "nan"
    assert reason(write_record(tmp_path, "flat", signal=still)) == "flat"
    assert reason(write_record(tmp_path, "short", seconds=9.9)) == "too_short"
    assert reason(write_record(tmp_path, "unit", units="mmHg")) == "unit"
    assert reason(write_record(tmp_path, "volt", units="V")) == "unit"
    assert reason(write_record(tmp_path, "eleven", leads=LEADS[:11])) == "missing_lead"
    doubled = write_record(tmp_path, "doubled")
    doubled.write_text(doubled.read_text().replace(" V6", " v5"))
    assert reason(doubled) == "missing_lead"


def test_a_record_without_a_gain_is_uncalibrated(tmp_path: Path, write_record: Write) -> None:
    header = write_record(tmp_path, "r1")
    header.write_text(header.read_text().replace("1000.0(0)/mV", "0", 1))
    assert reason(header) == "unit"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "r1\n",
        "\x00\x01\x02",
        "<html><body>404 Not Found</body></html>",
        "r1 12 500 5000\nr1.dat 16 1000/mV 16 0 0 0 0 I\n",
        "r1/2 12 500 5000\nr1_1 2500\nr1_2 2500\n",
        "r1 1 0 5000\nr1.dat 16 1000/mV 16 0 0 0 0 I\n",
        "r1 1 1e999 5000\nr1.dat 16 1000/mV 16 0 0 0 0 I\n",
        "r1 1 500 5000\n../r1.dat 16 1000/mV 16 0 0 0 0 I\n",
        "r1 1 500 5000\n/etc/hostname 16 1000/mV 16 0 0 0 0 I\n",
        "r1 1 500 5000\n\x00r1.dat 16 1000/mV 16 0 0 0 0 I\n",
        "r1 1 500 50\nr1.dat 999 1000/mV 16 0 0 0 0 I\n",
        "r1 1 500 5000\nr1.dat 516 1000/mV 16 0 0 0 0 I\n",
        "r1 1 500 5000 25:61:61\nr1.dat 16 1000/mV 16 0 0 0 0 I\n",
    ],
)
def test_a_header_that_cannot_be_read_is_a_fault(tmp_path: Path, write_record: Write, text: str) -> None:
    header = write_record(tmp_path, "r1")
    header.write_text(text, encoding="utf-8")
    assert reason(header) == "unreadable"


def test_a_header_without_signals(tmp_path: Path) -> None:
    (tmp_path / "r1.hea").write_text("r1 0 500 5000\n")
    assert reason(tmp_path / "r1.hea") == "missing_lead"


def test_a_folder_in_place_of_a_header(tmp_path: Path) -> None:
    (tmp_path / "r1.hea").mkdir()
    assert reason(tmp_path / "r1.hea") == "unreadable"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(data=st.data())
def test_damage_anywhere_in_a_header_is_a_fault_or_a_recording(
    tmp_path: Path, write_record: Write, data: st.DataObject
) -> None:
    header = tmp_path / "r1.hea"
    if not (tmp_path / "whole.txt").exists():
        (tmp_path / "whole.txt").write_bytes(write_record(tmp_path, "r1").read_bytes())
    damaged = bytearray((tmp_path / "whole.txt").read_bytes())
    start = data.draw(st.integers(0, len(damaged) - 1))
    damaged[start : start + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=8))
    header.write_bytes(bytes(damaged))
    try:
        recording = load_recording(entry(header))
    except RecordingFault as caught:
        assert "\n" not in caught.fault.detail
    else:
        assert recording.signal is not None
        assert np.isfinite(recording.signal).all()


def test_files_are_the_header_and_the_signal_files(tmp_path: Path, write_record: Write) -> None:
    header = write_record(tmp_path, "r1")
    assert signal_files(header) == (header, tmp_path / "r1.dat")
    (tmp_path / "r1.dat").unlink()
    assert signal_files(header) == (header, tmp_path / "r1.dat")
    header.write_text("garbage")
    assert signal_files(header) == (header,)
    assert signal_files(tmp_path / "none.hea") == (tmp_path / "none.hea",)


def test_reading_says_nothing_on_stderr(tmp_path: Path, write_record: Write) -> None:
    """Warnings of wfdb and pandas are not about the user's data."""
    header = write_record(tmp_path, "r1")
    header.write_text(header.read_text().replace("r1 12 500 5000", "r1 12 500 5000 12-May-2020 12:33:59"))
    program = (
        "import sys; from pathlib import Path; from einthoven.bench.sources.signals import read_record;"
        "read_record('r1', Path(sys.argv[1]))"
    )
    result = subprocess.run(
        [sys.executable, "-W", "default", "-c", program, str(header)], capture_output=True, text=True, check=True
    )
    assert (result.stdout, result.stderr) == ("", "")
