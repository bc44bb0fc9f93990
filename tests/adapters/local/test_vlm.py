"""``hf/…`` on tiny random models of five families: real classes, no download."""

import asyncio
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import jsonschema
import pytest

pytest.importorskip("torch", reason="torch is not installed: pip install 'einthoven[local]'")

from tiny_models import FAMILIES

from einthoven.adapters.local.vlm import LocalVLM
from einthoven.adapters.registry import create
from einthoven.exchange import Answer, Request, Status
from einthoven.tasks.registry import task


def answers(name: str, requests: Sequence[Request]) -> list[Answer]:
    adapter = create(name)

    async def all_of_them() -> list[Answer]:
        try:
            return list(await asyncio.gather(*[adapter.answer(request) for request in requests]))
        finally:
            await adapter.close()

    return asyncio.run(all_of_them())


@pytest.mark.parametrize("family", FAMILIES)
def test_a_batch_answers_as_one_by_one(family: str, tiny: Callable[..., Path], asked: Callable[..., Request]) -> None:
    requests = [
        *[asked(k, 1, prompt="What is this? " * (1 + 3 * k)) for k in range(4)],
        *[asked(k, 12, prompt="Twelve leads. " * (5 - k)) for k in range(2)],
        asked(9, 0, prompt="No picture at all."),
    ]
    model = f"hf/{tiny(family)}?constrain=no&max_tokens=12"
    together = answers(f"{model}&batch=4", requests)
    alone = answers(f"{model}&batch=1", requests)
    assert [answer.text for answer in together] == [answer.text for answer in alone]
    assert [answer.usage for answer in together] == [answer.usage for answer in alone]
    assert len({answer.text for answer in together}) >= 5  # it does not say the same whatever it sees
    counts = [answer.usage.input_tokens for answer in together]
    assert counts[4] > counts[0] > 0  # type: ignore[operator]  # twelve pictures take more of the context than one
    assert all(0 < (answer.usage.output_tokens or 0) <= 12 for answer in together)
    assert all(answer.usage.cost_usd is None for answer in together)


@pytest.mark.parametrize("family", FAMILIES)
def test_it_looks_at_the_picture(family: str, tiny: Callable[..., Path], asked: Callable[..., Request]) -> None:
    model = f"hf/{tiny(family)}?constrain=no&max_tokens=12&batch=3"
    found = answers(model, [asked(k, 1, prompt="The same words.") for k in range(3)])
    assert len({answer.text for answer in found}) > 1


@pytest.mark.parametrize("family", FAMILIES)
def test_a_constrained_answer_is_valid(family: str, tiny: Callable[..., Path], asked: Callable[..., Request]) -> None:
    names = ("dense", "superclass")
    found = answers(f"hf/{tiny(family)}?batch=2", [asked(k, 1, task=name) for k, name in enumerate(names)])
    for name, answer in zip(names, found, strict=True):
        if answer.status is Status.TRUNCATED:  # it may say the same word as often as there are words
            assert answer.usage.output_tokens == 1024
            continue
        assert answer.status is Status.OK, answer
        task(name).parse(answer.text)
        lax = json.loads(json.dumps(task(name).schema()).replace('"uniqueItems": true', '"uniqueItems": false'))
        jsonschema.validate(json.loads(answer.text), lax)


def test_free_writing_is_not_constrained(tiny: Callable[..., Path], asked: Callable[..., Request]) -> None:
    (held,) = answers(f"hf/{tiny('qwen3-vl')}?max_tokens=40", [asked(1)])
    (free,) = answers(f"hf/{tiny('qwen3-vl')}?max_tokens=40&constrain=no", [asked(1)])
    assert held.text.startswith('{"answer": "') and held.status is Status.OK
    assert not free.text.startswith("{")


def test_used_up_tokens_are_told(tiny: Callable[..., Path], asked: Callable[..., Request]) -> None:
    (found,) = answers(f"hf/{tiny('qwen3-vl')}?max_tokens=3", [asked(1)])
    assert found.status is Status.TRUNCATED
    assert found.usage.output_tokens == 3
    assert "limit of output tokens" in found.detail


