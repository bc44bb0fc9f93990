"""A batch answered, in halves where the memory does not suffice."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from einthoven.adapters.local.chat import batch_inputs
from einthoven.adapters.local.constraint import Constraint
from einthoven.adapters.local.loading import ends
from einthoven.adapters.local.sampling import Draw
from einthoven.errors import EinthovenError
from einthoven.exchange import Request, Status

__all__ = ["Generated", "Generator", "out_of_memory"]


@dataclass(frozen=True, slots=True)
class Generated:
    """One answer.

    Attributes
    ----------
    text : str
        Without special tokens.
    status : Status
        ``ok``; ``truncated`` where its tokens were used up; ``empty``; ``api_error`` where the memory did not suffice
        for this request alone.
    input_tokens, output_tokens : int
        Padding not counted.
    detail : str
        Why, in one line.
    """

    text: str
    status: Status
    input_tokens: int
    output_tokens: int
    detail: str = ""


def out_of_memory(error: BaseException) -> bool:
    """Return whether an error says that the memory did not suffice, whichever device says it."""
    import torch

    said = str(error).lower()
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or (
        isinstance(error, RuntimeError) and ("out of memory" in said or "can't allocate memory" in said)
    )


class Generator:
    """Answer batches with one loaded model.

    Parameters
    ----------
    model, processor : PreTrainedModel, ProcessorMixin
        Loaded.
    max_tokens : int
        Of an answer.
    constrain : bool
        Whether answers are held to the request's schema.
    temperature : float
        0 takes the likeliest token each time.
    seed : int
        Of the draws at a temperature above 0.
    thinking : bool
        See `batch_inputs`.
    """

    def __init__(
        self,
        model: Any,
        processor: Any,
        max_tokens: int,
        constrain: bool = False,
        temperature: float = 0.0,
        seed: int = 0,
        thinking: bool = False,
    ) -> None:
        self._model, self._processor = model, processor
        self._max_tokens, self._temperature, self._seed, self._thinking = max_tokens, temperature, seed, thinking
        self._ends = ends(model, processor.tokenizer)
        text = model.config.get_text_config()
        self._context: int | None = getattr(text, "max_position_embeddings", None)
        self._constraint = Constraint(processor.tokenizer, text.vocab_size, self._ends) if constrain else None
        self._stop = threading.Event()
        #: Requests that fit into the memory together; `None` until some did not.
        self.most: int | None = None

    def stop(self) -> None:
        """End what is being answered at the next token."""
        self._stop.set()

    def inputs(self, requests: Sequence[Request]) -> Any:
        """Return the tensors of a batch; may be called in another thread, ahead."""
        return batch_inputs(self._processor, requests, self._thinking)

    def answers(self, requests: Sequence[Request], inputs: Any = None) -> list[Generated]:
        """Answer a batch.

        Parameters
        ----------
        requests : sequence of Request
            With pictures in all of them or in none.
        inputs : BatchFeature, optional
            What `inputs` gave for them.

        Raises
        ------
        EinthovenError
            A request is longer than the model's context.
        """
        if self.most is not None and len(requests) > self.most:
            return self._in_parts(requests, self.most)
        try:
            return self._generated(requests, self.inputs(requests) if inputs is None else inputs)
        except (RuntimeError, MemoryError) as error:
            if not out_of_memory(error):
                raise
            said = " ".join(str(error).split())[:200]
        # Out of the `except`: there the traceback would keep the tensors alive.
        _free()
        if len(requests) == 1:
            why = f"out of memory with one request at a time: {said}"
            return [Generated("", Status.API_ERROR, 0, 0, why)]
        self.most = len(requests) // 2
        return self._in_parts(requests, self.most)

    def _in_parts(self, requests: Sequence[Request], size: int) -> list[Generated]:
        parts = [requests[start : start + size] for start in range(0, len(requests), size)]
        return [one for part in parts for one in self.answers(part)]

    def _generated(self, requests: Sequence[Request], inputs: Any) -> list[Generated]:
        import torch
        from transformers import GenerationConfig

        lengths = inputs["attention_mask"].sum(dim=1).tolist()
        if self._context is not None and max(lengths) + self._max_tokens > self._context:
            raise EinthovenError(
                f"a request has {max(lengths):,} tokens and its answer up to {self._max_tokens:,}: "
                f"the model takes {self._context:,} together",
                "give a smaller max_tokens, or a view with fewer or smaller pictures",
            )
        prompt = inputs["input_ids"].shape[1]
        rules: list[Callable[..., Any]] = []
        if self._constraint is not None:
            rules.append(self._constraint.processor([request.schema for request in requests], prompt))
        if self._temperature:
            rules.append(Draw(requests, self._temperature, self._seed))
        pad = self._processor.tokenizer.pad_token_id
        settings = GenerationConfig(
            do_sample=False,
            max_new_tokens=self._max_tokens,
            eos_token_id=self._ends,
            pad_token_id=self._ends[0] if pad is None else pad,
        )
        with torch.inference_mode():
            found = self._model.generate(
                **inputs.to(self._model.device, dtype=self._model.dtype),
                generation_config=settings,
                logits_processor=rules,
                stopping_criteria=[self._stopped],
            )
        return [self._read(row, length) for row, length in zip(found[:, prompt:].tolist(), lengths, strict=True)]

    def _stopped(self, tokens: Any, scores: Any, **_: Any) -> Any:
        import torch

        return torch.full((len(tokens),), self._stop.is_set(), device=tokens.device, dtype=torch.bool)

    def _read(self, row: Sequence[int], length: int) -> Generated:
        end = next((k for k, token in enumerate(row) if token in self._ends), None)
        text = self._processor.tokenizer.decode(row[:end], skip_special_tokens=True)
        written = len(row) if end is None else end + 1
        if end is None:
            return Generated(text, Status.TRUNCATED, length, written, "the limit of output tokens was reached")
        return Generated(text, Status.OK if text.strip() else Status.EMPTY, length, written)


def _free() -> None:
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
