"""Whether a configuration is that of a model that takes images and text and answers in text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from einthoven.errors import EinthovenError, Exit

__all__ = ["class_name"]


def class_name(base: str, config: Mapping[str, Any]) -> str:
    """Return the class of transformers that a configuration asks for.

    Raises
    ------
    EinthovenError
        It is none that takes images and text and gives text, or one that brings code of its own (`Exit.MISSING`).
    """
    from transformers.models.auto.modeling_auto import MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES as NAMES

    kind = str(config.get("model_type") or "")
    if kind in NAMES:
        return str(NAMES[kind])
    if config.get("auto_map"):
        raise EinthovenError(
            f"{base} brings program code of its own, which is not run",
            "give a version of the model that transformers knows, or serve it: compatible/MODEL --base-url …",
            Exit.MISSING,
        )
    architecture = next(iter(config.get("architectures") or ()), kind or "of unknown type")
    raise EinthovenError(
        f"{base} is a {architecture}: not a model that takes images and text and answers in text",
        "give an image-text-to-text model, such as hf/Qwen/Qwen3-VL-8B-Instruct or hf/google/medgemma-4b-it",
        Exit.MISSING,
    )
