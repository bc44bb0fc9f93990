"""Who is asked in a run: the model, with its blind twin and under its cap, and never about what it was taught."""

from __future__ import annotations

from collections.abc import Sequence

from einthoven.adapters.local.twin import WithTwin
from einthoven.adapters.local.vlm import LocalVLM
from einthoven.adapters.registry import create
from einthoven.bench.cost import capped
from einthoven.bench.settings import Settings
from einthoven.bench.sources.source import Entry, Source
from einthoven.errors import EinthovenError
from einthoven.exchange import Adapter, TaughtAdapter

__all__ = ["model_of", "pretraining_overlap", "refuse_the_taught"]


def model_of(settings: Settings) -> Adapter:
    """Return the adapter of a run.

    Raises
    ------
    EinthovenError
        No such model; a twin that is none; a cap on a model whose price is not known.
    """
    adapter = create(settings.model, settings.line)
    if settings.twin:
        twin = create(settings.twin, settings.line)
        if not isinstance(adapter, LocalVLM) or not isinstance(twin, LocalVLM):
            raise EinthovenError(
                "a blind twin is an adapter on a local model",
                "give hf/BASE+lora:SIGHTED and --twin hf/BASE+lora:BLIND",
            )
        adapter = WithTwin(adapter, twin)
    return capped(adapter, settings.max_cost)


def pretraining_overlap(model: str) -> str:
    """Say whether a model may have seen the test records in training; nobody declares it for APIs."""
    # The shipped networks saw simulated hearts alone; one of the user's own may have seen anything.
    ours = ("baseline/", "control/", "reference/digitiser", "reference/measurements-gbm")
    shipped = ("reference/resnet1d", "reference/image-resnet")
    return "none" if model in shipped or model.startswith(ours) else "unknown"


def refuse_the_taught(adapter: Adapter, source: Source, entries: Sequence[Entry]) -> None:
    """Refuse to ask a model about records that it was trained on.

    Raises
    ------
    EinthovenError
        It was trained on some.
    """
    name, ids = adapter.taught_by() if isinstance(adapter, TaughtAdapter) else ("", frozenset())
    known = [entry.id for entry in entries if entry.id in ids] if name == source.name else []
    if known:
        raise EinthovenError(
            f"{adapter.name} was trained on {len(known)} of these records, such as {known[0]}",
            "ask it about another split: --split test",
        )
