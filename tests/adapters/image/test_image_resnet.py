"""The image network, its training and its answers, on pictures so small that it takes seconds."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'einthoven[train]'")
pytest.importorskip("onnx", reason="onnx is not installed: pip install 'einthoven[train]'")
pytest.importorskip("transformers", reason="transformers is not installed: pip install 'einthoven[train]'")

from einthoven.adapters.image.picture_set import EpochPictures, PictureSet, inked  # noqa: E402
from einthoven.adapters.image.reader import ImageReader  # noqa: E402
from einthoven.adapters.registry import create  # noqa: E402
from einthoven.adapters.signal.architectures import build  # noqa: E402
from einthoven.adapters.signal.onnx_export import MODEL, export  # noqa: E402
from einthoven.adapters.signal.outputs import outputs  # noqa: E402
from einthoven.adapters.signal.recipe import Recipe  # noqa: E402
from einthoven.adapters.signal.train import train  # noqa: E402
from einthoven.bench.picture_data import page_shape  # noqa: E402
from einthoven.bench.scoring import macro_auroc  # noqa: E402
from einthoven.bench.sources.registry import open_source  # noqa: E402
from einthoven.bench.train_signal import SignalTraining, train_signal  # noqa: E402
from einthoven.errors import EinthovenError  # noqa: E402
from einthoven.exchange import Request, Status  # noqa: E402
from einthoven.renderers.registry import view  # noqa: E402
from einthoven.tasks.registry import task  # noqa: E402

SMALL = {"pages": 2, "rows": 64, "columns": 96, "widths": [8, 8, 8, 8], "channels": 8, "hidden": 16, "dropout": 0.0}


def recipe(**changes: object) -> Recipe:
    given = {"network": "image-resnet", "options": SMALL, "outputs": "superclass", "view": "grid", "batch": 8}
    given |= {"profile": "gemma-4-70", "epochs": 12, "learning_rate": 0.02, "augment": 0.5}
    return Recipe(**{**given, **changes})  # type: ignore[arg-type]


def data(seed: int, count: int = 48) -> PictureSet:
    """Faint noise; whoever has the first superclass has a dark spot on the left of the second page, others right."""
    random = np.random.RandomState(seed)
    targets = (random.random_sample((count, 5)) < 0.5).astype(np.int8)
    pictures = random.randint(0, 20, (count, 2, 64, 96)).astype(np.uint8)
    for row, picture in zip(targets, pictures, strict=True):
        left = 10 if row[0] else 70
        picture[1, 24:36, left : left + 12] = 200
    return PictureSet(pictures, targets)


def first(targets: np.ndarray, probabilities: np.ndarray) -> float:
    return macro_auroc(targets[:, :1] == 1, probabilities[:, :1])


def test_it_learns_where_on_the_page_something_is(tmp_path: Path) -> None:
    config = train(recipe(), data(0), data(1, 24), tmp_path, metric=first, trained_on={"data": "spots"})
    assert config.trained_on["validation_auroc"] > 0.95
    assert 0 < config.scale < 1


@pytest.mark.parametrize("half", [True, False])
def test_onnx_says_what_the_network_says(half: bool, tmp_path: Path) -> None:
    network = build("image-resnet", 5, SMALL)
    assert export(network, (2, 64, 96), tmp_path / MODEL, half) < (0.02 if half else 1e-4)


def test_batches_depend_on_seed_and_epoch_alone() -> None:
    pictures = data(0)
    found = EpochPictures(pictures, recipe(), 0.1)
    one = found.__getitems__([3, 1, 4])
    assert np.array_equal(one[0], EpochPictures(pictures, recipe(), 0.1).__getitems__([3, 1, 4])[0])
    found.epoch = 1
    assert not np.array_equal(one[0], found.__getitems__([3, 1, 4])[0])
    plain = EpochPictures(pictures, recipe(augment=0.0), 0.1).__getitems__([3])[0]
    assert np.array_equal(plain, inked(pictures.pictures[3:4], 0.1))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train for a moment on simulated pages."""
    folder = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EINTHOVEN_CACHE", str(folder / "cache"))
        shape = dict(zip(("pages", "rows", "columns"), page_shape("grid", "gemma-4-70"), strict=True))
        source = open_source("sim")
        few = [e for split in ("train", "validation") for e in [x for x in source.entries if x.split == split][:12]]
        patch.setattr("einthoven.bench.train_signal._opened", lambda *_: _Few(source, few))
        chosen = recipe(options={**SMALL, **shape}, outputs="axes", epochs=1, batch=4)
        found = train_signal(SignalTraining("sim", folder / "net", chosen, jobs=1))
    assert found["onnx_error"] < 0.05 and found["onnx_bytes"] < 1_000_000
    assert len(list((folder / "cache" / "pictures").glob("*.npy"))) == 2
    return folder / "net"


class _Few:
    """A part of a source."""

    def __init__(self, source: object, entries: list[object]) -> None:
        self.name, self.simulated, self.has_folds, self.faults = "sim", True, True, ()
        self.entries, self.load = entries, source.load  # type: ignore[attr-defined]


def asked(images: tuple[bytes, ...]) -> Request:
    return Request("r", "image", "dense", task("dense").prompt(), task("dense").schema(), images)


def test_it_answers_from_pages_of_its_view_alone(trained: Path) -> None:
    reader = create(f"reference/image-resnet?weights={trained}")
    source = open_source("sim")
    recording = source.load(source.entries[-1])

    def answered(name: str | None) -> tuple[Status, str, str]:
        pages = () if name is None else view(name)(recording)
        found = asyncio.run(reader.answer(asked(tuple(page.png for page in pages))))
        return found.status, found.text, found.detail

    status, text, _ = answered("grid")
    assert status is Status.OK and task("dense").parse(text)
    assert answered(None)[0] is Status.DECLINED
    for other in ("stacked", "patches"):
        assert answered(other)[0] is Status.DECLINED and "no pages of the view grid" in answered(other)[2]
    assert reader.parameters["profile"] == "gemma-4-70"


def test_weights_of_another_kind_are_refused(trained: Path, tmp_path: Path) -> None:
    from einthoven.adapters.signal.reader import SHIPPED

    told: list[Callable[[], object]] = [
        lambda: create(f"reference/image-resnet?weights={SHIPPED}"),
        lambda: create(f"reference/resnet1d?weights={trained}"),
        lambda: ImageReader(weights=str(tmp_path)),
    ]
    for refused in told:
        with pytest.raises(EinthovenError):
            refused()
    assert outputs("axes").logits == np.asarray(ImageReader(weights=str(trained)).config.prevalence).size - 5
