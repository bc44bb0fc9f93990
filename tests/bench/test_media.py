import gzip
import hashlib
import json
import shutil
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from einthoven.bench.media import write_media
from einthoven.bench.run import run
from einthoven.bench.settings import Settings
from einthoven.bench.sources.registry import open_source
from einthoven.cli.main import main
from einthoven.errors import EinthovenError
from einthoven.leaderboard.media import media_of
from einthoven.renderers.registry import view


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media") / "run"
    return run(Settings("reference/digitiser", "sim-demo", limit=5, jobs=1, out=folder))[0]


def test_pictures_are_those_that_were_shown(bundle: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(bundle, tmp_path / "run")
    document = write_media(folder, "sim-demo", most=3)
    assert len(document["records"]) == 3
    rule, media = media_of(folder)
    assert "SHA-256" in rule and "until there are 3" in rule
    source = open_source("sim-demo")
    for entry in source.entries:
        if entry.id not in media:
            continue
        recording = source.load(entry)
        (page,) = view("grid")(recording)
        (picture,) = media[entry.id].pictures
        assert (picture.pixels, picture.width, picture.height) == (
            page.pixel_id,
            page.geometry.width,
            page.geometry.height,
        )
        assert hashlib.sha256(picture.path.read_bytes()).hexdigest() == picture.sha256 == picture.path.stem
        trace = media[entry.id].trace
        assert trace is not None and recording.signal is not None
        assert np.abs(trace.microvolts / 1000.0 - recording.signal[:, : trace.microvolts.shape[1]]).max() <= 0.00051
    before = {path.name: path.read_bytes() for path in (folder / "media").iterdir()}
    write_media(folder, "sim-demo", most=3)
    assert before == {path.name: path.read_bytes() for path in (folder / "media").iterdir()}


def _refused(folder: Path, data: str) -> str:
    with pytest.raises(EinthovenError) as caught:
        write_media(folder, data)
    return caught.value.problem


def test_other_data_and_other_pictures_are_refused(bundle: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(bundle, tmp_path / "run")
    assert "is a run on sim-demo, not on sim" in _refused(folder, "sim")
    rows = [json.loads(line) for line in gzip.decompress((folder / "records.jsonl.gz").read_bytes()).splitlines()]

    def rewrite(**change: Any) -> None:
        content = "".join(json.dumps(row | change) + "\n" for row in rows)
        (folder / "records.jsonl.gz").write_bytes(gzip.compress(content.encode()))

    rewrite(images=["0" * 64])
    assert "is not what the model was shown" in _refused(folder, "sim-demo")
    rewrite(digest="0" * 16)
    assert "is not the signal" in _refused(folder, "sim-demo")


def test_command_and_a_missing_trace(bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = shutil.copytree(bundle, tmp_path / "run")
    main(["data", "media", str(folder), "--data", "sim-demo", "--most", "2"])
    assert "2 ECGs" in capsys.readouterr().out
    trace = sorted((folder / "media").glob("*.i16"))[0]
    assert len(zlib.decompress(trace.read_bytes(), -15)) % 24 == 0
    trace.unlink()
    with pytest.raises(EinthovenError, match="no plain file"):
        media_of(folder)
