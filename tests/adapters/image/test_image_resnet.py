"""The image network, its training and its answers, on pictures so small that it takes seconds."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'einthoven[train]'")
pytest.importorskip("onnx", reason="onnx is not installed: pip install 'einthoven[train]'")
pytest.importorskip("transformers", reason="transformers is not installed: pip install 'einthoven[train]'")

from einthoven.adapters.image.picture_set import EpochPictures, PictureSet, inked  # noqa: E402
from einthoven.adapters.image.reader import ImageReader  # noqa: E402
from einthoven.adapters.registry import create  # noqa: E402
from einthoven.adapters.signal.architectures import build  # noqa: E402
from einthoven.adapters.signal.checkpoint import WEIGHTS, stored_tensors  # noqa: E402
from einthoven.adapters.signal.initial_weights import take_over  # noqa: E402
from einthoven.adapters.signal.onnx_export import MODEL, export  # noqa: E402
from einthoven.adapters.signal.outputs import outputs  # noqa: E402
from einthoven.adapters.signal.recipe import Recipe  # noqa: E402
from einthoven.adapters.signal.train import train  # noqa: E402
from einthoven.bench import picture_data  # noqa: E402
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


def test_an_interrupted_drawing_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EINTHOVEN_CACHE", str(tmp_path))
    monkeypatch.setattr(picture_data, "_NOTED", 2)
    source, drawn = open_source("sim"), picture_data._work
    entries, asked_for = source.entries[:6], []

    def interrupted(entry: Any) -> Any:
        if len(asked_for) == 5:
            raise KeyboardInterrupt
        asked_for.append(entry.id)
        return drawn(entry)

    given = (source, entries, "grid", "gemma-4-70", outputs("axes"), 1)
    monkeypatch.setattr(picture_data, "_work", interrupted)
    with pytest.raises(KeyboardInterrupt):
        picture_data.pictured(*given)
    again: list[str] = []
    monkeypatch.setattr(picture_data, "_work", lambda entry: (again.append(entry.id), drawn(entry))[1])
    found = picture_data.pictured(*given).pictures
    assert asked_for == [e.id for e in entries[:5]] and again == [e.id for e in entries[4:]]
    assert all(np.array_equal(found[n], drawn(entry)) for n, entry in enumerate(entries))
    assert not list(tmp_path.glob("pictures/*.part")) and not list(tmp_path.glob("pictures/*.drawn"))


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


def test_a_folded_page_costs_fewer_places_and_loses_no_pixel() -> None:
    options = {**SMALL, "fold": 2}
    network = build("image-resnet", 5, options).eval()
    page = torch.rand(1, 2, 64, 96)
    with torch.inference_mode():
        before = network(page)
        for row, column in ((0, 0), (0, 1), (1, 0), (1, 1)):
            other = page.clone()
            other[0, 0, 32 + row, 48 + column] += 5
            assert not torch.allclose(network(other), before)
    with pytest.raises(EinthovenError, match="cannot be folded by 5"):
        build("image-resnet", 5, {**SMALL, "fold": 5})


def weights_of(folder: Path, **changes: object) -> Recipe:
    """Train for a moment; give the recipe."""
    chosen = recipe(epochs=1, **changes)
    train(chosen, data(0), data(1, 24), folder, metric=first, trained_on={"data": "spots"})
    return chosen


def test_finer_pages_begin_where_coarser_ones_ended(tmp_path: Path) -> None:
    coarse = weights_of(tmp_path)
    options = {**SMALL, "rows": 128, "columns": 192, "fold": 2}
    fine = recipe(options=options)
    networks = [build("image-resnet", 5, each.options).eval() for each in (coarse, fine)]
    for network, each in zip(networks, (coarse, fine), strict=True):
        take_over(network, tmp_path, coarse, each)
    page = torch.rand(3, 2, 64, 96)
    finer = page.repeat_interleave(2, 2).repeat_interleave(2, 3)
    with torch.inference_mode():
        assert torch.allclose(networks[0](page), networks[1](finer), atol=1e-5)
        assert not torch.allclose(networks[1](finer), build("image-resnet", 5, options).eval()(finer), atol=1e-3)


def test_pages_of_another_shape_begin_with_the_tower_alone(tmp_path: Path) -> None:
    coarse = weights_of(tmp_path)
    other = recipe(options={**SMALL, "pages": 3}, view="stacked")
    network = build("image-resnet", 5, other.options)
    own = {name: value.clone() for name, value in network.state_dict().items()}
    take_over(network, tmp_path, coarse, other)
    theirs, now = stored_tensors(tmp_path / WEIGHTS)[0], network.state_dict()
    assert all(torch.equal(now[name], theirs[name]) for name in theirs if name.startswith(("tower.", "narrow.")))
    assert all(torch.equal(now[name], own[name]) for name in own if name.startswith(("wide.", "head.")))
    with pytest.raises(EinthovenError):
        take_over(build("image-resnet", 5, SMALL), tmp_path, coarse, recipe(options={**SMALL, "channels": 4}))
