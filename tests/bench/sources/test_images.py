from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from einthoven.bench.bundle import read_bundle
from einthoven.bench.run import run
from einthoven.bench.settings import Settings
from einthoven.bench.sources.check import check
from einthoven.bench.sources.images import ImageFolder, open_images
from einthoven.bench.sources.registry import open_source
from einthoven.ecg.measurements import Measurements
from einthoven.ecg.simulator import Parameters, simulate
from einthoven.errors import EinthovenError, Exit, RecordingFault
from einthoven.exchange import Request
from einthoven.renderers import grid
from einthoven.renderers.identity import of_png

Draw = Callable[..., Image.Image]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EINTHOVEN_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def ecg() -> Draw:
    """A page of simulated ECGs, half the size of the view grid."""
    source = open_source("sim")

    def draw(number: int = 0, size: tuple[int, int] = (1100, 850)) -> Image.Image:
        page = grid.render(source.load(source.entries[number]))[0]
        return Image.open(BytesIO(page.png)).convert("RGB").resize(size, Image.Resampling.LANCZOS)

    return draw


def folder(root: Path, table: str, measurements: str = "", settings: str = "") -> str:
    root.mkdir(parents=True, exist_ok=True)
    for name, text in (("labels.csv", table), ("measurements.csv", measurements), ("einthoven.toml", settings)):
        if text:
            (root / name).write_text(text)
    return str(root)


def reasons(source: ImageFolder) -> dict[str, str]:
    return {fault.record_id: fault.reason for fault in check(source).faults}


def test_the_example_of_the_docs(tmp_path: Path, ecg: Draw) -> None:
    text = (Path(__file__).parents[3] / "docs" / "sources.md").read_text().split("## Page images")[1]
    table = text.split("```")[1].strip()
    (tmp_path / "scans").mkdir()
    ecg(0).save(tmp_path / "scans" / "0001.jpg")
    ecg(1).save(tmp_path / "scans" / "0002-a.TIF")
    ecg(2).save(tmp_path / "scans" / "0002-b.TIF")
    source = open_images(folder(tmp_path, table))
    assert (source.name, source.has_folds, source.faults) == ("images", True, ())
    one, two = check(source).entries
    assert (one.id, one.patient.id, one.patient.age, one.patient.sex, one.split) == ("0001", "p17", 64, 1, "test")
    assert (two.id, two.patient.age, two.split) == ("0002", 90, "train")
    assert one.truth["conduction"].value == {"lbbb"}
    assert two.truth["rhythm"].value == "atrial_fibrillation"
    assert one.measurements == Measurements(heart_rate=72, pr=164, qrs=148, measurer="print-out")
    assert two.measurements == Measurements(heart_rate=96, qrs=88, measurer="print-out")
    pages = source.load(two).pages
    assert pages == (tmp_path / "scans/0002-a.TIF", tmp_path / "scans/0002-b.TIF")
    assert (source.load(two).signal, source.load(two).patient) == (None, two.patient)


def test_record_images_and_codes_are_enough(tmp_path: Path) -> None:
    source = open_images(folder(tmp_path, "record,images,codes\nr1,a.png,lbbb\nr2,./b.png; c.png ;,rbbb;afib_x\n"))
    (one,) = source.entries
    assert (one.id, one.patient.id, one.split, one.measurements) == ("r1", "r1", "test", None)
    assert not source.has_folds
    assert [fault.record_id for fault in source.faults] == ["r2"]  # a code that no table has


def test_dialects_and_validation_are_those_of_every_label_table(tmp_path: Path) -> None:
    table = "record,images,codes,dialect,validated,fold\nr1,a.png,CLBBB|SR,,,1\nr2,b.png,lbbb,einthoven,true,2\n"
    source = open_images(folder(tmp_path, table, settings='[labels]\ndialect = "scp"\n'))
    one, two = source.entries
    assert one.truth["conduction"].value == two.truth["conduction"].value == {"lbbb"}
    assert (one.truth["other_findings"].masked, two.truth["other_findings"].masked) == (True, False)
    assert (one.split, two.split) == ("validation", "test")


