"""Answers held to a schema: every task's, and nothing that the parser refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'einthoven[local]'")
pytest.importorskip("llguidance", reason="llguidance is not installed: pip install 'einthoven[local]'")

from einthoven.adapters.local import constraint as module
from einthoven.adapters.local.constraint import Constraint, bounded, require_llguidance
from einthoven.adapters.local.processor import load_processor
from einthoven.adapters.registry import create
from einthoven.ecg.reading import Ischemia, Reading
from einthoven.errors import EinthovenError
from einthoven.tasks.registry import TASKS, task

SICK = Reading(
    "tachycardia",
    "atrial_fibrillation",
    "left",
    frozenset({"lbbb", "first_degree_av_block"}),
    frozenset({Ischemia("old", frozenset({"inferior"}))}),
    frozenset({"low_qrs_voltage"}),
    frozenset({"atrial_fibrillation", "lbbb"}),
)


@pytest.fixture(scope="module")
def tokenizer(tiny: Callable[..., Path]) -> Any:
    return load_processor(tiny("qwen3-vl")).tokenizer


@pytest.fixture(scope="module")
def held(tokenizer: Any) -> Constraint:
    return Constraint(tokenizer, len(tokenizer) + 5, [tokenizer.eos_token_id])


def written(held: Constraint, tokenizer: Any, schema: Any, seed: int, likes: float = 0.0) -> str:
    """Let a random writer write; `likes` makes it love commas: as long lists as it may."""
    random = np.random.RandomState(seed)
    rule = held.processor([schema], prompt=1)
    tokens = [tokenizer.pad_token_id]
    comma = [k for k in range(len(tokenizer)) if "," in tokenizer.decode([k])]
    for _ in range(3000):
        logits = torch.from_numpy(random.normal(0, 3, (1, len(tokenizer) + 5)).astype(np.float32))
        logits[0, comma] += likes
        tokens.append(int(rule(torch.tensor([tokens]), logits).argmax()))
        if tokens[-1] == tokenizer.eos_token_id:
            return str(tokenizer.decode(tokens[1:-1]))
    raise AssertionError("no end within 3,000 tokens")


@pytest.mark.parametrize("name", TASKS)
def test_whatever_a_model_wants_it_writes_what_the_task_takes(name: str, held: Constraint, tokenizer: Any) -> None:
    chosen = task(name)
    lax = json.loads(json.dumps(chosen.schema()).replace('"uniqueItems": true', '"uniqueItems": false'))
    for seed in range(6):
        text = written(held, tokenizer, chosen.schema(), seed, likes=9.0 if seed % 2 else 0.0)
        jsonschema.validate(json.loads(text), lax)
        chosen.parse(text)
        assert json.dumps(json.loads(text), separators=(", ", ": "), ensure_ascii=False) == text


@pytest.mark.parametrize("name", [name for name in TASKS if name != "dense-reasoned"])
def test_the_training_target_can_be_written(name: str, held: Constraint, tokenizer: Any) -> None:
    chosen = task(name)
    target = chosen.target(SICK)
    tokens = tokenizer(target)["input_ids"]
    matcher = held._grammar(json.dumps(bounded(chosen.schema()))).deep_copy()
    assert matcher.try_consume_tokens(tokens) == len(tokens), target
    assert matcher.is_accepting()


def test_rows_of_a_batch_are_held_each_to_their_own(held: Constraint, tokenizer: Any) -> None:
    rule = held.processor([task("binary").schema(), {}, task("superclass").schema()], prompt=2)
    logits = rule(torch.zeros((3, 2), dtype=torch.long), torch.zeros((3, len(tokenizer) + 5)))
    free = (logits > -torch.inf).sum(dim=1).tolist()
    assert free[1] == len(tokenizer) + 5  # an empty schema leaves its row alone
    assert 0 < free[0] < 10 and 0 < free[2] < 10  # an object begins with its brace


def test_after_the_answer_there_is_the_end_and_nothing_else(held: Constraint, tokenizer: Any) -> None:
    rule = held.processor([task("binary").schema()], prompt=1)
    tokens = [0]
    for token in [*tokenizer('{"answer": "normal"}')["input_ids"]]:
        rule(torch.tensor([tokens]), torch.zeros((1, len(tokenizer) + 5)))
        tokens.append(token)
    for _ in range(2):
        logits = rule(torch.tensor([tokens]), torch.zeros((1, len(tokenizer) + 5)))
        assert (logits > -torch.inf).nonzero()[:, 1].tolist() == [tokenizer.eos_token_id]
        tokens.append(tokenizer.eos_token_id)


def test_every_list_and_every_text_is_bounded() -> None:
    def unbounded(schema: Any) -> bool:
        if isinstance(schema, list):
            return any(map(unbounded, schema))
        if not isinstance(schema, dict):
            return False
        kind = schema.get("type")
        free = kind == "string" and not {"enum", "const", "maxLength"} & set(schema)
        return free or (kind == "array" and "maxItems" not in schema) or any(map(unbounded, schema.values()))

    free = {"type": "object", "properties": {"why": {"type": "string"}}}
    assert unbounded(free) and not unbounded(bounded(free))
    for name in TASKS:
        assert not unbounded(bounded(task(name).schema())), name


def test_without_llguidance_there_are_two_lines(tiny: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(EinthovenError, match="need the package llguidance") as caught:
        require_llguidance()
    assert "--no-constrain" in caught.value.remedy
    with pytest.raises(EinthovenError, match="need the package llguidance"):
        create(f"hf/{tiny('qwen3-vl')}")
    create(f"hf/{tiny('qwen3-vl')}?constrain=no")
