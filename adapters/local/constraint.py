"""Answers held to a task's JSON Schema token by token, by llguidance."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from einthoven.errors import EinthovenError, Exit

if TYPE_CHECKING:
    import torch

__all__ = ["Constraint", "bounded", "require_llguidance"]

#: Characters of a free text in an answer: without a bound a small model writes until its tokens end.
_LONGEST = 600

#: JSON as `json.dumps` and the tasks' training targets write it. Free white space may be all that a model writes.
_FORM = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}


def require_llguidance() -> None:
    """Refuse where llguidance is not installed (`Exit.MISSING`)."""
    if find_spec("llguidance") is None:
        raise EinthovenError(
            "constrained answers need the package llguidance, which is not installed",
            "pip install 'einthoven[local]', or let the model write freely: --no-constrain",
            Exit.MISSING,
        )


def bounded(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Bound a schema: lists without repeats to as many items as there are words, texts to a length.

    A grammar cannot forbid that a word comes twice; without a bound, a model that repeats itself fills its tokens.

    Parameters
    ----------
    schema : mapping
        Draft 2020-12, as a task gives it.
    """
    found: dict[str, Any] = {key: value for key, value in schema.items() if key not in ("uniqueItems", "$schema")}
    for key in ("properties", "$defs"):
        if key in found:
            found[key] = {name: bounded(part) for name, part in found[key].items()}
    for key in ("anyOf", "oneOf", "allOf"):
        if key in found:
            found[key] = [bounded(part) for part in found[key]]
    if "items" in found:
        found["items"] = bounded(found["items"])
        words = found["items"].get("enum")
        if "maxItems" not in found:
            found["maxItems"] = len(words) if words else 8
    if found.get("type") == "string" and "enum" not in found and "const" not in found:
        found.setdefault("maxLength", _LONGEST)
    return found


class Constraint:
    """What a tokenizer may write.

    Parameters
    ----------
    tokenizer : PreTrainedTokenizerFast
        The model's.
    vocabulary : int
        How many logits the model gives.
    ends : sequence of int
        The tokens that end an answer.
    """

    def __init__(self, tokenizer: Any, vocabulary: int, ends: Sequence[int]) -> None:
        import llguidance.hf

        self._vocabulary = vocabulary
        self._ends = list(ends)
        self._tokenizer = llguidance.hf.from_tokenizer(tokenizer, n_vocab=vocabulary, eos_token=self._ends)
        self._grammar = lru_cache(maxsize=8)(self._compiled)

    def _compiled(self, schema: str) -> Any:
        from llguidance import LLMatcher

        grammar = LLMatcher.grammar_from_json_schema(json.loads(schema), overrides=_FORM)
        matcher = LLMatcher(self._tokenizer, grammar, log_level=0)
        if matcher.is_error():
            raise ValueError(f"the answer's schema is no grammar: {matcher.get_error().splitlines()[0]}")
        return matcher

    def processor(self, schemas: Sequence[Mapping[str, Any]], prompt: int) -> Any:
        """Return the logits processor for one batch.

        Parameters
        ----------
        schemas : sequence of mapping
            One a row; an empty one leaves its row free.
        prompt : int
            Tokens of each row before its answer, padding among them.
        """
        matchers = [self._grammar(json.dumps(bounded(schema))).deep_copy() if schema else None for schema in schemas]
        return _Mask(matchers, prompt, self._vocabulary, self._ends)


class _Mask:
    """Called by ``generate`` before each token, with all tokens so far and the logits of the next."""

    def __init__(self, matchers: Sequence[Any], prompt: int, vocabulary: int, ends: Sequence[int]) -> None:
        import llguidance.numpy

        self._fill = llguidance.numpy.fill_next_token_bitmask
        self._bits = llguidance.numpy.allocate_token_bitmask(len(matchers), vocabulary)
        self._matchers, self._prompt, self._vocabulary, self._ends = matchers, prompt, vocabulary, ends

    def __call__(self, tokens: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
        import numpy as np
        import torch

        written = tokens.shape[1] > self._prompt
        last = tokens[:, -1].tolist() if written else []
        for row, matcher in enumerate(self._matchers):
            if matcher is None:
                continue
            if written and not matcher.is_stopped():
                matcher.consume_token(last[row])
            if matcher.is_stopped():
                self._bits[row] = 0
                for end in self._ends:
                    self._bits.view(np.uint32)[row, end // 32] |= np.uint32(1 << end % 32)
            else:
                self._fill(matcher, self._bits, row)
        allowed = np.unpackbits(self._bits.view(np.uint8), axis=1, bitorder="little")[:, : self._vocabulary]
        mask = torch.from_numpy(allowed).to(logits.device).bool()
        return logits.masked_fill(~mask, -torch.inf)