@pytest.mark.parametrize(
    "images",
    [
        "../x.png",
        "a/../../x.png",
        "/etc/x.png",
        "C:\\x.png",
        "c:x.png",
        "\\\\host\\x.png",
        "..\\x.png",
        "a.png;../x.png",
        "a\0.png",
        '"a\nb.png"',
        "",
        " ; ",
        "a.png;a.png",
        "a.png;./a.png",
        ";".join(f"{n}.png" for n in range(13)),
    ],
)
def test_what_is_no_list_of_files_in_the_folder_is_refused(tmp_path: Path, images: str) -> None:
    Image.new("RGB", (400, 400)).save(tmp_path / "x.png")
    source = open_images(folder(tmp_path / "root", f"record,images,codes\nr1,{images},lbbb\nr2,good.png,lbbb\n"))
    assert [entry.id for entry in source.entries] == ["r2"]
    assert [(fault.record_id, fault.reason) for fault in source.faults] == [("r1", "label")]
    assert "\n" not in source.faults[0].detail


def test_a_link_is_followed(tmp_path: Path, ecg: Draw) -> None:
    ecg().save(tmp_path / "far.png")
    root = folder(tmp_path / "root", "record,images,codes\nr1,near.png,lbbb\n")
    (tmp_path / "root" / "near.png").symlink_to(tmp_path / "far.png")
    assert [entry.id for entry in check(open_images(root)).entries] == ["r1"]


def test_every_fault_has_its_reason(tmp_path: Path, ecg: Draw) -> None:
    ecg().save(tmp_path / "good.png")
    (tmp_path / "torn.jpg").write_bytes(b"\xff\xd8\xff\xe0 torn")
    Image.new("1", (9_000, 9_000)).save(tmp_path / "huge.png")
    ecg(0, (700, 299)).save(tmp_path / "small.png")
    Image.new("RGB", (1000, 800), "white").save(tmp_path / "white.png")
    Image.new("RGB", (1000, 800), "white").save(tmp_path / "white2.png")
    ecg(1).save(tmp_path / "two.tif", save_all=True, append_images=[ecg(2)])
    ecg(0).save(tmp_path / "Unnamed.JPEG")
    names = (
        "good.png",
        "torn.jpg",
        "huge.png",
        "small.png",
        "white.png",
        "two.tif",
        "gone.png",
        "good.png;white2.png",
    )
    table = "record,images,codes\n" + "".join(f"r{n},{name},lbbb\n" for n, name in enumerate(names))
    source = open_images(folder(tmp_path, table))
    assert reasons(source) == {
        "Unnamed.JPEG": "label",
        "r1": "unreadable",
        "r2": "huge",
        "r3": "too_small",
        "r4": "no_ecg",
        "r5": "unreadable",
        "r6": "missing",
        "r7": "no_ecg",  # one page of two is none
    }
    for entry in source.entries:  # what the header shows, loading shows too
        if entry.id in ("r1", "r2", "r3", "r5", "r6"):
            with pytest.raises(RecordingFault):
                source.load(entry)
    assert reasons(source) == reasons(open_images(str(tmp_path)))  # from the cache


def test_a_changed_image_is_read_again(tmp_path: Path, ecg: Draw) -> None:
    for name in ("a", "b"):
        Image.new("RGB", (1000, 800), "white").save(tmp_path / f"{name}.png")
    source = open_images(folder(tmp_path, "record,images,codes\nr1,a.png;b.png,lbbb\n"))
    assert reasons(source) == {"r1": "no_ecg"}
    for name in ("a", "b"):
        ecg().save(tmp_path / f"{name}.png")
    assert reasons(source) == {}
    assert check(source).read == 0


def test_twelve_patches_are_a_record_even_with_flat_leads(tmp_path: Path, ecg: Draw) -> None:
    page = grid.render(simulate(Parameters(), 7))[0]
    image = Image.open(BytesIO(page.png)).convert("RGB")
    for number, segment in enumerate(page.geometry.segments[:12]):
        box = segment.box
        image.crop((box.x0, box.y0, box.x1, box.y1)).save(tmp_path / f"{number}.png")
    for flat in (3, 8):
        Image.new("RGB", (480, 280), (255, 248, 246)).save(tmp_path / f"{flat}.png")
    names = ";".join(f"{number}.png" for number in range(12))
    found = open_images(folder(tmp_path, f"record,images,codes\nr1,{names},lbbb\n"))
    assert reasons(found) == {}
    assert [path.stem for path in found.load(found.entries[0]).pages] == [str(number) for number in range(12)]


