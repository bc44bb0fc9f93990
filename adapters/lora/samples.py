"""Training samples, and the tensors of a batch of them: loss on the assistant's turn and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from einthoven.adapters.local.chat import message, opened
from einthoven.errors import EinthovenError

__all__ = ["IGNORED", "Collator", "Sample"]

#: The label of a token that is not learnt.
IGNORED = -100


@dataclass(frozen=True, slots=True)
class Sample:
    """One question with its answer.

    Attributes
    ----------
    id : str
        The record's id, for messages.
    prompt : str
        The text of the question.
    answer : str
        The task's training target.
    images : tuple of bytes
        PNG files, in order.
    schema : mapping
        Of the answer, for the answers that are written while training.
    """

    id: str
    prompt: str
    answer: str
    images: tuple[bytes, ...] = field(default=(), repr=False)
    schema: Mapping[str, Any] = field(default_factory=dict, repr=False)


class Collator:
    """Make the tensors of a batch.

    Parameters
    ----------
    processor : ProcessorMixin
        Of `load_processor`.
    ends : sequence of int
        The tokens that end an answer.
    max_length : int
        Tokens of a sample at most.
    """

    def __init__(self, processor: Any, ends: Sequence[int], max_length: int) -> None:
        self._processor, self._ends, self._max_length = processor, set(ends), max_length
        template = str(processor.chat_template)
        self._choice = {"enable_thinking": False} if "enable_thinking" in template else {}

    def texts(self, sample: Sample) -> tuple[str, str]:
        """Return the chat up to the answer, and the rest of it: what is learnt.

        Raises
        ------
        EinthovenError
            The model's chat template writes a finished chat other than one that is being answered.
        """
        user = message(sample.prompt, [None] * len(sample.images))
        said = {"role": "assistant", "content": [{"type": "text", "text": sample.answer}]}
        asked = self._processor.apply_chat_template(
            [user], tokenize=False, add_generation_prompt=True, **self._choice
        )
        whole = self._processor.apply_chat_template([user, said], tokenize=False, **self._choice)
        if not whole.startswith(asked) or not whole[len(asked) :].startswith(sample.answer):
            raise EinthovenError(
                "the model's chat template does not begin a finished chat as it begins a question: "
                "which tokens are the answer cannot be told",
                "train another model, or give its folder a chat_template.jinja that does",
            )
        return asked, whole[len(asked) :]

    def __call__(self, samples: Sequence[Sample]) -> Any:
        """Return ``input_ids``, ``attention_mask``, ``labels`` and the pictures' tensors, padded on the right.

        Raises
        ------
        EinthovenError
            A sample is too long, or its answer is not tokenized apart from its question.
        """
        import torch

        texts = [self.texts(sample) for sample in samples]
        pictures = [[opened(png) for png in sample.images] for sample in samples]
        bos = self._processor.tokenizer.bos_token
        begins = bool(bos) and texts[0][0].startswith(bos)
        found = self._processor(
            text=[asked + rest for asked, rest in texts],
            images=pictures if any(pictures) else None,
            padding=True,
            padding_side="right",
            return_tensors="pt",
            **({"add_special_tokens": False} if begins else {}),
        )
        labels = torch.full_like(found["input_ids"], IGNORED)
        for row, (sample, (_, rest)) in enumerate(zip(samples, texts, strict=True)):
            length = int(found["attention_mask"][row].sum())
            if length > self._max_length:
                raise EinthovenError(
                    f"record {sample.id} has {length:,} tokens, more than {self._max_length:,}: "
                    "cut, it would lose parts of its pictures",
                    "raise max_length, or choose a view with fewer or smaller pictures",
                )
            learnt = self._processor.tokenizer(rest, add_special_tokens=False)["input_ids"]
            start = length - len(learnt)
            if found["input_ids"][row, start:length].tolist() != learnt:
                raise EinthovenError(
                    f"record {sample.id}: question and answer share a token: the answer alone cannot be learnt",
                    "train another model, or give its folder a chat template that parts them by a special token",
                )
            # The end is learnt, what the template writes behind it is not: nobody asks for it.
            stop = next((k + 1 for k, token in enumerate(learnt) if token in self._ends), len(learnt))
            labels[row, start : start + stop] = found["input_ids"][row, start : start + stop]
        found["labels"] = labels
        return found
