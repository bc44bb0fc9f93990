"""Putting trained networks together to one that is run, scored and compared like any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from einthoven.adapters.signal.architectures import build, needs_torch
from einthoven.adapters.signal.checkpoint import WEIGHTS, Config, load_weights, read_config, save_tensors
from einthoven.adapters.signal.decision import decided
from einthoven.adapters.signal.onnx_export import MODEL, export
from einthoven.adapters.signal.outputs import outputs
from einthoven.bench.signal_data import prepared
from einthoven.bench.signal_report import signal_report
from einthoven.bench.sources.registry import open_source
from einthoven.bench.train_signal import validation_metric
from einthoven.errors import EinthovenError

__all__ = ["train_ensemble"]

#: What members have in common: what they are given, and what their logits mean.
_SHARED = ("outputs", "view", "profile", "rate", "crop")


def train_ensemble(members: Sequence[Path], data: str, out: Path, test: str = "") -> dict[str, Any]:
    """Average trained networks: nothing is learnt but the thresholds, from the validation records.

    Parameters
    ----------
    members : sequence of Path
        Folders of weights.
    data : str
        The data name that they were trained on.
    out : Path
        Where weights, configuration and ONNX go.
    test : str
        Data name whose test records are scored in the end; none where empty.

    Returns
    -------
    dict
        As of `bench.train_signal.train_signal`; ``best_epoch`` is `None`.

    Raises
    ------
    EinthovenError
        Fewer than two members, members that do not go together, weights or data that cannot be used.
    """
    needs_torch()
    configs = [read_config(folder) for folder in members]
    _refuse_unlike(members, configs)
    first = configs[0]
    recipe = replace(
        first.recipe,
        network="ensemble",
        options={
            "members": [
                {
                    "network": each.recipe.network,
                    "options": dict(each.recipe.options),
                    "gain": round(first.scale / each.scale, 6),
                }
                for each in configs
            ]
        },
    )
    of = outputs(recipe.outputs)
    network: Any = build(recipe.network, of.logits, recipe.options)
    for part, folder in zip(network.networks, members, strict=True):
        load_weights(part, folder / WEIGHTS)
    network.eval()
    records = prepared(open_source(data), "validation", recipe.rate)
    validation = records.to_set(of)
    probabilities = of.probabilities(validation.logits(network, first.scale, recipe))
    score = validation_metric(of)(validation.targets, probabilities)
    out.mkdir(parents=True, exist_ok=True)
    save_tensors(out / WEIGHTS, network.state_dict())
    prevalence = np.array(first.prevalence)
    Config(
        recipe=recipe,
        scale=first.scale,
        prevalence=first.prevalence,
        decision=decided(of, probabilities, validation.targets, prevalence),
        trained_on={
            **{name: first.trained_on[name] for name in ("data", "records", "validation_records")},
            "best_epoch": None,
            "validation_auroc": round(score, 6),
            "members": [folder.name for folder in members],
        },
    ).write(out)
    found: dict[str, Any] = {"folder": str(out), "best_epoch": None, "validation_auroc": round(score, 6)}
    found["onnx_error"] = export(network, (12, recipe.samples), out / MODEL)
    found["onnx_bytes"] = (out / MODEL).stat().st_size
    if test:
        found["test"] = signal_report(out, data, test)
    return found


def _refuse_unlike(members: Sequence[Path], configs: Sequence[Config]) -> None:
    if len(configs) < 2:
        raise EinthovenError("an ensemble has two members or more", "name the folders of several trained networks")
    first = configs[0]
    if first.recipe.view:
        raise EinthovenError(f"{members[0]} reads pictures: ensembles are of signals", "name networks of signals")
    for folder, config in zip(members[1:], configs[1:], strict=True):
        for name in _SHARED:
            one, other = getattr(first.recipe, name), getattr(config.recipe, name)
            if one != other:
                raise EinthovenError(
                    f"{members[0]} has {name} {one}, {folder} {other}: their answers cannot be averaged",
                    f"train one of them again with the same --{name}",
                )
        # the same training records: their prevalences decide which class is chosen
        if not np.array_equal(first.prevalence, config.prevalence, equal_nan=True):
            raise EinthovenError(
                f"{members[0]} and {folder} were trained on different records: no thresholds suit both",
                "put networks together that were trained (or tuned) on the same data",
            )
