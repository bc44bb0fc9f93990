"""LoRA adapters on their base, damaged, and on another base."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("peft", reason="peft is not installed: pip install 'einthoven[local]'")

from test_vlm import answers

from einthoven.adapters.local.checkpoint import checkpoint, fingerprint
from einthoven.adapters.local.loading import load_model
from einthoven.adapters.local.lora import CARD, RECORDS, check_adapter, taught_by
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


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        ("rank", r"does not fit .*, on which it was trained: size mismatch"),
        ("lost", r"does not fit .*, on which it was trained: 1 of its tensors"),
        ("nan", "some of its weights are no numbers"),
        ("base", "base_model_name_or_path is no text"),
    ],
)
def test_a_harmed_adapter_is_not_sent_back_to_its_own_base(
    harm: str, problem: str, tiny: Callable[..., Path], adapter: Callable[[str], Path]
) -> None:
    """To write the very name that was written is no remedy."""
    from safetensors.torch import load_file, save_file

    folder = adapter("gemma-3")
    (folder / CARD).write_text(json.dumps({"base": {"weights": fingerprint(tiny("gemma-3"))}}))
    config, weights = folder / "adapter_config.json", load_file(folder / "adapter_model.safetensors")
    first = min(weights)
    if harm in ("rank", "base"):
        more = {"r": 2} if harm == "rank" else {"base_model_name_or_path": 5}
        config.write_text(json.dumps(json.loads(config.read_text()) | more))
    elif harm == "lost":
        del weights[first]
    else:
        weights[first] *= float("nan")
    save_file(weights, folder / "adapter_model.safetensors")
    found = checkpoint(f"hf/{tiny('gemma-3')}+lora:{folder}")
    with pytest.raises(EinthovenError, match=problem) as caught:
        check_adapter(found)
        load_model(found, placement(device="cpu"))
    assert caught.value.exit_code == Exit.MISSING and "copy the folder again" in caught.value.remedy
    assert "\n" not in caught.value.problem


def test_what_it_learnt_from_is_known_or_it_is_refused(tmp_path: Path) -> None:
    ids = ["r1", "r2"]
    digest = hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16]
    assert taught_by(tmp_path) == ("", frozenset())
    (tmp_path / CARD).write_text(json.dumps({"data": {"name": "sim", "ids": digest}}))
    for content in (None, b"r1\n", b"r1\nr3\n", b"\xff\xfe"):
        if content is not None:
            (tmp_path / RECORDS).write_bytes(content)
        with pytest.raises(EinthovenError, match=r"cannot be read: records\.txt"):
            taught_by(tmp_path)
    (tmp_path / RECORDS).write_text("r2\nr1\n")
    assert taught_by(tmp_path) == ("sim", frozenset(ids))


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
