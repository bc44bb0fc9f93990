"""LoRA adapters on their base, damaged, and on another base."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("peft", reason="peft is not installed: pip install 'einthoven[local]'")

from test_vlm import answers

from einthoven.adapters.local.checkpoint import checkpoint, fingerprint
from einthoven.adapters.local.loading import load_model
from einthoven.adapters.local.lora import CARD, check_adapter
from einthoven.adapters.local.placement import placement
from einthoven.adapters.registry import create
from einthoven.errors import EinthovenError, Exit
from einthoven.exchange import Request


@pytest.fixture
def adapter(tiny: Callable[..., Path], tmp_path: Path) -> Callable[[str], Path]:
    """Return what makes an adapter whose weights are not zero."""

    def make(family: str) -> Path:
        import torch
        from peft import LoraConfig, get_peft_model
        from transformers import AutoModelForImageTextToText

        torch.manual_seed(0)
        config = LoraConfig(
            r=4,
            lora_alpha=64,
            target_modules=["q_proj", "v_proj", "down_proj"],
            exclude_modules=".*(visual|vision_tower).*",
            init_lora_weights=False,
        )
        folder = tmp_path / f"lora-{family}"
        get_peft_model(AutoModelForImageTextToText.from_pretrained(tiny(family)), config).save_pretrained(folder)
        return folder

    return make


@pytest.mark.parametrize("family", ["qwen3-vl", "gemma-3"])
def test_an_adapter_changes_the_answers(
    family: str, tiny: Callable[..., Path], adapter: Callable[[str], Path], asked: Callable[..., Request]
) -> None:
    requests = [asked(k) for k in range(2)]
    options = "?constrain=no&max_tokens=10&batch=2"
    folder = adapter(family)
    with_it = answers(f"hf/{tiny(family)}+lora:{folder}{options}", requests)
    without = answers(f"hf/{tiny(family)}{options}", requests)
    assert [a.text for a in with_it] != [a.text for a in without]
    made = create(f"hf/{tiny(family)}+lora:{folder}")
    assert made.parameters["adapter"] == fingerprint(folder)
    assert made.parameters["weights"] == fingerprint(tiny(family))


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        ("half", "adapter_model.safetensors"),
        ("no weights", r"has no adapter_model\.safetensors"),
        ("no config", r"has no adapter_config\.json"),
        ("broken config", r"adapter_config\.json: Expecting property name"),
        ("another kind", "is a IA3 adapter"),
        ("no folder", "there is no folder"),
    ],
)
def test_a_damaged_adapter_ends_in_two_lines(
    harm: str, problem: str, tiny: Callable[..., Path], adapter: Callable[[str], Path]
) -> None:
    folder = adapter("gemma-3")
    weights, config = folder / "adapter_model.safetensors", folder / "adapter_config.json"
    if harm == "half":
        weights.write_bytes(weights.read_bytes()[:500])
    elif harm == "no weights":
        weights.unlink()
    elif harm == "no config":
        config.unlink()
    elif harm == "broken config":
        config.write_text("{")
    elif harm == "another kind":
        config.write_text('{"peft_type": "IA3"}')
    else:
        shutil.rmtree(folder)
    with pytest.raises(EinthovenError, match=problem) as caught:
        create(f"hf/{tiny('gemma-3')}+lora:{folder}")
    assert caught.value.exit_code == Exit.MISSING
    assert "\n" not in caught.value.problem


def without_a_word_of_its_base(folder: Path) -> Path:
    path = folder / "adapter_config.json"
    path.write_text(
        json.dumps(json.loads(path.read_text()) | {"auto_mapping": None, "base_model_name_or_path": None})
    )
    return folder


def test_a_wrong_base_is_told_before_its_weights_are_loaded(
    tiny: Callable[..., Path], adapter: Callable[[str], Path]
) -> None:
    folder = adapter("qwen3-vl")
    for base in (tiny("gemma-3"), tiny("qwen3-vl", 1)):  # another class, and the same with other weights
        with pytest.raises(EinthovenError, match=f"does not belong to {base}") as caught:
            create(f"hf/{base}+lora:{folder}")
        assert f"it was trained on {tiny('qwen3-vl')}" in caught.value.remedy


def test_our_own_card_decides(tiny: Callable[..., Path], adapter: Callable[[str], Path]) -> None:
    folder = without_a_word_of_its_base(adapter("qwen3-vl"))
    for seed, fits in ((0, True), (1, False)):
        found = checkpoint(f"hf/{tiny('qwen3-vl', seed)}+lora:{folder}")
        (folder / CARD).write_text(json.dumps({"base": {"weights": fingerprint(tiny("qwen3-vl"))}}))
        if fits:
            check_adapter(found)
        else:
            with pytest.raises(EinthovenError, match="does not belong"):
                check_adapter(found)


def test_an_adapter_that_says_nothing_shows_it_when_loaded(
    tiny: Callable[..., Path], adapter: Callable[[str], Path]
) -> None:
    found = checkpoint(f"hf/{tiny('gemma-3')}+lora:{without_a_word_of_its_base(adapter('gemma-4'))}")
    check_adapter(found)
    with pytest.raises(EinthovenError, match=r"does not belong to .*: size mismatch"):
        load_model(found, placement(device="cpu"))
    other = checkpoint(f"hf/{tiny('gemma-3')}+lora:{without_a_word_of_its_base(adapter('qwen3.5'))}")
    with pytest.raises(EinthovenError, match=r"does not belong to .*: \w+"):
        load_model(other, placement(device="cpu"))
