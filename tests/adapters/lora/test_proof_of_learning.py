"""The small model that the proof of learning begins with: a real class, a short prompt, ink that stands out."""

import importlib.util
import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'einthoven[local]'")
pytest.importorskip("peft", reason="peft is not installed: pip install 'einthoven[local]'")

from einthoven.adapters.local.chat import batch_inputs
from einthoven.adapters.local.checkpoint import checkpoint
from einthoven.adapters.local.loading import load_model
from einthoven.adapters.local.placement import placement
from einthoven.adapters.local.processor import load_processor
from einthoven.bench.sources.registry import open_source
from einthoven.exchange import Request
from einthoven.renderers.registry import view
from einthoven.tasks.registry import task

SCRIPT = Path(__file__).parents[3] / "docs" / "proof_of_learning.py"


def test_the_small_model_sees_the_ink_and_is_asked_in_few_tokens(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("proof_of_learning", SCRIPT)
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.build(tmp_path / "base")
    model = load_model(checkpoint(f"hf/{tmp_path / 'base'}"), placement(device="cpu"))
    assert type(model).__name__ == "Gemma3ForConditionalGeneration"
    source = open_source("sim-factor:rbbb")
    (page,) = view("grid")(source.load(source.entries[1]))
    dense = task("dense")
    request = Request("r", "image", "dense", dense.prompt(), dense.schema(), (page.png,), (page.pixel_id,))
    given = batch_inputs(load_processor(tmp_path / "base"), [request])
    assert given["input_ids"].shape[1] < 100 + script.TOKENS  # the prompt is 5,000 characters long
    assert len(dense.prompt()) > 4000
    assert abs(float(given["pixel_values"].mean())) < 0.2 and 0.8 < float(given["pixel_values"].std()) < 1.2
    with torch.inference_mode():
        assert torch.isfinite(model(**given).logits).all()
    recipe = json.loads((tmp_path / "base" / "processor_config.json").read_text())
    assert recipe["image_seq_length"] == script.TOKENS
