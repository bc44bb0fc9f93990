"""Memory that does not suffice, and requests that are too long."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'einthoven[local]'")

from einthoven.adapters.local.checkpoint import checkpoint
from einthoven.adapters.local.generation import Generator, out_of_memory
from einthoven.adapters.local.loading import load_model
from einthoven.adapters.local.placement import placement
from einthoven.adapters.local.processor import load_processor
from einthoven.errors import EinthovenError
from einthoven.exchange import Request, Status


@pytest.fixture
def generator(tiny: Callable[..., Path]) -> Generator:
    path = tiny("qwen3-vl")
    return Generator(
        load_model(checkpoint(f"hf/{path}"), placement(device="cpu")), load_processor(path), max_tokens=8
    )


def short_of_memory(generator: Generator, monkeypatch: pytest.MonkeyPatch, fits: int) -> list[int]:
    """Let batches of more than `fits` run out of memory; return the sizes that were tried."""
    real, tried = generator._model.generate, []

    def generate(**inputs: Any) -> Any:
        tried.append(len(inputs["input_ids"]))
        if tried[-1] > fits:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB")
        return real(**inputs)

    monkeypatch.setattr(generator._model, "generate", generate)
    return tried


@pytest.mark.parametrize(("fits", "sizes"), [(2, [7, 3, 1, 1, 1, 1, 1, 1, 1]), (3, [7, 3, 3, 1]), (7, [7])])
def test_a_batch_is_halved_until_it_fits(
    generator: Generator,
    asked: Callable[..., Request],
    monkeypatch: pytest.MonkeyPatch,
    fits: int,
    sizes: list[int],
) -> None:
    requests = [asked(k, 1, prompt="What? " * (1 + k)) for k in range(7)]
    wanted = [generator.answers([request])[0] for request in requests]
    tried = short_of_memory(generator, monkeypatch, fits)
    assert generator.answers(requests) == wanted
    assert tried == sizes
    tried.clear()
    assert generator.answers(requests) == wanted  # it has learnt: no batch fails a second time
    assert max(tried) <= fits


def test_one_request_that_does_not_fit_is_a_failed_attempt(
    generator: Generator, asked: Callable[..., Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    short_of_memory(generator, monkeypatch, 0)
    found = generator.answers([asked(1), asked(2)])
    assert [one.status for one in found] == [Status.API_ERROR] * 2
    assert "out of memory with one request" in found[0].detail


def test_other_failures_are_not_taken_for_memory(
    generator: Generator, asked: Callable[..., Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    def generate(**_: Any) -> Any:
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    monkeypatch.setattr(generator._model, "generate", generate)
    with pytest.raises(RuntimeError, match="mat1"):
        generator.answers([asked(1), asked(2)])
    assert generator.most is None
    assert out_of_memory(RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"))
    assert out_of_memory(RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"))


def test_a_request_beyond_the_context_ends_in_two_lines(generator: Generator, asked: Callable[..., Request]) -> None:
    with pytest.raises(EinthovenError, match=r"tokens and its answer up to 8: the model takes 8,192 together"):
        generator.answers([asked(1, prompt="ECG " * 9000)])


def test_stopping_ends_at_the_next_token(generator: Generator, asked: Callable[..., Request]) -> None:
    generator.stop()
    (found,) = generator.answers([asked(1)])
    assert found.output_tokens == 1
