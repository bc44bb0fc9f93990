"""Tiny random vision-language models: real classes, a real processor and chat template, no download.

Each is built in a fraction of a second and saved as a folder that loads like a published one. Its tokenizer is a
byte-level BPE trained on the tasks' prompts, its sizes are the smallest that the classes take.

``python tests/adapters/tiny_models.py qwen3-vl FOLDER`` writes FOLDER/tiny-qwen3-vl, to rehearse with.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from sys import argv
from typing import Any

__all__ = ["FAMILIES", "GEMMA_NAMED", "GEMMA_TEMPLATE", "GEMMA_TOKENS", "tiny_model"]

_QWEN_TOKENS = (
    *("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>"),
    *("<|image_pad|>", "<|video_pad|>", "<think>", "</think>"),
)
GEMMA_TOKENS = (
    *("<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>", "<start_of_image>", "<end_of_image>"),
    *("<image_soft_token>", "<|video|>", "<audio_soft_token>", "<start_of_audio>", "<end_of_audio>"),
)

#: What Gemma's tokenizers call them.
GEMMA_NAMED = {
    "boi_token": "<start_of_image>",
    "eoi_token": "<end_of_image>",
    "image_token": "<image_soft_token>",
    "audio_token": "<audio_soft_token>",
    "boa_token": "<start_of_audio>",
    "eoa_token": "<end_of_audio>",
}

# The published templates without tools, system prompts and videos.
_QWEN_TEMPLATE = (
    "{%- for m in messages -%}<|im_start|>{{ m.role }}\n"
    "{%- if m.content is string -%}{{ m.content }}{%- else -%}{%- for part in m.content -%}"
    "{%- if part.type == 'image' -%}<|vision_start|><|image_pad|><|vision_end|>"
    "{%- elif part.type == 'text' -%}{{ part.text }}{%- endif -%}{%- endfor -%}{%- endif -%}<|im_end|>\n"
    "{%- endfor -%}{%- if add_generation_prompt -%}<|im_start|>assistant\n{%- endif -%}"
).replace("\n{%", "{{ '\\n' }}{%")

_QWEN35_TEMPLATE = _QWEN_TEMPLATE.replace(
    "<|im_start|>{{ m.role }}{{ '\\n' }}",
    "<|im_start|>{{ m.role }}{{ '\\n' }}{%- if m.role == 'assistant' -%}"
    "{{ '<think>\\n\\n</think>\\n\\n' }}{%- endif -%}",
).replace(
    "{%- if add_generation_prompt -%}<|im_start|>assistant{{ '\\n' }}{%- endif -%}",
    "{%- if add_generation_prompt -%}<|im_start|>assistant{{ '\\n' }}{%- if enable_thinking is defined and "
    "enable_thinking is false -%}{{ '<think>\\n\\n</think>\\n\\n' }}{%- else -%}{{ '<think>\\n' }}{%- endif -%}"
    "{%- endif -%}",
)

GEMMA_TEMPLATE = (
    "{{ bos_token }}{%- for m in messages -%}<start_of_turn>{{ 'model' if m.role == 'assistant' else m.role }}\n"
    "{%- if m.content is string -%}{{ m.content | trim }}{%- else -%}{%- for part in m.content -%}"
    "{%- if part.type == 'image' -%}IMAGE{%- elif part.type == 'text' -%}{{ part.text | trim }}{%- endif -%}"
    "{%- endfor -%}{%- endif -%}<end_of_turn>\n"
    "{%- endfor -%}{%- if add_generation_prompt -%}<start_of_turn>model\n{%- endif -%}"
).replace("\n{%", "{{ '\\n' }}{%")


@cache
def _texts() -> tuple[str, ...]:
    from einthoven.tasks.registry import TASKS, task

    return tuple(task(name).prompt() for name in TASKS) + tuple(json.dumps(task(name).schema()) for name in TASKS)


def _tokenizer(special: tuple[str, ...], pad: str, eos: str, bos: str | None, **named: str) -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=700,
        special_tokens=list(special),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    inner.train_from_iterator(_texts(), trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=inner,
        pad_token=pad,
        eos_token=eos,
        bos_token=bos,
        extra_special_tokens=named or None,
        clean_up_tokenization_spaces=False,
    )


def _qwen_ids(tokenizer: Any) -> dict[str, Any]:
    return {
        f"{key}_id": tokenizer.convert_tokens_to_ids(word)
        for key, word in (
            ("image_token", "<|image_pad|>"),
            ("video_token", "<|video_pad|>"),
            ("vision_start_token", "<|vision_start|>"),
            ("vision_end_token", "<|vision_end|>"),
        )
    }


def _qwen_processor(patch: int) -> Any:
    from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

    size = {"shortest_edge": 4 * (2 * patch) ** 2, "longest_edge": 16 * (2 * patch) ** 2}
    return Qwen2VLImageProcessorPil(patch_size=patch, merge_size=2, size=size)


def _qwen_text(tokenizer: Any, **more: Any) -> dict[str, Any]:
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 8192,
        "initializer_range": 0.15,
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": None,
        "eos_token_id": tokenizer.eos_token_id,
        **more,
    }


def _rope(theta: float = 10_000.0, section: tuple[int, ...] = (2, 3, 3), **more: Any) -> dict[str, Any]:
    return {"rope_type": "default", "rope_theta": theta, "mrope_section": list(section), **more}


def _qwen25() -> tuple[Any, Any, Any, str, dict[str, Any]]:
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    tokenizer = _tokenizer(_QWEN_TOKENS, "<|endoftext|>", "<|im_end|>", None)
    config = Qwen2_5_VLConfig(
        text_config=_qwen_text(tokenizer, num_hidden_layers=2, rope_parameters=_rope()),
        vision_config={
            "depth": 2,
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_heads": 2,
            "out_hidden_size": 64,
            "patch_size": 14,
            "window_size": 56,
            "fullatt_block_indexes": [1],
            "initializer_range": 0.15,
        },
        **_qwen_ids(tokenizer),
    )
    named = {"processor_class": "Qwen2_5_VLProcessor"}
    return Qwen2_5_VLForConditionalGeneration(config), tokenizer, _qwen_processor(14), _QWEN_TEMPLATE, named


def _qwen3() -> tuple[Any, Any, Any, str, dict[str, Any]]:
    from transformers import Qwen3VLConfig, Qwen3VLForConditionalGeneration

    tokenizer = _tokenizer(_QWEN_TOKENS, "<|endoftext|>", "<|im_end|>", None)
    config = Qwen3VLConfig(
        text_config=_qwen_text(
            tokenizer, num_hidden_layers=2, head_dim=16, rope_parameters=_rope(mrope_interleaved=True)
        ),
        vision_config={
            "depth": 2,
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_heads": 2,
            "out_hidden_size": 64,
            "patch_size": 16,
            "num_position_embeddings": 64,
            "deepstack_visual_indexes": [0],
            "initializer_range": 0.15,
        },
        **_qwen_ids(tokenizer),
    )
    named = {"processor_class": "Qwen3VLProcessor"}
    return Qwen3VLForConditionalGeneration(config), tokenizer, _qwen_processor(16), _QWEN_TEMPLATE, named


def _qwen35() -> tuple[Any, Any, Any, str, dict[str, Any]]:
    from transformers import Qwen3_5Config, Qwen3_5ForConditionalGeneration

    tokenizer = _tokenizer(_QWEN_TOKENS, "<|endoftext|>", "<|im_end|>", None)
    config = Qwen3_5Config(
        text_config=_qwen_text(
            tokenizer,
            num_hidden_layers=2,
            layer_types=["linear_attention", "full_attention"],
            head_dim=32,
            linear_key_head_dim=16,
            linear_value_head_dim=16,
            linear_num_key_heads=2,
            linear_num_value_heads=4,
            rope_parameters=_rope(section=(2, 1, 1), mrope_interleaved=True, partial_rotary_factor=0.25),
        ),
        vision_config={
            "depth": 2,
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_heads": 2,
            "out_hidden_size": 64,
            "patch_size": 16,
            "num_position_embeddings": 64,
            "initializer_range": 0.15,
        },
        **_qwen_ids(tokenizer),
    )
    named = {"processor_class": "Qwen3VLProcessor"}
    return Qwen3_5ForConditionalGeneration(config), tokenizer, _qwen_processor(16), _QWEN35_TEMPLATE, named


def _gemma_tokenizer() -> Any:
    return _tokenizer(
        GEMMA_TOKENS,
        "<pad>",
        "<end_of_turn>",
        "<bos>",
        **GEMMA_NAMED,
    )


def _gemma_text(tokenizer: Any, **more: Any) -> dict[str, Any]:
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 16,
        "max_position_embeddings": 8192,
        "initializer_range": 0.15,
        "sliding_window": 64,
        "layer_types": ["sliding_attention", "full_attention"],
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "tie_word_embeddings": False,  # published ones tie them; a random one would repeat its last word for ever
        **more,
    }


def _gemma3() -> tuple[Any, Any, Any, str, dict[str, Any]]:
    from transformers import Gemma3Config, Gemma3ForConditionalGeneration
    from transformers.models.gemma3.image_processing_pil_gemma3 import Gemma3ImageProcessorPil

    tokenizer = _gemma_tokenizer()
    config = Gemma3Config(
        text_config=_gemma_text(tokenizer, query_pre_attn_scalar=16),
        vision_config={
            "model_type": "siglip_vision_model",
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "image_size": 56,
            "patch_size": 14,
        },
        tie_word_embeddings=False,
        mm_tokens_per_image=4,
        boi_token_index=tokenizer.convert_tokens_to_ids("<start_of_image>"),
        eoi_token_index=tokenizer.convert_tokens_to_ids("<end_of_image>"),
        image_token_index=tokenizer.convert_tokens_to_ids("<image_soft_token>"),
    )
    images = Gemma3ImageProcessorPil(size={"height": 56, "width": 56})
    named = {"processor_class": "Gemma3Processor", "image_seq_length": 4}
    template = GEMMA_TEMPLATE.replace("IMAGE", "<start_of_image>")
    model = Gemma3ForConditionalGeneration(config)
    # It begins as zeros, so that an untrained model is blind.
    model.model.multi_modal_projector.mm_input_projection_weight.data.normal_(0, 0.15)
    return model, tokenizer, images, template, named


def _gemma4() -> tuple[Any, Any, Any, str, dict[str, Any]]:
    from transformers import Gemma4Config, Gemma4ForConditionalGeneration
    from transformers.models.gemma4.image_processing_pil_gemma4 import Gemma4ImageProcessorPil

    tokenizer = _gemma_tokenizer()
    config = Gemma4Config(
        text_config=_gemma_text(
            tokenizer,
            global_head_dim=32,
            vocab_size_per_layer_input=len(tokenizer),
            hidden_size_per_layer_input=8,
            use_bidirectional_attention="vision",
        ),
        vision_config={
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "num_key_value_heads": 2,
            "head_dim": 16,
            "patch_size": 4,
            "pooling_kernel_size": 3,
            "position_embedding_size": 256,
        },
        audio_config=None,
        tie_word_embeddings=False,
        **{
            key: tokenizer.convert_tokens_to_ids(word)
            for key, word in (
                ("boi_token_id", "<start_of_image>"),
                ("eoi_token_id", "<end_of_image>"),
                ("image_token_id", "<image_soft_token>"),
                ("video_token_id", "<|video|>"),
                ("audio_token_id", "<audio_soft_token>"),
                ("boa_token_id", "<start_of_audio>"),
                ("eoa_token_index", "<end_of_audio>"),
            )
        },
    )
    # The processor knows these numbers of soft tokens only; 70 of 12 x 12 pixels.
    images = Gemma4ImageProcessorPil(patch_size=4, pooling_kernel_size=3, max_soft_tokens=70)
    named = {"processor_class": "Gemma4Processor", "image_seq_length": 70}
    template = GEMMA_TEMPLATE.replace("IMAGE", "<image_soft_token>")
    return Gemma4ForConditionalGeneration(config), tokenizer, images, template, named


#: Family -> what builds its model, tokenizer, image processor, chat template, and processor's configuration.
FAMILIES: dict[str, Callable[[], tuple[Any, Any, Any, str, dict[str, Any]]]] = {
    "qwen2.5-vl": _qwen25,
    "qwen3-vl": _qwen3,
    "qwen3.5": _qwen35,
    "gemma-3": _gemma3,
    "gemma-4": _gemma4,
}


def tiny_model(family: str, folder: Path, seed: int = 0) -> Path:
    """Build one and save it.

    Parameters
    ----------
    family : str
        A key of `FAMILIES`.
    folder : Path
        Where it goes, as ``folder/tiny-FAMILY``.
    seed : int
        Of the weights.
    """
    import torch
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.manual_seed(seed)
    model, tokenizer, images, template, named = FAMILIES[family]()
    path = folder / f"tiny-{family}"
    model.save_pretrained(path)
    tokenizer.save_pretrained(path)
    images.save_pretrained(path)
    (path / "chat_template.jinja").write_text(template, encoding="utf-8")
    (path / "processor_config.json").write_text(json.dumps(named), encoding="utf-8")
    return path


if __name__ == "__main__":
    print(tiny_model(argv[1], Path(argv[2])))
