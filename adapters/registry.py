"""The models by name, imported on use.

A model's name is ``provider/model``, with parameters behind a question mark where it takes any:
``control/constant?rhythm=atrial_fibrillation``. Behind a provider that answers over the network any model may stand:
``openai/gpt-5.5?effort=low``, ``openrouter/qwen/qwen3-vl-8b-instruct``; behind ``hf/`` a repository or a folder.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from importlib import import_module
from typing import Any, cast, get_args, get_type_hints
from urllib.parse import parse_qsl, urlencode

from einthoven.adapters.provider import Line, Provider, providers
from einthoven.errors import EinthovenError, unknown_name
from einthoven.exchange import Adapter

__all__ = ["LOCAL", "MODELS", "create", "with_parameter"]

#: What is said of networks without shipped weights.
_TRAINED = "einthoven train signal --network NAME gives ?weights=DIR"

#: Name -> (where it stands, what it is).
MODELS: Mapping[str, tuple[str, str]] = {
    "baseline/majority": (
        "einthoven.adapters.majority:Majority",
        "the training folds' commonest answer on every axis, whatever the ECG",
    ),
    "baseline/measurements": (
        "einthoven.adapters.measurement_trees:MeasurementTrees",
        "small trees on the printed measurements alone: what the text gives away",
    ),
    "control/age-sex": (
        "einthoven.adapters.age_sex:AgeSex",
        "the commonest answer among training patients of the same age and sex: what the text's first line gives away",
    ),
    "control/constant": (
        "einthoven.adapters.controls:Constant",
        "one fixed answer: normal on every axis, or what its parameters say (?rhythm=atrial_fibrillation)",
    ),
    "control/donor-follower": (
        "einthoven.adapters.oracle:DonorFollower",
        "is told the truth of whatever picture it is shown, and ignores the text: follows a swapped picture always",
    ),
    "control/oracle": (
        "einthoven.adapters.oracle:Oracle",
        "a reader of known strength, told the truth of the picture (?sensitivity=0.9&specificity=0.95&seed=0)",
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
    "control/text-follower": (
        "einthoven.adapters.text_follower:TextFollower",
        "answers from the numbers in the text by the clinical thresholds, without a look at the picture",
    ),
    "reference/digitiser": (
        "einthoven.adapters.digitiser.reader:DigitiserReader",
        "the positive control: digitises the page and reads it by published rules; sees nothing but the image",
    ),
    "reference/ensemble": (
        "einthoven.adapters.signal.reader:SignalReader",
        "trained networks that answer together; einthoven train ensemble gives ?weights=DIR",
    ),
    "reference/image-resnet": (
        "einthoven.adapters.image.reader:ImageReader",
        "a network that gets the page as a VLM's resize leaves it, trained on simulated pages (?weights=DIR: yours)",
    ),
    "reference/resnet1d": (
        "einthoven.adapters.signal.reader:SignalReader",
        "a network that gets the samples, trained on simulated ECGs; one of your own with ?weights=DIR",
    ),
    "reference/resnet1d-audit": ("einthoven.adapters.signal.reader:SignalReader", f"a published network; {_TRAINED}"),
    "reference/resnet1d-explain": (
        "einthoven.adapters.signal.reader:SignalReader",
        f"a published network; {_TRAINED}",
    ),
    "reference/random-probe": ("einthoven.adapters.signal.reader:SignalReader", f"a random encoder; {_TRAINED}"),
    "reference/measurements-gbm": (
        "einthoven.adapters.measurement_boosting:MeasurementBoosting",
        "measures the samples itself, and reads the numbers by boosted trees fitted on the training folds",
    ),
    "reference/se-resnet": ("einthoven.adapters.signal.reader:SignalReader", f"squeeze and excitation; {_TRAINED}"),
}

#: Where models that run on this machine stand, by what their names begin with.
LOCAL: Mapping[str, tuple[str, str]] = {
    "hf": (
        "einthoven.adapters.local.vlm:LocalVLM",
        "a vision-language model on this machine, +lora:DIR behind it for an adapter (extra: local)",
    ),
}

_YES, _NO = ("yes", "true", "1", "on"), ("no", "false", "0", "off")


def _bool(text: str) -> bool:
    if text.lower() not in (*_YES, *_NO):
        raise ValueError(text)
    return text.lower() in _YES


def with_parameter(model: str, key: str, value: str) -> str:
    """Return a model's name with one parameter more; one that the name has already must say the same.

    Raises
    ------
    EinthovenError
        The name says something else.
    """
    name, _, query = model.partition("?")
    given = dict(parse_qsl(query, keep_blank_values=True))
    if given.setdefault(key, value).lower() != value.lower():
        raise EinthovenError(f"{model} says {key}={given[key]}, the flag {key}={value}", "give one of the two")
    return f"{name}?{urlencode(given)}"


def _network_provider(model: str) -> Provider | None:
    """Return who answers for a model over the network, or `None`."""
    kind, _, rest = model.partition("/")
    provider = providers().get(kind)
    if provider is not None and not rest.strip("/"):
        raise EinthovenError(f"{model}: which model of {provider.title}?", f"write {kind}/MODEL")
    return provider


def _wanted(kind: Any, key: str, default: object) -> type:
    """Return the type of a parameter: its default's, or what its annotation allows beside None."""
    if default is not None:
        return type(default)
    allowed: tuple[type, ...] = get_args(get_type_hints(kind.__init__)[key])
    return next(one for one in allowed if one is not type(None))