def test_draws_do_not_depend_on_the_batch(tiny: Callable[..., Path], asked: Callable[..., Request]) -> None:
    requests = [asked(k, 1, prompt="What is this? " * (1 + k)) for k in range(4)]
    model = f"hf/{tiny('qwen2.5-vl')}?constrain=no&max_tokens=10&temperature=1"
    found = {batch: [a.text for a in answers(f"{model}&batch={batch}", requests)] for batch in (1, 4)}
    assert found[1] == found[4]
    assert [a.text for a in answers(f"{model}&batch=4&seed=1", requests)] != found[4]
    greedy = answers(f"hf/{tiny('qwen2.5-vl')}?constrain=no&max_tokens=10", requests)
    assert [a.text for a in greedy] != found[4]


def test_a_draw_follows_the_models_own_odds() -> None:
    """Chi-square of 4,000 draws from four logits against their softmax."""
    import torch
    from scipy.stats import chisquare

    from einthoven.adapters.local.sampling import Draw

    logits = torch.tensor([[1.0, 0.0, 2.0, -1.0]])
    draw = Draw([Request("r", "image", "binary", "p")], temperature=0.7, seed=3)
    tokens = torch.zeros((1, 1), dtype=torch.long)
    counts = torch.zeros(4)
    for _ in range(4000):
        counts[draw(tokens, logits).argmax()] += 1
    wanted = torch.softmax(logits[0] / 0.7, 0) * 4000
    assert chisquare(counts.numpy(), wanted.numpy() * counts.sum().item() / wanted.sum().item()).pvalue > 0.01


def test_a_thinking_model_is_told_not_to(tiny: Callable[..., Path], asked: Callable[..., Request]) -> None:
    from einthoven.adapters.local.chat import batch_inputs
    from einthoven.adapters.local.processor import load_processor

    processor = load_processor(tiny("qwen3.5"))
    texts = [
        processor.tokenizer.decode(batch_inputs(processor, [asked(1, 0)], thinking)["input_ids"][0])
        for thinking in (False, True)
    ]
    assert texts[0].endswith("<think>\n\n</think>\n\n")
    assert texts[1].endswith("<think>\n")


def test_what_changes_answers_is_the_identity_and_nothing_else(tiny: Callable[..., Path]) -> None:
    path = tiny("gemma-3")
    plain, other = create(f"hf/{path}"), create(f"hf/{path}?batch=3&device=cpu")
    assert plain.parameters == other.parameters
    assert plain.name == other.name == f"hf/{path}"
    assert (plain.concurrency, other.concurrency) == (16, 6)
    assert set(plain.parameters) == {"max_tokens", "constrain", "dtype", "attention", "weights"}
    half = create(f"hf/{path}?dtype=bfloat16&constrain=no")
    assert half.name == f"hf/{path}?constrain=no&dtype=bfloat16"
    assert half.parameters["dtype"] == "bfloat16" and half.parameters["constrain"] is False


def test_half_precision_and_eager_attention_answer_too(
    tiny: Callable[..., Path], asked: Callable[..., Request]
) -> None:
    (found,) = answers(f"hf/{tiny('gemma-3')}?dtype=bfloat16&attention=eager&batch=1", [asked(1)])
    assert found.status is Status.OK
    assert json.loads(found.text)["answer"] in ("normal", "abnormal")


def test_it_says_how_fast_it_is(tiny: Callable[..., Path], asked: Callable[..., Request]) -> None:
    adapter = create(f"hf/{tiny('qwen3-vl')}?batch=2")
    assert isinstance(adapter, LocalVLM)
    assert adapter.pace() == ""

    async def ask() -> None:
        await asyncio.gather(*[adapter.answer(asked(k, 2)) for k in range(2)])

    asyncio.run(ask())
    assert "images/s" in adapter.pace() and "tokens/s" in adapter.pace()
    assert adapter.facts()["class"] == "Qwen3VLForConditionalGeneration"
    assert adapter.facts()["schema_enforced"] is True


def test_quantized_weights_answer_too(tiny: Callable[..., Path], asked: Callable[..., Request]) -> None:
    """In 8 bits; in 4 the CPU kernel of bitsandbytes takes no layer narrower than 64, and the tiny ones are."""
    pytest.importorskip("bitsandbytes", reason="bitsandbytes is not installed: pip install 'einthoven[quantized]'")
    adapter = create(f"hf/{tiny('qwen3-vl')}?bits=8&batch=1")
    assert isinstance(adapter, LocalVLM) and adapter.parameters["bits"] == 8
    answer = asyncio.run(adapter.answer(asked(1)))
    assert json.loads(answer.text)["answer"] in ("normal", "abnormal")
    assert adapter._generator is not None
    assert "Linear8bitLt" in {type(module).__name__ for module in adapter._generator._model.modules()}
