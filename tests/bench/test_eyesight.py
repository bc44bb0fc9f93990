"""What a bundle says of the effective resolution of its run."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from einthoven.adapters import registry
from einthoven.bench.bundle import Bundle, json_bytes, read_bundle
from einthoven.bench.eyesight import eyesight
from einthoven.bench.pages import Pages
from einthoven.bench.result import result_of, scored, validate
from einthoven.bench.run import run
from einthoven.bench.settings import Settings
from einthoven.bench.sources.registry import open_source
from einthoven.bench.sources.source import Entry
from einthoven.errors import EinthovenError, Exit, Fault, RecordingFault
from einthoven.renderers.page import Page


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EINTHOVEN_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> str:
    """A scripted model whose name fits a profile."""
    monkeypatch.setitem(registry.MODELS, "control/qwen3-vl", registry.MODELS["control/scripted"])  # type: ignore[arg-type]
    return "control/qwen3-vl"


def settings(model: str, out: Path, **more: object) -> Settings:
    return Settings(model, "sim", out=out, jobs=1, **{"limit": 5, **more})  # type: ignore[arg-type]


def test_a_run_says_what_its_model_was_left_with(named: str, tmp_path: Path) -> None:
    folder, result = run(settings(named, tmp_path / "out"))
    found = result["resolution"]
    assert found == json.loads((folder / "run.json").read_text())["resolution"]
    assert {key: found[key] for key in ("profile", "basis", "of", "view", "images", "tokens")} == {
        "profile": "qwen3-vl",
        "basis": "processor",
        "of": "every record",
        "view": "grid",
        "images": 1,
        "tokens": 3657,
    }
    (page,) = found["pages"]
    assert (page["images"], page["width"], page["height"], page["tokens"]) == (1, 2200, 1700, 3657)
    assert (page["seen"]["width"], page["seen"]["height"], page["seen"]["refused"]) == (2208, 1696, "")
    assert page["seen"]["ms_per_token"] == pytest.approx(159.4, abs=0.1)
    assert page["seen"]["mv_per_token"] == pytest.approx(0.401, abs=0.001)


def test_scoring_keeps_it_to_the_byte(named: str, tmp_path: Path) -> None:
    folder, result = run(settings(named, tmp_path / "out"))
    assert (folder / "result.json").read_bytes() == json_bytes(scored(folder)) == json_bytes(result)


@pytest.mark.parametrize("model", ["baseline/majority", "control/scripted", "control/random"])
def test_it_is_null_where_no_picture_is_seen_or_nobody_knows(model: str, tmp_path: Path) -> None:
    folder, result = run(settings(model, tmp_path / "out"))
    assert result["resolution"] is None
    assert json.loads((folder / "run.json").read_text())["resolution"] is None


def test_an_older_bundle_has_none_and_keeps_having_none(named: str, tmp_path: Path) -> None:
    folder, _ = run(settings(named, tmp_path / "out"))
    bundle = read_bundle(folder)
    older = {key: value for key, value in bundle.run.items() if key != "resolution"}
    assert "resolution" not in result_of(Bundle(older, bundle.records, bundle.answers))


def test_the_schema_holds_it(named: str, tmp_path: Path) -> None:
    _, result = run(settings(named, tmp_path / "out"))
    for broken in ({}, {"profile": "x"}, result["resolution"] | {"of": "some"}, result["resolution"] | {"pages": []}):
        with pytest.raises(EinthovenError, match=r"not a valid result\.json: at resolution"):
            validate(result | {"resolution": broken})


def looked_at(one: Settings, model: str = "qwen3-vl", shown: bool = True) -> dict[str, object] | None:
    source = open_source(one.data)
    pages = Pages(source, one, 1)
    adapter = registry.create("control/scripted")
    adapter.name = model
    try:
        return eyesight(adapter, pages if shown else None, source, source.entries, one)
    finally:
        pages.close()


def test_a_model_that_sees_no_picture_has_no_eyesight(tmp_path: Path) -> None:
    assert looked_at(settings("m", tmp_path), shown=False) is None
    assert looked_at(settings("m", tmp_path), "who-knows") is None


def test_twelve_pages_of_one_size_are_one_entry(tmp_path: Path) -> None:
    found = looked_at(settings("m", tmp_path, view="patches"), "gemma-3")
    assert found is not None
    assert (found["view"], found["images"], found["tokens"]) == ("patches", 12, 12 * 256)
    (page,) = found["pages"]  # type: ignore[misc]
    assert (page["images"], page["width"], page["height"], page["tokens"]) == (12, 1000, 640, 12 * 256)


def test_a_scan_has_a_canvas_and_a_scale_of_its_own(tmp_path: Path) -> None:
    flat = looked_at(settings("m", tmp_path))
    scan = looked_at(settings("m", tmp_path, degrade="scan", severity=3))
    assert flat is not None and scan is not None
    assert (flat["of"], scan["of"]) == ("every record", "one record")
    assert scan["pages"][0]["width"] != 2200  # type: ignore[index]
    left = [one["pages"][0]["seen"]["px_per_mm_x"] for one in (flat, scan)]  # type: ignore[index]
    assert 0.5 < left[1] / left[0] < 2


def test_worn_pages_are_measured_on_the_first_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wear(pages: tuple[Page, ...], one: Settings, name: str) -> tuple[Page, ...]:
        return tuple(replace(p, geometry=replace(p.geometry, width=1100, height=850)) for p in pages)

    monkeypatch.setattr("einthoven.bench.pages.worn", wear)
    found = looked_at(settings("m", tmp_path, degrade="scan", severity=2))
    assert found is not None
    assert found["of"] == "one record"
    assert found["pages"][0]["width"] == 1100  # type: ignore[index]


def test_a_record_that_broke_since_ends_in_two_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = settings("m", tmp_path, degrade="scan", severity=2)
    source = open_source("sim")

    def broken(_: object, entry: Entry) -> None:
        raise RecordingFault(Fault(entry.id, "truncated", "4 of 5000 samples"))

    monkeypatch.setattr(type(source), "load", broken)
    with pytest.raises(EinthovenError, match="4 of 5000 samples") as caught:
        looked_at(one)
    assert caught.value.exit_code == Exit.INCOMPLETE