def test_measurements_stand_in_one_of_two_tables(tmp_path: Path) -> None:
    table = """\
record,images,codes,heart_rate,qtcb,measurer
r1,1.png,lbbb,60,,
r2,2.png,lbbb,,,
r3,3.png,lbbb,-,440,MAC
r4,4.png,lbbb,60,,
r5,5.png,lbbb,sixty,,
r6,6.png,lbbb,,,
"""
    measured = "record,pr,measurer\nr2,160,cart\nr4,150,\nr6,150,\nr6,150,\nr7,150,\n"
    source = open_images(folder(tmp_path, table, measured))
    assert {entry.id: entry.measurements for entry in source.entries} == {
        "r1": Measurements(heart_rate=60, measurer="print-out"),
        "r2": Measurements(pr=160, measurer="cart"),
        "r3": Measurements(qtc_bazett=440, measurer="MAC"),
    }
    assert {fault.record_id: fault.detail for fault in source.faults} == {
        "r4": "measured twice, in measurements.csv and in labels.csv",
        "r5": "heart_rate is 'sixty', not a number",
        "r6": "measured twice, in measurements.csv",
        "r7": "a row of measurements.csv, but none in labels.csv",
    }


def test_no_folder_no_table_no_column(tmp_path: Path) -> None:
    for path, word in ((tmp_path / "none", "does not exist"), (tmp_path, "labels.csv")):
        with pytest.raises(EinthovenError, match=word) as caught:
            open_source(f"images:{path}")
        assert caught.value.exit_code is Exit.MISSING
    assert "record,images,codes" in caught.value.remedy
    with pytest.raises(EinthovenError, match="no column images"):
        open_images(folder(tmp_path, "record,codes\nr1,lbbb\n"))


@pytest.fixture
def data(tmp_path: Path, ecg: Draw) -> str:
    """Five records: four formats, one turned by EXIF, one of two pages, one that is no ECG; two of the same size."""
    root = tmp_path / "data"
    folder(
        root,
        "record,images,codes,heart_rate\nr0,0.png,lbbb,70\nr1,1.JPG,atrial_fibrillation,\nr2,2b.tif;2a.tif,rbbb,\n"
        "r3,3.webp,lbbb,\nr4,4.png,rbbb,\n",
    )
    ecg(0).save(root / "0.png")
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "Jane Doe"
    ecg(1).transpose(Image.Transpose.ROTATE_90).save(root / "1.JPG", exif=exif)
    ecg(2, (1000, 800)).save(root / "2b.tif")
    ecg(3, (900, 700)).save(root / "2a.tif")
    ecg(4, (1200, 900)).save(root / "3.webp", lossless=True)
    Image.new("RGB", (1100, 850), "white").save(root / "4.png")
    return f"images:{root}"


def sizes(images: tuple[bytes, ...]) -> list[tuple[int, int]]:
    return [Image.open(BytesIO(png)).size for png in images]


