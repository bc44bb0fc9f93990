"""``einthoven render --digitise`` as a person runs it: pages in, signals out, and what cannot be read said."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import wfdb
from PIL import Image

from einthoven.bench.sources.registry import open_source
from einthoven.cli.main import main
from einthoven.ecg.recording import LEADS, Recording
from einthoven.ecg.simulator import Parameters, simulate
from einthoven.errors import Exit
from einthoven.renderers.registry import view

ENDINGS = (".csv", ".dat", ".hea", ".json", ".overlay.png")


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, list[str]]:
    code = 0
    try:
        main(["render", "--digitise", *map(str, arguments)])
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    said = capsys.readouterr()
    return code, said.out, [line for line in said.err.splitlines() if not line.startswith("digitising: ")]


@pytest.fixture(scope="module")
def recording() -> Recording:
    return simulate(Parameters(heart_rate=109.4, pr=150, qtc=396, qrs=106, noise=0.6), 3)


@pytest.fixture(scope="module")
def page(recording: Recording) -> bytes:
    return view("grid")(recording)[0].png


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: bytes) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.png").write_bytes(page)
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def likeness(path: Path, recording: Recording) -> list[float]:
    """Correlation of each lead of a WFDB record with the recording, over what is shown."""
    found = wfdb.rdrecord(str(path))
    assert found.sig_name == list(LEADS)
    result = []
    for lead in range(len(LEADS)):
        shown = np.flatnonzero(np.isfinite(found.p_signal[:, lead]))
        true = recording.signal[lead]
        shown = shown[shown < len(true)]
        result.append(float(np.corrcoef(found.p_signal[shown, lead], true[shown])[0, 1]))
    return result


def test_a_page_comes_back_as_a_signal(here: Path, recording: Recording, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, said = call(capsys, "page.png", "-o", "out")
    assert (code, said) == (0, [])
    assert "3x4+1" in out
    assert "out: 1 of 1 digitised" in out
    assert names(here / "out") == [f"page{ending}" for ending in ENDINGS]
    assert min(likeness(here / "out" / "page", recording)) > 0.98
    header = wfdb.rdheader(str(here / "out" / "page"))
    assert (header.fs, header.fmt, header.adc_gain) == (500, ["16"] * 12, [1000.0] * 12)
    assert header.comments[0].startswith("digitised from page.png by einthoven")
    assert "layout 3x4+1, 25 mm/s, 10 mm/mV" in header.comments[1]
    signal = wfdb.rdrecord(str(here / "out" / "page")).p_signal
    shown = np.isfinite(signal)
    assert shown[:, 1].all()
    assert np.delete(shown.mean(axis=0), 1) == pytest.approx(0.25, abs=0.01)
    # The table says the same, empty where the record is invalid.
    rows = list(csv.DictReader((here / "out" / "page.csv").open()))
    assert list(rows[0]) == ["time_s", *LEADS]
    assert [float(row["time_s"]) for row in rows[:3]] == [0.0, 0.002, 0.004]
    table = np.array([[float(row[lead] or "nan") for lead in LEADS] for row in rows])
    assert np.array_equal(np.isfinite(table), shown)
    assert np.nanmax(np.abs(table - signal)) < 0.0006  # half a step of 1 uV, rounded
    assert Image.open(here / "out" / "page.overlay.png").size[0] == 2200


def test_the_document_says_what_was_found(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "page.png", "-o", "out", "--json")
    assert code == 0
    (said,) = json.loads(out)
    document = json.loads((here / "out" / "page.json").read_bytes())
    assert said == document | {"kept": False}
    assert document["outcome"] == "digitised"
    assert (document["layout"], document["mm_per_second"], document["mm_per_mv"]) == ("3x4+1", 25.0, 10.0)
    assert document["grid"]["px_per_mm_x"] == pytest.approx(8.0, rel=1e-3)
    assert (document["angle"], document["straightened"]) == (0.0, False)
    assert document["clock"] == "columns follow each other"
    assert document["seconds_shown"]["II"] == pytest.approx(10.0, abs=0.2)
    assert len(document["rows"]) == 4
    assert {one["lead"] for one in document["stretches"]} == set(LEADS)
    numbers = document["measurements"]
    assert 100 < numbers["heart_rate"] < 120  # the page is a tachycardia
    assert {"pr", "qrs", "qt", "qrs_axis"} <= numbers.keys()
    assert document["reading"]["rate"] == "tachycardia"
    assert document["files"] == [f"page{ending}" for ending in (".dat", ".hea", ".csv", ".overlay.png", ".json")]


def test_a_folder_of_pages_of_all_kinds(
    here: Path, recording: Recording, page: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = here / "in"
    (folder / "more").mkdir(parents=True)
    with Image.open(io.BytesIO(page)) as opened:
        image = opened.convert("RGB")
    image.save(folder / "a photo.jpg", quality=85)
    image.save(folder / "b.webp", quality=90)
    image.reduce(2).save(folder / "small.jpeg", quality=90)
    image.save(folder / "c.tif", save_all=True, append_images=[image])
    (folder / "torn.png").write_bytes(page[:3000])
    (folder / "gone.png").symlink_to(folder / "nowhere.png")
    Image.new("RGB", (800, 600), "white").save(folder / "white.png")
    for lead, one in zip(LEADS, view("patches")(recording), strict=True):
        (folder / "more" / f"rec-{lead}.png").write_bytes(one.png)
    code, out, said = call(capsys, folder, "-o", "out", "--jobs", 2)  # enough pages for two workers
    assert code == Exit.GATE_FAILED
    assert said == [
        "einthoven: 3 of 8 pages could not be digitised",
        "  the reasons stand in the table and in each page's .json",
    ]
    good = ["a_photo", "b", "c", "more/rec", "small"]
    bad = ["gone", "torn", "white"]
    assert names(here / "out") == sorted([f"{x}{y}" for x in good for y in ENDINGS] + [f"{x}.json" for x in bad])
    for name in good:
        assert np.median(likeness(here / "out" / name, recording)) > 0.97
    for name in bad:
        document = json.loads((here / "out" / f"{name}.json").read_bytes())
        assert document["outcome"] == "undigitisable"
        assert document["reason"] in out.replace("\n", " ")
    assert "cannot be read" in json.loads((here / "out" / "gone.json").read_bytes())["reason"]
    assert "only the first of the 2 pages of c.tif was read" in out
    assert json.loads((here / "out" / "more" / "rec.json").read_bytes())["layout"] == "patches"


def test_the_same_command_again_keeps_what_stands(
    here: Path, page: bytes, recording: Recording, capsys: pytest.CaptureFixture[str]
) -> None:
    call(capsys, "page.png", "-o", "out")
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in (here / "out").iterdir()}
    code, out, _ = call(capsys, "page.png", "-o", "out")
    assert code == 0
    assert "1 stood there already" in out
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in before} == before
    # What a killed run left is completed, with the same bytes.
    (here / "out" / "page.csv").unlink()
    (here / "out" / "page.json").unlink()
    assert call(capsys, "page.png", "-o", "out")[0] == 0
    assert {path: path.read_bytes() for path in before} == {path: kept[1] for path, kept in before.items()}
    # Another page of the same name is not mistaken for it.
    other = view("stacked")(recording)[0].png
    (here / "page.png").write_bytes(other)
    code, out, said = call(capsys, "page.png", "-o", "out")
    assert (code, out, len(said)) == (Exit.USAGE, "", 2)
    assert "stands there already, and is of another page" in said[0]
    assert "--fresh" in said[1]
    assert {path: path.read_bytes() for path in before} == {path: kept[1] for path, kept in before.items()}
    assert call(capsys, "page.png", "-o", "out", "--fresh", "--no-overlay")[0] == 0
    assert json.loads((here / "out" / "page.json").read_bytes())["layout"] != "3x4+1"
    assert names(here / "out") == ["page.csv", "page.dat", "page.hea", "page.json"]  # the old picture is gone
    # And a page that gives nothing leaves no signal of an older one.
    (here / "page.png").write_bytes(page[:3000])
    assert call(capsys, "page.png", "-o", "out")[0] == Exit.USAGE
    assert call(capsys, "page.png", "-o", "out", "--fresh")[0] == Exit.GATE_FAILED
    assert names(here / "out") == ["page.json"]
    (here / "page.png").write_bytes(page)  # mended: a failure is looked at again
    assert call(capsys, "page.png", "-o", "out", "--fresh")[0] == 0


def test_an_overlay_is_added_to_what_stands(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "page.png", "-o", "out", "--no-overlay")[0] == 0
    assert not list((here / "out").glob("*.png"))
    assert "stood there" in call(capsys, "page.png", "-o", "out", "--no-overlay")[1]
    assert call(capsys, "page.png", "-o", "out")[0] == 0
    assert names(here / "out") == [f"page{ending}" for ending in ENDINGS]


def test_files_that_belong_together(here: Path, recording: Recording, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "leads").mkdir()
    for k, one in enumerate(view("patches")(recording), start=1):
        (here / "leads" / f"{k}.png").write_bytes(one.png)
    code, out, _ = call(capsys, "leads", "--together", "-o", "out")
    assert code == 0
    assert "patches" in out
    assert np.median(likeness(here / "out" / "leads", recording)) > 0.97
    (here / "leads" / "12.png").unlink()
    code, _, said = call(capsys, "leads", "--together", "-o", "other")
    assert code == Exit.GATE_FAILED
    assert "11 images are neither one page nor twelve leads" in said[0]


@pytest.mark.parametrize(
    ("arguments", "problem", "code"),
    [
        ([], "there is nothing to digitise", Exit.USAGE),
        (["page.png"], "several files a page", Exit.USAGE),
        (["none.png", "-o", "out"], "there is no file none.png", Exit.MISSING),
        (["empty", "-o", "out"], "empty holds no image", Exit.MISSING),
        (["page.png", "-o", "page.png"], "page.png is a file", Exit.USAGE),
        (["page.png", "-o", "page.png/x"], "cannot write to page.png/x", Exit.USAGE),
        (["page.png", "page.jpg", "-o", "out"], "would both be called page", Exit.USAGE),
        (["page.png", "-o", "out", "--view", "clean"], "--view does not go with --digitise", Exit.USAGE),
        (["page.png", "-o", "out", "--layout", "6x2"], "--layout does not go with --digitise", Exit.USAGE),
    ],
)
def test_what_cannot_be_asked_gets_two_lines(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], problem: str, code: int
) -> None:
    (here / "empty").mkdir()
    (here / "page.jpg").write_bytes((here / "page.png").read_bytes())
    assert call(capsys, *arguments)[:2] == (code, "")
    said = call(capsys, *arguments)[2]
    assert len(said) == 2
    assert problem in said[0]
    assert not (here / "out").exists()


def test_what_is_no_image_is_said_in_two_lines_below_the_table(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "letter.png").write_text("Dear colleague")
    code, out, said = call(capsys, "letter.png", "-o", "out")
    assert code == Exit.GATE_FAILED
    assert "not digitised: the file cannot be decoded as an image" in out
    assert len(said) == 2
    assert said[0] == "einthoven: 1 page could not be digitised: the file cannot be decoded as an image"
    (here / "print.pdf").write_bytes(b"%PDF-1.7 ...")
    assert "print.pdf is a PDF: turn its pages into images first" in call(capsys, "print.pdf", "-o", "out")[1]
    (here / "phone.heic").write_bytes(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00")
    assert "phone.heic is a HEIC photograph: save it as a JPEG first" in call(capsys, "phone.heic", "-o", "out")[1]


def test_drawing_refuses_the_flags_of_reading(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["sim", "--together"], ["sim", "--no-overlay"], ["sim", "ptbxl:x"]):
        with pytest.raises(SystemExit) as leaving:
            main(["render", *arguments])
        assert leaving.value.code == Exit.USAGE
        assert len(capsys.readouterr().err.splitlines()) == 2


def test_a_second_process_is_refused(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from filelock import FileLock

    (here / "out").mkdir()
    with FileLock(here / "out" / ".lock"):
        code, _, said = call(capsys, "page.png", "-o", "out")
    assert code == Exit.INCOMPLETE
    assert "another process" in said[0]


def test_refusals_need_no_numpy() -> None:
    code = (
        "import sys; from einthoven.cli.main import main\ntry: main(['render', '--digitise', 'x.png'])\n"
        "except SystemExit: pass\nassert not {'numpy', 'cv2', 'PIL', 'orjson', 'rich'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.real_data
def test_real_recordings_come_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = os.environ.get("EINTHOVEN_DATA")
    if not folder:
        pytest.skip("EINTHOVEN_DATA is not set: it names the folder with ptb-xl/, challenge/ and ludb/")
    data = f"ptbxl:{folder}/ptb-xl"
    main(["render", data, "--split", "test", "--limit", "5", "-o", str(tmp_path / "pages")])
    assert call(capsys, tmp_path / "pages", "-o", tmp_path / "out", "--no-overlay")[0] == 0
    source = open_source(data)
    entries = [entry for entry in source.entries if entry.split == "test"][:5]
    for entry in entries:
        alike = likeness(tmp_path / "out" / "grid" / entry.id, source.load(entry))
        assert np.median(alike) > 0.985, entry.id
