"""What is learnt of a sample: the answer and its end, token for token; nothing is ever cut."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'einthoven[local]'")

from tiny_models import FAMILIES

from einthoven.adapters.local.chat import batch_inputs
from einthoven.adapters.local.processor import load_processor
from einthoven.adapters.lora.balance import Balanced
from einthoven.adapters.lora.samples import IGNORED, Collator, Sample
from einthoven.errors import EinthovenError
from einthoven.exchange import Request

ANSWER = json.dumps({"rhythm": "atrial_fibrillation", "conduction": ["lbbb"]})


def made(processor: Any, limit: int = 4096) -> Collator:
    return Collator(processor, [processor.tokenizer.eos_token_id], limit)


def sample(request: Request, answer: str = ANSWER) -> Sample:
    return Sample(request.record_id, request.prompt, answer, request.images)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_answer_and_its_end_are_learnt_and_nothing_else(
    family: str, tiny: Callable[..., Path], asked: Callable[..., Request]
) -> None:
    processor = load_processor(tiny(family))
    requests = [asked(1, 1, prompt="What is this?"), asked(2, 3, prompt="Twelve leads of a heart: what is it?")]
    found = made(processor)([sample(request) for request in requests])
    tokenizer = processor.tokenizer
    for row, request in enumerate(requests):
        learnt = found["labels"][row] != IGNORED
        text = tokenizer.decode(found["labels"][row][learnt])
        assert text == ANSWER + tokenizer.eos_token
        # One run of tokens, and before it what the model is given when it is asked: to the token.
        first = int(learnt.nonzero()[0])
        assert learnt[first : first + int(learnt.sum())].all()
        given = batch_inputs(processor, [request])["input_ids"][0]
        assert found["input_ids"][row, :first].tolist() == given.tolist()
        assert (found["labels"][row][learnt] == found["input_ids"][row][learnt]).all()


@pytest.mark.parametrize("family", FAMILIES)
def test_the_loss_is_that_of_the_answer(
    family: str, tiny: Callable[..., Path], asked: Callable[..., Request]
) -> None:
    """The model's loss is the mean surprise at the answer's tokens, computed here by hand."""
    from transformers import AutoModelForImageTextToText

    processor = load_processor(tiny(family))
    model = AutoModelForImageTextToText.from_pretrained(tiny(family)).eval()
    found = made(processor)([sample(asked(1))])
    with torch.no_grad():
        said = model(**found)
    learnt = (found["labels"][0, 1:] != IGNORED).nonzero()[:, 0]
    odds = torch.log_softmax(said.logits[0, :-1].float(), dim=-1)
    surprise = -odds[learnt, found["labels"][0, 1:][learnt]].mean()
    assert float(said.loss) == pytest.approx(float(surprise), rel=1e-4)


def test_a_blind_sample_has_the_same_text_and_no_picture(
    tiny: Callable[..., Path], asked: Callable[..., Request]
) -> None:
    processor = load_processor(tiny("gemma-3"))
    request = asked(1)
    blind = made(processor)([Sample("r", request.prompt, ANSWER)])
    assert "pixel_values" not in blind
    seen, unseen = made(processor).texts(sample(request)), made(processor).texts(Sample("r", request.prompt, ANSWER))
    assert seen[0].replace("<start_of_image>", "") == unseen[0] and seen[1] == unseen[1]


def test_a_sample_that_is_too_long_is_an_error(tiny: Callable[..., Path], asked: Callable[..., Request]) -> None:
    processor = load_processor(tiny("qwen3-vl"))
    with pytest.raises(EinthovenError, match=r"record r1 has \d+ tokens, more than 30: cut, it would lose") as caught:
        made(processor, 30)([sample(asked(1, 2))])
    assert "max_length" in caught.value.remedy


def test_a_template_that_hides_the_answer_is_refused(
    tiny: Callable[..., Path], asked: Callable[..., Request]
) -> None:
    processor = load_processor(tiny("qwen3-vl"))
    whole = processor.chat_template
    processor.chat_template = whole.replace("<|im_start|>assistant", "<|im_start|>assistant says")
    with pytest.raises(EinthovenError, match="does not begin a finished chat as it begins a question"):
        made(processor)([sample(asked(1))])


def test_groups_come_equally_often_and_every_epoch_anew() -> None:
    groups = ["common"] * 90 + ["rare"] * 10
    order = Balanced(groups, seed=3)
    drawn = list(order)
    assert len(drawn) == len(order) == 100
    assert sum(groups[k] == "rare" for k in drawn) == 50
    assert len({k for k in drawn if groups[k] == "common"}) == 50  # none twice before all came once
    assert {k for k in drawn if groups[k] == "rare"} == set(range(90, 100))
    assert list(order) == drawn
    order.set_epoch(1)
    assert list(order) != drawn
    again = Balanced(groups, seed=3)
    again.set_epoch(1)
    assert list(again) == list(order)