@pytest.mark.parametrize("jobs", [1, 2])
def test_images_reach_the_model_in_order_and_blind_arms_see_none(
    tmp_path: Path, data: str, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    from einthoven.adapters.scripted import Scripted

    asked: dict[tuple[str, str], Request] = {}
    answer = Scripted.answer

    async def seen(self: Scripted, request: Request) -> object:
        asked[request.record_id, request.arm] = request
        return await answer(self, request)

    monkeypatch.setattr(Scripted, "answer", seen)
    monkeypatch.setattr("einthoven.bench.pages._WORTH_A_PROCESS", 4)
    arms = ("image", "no-image", "blank")
    out, result = run(Settings("control/scripted", data, arms=arms, out=tmp_path / "out", jobs=jobs))
    assert (result["view"], result["data"]["records"]) == ({"name": "page", "version": "1"}, 4)
    shown = {record: request.images for (record, arm), request in asked.items() if arm == "image"}
    assert {record: sizes(images) for record, images in shown.items()} == {
        "r0": [(1100, 850)],
        "r1": [(1100, 850)],
        "r2": [(1000, 800), (900, 700)],
        "r3": [(1200, 900)],
    }
    root = Path(data.partition(":")[2])
    for record, files in {"r0": ["0.png"], "r2": ["2b.tif", "2a.tif"], "r3": ["3.webp"]}.items():
        for png, name in zip(shown[record], files, strict=True):
            assert np.array_equal(np.asarray(Image.open(BytesIO(png))), np.asarray(Image.open(root / name)))
    assert not any(b"Jane" in png or b"eXIf" in png or b"tEXt" in png for images in shown.values() for png in images)
    for request in asked.values():
        assert request.image_ids == tuple(of_png(png) for png in request.images)
        assert request.measurements is None
    # The blank pages have the sizes of the record's own; equal ones are asked about once.
    blank = {record: request for (record, arm), request in asked.items() if arm == "blank"}
    for request in blank.values():
        assert sizes(request.images) == sizes(shown[request.record_id])
        assert all(np.asarray(Image.open(BytesIO(png))).min() == 255 for png in request.images)
    bundle = read_bundle(out)
    rows = {(row["record"], row["arm"]): row for row in bundle.answers}
    assert rows["r0", "blank"]["images"] == rows["r1", "blank"]["images"] != rows["r3", "blank"]["images"]
    assert not any("images" in row for (_, arm), row in rows.items() if arm == "no-image")
    assert rows["r2", "image"]["images"] == list(asked["r2", "image"].image_ids)
    assert bundle.run["blank"] == []
    assert bundle.run["identity"]["view"]["name"] == "page"
    assert [(fault["id"], fault["reason"]) for fault in bundle.run["data"]["faults"]] == [("r4", "no_ecg")]


def test_the_command_line_needs_no_view(tmp_path: Path, data: str, capsys: pytest.CaptureFixture[str]) -> None:
    from einthoven.cli.main import main

    arguments = ["run", "control/scripted", "--data", data, "--arm", "image", "--arm", "measurements"]
    main([*arguments, "--out", str(tmp_path / "out"), "--json"])
    assert json.loads(capsys.readouterr().out)["view"]["name"] == "page"
    rows = {row["id"]: row for row in read_bundle(tmp_path / "out").records}
    assert rows["r0"]["measurements"] == {"heart_rate": 70, "measurer": "print-out"}
    with pytest.raises(SystemExit) as caught:
        main(["data", "check", "images:/nowhere"])
    assert caught.value.code == Exit.MISSING
    capsys.readouterr()
    main(["data", "check", data])
    said = capsys.readouterr().out
    assert "page images, without signals" in said
    assert "no_ecg" in said


@pytest.mark.parametrize(
    ("source", "view", "problem", "remedy"),
    [
        ("images", "grid", "its records are page images, without a signal", "--view page"),
        ("sim", "page", "its records have no page images", "--view grid"),
    ],
)
def test_a_view_that_cannot_show_the_data_gets_two_lines(
    data: str, capsys: pytest.CaptureFixture[str], source: str, view: str, problem: str, remedy: str
) -> None:
    from einthoven.cli.main import main

    with pytest.raises(SystemExit) as caught:
        main(["run", "control/random", "--data", data if source == "images" else source, "--view", view])
    said = capsys.readouterr().err.splitlines()
    assert (caught.value.code, len(said)) == (Exit.USAGE, 2)
    assert problem in said[0]
    assert remedy in said[1]


def test_a_dry_run_counts_each_record_s_blank_pages(tmp_path: Path, data: str) -> None:
    from einthoven.bench.dry_run import dry_run

    arms = ("image", "no-image", "blank")
    found = dry_run(Settings("reference/digitiser", data, arms=arms, out=tmp_path / "out"))
    assert found["calls"] == 4 + 1 + 4
    # Whose answers go by the record is asked about each.
    assert dry_run(Settings("control/scripted", data, arms=arms, out=tmp_path / "out"))["calls"] == 4 + 4 + 4
    assert found["images"]["blank"] == found["images"]["image"] == [[1100, 850]]
