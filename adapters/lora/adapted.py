"""A base model with a fresh adapter on it, or with all its weights open."""

from __future__ import annotations

from typing import Any

from einthoven.adapters.lora.recipe import Recipe
from einthoven.errors import EinthovenError

__all__ = ["adapted"]

#: Vision towers, audio towers, and what joins them to the language model, by the names they have in transformers.
_TOWERS = (
    r".*(visual|vision_tower|vision_model|vision_embedder|multi_modal_projector|mm_projector|embed_vision|connector"
    r"|audio).*"
)


def adapted(model: Any, recipe: Recipe, base: str) -> Any:
    """Put a LoRA adapter on a model; only it will be trained. Of a full training return the model, all of it open.

    Parameters
    ----------
    model : PreTrainedModel
        Loaded.
    recipe : Recipe
        Which layers, and of which rank.
    base : str
        What the adapter's configuration says that it belongs to.

    Raises
    ------
    EinthovenError
        No layer of the model has such a name.
    """
    if recipe.full:
        return model.requires_grad_(True)
    import warnings

    from peft import LoraConfig, get_peft_model

    config = LoraConfig(
        r=recipe.rank,
        lora_alpha=recipe.alpha,
        lora_dropout=recipe.dropout,
        use_dora=recipe.dora,
        target_modules="all-linear" if recipe.targets == ("all-linear",) else list(recipe.targets),
        exclude_modules=None if recipe.vision else _TOWERS,
        base_model_name_or_path=base,
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = get_peft_model(model, config)
    except ValueError as error:
        raise EinthovenError(
            f"no layer of the model is called {', '.join(recipe.targets)}: {str(error).splitlines()[0][:120]}",
            "give --target all-linear, or the end of a layer's name, such as q_proj",
        ) from error
    found.peft_config["default"].base_model_name_or_path = base
    return found
