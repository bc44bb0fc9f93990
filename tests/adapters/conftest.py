"""Tiny models for the whole room, built once; without torch its tests are skipped, with the reason."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from einthoven.exchange import Request


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return what gives a family's folder, built on first use."""
    pytest.importorskip("torch", reason="torch is not installed: pip install 'einthoven[local]'")
    pytest.importorskip("transformers", reason="transformers is not installed: pip install 'einthoven[local]'")
    from tiny_models import tiny_model

    root = tmp_path_factory.mktemp("tiny")
    made: dict[tuple[str, int], Path] = {}

    def give(family: str, seed: int = 0) -> Path:
        if (family, seed) not in made:
            made[family, seed] = tiny_model(family, root / str(seed), seed)
        return made[family, seed]

    return give


@pytest.fixture(autouse=True)
def no_hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let no test reach the hub."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    try:
        from huggingface_hub import constants
    except ImportError:
        yield
        return
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    yield


@pytest.fixture(scope="session")
def asked() -> Callable[..., Request]:
    """Return what makes a request with so many pictures of its own."""

    def make(number: int, pictures: int = 1, task: str = "binary", prompt: str = "") -> Request:
        from einthoven.tasks.registry import task as of_name

        chosen = of_name(task)
        random = np.random.RandomState(number)
        pngs = []
        for k in range(pictures):
            stream = io.BytesIO()
            pixels = random.randint(0, 256, (60 + 10 * number, 90 + k, 3)).astype(np.uint8)
            Image.fromarray(pixels).save(stream, "PNG")
            pngs.append(stream.getvalue())
        return Request(
            f"r{number}",
            "image",
            task,
            prompt or chosen.prompt(),
            chosen.schema(),
            tuple(pngs),
            tuple(f"{number}-{k}" for k in range(pictures)),
        )

    return make
