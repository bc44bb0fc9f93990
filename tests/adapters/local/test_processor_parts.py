"""Processors built from their parts, with pictures through Pillow; placement; how a model sees."""

import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'einthoven[local]'")

from tiny_models import FAMILIES

from einthoven.adapters.local import loading
from einthoven.adapters.local import placement as placing
from einthoven.adapters.local.chat import batch_inputs
from einthoven.adapters.local.placement import placement
from einthoven.adapters.local.processor import load_processor
from einthoven.adapters.local.sight import own_profile
from einthoven.adapters.registry import create
from einthoven.errors import EinthovenError, Exit
from einthoven.exchange import Request
from einthoven.renderers.resize import resized


def png(width: int, height: int) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize("family", FAMILIES)
def test_the_tokens_are_those_that_its_own_profile_says(family: str, tiny: Callable[..., Path]) -> None:
    processor = load_processor(tiny(family))
    profile = own_profile(f"hf/{tiny(family)}", family.replace(".", "_"), processor)
    assert profile is not None and profile.basis == "processor"
    image = getattr(processor.tokenizer, "image_token_id", None) or processor.image_token_id
    for width, height in ((220, 170), (100, 64), (64, 300), (30, 30), (900, 700)):
        request = Request("r", "image", "binary", "What?", images=(png(width, height),))
        found = batch_inputs(processor, [request])["input_ids"]
        assert int((found == image).sum()) == resized(width, height, profile).tokens, (width, height)


def test_a_broken_torchvision_is_not_touched(tiny: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Merely installed beside another torch its wheel breaks `AutoProcessor`: here importing it would raise."""

    class Broken(ModuleType):
        def __getattr__(self, name: str) -> object:
            if name.startswith("__"):
                raise AttributeError(name)
            raise RuntimeError("operator torchvision::nms does not exist")

    monkeypatch.setitem(sys.modules, "torchvision", Broken("torchvision"))
    for family in FAMILIES:
        processor = load_processor(tiny(family))
        assert type(processor.image_processor).__name__.endswith("Pil")
        assert getattr(processor, "video_processor", None) is None
        found = batch_inputs(processor, [Request("r", "image", "binary", "What?", images=(png(60, 60),))])
        assert "pixel_values" in found


def test_with_torchvision_the_pixels_are_the_same(tiny: Callable[..., Path]) -> None:
    pytest.importorskip("torchvision", reason="torchvision is not installed, as it is meant to be on a CPU")
    for family in FAMILIES:
        assert type(load_processor(tiny(family)).image_processor).__name__.endswith("Pil")


@pytest.mark.parametrize(
    ("gone", "problem"),
    [
        (("chat_template.jinja",), "has no chat template"),
        (("tokenizer.json",), "cannot be built"),
        (("preprocessor_config.json",), "cannot be built: Can't load image processor"),
    ],
)
def test_a_folder_without_a_part_ends_in_two_lines(
    gone: tuple[str, ...], problem: str, tiny: Callable[..., Path], tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(tiny("gemma-3"), copy)
    for name in gone:
        (copy / name).unlink()
    with pytest.raises(EinthovenError, match=problem) as caught:
        load_processor(copy)
    assert caught.value.exit_code == Exit.MISSING
    assert "\n" not in caught.value.problem


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("bits=3", "bits is 4 or 8"),
        ("dtype=int8", "dtype=int8 is none of"),
        ("device=tpu", "device=tpu is none of"),
        ("device=cpu:1", "device=cpu:1 is none of"),
        ("attention=fast", "attention=fast is none of"),
        ("constrain=maybe", "constrain=maybe is no bool"),
        ("thinking=yes", "leaves no room for thinking"),
        ("max_tokens=0", "must be at least 1"),
        ("temperature=9", "temperature must lie between"),
        ("batchh=3", "no parameter of .* 'batchh'"),
    ],
)
def test_a_wrong_parameter_is_told(query: str, problem: str, tiny: Callable[..., Path]) -> None:
    with pytest.raises(EinthovenError, match=problem):
        create(f"hf/{tiny('gemma-3')}?{query}")


def test_what_this_machine_has_not_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "find_spec", lambda name: None)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    for given, problem in (
        ({"bits": 4}, "bitsandbytes, which is not installed"),
        ({"attention": "flash_attention_2"}, "needs the package kernels or flash-attn"),
        ({"device": "cuda"}, "sees no such device"),
    ):
        with pytest.raises(EinthovenError, match=problem) as caught:
            placement(**given)  # type: ignore[arg-type]
        assert caught.value.exit_code == Exit.MISSING


def test_a_gpu_is_taken_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    for cuda, bf16, wanted in (
        (False, False, ("cpu", "float32")),
        (True, True, ("cuda", "bfloat16")),
        (True, False, ("cuda", "float16")),
    ):
        monkeypatch.setattr(torch.cuda, "is_available", lambda cuda=cuda: cuda)
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda bf16=bf16: bf16)
        found = placement()
        assert (found.device, found.dtype, found.attention, found.bits) == (*wanted, "sdpa", 0)
        assert found.options()["device_map"] == wanted[0]


def test_without_the_extra_there_are_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(EinthovenError, match="needs torch and transformers and peft") as caught:
        loading.require_local("hf/owner/name")
    assert caught.value.remedy == "pip install 'einthoven[local]'"
    assert caught.value.exit_code == Exit.MISSING
