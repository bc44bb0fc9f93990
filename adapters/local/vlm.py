"""``hf/REPO-OR-PATH+lora:PATH``: a vision-language model answers on this machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path
from time import monotonic
from typing import Any

from einthoven.adapters.local.architecture import class_name
from einthoven.adapters.local.batches import Batches
from einthoven.adapters.local.checkpoint import Checkpoint, checkpoint, fingerprint
from einthoven.adapters.local.constraint import require_llguidance
from einthoven.adapters.local.generation import Generated, Generator
from einthoven.adapters.local.loading import load_model, quiet, require_local
from einthoven.adapters.local.lora import check_adapter, taught_by
from einthoven.adapters.local.placement import Placement, placement
from einthoven.adapters.local.processor import load_processor
from einthoven.adapters.local.sight import own_profile
from einthoven.adapters.provider import Line
from einthoven.adapters.reply import one_line, valid_text
from einthoven.exchange import Answer, Input, Request, Status, Usage
from einthoven.renderers.profile import Profile

__all__ = ["LocalVLM"]

#: Packages whose version can move an answer.
_PACKAGES = ("transformers", "torch", "tokenizers", "peft", "llguidance", "bitsandbytes")


class LocalVLM:
    """Ask a model of transformers: one user message in its chat template, batches, greedy, held to the schema.

    Parameters
    ----------
    name : str
        ``hf/REPO-OR-PATH`` with an optional ``+lora:PATH``.
    line : Line
        Its `dry` leaves out everything that needs the model.
    max_tokens : int
        Of an answer.
    constrain : bool
        Whether answers are held to the task's JSON Schema while they are written.
    batch : int
        Requests answered together; halved where the memory does not suffice. Changes no answer beyond rounding.
    temperature, seed
        Above 0 the next token is drawn; each request has draws of its own, whatever its batch.
    thinking : bool
        Whether a model that can think first is asked to; not with `constrain`.
    device, dtype, attention, bits
        See `einthoven.adapters.local.placement.placement`.
    revision : str
        Of a repository.

    Raises
    ------
    ValueError
        A parameter's value is out of its range.
    EinthovenError
        A package, the model, the adapter or the device is missing or unfit.
    """

    inputs = frozenset({Input.PROMPT, Input.IMAGE})

    def __init__(
        self,
        name: str,
        line: Line | None = None,
        max_tokens: int = 1024,
        constrain: bool = True,
        batch: int = 8,
        temperature: float = 0.0,
        seed: int = 0,
        thinking: bool = False,
        device: str = "",
        dtype: str = "",
        attention: str = "",
        bits: int = 0,
        revision: str = "",
    ) -> None:
        if max_tokens < 1 or batch < 1:
            raise ValueError("max_tokens and batch must be at least 1")
        if not 0 <= temperature <= 2:
            raise ValueError("temperature must lie between 0 and 2")
        if constrain and thinking:
            raise ValueError("a constrained answer leaves no room for thinking: add constrain=no")
        self.name = name
        self.concurrency = 2 * batch
        self._batch = batch
        self._constrain, self._thinking = constrain, thinking
        self._max_tokens, self._temperature, self._seed = max_tokens, temperature, seed
        self.parameters: Mapping[str, Any] = {
            "max_tokens": max_tokens,
            "constrain": constrain,
            **({"temperature": temperature, "seed": seed} if temperature else {}),
            **({"thinking": True} if thinking else {}),
        }
        self._generator: Generator | None = None
        self._began: float | None = None
        self._answers = self._pictures = self._tokens = 0
        if line is not None and line.dry:
            return
        require_local(name)
        if constrain:
            require_llguidance()
        quiet()
        self._found: Checkpoint = checkpoint(name, revision)
        self._class = class_name(self._found.base, self._found.config)
        check_adapter(self._found)
        self._place: Placement = placement(device, dtype, attention, bits)
        self.parameters = {
            **self.parameters,
            "dtype": self._place.dtype,
            "attention": self._place.attention,
            **({"bits": bits} if bits else {}),
            **({"revision": revision} if revision else {}),
            "weights": self._found.weights,
            **({} if self._found.lora is None else {"adapter": fingerprint(self._found.lora)}),
        }
        self._batches = Batches(batch, self._inputs, self._work)

    def facts(self) -> dict[str, Any]:
        """Return what a bundle says of the model: its class, the packages, whether its answers were constrained."""
        found = []
        for package in _PACKAGES:
            try:
                found.append(f"{package} {installed(package)}")
            except PackageNotFoundError:
                continue
        return {
            "name": "hf",
            "sdk": ", ".join(found),
            "schema_sent": self._constrain,
            "schema_enforced": self._constrain,
            "class": self._class,
            "device": self._place.device.partition(":")[0],
        }

    def pace(self) -> str:
        """Return how fast it goes: pictures read and tokens written a second, since the first batch began."""
        if self._began is None or not self._answers:
            return ""
        spent = max(monotonic() - self._began, 1e-9)
        most = self._generator.most if self._generator is not None else None
        parts = [f"{self._pictures / spent:.1f} images/s", f"{self._tokens / spent:.0f} tokens/s"]
        return ", ".join(parts + ([f"batches of {most}: memory is short"] if most else []))

    @property
    def trained(self) -> Path | None:
        """The folder that may say what it learnt from: its adapter's, or its own."""
        return self._found.lora or self._found.folder

    def taught_by(self) -> tuple[str, frozenset[str]]:
        """Return the data that it or its adapter learnt from: a name, and the records' ids."""
        return ("", frozenset()) if self.trained is None else taught_by(self.trained)

    def profile(self) -> Profile | None:
        """Return how the model sees a picture."""
        return own_profile(self.name, str(self._found.config.get("model_type")), self._processor)

    @cached_property
    def _processor(self) -> Any:
        return load_processor(self._found.fetched())

    def _ready(self) -> Generator:
        if self._generator is None:
            processor = self._processor  # before the weights: it fails within a second where it fails
            self._generator = Generator(
                load_model(self._found, self._place),
                processor,
                self._max_tokens,
                self._constrain,
                self._temperature,
                self._seed,
                self._thinking,
            )
            self._began = monotonic()
        return self._generator

    def _inputs(self, requests: Sequence[Request]) -> Any:
        # Until the model is loaded there is no processor to work ahead with.
        return None if self._generator is None else self._generator.inputs(requests)

    def _work(self, requests: Sequence[Request], inputs: Any) -> list[Generated]:
        return self._ready().answers(requests, inputs)

    async def answer(self, request: Request) -> Answer:
        """Answer one request, as a part of a batch."""
        began = monotonic()
        try:
            found = await self._batches.answer(request)
        except (RuntimeError, ValueError, TypeError, IndexError, KeyError) as error:
            return Answer("", Status.API_ERROR, detail=one_line(f"{type(error).__name__}: {error}"))
        if found.status is Status.API_ERROR:
            return Answer("", found.status, detail=found.detail)
        self._answers += 1
        self._pictures += len(request.images)
        self._tokens += found.output_tokens
        usage = Usage(found.input_tokens, found.output_tokens)
        return Answer(valid_text(found.text), found.status, usage, monotonic() - began, found.detail)

    async def close(self) -> None:
        """Let go of the weights; what is being written ends at the next token."""
        if self._generator is not None:
            self._generator.stop()
        await self._batches.close()
        self._generator = None
