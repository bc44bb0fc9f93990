"""The training of an adapter, or of a whole model, start to end."""

from __future__ import annotations

import json
import os
import shutil
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from einthoven.adapters.local.checkpoint import Checkpoint
from einthoven.adapters.local.generation import out_of_memory
from einthoven.adapters.local.loading import ends, load_model, quiet
from einthoven.adapters.local.placement import Placement
from einthoven.adapters.local.processor import load_processor
from einthoven.adapters.lora.adapted import adapted
from einthoven.adapters.lora.balance import Balanced
from einthoven.adapters.lora.identity import same_training
from einthoven.adapters.lora.log import LOG, rows
from einthoven.adapters.lora.look import Look, Score
from einthoven.adapters.lora.recipe import Recipe
from einthoven.adapters.lora.samples import Collator, Sample
from einthoven.adapters.lora.whole import write_whole
from einthoven.errors import EinthovenError, Exit

__all__ = ["train"]

_CHECKPOINTS = "checkpoints"


def train(
    base: Checkpoint,
    place: Placement,
    recipe: Recipe,
    samples: Sequence[Sample],
    validation: Sequence[Sample],
    out: Path,
    identity: Mapping[str, Any],
    score: Score | None = None,
    groups: Sequence[str] = (),
    workers: int = 0,
    progress: Callable[[int, int, str], None] = lambda done, total, words: None,
) -> dict[str, Any]:
    """Train a LoRA adapter, or every weight; the same call goes on from the last checkpoint.

    Parameters
    ----------
    base : Checkpoint
        The model.
    place : Placement
        Where, and in which numbers.
    recipe : Recipe
        How.
    samples, validation : sequence of Sample
        A sample may be made when it is asked for.
    out : Path
        The adapter's folder.
    identity : mapping
        What must be the same for a training to go on: the data, for the caller.
    score : callable, optional
        Scores raw answers on the first `recipe.answered` validation samples.
    groups : sequence of str
        One a sample, where the recipe is balanced.
    workers : int
        Processes that make samples.
    progress : callable
        Told the updates done, those in all, and a few words.

    Returns
    -------
    dict
        ``steps``, ``best_step``, ``validation_loss``, ``axes``, ``samples_per_second``, and ``resumed_from``: the
        update it went on from, 0 for none.

    Raises
    ------
    EinthovenError
        Another training stands in the folder; a sample that is too long; memory that does not suffice; a loss that is
        no number.
    """
    from transformers import Trainer, TrainingArguments, set_seed
    from transformers.trainer_utils import get_last_checkpoint

    sharded = os.environ.get("ACCELERATE_USE_FSDP", "").lower() in ("true", "1")
    if sharded and recipe.answered and score is not None:
        raise EinthovenError(
            "with FSDP no process holds the whole model: no answers can be written while it is trained",
            "add --answered 0; the validation loss is still computed",
        )
    if recipe.patience and not len(validation):
        raise EinthovenError(
            "patience waits for a lower validation loss, and there are no validation records",
            "raise --validation, or leave out --patience",
        )
    if _is_first_process():
        same_training(out, dict(identity) | {"recipe": recipe.to_json(), "base": base.base, "weights": base.weights})
    kept = out / _CHECKPOINTS
    last = get_last_checkpoint(str(kept)) if kept.is_dir() else None
    step = int(last.rpartition("-")[2]) if last else 0
    if _is_first_process():
        (out / LOG).write_text("".join(json.dumps(row) + "\n" for row in rows(out, step)), encoding="utf-8")

    quiet()
    warnings.simplefilter("ignore", FutureWarning)  # of settings that transformers renames within version 5
    set_seed(recipe.seed)
    processor = load_processor(base.fetched())
    if recipe.full:
        if place.bits:
            raise EinthovenError("quantized weights cannot be trained", "leave out --bits, or --full")
        # Half precision keeps too few digits of weights that all move: they stay single, the arithmetic is halved.
        model = load_model(base, _of_this_process(replace(place, dtype="float32")))
    else:
        model = load_model(base, _of_this_process(place))
    if place.bits:
        from peft import prepare_model_for_kbit_training

        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=recipe.checkpointing)
    model = adapted(model, recipe, base.base)
    context = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    limit = recipe.max_length or context or 1 << 30
    look = "steps" if recipe.evaluate else "epoch"
    settings = TrainingArguments(
        output_dir=str(kept),
        per_device_train_batch_size=recipe.batch,
        per_device_eval_batch_size=recipe.batch,
        gradient_accumulation_steps=recipe.accumulate,
        num_train_epochs=recipe.epochs,
        learning_rate=recipe.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=recipe.warmup,
        weight_decay=recipe.weight_decay,
        gradient_checkpointing=recipe.checkpointing,
        gradient_checkpointing_kwargs={"use_reentrant": False} if recipe.checkpointing else None,
        bf16=place.dtype == "bfloat16",
        fp16=place.dtype == "float16",
        use_cpu=place.device == "cpu",
        eval_strategy=look if len(validation) else "no",
        eval_steps=recipe.evaluate or None,
        save_strategy=look,
        save_steps=recipe.evaluate or 500,
        save_total_limit=2,
        load_best_model_at_end=bool(recipe.patience),
        metric_for_best_model="eval_loss" if recipe.patience else None,
        greater_is_better=False if recipe.patience else None,
        prediction_loss_only=True,
        label_names=["labels"],
        remove_unused_columns=False,
        logging_steps=1 if len(samples) * recipe.epochs / (recipe.batch * recipe.accumulate) <= 200 else 10,
        dataloader_num_workers=workers,
        # Forked: the processor's class is made at run time, and nobody else could be handed it.
        dataloader_multiprocessing_context="fork" if workers else None,
        seed=recipe.seed,
        data_seed=recipe.seed,
        # Without pictures in a batch an adapted vision tower has no part in the loss.
        ddp_find_unused_parameters=recipe.vision or recipe.full,
        log_level="error",
        log_level_replica="error",
        report_to="none",
        disable_tqdm=True,
    )

    class Balancing(Trainer):  # type: ignore[misc]
        def _get_train_sampler(self, train_dataset: Any = None) -> Any:
            return Balanced(groups, recipe.seed) if recipe.balanced else super()._get_train_sampler(train_dataset)

    shown = [validation[k] for k in range(min(recipe.answered, len(validation)))] if score is not None else []
    callbacks: list[Any] = [Look(out, model, processor, shown, score, progress)]
    if recipe.patience:
        from transformers import EarlyStoppingCallback

        callbacks.append(EarlyStoppingCallback(recipe.patience))
        # A checkpoint does not say how many looks went by without gain: the log does.
        seen = [row["validation_loss"] for row in rows(out, step) if "validation_loss" in row]
        callbacks[-1].early_stopping_patience_counter = len(seen) - 1 - seen.index(min(seen)) if seen else 0
    trainer = Balancing(
        model=model,
        args=settings,
        data_collator=Collator(processor, ends(model, processor.tokenizer), limit),
        train_dataset=samples,
        eval_dataset=validation if len(validation) else None,
        callbacks=callbacks,
    )
    for callback in list(trainer.callback_handler.callbacks):
        if type(callback).__name__ == "PrinterCallback":
            trainer.remove_callback(callback)
    try:
        trainer.train(resume_from_checkpoint=last)
    except RuntimeError as error:
        if not out_of_memory(error):
            raise
        raise EinthovenError(
            f"out of memory with batches of {recipe.batch}",
            "lower --batch and raise --accumulate, or load the base in 4 bits: ?bits=4",
            Exit.INCOMPLETE,
        ) from None
    trainer.accelerator.wait_for_everyone()
    looks = [row for row in rows(out) if "validation_loss" in row]
    best = min(looks, key=lambda row: float(row["validation_loss"])) if looks and recipe.patience else None
    chosen = best or (looks[-1] if looks else None)
    # Weights that are spread over devices are gathered by all of them; elsewhere the model has its own.
    weights = trainer.accelerator.get_state_dict(trainer.model) if sharded else None
    if _is_first_process():
        if recipe.full:
            write_whole(model, base.fetched(), out, weights)
        else:
            model.save_pretrained(str(out), safe_serialization=True, state_dict=weights)
        shutil.rmtree(kept, ignore_errors=True)
    speeds = [row["samples_per_second"] for row in rows(out) if row.get("samples_per_second")]
    return {
        "steps": trainer.state.global_step,
        "best_step": best["step"] if best else trainer.state.global_step,
        "validation_loss": None if chosen is None else chosen["validation_loss"],
        "axes": {} if chosen is None else chosen.get("axes", {}),
        "samples_per_second": median(speeds) if speeds else None,
        "resumed_from": step,
    }


def _is_first_process() -> bool:
    return int(os.environ.get("RANK", "0")) == 0


def _of_this_process(place: Placement) -> Placement:
    """Give each process of an ``accelerate launch`` its own GPU."""
    rank = os.environ.get("LOCAL_RANK")
    return replace(place, device=f"cuda:{rank}") if rank is not None and place.device == "cuda" else place
