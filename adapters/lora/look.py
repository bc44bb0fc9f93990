"""What is written down while an adapter is trained: losses, and validation answers beside the majority's."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

from transformers import TrainerCallback

from einthoven.adapters.local.generation import Generator
from einthoven.adapters.lora.log import append
from einthoven.adapters.lora.samples import Sample
from einthoven.errors import EinthovenError, Exit
from einthoven.exchange import Request, Status

__all__ = ["Look", "Score"]

#: Raw answers in, for each axis ``accuracy`` and ``majority`` out; `None` where no answer came to an end.
Score = Callable[[Sequence[str | None]], Mapping[str, Mapping[str, float]]]

#: Tokens of an answer that is written while training, and answers written together.
_TOKENS, _TOGETHER = 512, 8


class Look(TrainerCallback):  # type: ignore[misc]
    """Log every loss, and at each evaluation the answers too.

    Parameters
    ----------
    folder : Path
        Where the log goes.
    model, processor : PreTrainedModel, ProcessorMixin
        Of the training.
    validation : sequence of Sample
        Whose answers are written.
    score : callable or None
        Scores them; `None` leaves the answers out.
    progress : callable
        Told the updates done and in all, and a few words.
    """

    def __init__(
        self,
        folder: Path,
        model: Any,
        processor: Any,
        validation: Sequence[Sample],
        score: Score | None,
        progress: Callable[[int, int, str], None],
    ) -> None:
        self._folder, self._model, self._processor = folder, model, processor
        self._validation, self._score, self._progress = validation, score, progress
        self._words = ""
        self._spent, self._updates, self._since = 0.0, 0, monotonic()

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Start the clock."""
        self._since = monotonic()

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Move the progress line, and count the time since the last update: that of looks does not count."""
        now = monotonic()
        self._spent, self._updates, self._since = self._spent + now - self._since, self._updates + 1, now
        if state.is_world_process_zero:
            self._progress(state.global_step, state.max_steps, self._words)

    def on_log(self, args: Any, state: Any, control: Any, logs: Mapping[str, float] | None = None, **_: Any) -> None:
        """Write a training loss; end where it is no number any more."""
        loss = (logs or {}).get("loss")
        if loss is None or logs is None:
            return
        if not math.isfinite(loss) or not math.isfinite(logs.get("grad_norm", 0.0)):
            raise EinthovenError(
                f"the loss is no number any more at update {state.global_step}",
                "lower --learning-rate, or train in bfloat16 or float32; the same command with --fresh starts over",
                Exit.GATE_FAILED,
            )
        self._words = f"loss {loss:.3f}"
        if state.is_world_process_zero:
            row = {"step": state.global_step, "epoch": state.epoch, "loss": loss}
            row |= {key: logs.get(key) for key in ("learning_rate", "grad_norm")}
            seen = args.train_batch_size * args.gradient_accumulation_steps * args.world_size * self._updates
            append(self._folder, row | {"samples_per_second": seen / self._spent if self._updates else None})
            self._spent, self._updates = 0.0, 0

    def on_evaluate(
        self, args: Any, state: Any, control: Any, metrics: Mapping[str, float] | None = None, **_: Any
    ) -> None:
        """Write the validation loss and what was right."""
        self._write_look(state, metrics)
        self._since = monotonic()

    def _write_look(self, state: Any, metrics: Mapping[str, float] | None) -> None:
        if not state.is_world_process_zero or metrics is None:
            return
        row: dict[str, Any] = {
            "step": state.global_step,
            "epoch": state.epoch,
            "validation_loss": metrics["eval_loss"],
        }
        if self._score is not None and self._validation:
            row["axes"] = {
                axis: {key: round(value, 6) for key, value in shares.items()}
                for axis, shares in self._score(self._answers()).items()
            }
        append(self._folder, row)

    def _answers(self) -> list[str | None]:
        training = self._model.training
        self._model.eval()
        generator = Generator(self._model, self._processor, _TOKENS, constrain=True)
        found: list[str | None] = []
        try:
            for start in range(0, len(self._validation), _TOGETHER):
                part = [self._validation[k] for k in range(start, min(start + _TOGETHER, len(self._validation)))]
                requests = [Request(s.id, "image", "", s.prompt, s.schema, s.images) for s in part]
                found += [one.text if one.status is Status.OK else None for one in generator.answers(requests)]
        finally:
            self._model.train(training)
            self._processor.tokenizer.padding_side = "left"
        return found
