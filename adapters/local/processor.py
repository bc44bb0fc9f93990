"""A model's processor, built from its parts: the same with and without torchvision.

`AutoProcessor` asks for torchvision wherever a model also takes videos, and with it pictures would be resized by
another code than without, to other pixels. Here pictures always go through Pillow, and the parts for video and audio
are left out. That a part may be missing is not foreseen by transformers; what is used of it is held by tests.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from einthoven.errors import EinthovenError, Exit

__all__ = ["load_processor"]


def _class_of(folder: Path) -> Any:
    """Return the class of a folder's processor."""
    import transformers
    from transformers import AutoConfig, ProcessorMixin
    from transformers.models.auto.processing_auto import PROCESSOR_MAPPING_NAMES

    named = [ProcessorMixin.get_processor_dict(folder)[0].get("processor_class")]
    named.append(PROCESSOR_MAPPING_NAMES.get(AutoConfig.from_pretrained(folder).model_type))
    return next((getattr(transformers, name) for name in named if name and hasattr(transformers, name)), None)


def load_processor(folder: Path) -> Any:
    """Build the processor of a model: tokenizer, chat template, image processor.

    Parameters
    ----------
    folder : Path
        The model's.

    Returns
    -------
    ProcessorMixin
        Pads on the left.

    Raises
    ------
    EinthovenError
        The folder has no processor, or no chat template (`Exit.MISSING`).
    """
    from transformers import AutoImageProcessor, AutoTokenizer

    try:
        kind = _class_of(folder)
        if kind is None:
            raise EinthovenError(
                f"{folder} says of no processor how it makes pictures into tokens",
                "copy processor_config.json or preprocessor_config.json from the model's repository",
                Exit.MISSING,
            )

        def check(self: Any, name: str, part: Any) -> Any:
            return None if part is None else kind.check_argument_for_proper_class(self, name, part)

        changed = {"check_argument_for_proper_class": check, "__module__": __name__}
        lenient: Any = type(kind.__name__, (kind,), changed)
        parts = [
            AutoTokenizer.from_pretrained(folder)
            if part == "tokenizer"
            else AutoImageProcessor.from_pretrained(folder, backend="pil")
            if part == "image_processor"
            else None
            for part in kind.get_attributes()
        ]
        processor = lenient.from_args_and_dict(parts, kind.get_processor_dict(folder)[0])
    except (OSError, ValueError, TypeError, KeyError, ImportError, AttributeError) as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        raise EinthovenError(
            f"the processor of {folder} cannot be built: {said[0].partition('. ')[0].rstrip(' :')}",
            "copy the tokenizer's, processor's and preprocessor's files from the model's repository again",
            Exit.MISSING,
        ) from error
    if not (processor.chat_template or processor.tokenizer.chat_template):
        raise EinthovenError(
            f"{folder} has no chat template: it is a base model, not one that takes instructions",
            "give the instruction-tuned model, or copy its chat_template.jinja into the folder",
            Exit.MISSING,
        )
    processor.chat_template = processor.chat_template or processor.tokenizer.chat_template
    processor.tokenizer.padding_side = "left"
    return processor
