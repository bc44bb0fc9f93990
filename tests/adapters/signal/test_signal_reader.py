import asyncio
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from shipped_weights import shipped_config

from einthoven.adapters.registry import create
from einthoven.adapters.signal.reader import SHIPPED, SignalReader
from einthoven.bench.sources.registry import open_source
from einthoven.ecg.reading import AXES
from einthoven.errors import EinthovenError
from einthoven.exchange import Request, Status
from einthoven.tasks.registry import task
from einthoven.tasks.taxonomy import axes, axis_value


@pytest.fixture(scope="module")
def reader() -> SignalReader:
    made = create("reference/resnet1d")
    assert isinstance(made, SignalReader)
    return made


def test_the_weights_are_small_and_say_what_they_are() -> None:
    assert shipped_config(SHIPPED)["recipe"]["network"] == "xresnet1d-small"


def test_it_reads_hearts_it_has_not_seen(reader: SignalReader) -> None:
    """On 150 test records it is right far oftener than the commonest class, axis by axis."""
    source = open_source("sim")
    entries = [entry for entry in source.entries if entry.split == "test"][:150]
    right: dict[str, list[bool]] = {axis: [] for axis in AXES}
    usual: dict[str, list[object]] = {axis: [] for axis in AXES}
    for entry in entries:
        request = Request(entry.id, "image", "dense", "", recording=source.load(entry))
        answer = asyncio.run(reader.answer(request))
        assert answer.status is Status.OK
        reading = task("dense").parse(answer.text)
        for axis in ("rate", "rhythm", "axis"):
            truth = entry.truth[axis]
            if not truth.masked:
                right[axis].append(axis_value(reading, axis) in truth.accepted)
                usual[axis].append(truth.value)
    for axis in ("rate", "rhythm", "axis"):
        majority = max(usual[axis].count(value) for value in axes()[axis].values) / len(usual[axis])
        assert np.mean(right[axis]) > majority + 0.1, axis


@pytest.mark.parametrize("name", ["dense", "flat", "superclass", "binary"])
def test_every_task_gets_an_answer_it_can_parse(reader: SignalReader, name: str) -> None:
    source = open_source("sim")
    recording = source.load(source.entries[0])
    answer = asyncio.run(reader.answer(Request("r", "image", name, "", recording=recording)))
    task(name).parse(answer.text)


def test_any_rate_gives_nearly_the_same(reader: SignalReader) -> None:
    source = open_source("sim")
    recording = source.load(source.entries[0])
    assert recording.signal is not None
    slower = replace(recording, signal=np.ascontiguousarray(recording.signal[:, ::2]), sampling_rate=250.0)
    assert np.abs(reader.probabilities(recording) - reader.probabilities(slower)).max() < 0.15


def test_without_a_signal_it_declines(reader: SignalReader) -> None:
    answer = asyncio.run(reader.answer(Request("r", "no-image", "dense", "")))
    assert answer.status is Status.DECLINED


def test_it_needs_no_torch() -> None:
    code = (
        "import sys\n"
        "from einthoven.adapters.registry import create\n"
        "from einthoven.bench.sources.registry import open_source\n"
        "s = open_source('sim'); r = create('reference/resnet1d')\n"
        "print(round(float(r.probabilities(s.load(s.entries[0]))[:3].sum()), 6), 'torch' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "1.0 False"), done.stderr


def test_bad_weights_get_two_lines(tmp_path: Path) -> None:
    with pytest.raises(EinthovenError, match=r"holds no config\.json"):
        create(f"reference/resnet1d?weights={tmp_path}")
    (tmp_path / "config.json").write_bytes((SHIPPED / "config.json").read_bytes())
    with pytest.raises(EinthovenError, match=r"holds no model\.onnx"):
        create(f"reference/resnet1d?weights={tmp_path}")
    (tmp_path / "model.onnx").write_bytes(b"nothing")
    source = open_source("sim")
    recording = source.load(source.entries[0])
    broken = create(f"reference/resnet1d?weights={tmp_path}")
    with pytest.raises(EinthovenError, match=r"model\.onnx cannot be opened"):
        asyncio.run(broken.answer(Request("r", "image", "dense", "", recording=recording)))
    with pytest.raises(EinthovenError, match="reference/resnet1d-audit needs weights"):
        create("reference/resnet1d-audit")
    with pytest.raises(EinthovenError, match="holds xresnet1d-small, not se-resnet"):
        create(f"reference/se-resnet?weights={SHIPPED}")
