"""What a training forgets, and what it keeps."""

from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("torch")
pytest.importorskip("accelerate")

from einthoven.adapters.signal.checkpoint import WEIGHTS
from einthoven.bench import train_signal as module
from einthoven.bench.signal_report import REPORT
from einthoven.bench.train_signal import PRETRAINED, SignalTraining, train_signal


class Stopped(Exception):
    """The second stage begins."""


@pytest.mark.parametrize("fresh", [False, True])
def test_fresh_forgets_what_both_stages_left(fresh: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else scores of the last training would stand beside the weights of this one."""
    stages: list[Path] = []

    def train(recipe: object, training: object, validation: object, folder: Path, **_: object) -> None:
        stages.append(folder)
        if len(stages) == 2:
            raise Stopped

    monkeypatch.setattr(module, "train", train)
    monkeypatch.setattr(
        module, "prepared", lambda *_, **__: SimpleNamespace(entries=(1, 2, 3), to_set=lambda of: None)
    )
    left = [folder / name for folder in (tmp_path, tmp_path / PRETRAINED) for name in (WEIGHTS, REPORT)]
    (tmp_path / PRETRAINED).mkdir()
    for path in left:
        path.write_text("of the last training")
    with pytest.raises(Stopped):
        train_signal(SignalTraining("sim-demo", tmp_path, pretrain="sim-demo", fresh=fresh))
    assert stages == [tmp_path / PRETRAINED, tmp_path]
    assert [path.is_file() for path in left] == [not fresh] * 4
