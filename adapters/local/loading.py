"""A model loaded: the class that its configuration names, its weights complete, ready to answer."""

from __future__ import annotations

from typing import Any

from einthoven.adapters.local.checkpoint import Checkpoint
from einthoven.adapters.local.lora import with_adapter
from einthoven.adapters.local.placement import Placement
from einthoven.errors import EinthovenError, Exit

__all__ = ["ends", "load_model", "quiet", "require_local"]


def require_local(what: str) -> None:
    """Refuse where torch, transformers or peft are not installed (`Exit.MISSING`)."""
    from importlib.util import find_spec

    missing = [name for name in ("torch", "transformers", "peft", "accelerate") if find_spec(name) is None]
    if missing:
        raise EinthovenError(
            f"{what} needs {' and '.join(missing)}, which {'are' if len(missing) > 1 else 'is'} not installed",
            "pip install 'einthoven[local]'",
            Exit.MISSING,
        )


def ends(model: Any, tokenizer: Any) -> list[int]:
    """Return the tokens that end an answer: the model's, and the tokenizer's own."""
    named = model.generation_config.eos_token_id
    listed = [] if named is None else list(named) if isinstance(named, list | tuple) else [named]
    return sorted({*listed, tokenizer.eos_token_id} - {None})


def load_model(found: Checkpoint, place: Placement) -> Any:
    """Load a model and its adapter.

    Parameters
    ----------
    found : Checkpoint
        Which.
    place : Placement
        Where to, and in which numbers.

    Returns
    -------
    PreTrainedModel or PeftModel
        In evaluation mode. Its published sampling settings (temperature, penalties) are dropped: what changes an
        answer is what the run says.

    Raises
    ------
    EinthovenError
        Damaged, incomplete or too large for the device (`Exit.MISSING`).
    """
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForImageTextToText, GenerationConfig

    folder = found.fetched()
    try:
        model, report = AutoModelForImageTextToText.from_pretrained(
            folder, output_loading_info=True, use_safetensors=True, local_files_only=True, **place.options()
        )
    except torch.OutOfMemoryError:
        raise EinthovenError(
            f"{found.base} does not fit into the memory of {place.device}",
            "add ?bits=8 or ?bits=4, or spread it over several devices with ?device=auto",
            Exit.MISSING,
        ) from None
    except (OSError, SafetensorError, ValueError, RuntimeError, ImportError, KeyError) as error:
        said = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
        if "ignore_mismatched_sizes" in said[0]:
            said = ["its tensors have other shapes than its config.json says"]
        raise EinthovenError(
            f"{found.base} cannot be loaded: {said[0][:200]}",
            "fetch or copy its files again; with --debug you see the whole error",
            Exit.MISSING,
        ) from error
    lost = sorted(report["missing_keys"])
    if lost:
        raise EinthovenError(
            f"{found.base} is incomplete: {len(lost)} of its tensors are missing, such as {lost[0]}",
            "fetch or copy its files again",
            Exit.MISSING,
        )
    old = model.generation_config
    model.generation_config = GenerationConfig(
        bos_token_id=old.bos_token_id, eos_token_id=old.eos_token_id, pad_token_id=old.pad_token_id
    )
    return with_adapter(model, found).eval()


def quiet() -> None:
    """Keep transformers' advice and bars off the terminal: errors come as two lines, progress has its own line."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
