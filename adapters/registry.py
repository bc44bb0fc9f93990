"""The models by name, imported on use.

A model's name is ``provider/model``, with parameters behind a question mark where it takes any:
``control/constant?rhythm=atrial_fibrillation``.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from importlib import import_module
from typing import cast
from urllib.parse import parse_qsl, urlencode

from einthoven.errors import EinthovenError, unknown_name
from einthoven.exchange import Adapter

__all__ = ["MODELS", "create"]

#: Name -> (where it stands, what it is).
MODELS: Mapping[str, tuple[str, str]] = {
    "baseline/majority": (
        "einthoven.adapters.majority:Majority",
        "the training folds' commonest answer on every axis, whatever the ECG",
    ),
    "control/constant": (
        "einthoven.adapters.controls:Constant",
        "one fixed answer: normal on every axis, or what its parameters say (?rhythm=atrial_fibrillation)",
    ),
    "control/prior": (
        "einthoven.adapters.controls:Prior",
        "answers drawn from the training folds' distribution, without a look at the ECG (?seed=0)",
    ),
    "control/random": (
        "einthoven.adapters.controls:Random",
        "answers drawn evenly from the taxonomy's values (?seed=0)",
    ),
    "control/scripted": (
        "einthoven.adapters.scripted:Scripted",
        "a provider that misbehaves on demand (?latency=0.1&malformed=0.2&errors=0.1): for tests of the harness",
    ),
}


def create(name: str) -> Adapter:
    """Return the adapter for a model's name.

    Parameters
    ----------
    name : str
        ``provider/model`` or ``provider/model?parameter=value&…``.

    Returns
    -------
    Adapter
        Its name holds the parameters that were given and that change its answers, in alphabetical order.

    Raises
    ------
    EinthovenError
        No such model, no such parameter, or a value that the parameter does not take.
    """
    model, _, query = name.partition("?")
    if model not in MODELS:
        raise unknown_name("model", model, MODELS)
    module, attribute = MODELS[model][0].split(":")
    kind = getattr(import_module(module), attribute)
    known = {p.name: p for p in inspect.signature(kind).parameters.values() if p.name != "name"}
    given: dict[str, object] = {}
    for key, text in parse_qsl(query, keep_blank_values=True):
        if key not in known:
            raise unknown_name(f"parameter of {model}", key, known or ["none"])
        wanted = type(known[key].default)
        try:
            given[key] = text if wanted is str else wanted(text)
        except ValueError:
            raise EinthovenError(
                f"{model}: {key}={text} is no {wanted.__name__}", f"try {key}={known[key].default}"
            ) from None
    try:
        adapter = cast("Adapter", kind(name=model, **given))
    except ValueError as error:
        raise EinthovenError(f"{model}: {error}", "correct the parameter, or leave it out") from None
    # What changes no answer (where a log goes) is no part of the name.
    named = {key: value for key, value in sorted(given.items()) if key in adapter.parameters}
    adapter.name = f"{model}?{urlencode(named)}" if named else model
    return adapter