def _written(value: object) -> object:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def create(name: str, line: Line | None = None) -> Adapter:
    """Return the adapter for a model's name.

    Parameters
    ----------
    name : str
        ``provider/model`` or ``provider/model?parameter=value&…``.
    line : Line, optional
        How a provider on the network is reached.

    Returns
    -------
    Adapter
        Its name holds the parameters that were given and that change its answers, in alphabetical order.

    Raises
    ------
    EinthovenError
        No such model, no such parameter, or a value that the parameter does not take; `Exit.MISSING` where the key
        or the SDK of a provider is missing.
    """
    line = Line() if line is None else line
    model, _, query = name.partition("?")
    provider = _network_provider(model)
    local = None if provider is not None else LOCAL.get(model.partition("/")[0])
    if provider is None and local is None and model not in MODELS:
        raise unknown_name("model", model, [*MODELS, *(f"{kind}/MODEL" for kind in (*LOCAL, *providers()))])
    if provider is None and line.base_url is not None:
        raise EinthovenError(
            f"{model} asks no server: --base-url does not go with it", f"leave it out, or write compatible/{model}"
        )
    module, attribute = (provider.adapter if provider else (local or MODELS[model])[0]).split(":")
    kind = getattr(import_module(module), attribute)
    known = {p.name: p for p in inspect.signature(kind).parameters.values() if p.name not in ("name", "line")}
    given: dict[str, Any] = {"line": line} if provider or local else {}
    for key, text in parse_qsl(query, keep_blank_values=True):
        if key not in known:
            if not known:
                raise EinthovenError(f"{model} takes no parameter, and {key} is one", f"leave {key} out")
            raise unknown_name(f"parameter of {model}", key, known)
        wanted = _wanted(kind, key, known[key].default)
        try:
            given[key] = text if wanted is str else _bool(text) if wanted is bool else wanted(text)
        except ValueError:
            default = known[key].default
            remedy = f"correct {key}, or leave it out" if default is None else f"try {key}={_written(default)}"
            raise EinthovenError(f"{model}: {key}={text} is no {wanted.__name__}", remedy) from None
    try:
        adapter = cast("Adapter", kind(name=model, **given))
    except ValueError as error:
        raise EinthovenError(f"{model}: {error}", "correct the parameter, or leave it out") from None
    # What changes no answer (where a log goes) is no part of the name.
    named = {key: _written(value) for key, value in sorted(given.items()) if key in adapter.parameters}
    adapter.name = f"{model}?{urlencode(named)}" if named else model
    adapter.concurrency = line.concurrency or adapter.concurrency
    return adapter
