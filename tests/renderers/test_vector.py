"""The vector page: where its lines run, that it says what the pixels' page says, and that its bytes are fixed."""

from __future__ import annotations

import re
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest

from einthoven.ecg.patient import Patient
from einthoven.ecg.recording import LEADS, Recording
from einthoven.errors import EinthovenError
from einthoven.renderers.layout import laid_out
from einthoven.renderers.options import Options
from einthoven.renderers.vector import curve, vector

SVG = "{http://www.w3.org/2000/svg}"

#: Printer's points a millimetre: matplotlib's unit in an SVG.
POINTS = 72 / 25.4


def recording(sampling_rate: float = 500.0, seconds: float = 10.0) -> Recording:
    t = np.arange(round(seconds * sampling_rate)) / sampling_rate
    rows = [0.1 * (k + 1) * np.sin(2 * np.pi * (1 + 0.1 * k) * t) for k in range(12)]
    return Recording("one <&> two", np.array(rows, dtype=np.float32), sampling_rate, Patient("p", 61, 1))


def drawn(svg: bytes, gid: str) -> list[tuple[float, float]]:
    """Read the points of a line in page coordinates, from the text of the file alone."""
    root = ElementTree.fromstring(svg)
    (group,) = (one for one in root.iter(f"{SVG}g") if one.get("id") == gid)
    path = group.find(f"{SVG}path")
    assert path is not None
    numbers = re.findall(r"[ML] (-?[\d.]+) (-?[\d.]+)", path.get("d") or "")
    return [(float(x) / POINTS * 8 - 0.5, float(y) / POINTS * 8 - 0.5) for x, y in numbers]


@pytest.mark.parametrize(
    "options", [Options(), Options(layout="6x2", cabrera=True, mm_per_second=50, mm_per_mv=20, crop="tight")]
)
def test_every_curve_runs_where_the_geometry_says(options: Options) -> None:
    one = recording()
    assert one.signal is not None
    svg = vector(one, options, "svg")
    segments = laid_out(options).geometry.segments
    for segment in segments:
        points = drawn(svg, f"lead-{segment.lead}-{segment.x0:g}-{segment.baseline:g}")
        first, last = round(segment.t0 * 500), round(segment.t1 * 500)
        samples = np.arange(first, min(last, one.signal.shape[1] - 1) + 1)
        truth = [(segment.x(k / 500), segment.y(float(one.signal[LEADS.index(segment.lead), k]))) for k in samples]
        # The first and the last point are where the line enters and leaves the slot: on samples, they stand twice.
        inner = points[1:-1] if len(points) == len(truth) + 2 else points[1:]
        np.testing.assert_allclose(inner, truth, atol=0.01)
    assert {segment.lead for segment in segments} == set(LEADS)


def test_between_samples_the_line_enters_where_the_polyline_is() -> None:
    one = recording(sampling_rate=333.0)
    assert one.signal is not None
    segment = laid_out().geometry.segments[1]
    position = segment.t0 * 333.0
    left = int(position)
    lead = one.signal[LEADS.index(segment.lead)].astype(float)
    entering = lead[left] + (position - left) * (lead[left + 1] - lead[left])
    x, y = curve(one, segment)
    assert (x[0], y[0]) == pytest.approx((segment.x0, segment.y(entering)))


def test_a_gap_stays_a_gap() -> None:
    one = recording()
    assert one.signal is not None
    signal = one.signal.copy()
    signal[0, 100:200] = np.nan
    holed = Recording("gap", signal, 500.0, one.patient)
    segment = laid_out().geometry.segments[0]
    _, y = curve(holed, segment)
    assert np.isnan(y[101:201]).all()
    assert np.isfinite(y[1:101]).all()
    svg = vector(holed)
    path = f"lead-{segment.lead}-{segment.x0:g}-{segment.baseline:g}"
    assert len(drawn(svg, path)) == len(drawn(vector(one), path)) - 100


def test_the_sheet_has_its_true_size_and_its_words() -> None:
    svg = vector(recording(), Options(mm_per_mv=5, header=("id", "age")))
    root = ElementTree.fromstring(svg)
    geometry = laid_out(Options(mm_per_mv=5)).geometry
    assert float((root.get("width") or "").removesuffix("pt")) == pytest.approx(geometry.width / 8 * POINTS, abs=1e-3)
    words = [text.text for text in root.iter(f"{SVG}text")]
    assert set(LEADS) <= set(words)
    assert sum("25 mm/s  5 mm/mV" in (word or "") for word in words) == 2
    assert any("one <&> two" in (word or "") and "61" in (word or "") for word in words)


def test_grid_lines_are_counted_and_none_draws_none() -> None:
    def lines(options: Options, name: str) -> int:
        root = ElementTree.fromstring(vector(recording(), options))
        groups = [one for one in root.iter(f"{SVG}g") if one.get("id") == f"grid-{name}"]
        return sum(len(list(group.iter(f"{SVG}path"))) for group in groups)

    assert lines(Options(), "thin") == 2200 // 8 + -(-1700 // 8)
    assert lines(Options(), "bold") == 2200 // 40 + -(-1700 // 40)
    assert lines(Options(grid="none"), "thin") == 0


@pytest.mark.parametrize("form", ["svg", "pdf"])
def test_bytes_are_the_same_in_another_process_with_other_habits(form: str, tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "matplotlibrc").write_text("savefig.bbox: tight\nlines.linestyle: --\nfont.size: 20\n")
    code = (
        "import sys; sys.path.insert(0, 'tests/renderers'); from test_vector import recording;"
        f"from einthoven.renderers.vector import vector; sys.stdout.buffer.write(vector(recording(), form={form!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env={"MATPLOTLIBRC": str(tmp_path / "matplotlibrc"), "PYTHONPATH": ":".join(sys.path), "HOME": str(tmp_path)},
    )
    here = vector(recording(), form=form)  # type: ignore[arg-type]
    assert done.stdout == here
    assert here.startswith(b"%PDF" if form == "pdf" else b"<?xml")


def test_what_cannot_be_drawn_is_refused_in_the_same_words() -> None:
    with pytest.raises(EinthovenError, match="20 Hz is too slow"):
        vector(recording(sampling_rate=20.0))
