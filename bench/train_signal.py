"""Training a network of signals or pictures from data names: targets, pretraining, weights, ONNX, plot, test."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.signal.architectures import build, needs_torch
from einthoven.adapters.signal.checkpoint import WEIGHTS, Config, load_weights, read_config
from einthoven.adapters.signal.labelled_set import LabelledSet
from einthoven.adapters.signal.onnx_export import MODEL, export
from einthoven.adapters.signal.outputs import SUPERCLASS, Outputs, outputs
from einthoven.adapters.signal.recipe import Recipe
from einthoven.adapters.signal.train import Metric, train
from einthoven.adapters.signal.training_log import plot
from einthoven.bench.picture_data import page_shape, pictured
from einthoven.bench.progress import Meter
from einthoven.bench.scoring.ranking import macro_auroc
from einthoven.bench.signal_data import Prepared, prepared
from einthoven.bench.signal_report import RELIABILITY, REPORT, signal_report
from einthoven.bench.signal_test import TESTED
from einthoven.bench.sources.registry import open_source
from einthoven.bench.sources.source import Source
from einthoven.ecg.simulator import VERSION
from einthoven.errors import EinthovenError

__all__ = ["PRETRAINED", "SignalTraining", "train_signal", "validation_metric"]

#: Where the network of the first stage stands in the folder of the second.
PRETRAINED = "pretrained"


@dataclass(frozen=True, slots=True)
class SignalTraining:
    """What the user asked for.

    Attributes
    ----------
    data : str
        Data name to train and validate on.
    out : Path
        Folder of the weights.
    recipe : Recipe
        How.
    records : int or None
        Training records at most; of simulated data, how many are drawn.
    pretrain : str
        Data name to train on first; none where empty.
    pretrain_recipe : Recipe
        How, of the first stage.
    pretrain_records : int or None
        As `records`, of the first stage.
    initial : Path or None
        Weights to begin with, in place of a first stage.
    test : str
        Data name whose test records are scored in the end; none where empty.
    fresh : bool
        Forget what stands in the folder.
    jobs : int or None
        Worker processes that read recordings.
    """

    data: str
    out: Path
    recipe: Recipe = field(default_factory=Recipe)
    records: int | None = None
    pretrain: str = ""
    pretrain_recipe: Recipe = field(default_factory=Recipe)
    pretrain_records: int | None = None
    initial: Path | None = None
    test: str = ""
    fresh: bool = False
    jobs: int | None = None


def train_signal(wanted: SignalTraining) -> dict[str, Any]:
    """Train a signal model; the same call goes on where it stopped.

    Returns
    -------
    dict
        ``folder``, ``best_epoch``, ``validation_auroc``; from the first of several devices ``onnx_bytes`` and
        ``onnx_error`` too, and ``test``: by label space a row a label, the mean first.

    Raises
    ------
    EinthovenError
        Names, data or weights that cannot be used; a training that cannot go on.
    """
    needs_torch()
    if wanted.recipe.network == "ensemble":
        raise EinthovenError(
            "an ensemble is not trained itself", "train its members, then einthoven train ensemble DIR DIR --out DIR"
        )
    if wanted.pretrain and wanted.initial is not None:
        raise EinthovenError("--pretrain and --init both say what to begin with", "give one of them")
    initial = wanted.initial
    if initial is not None:
        read_config(initial)  # refused before anything is read
    if wanted.pretrain:
        initial = wanted.out / PRETRAINED
        first = replace(
            wanted,
            data=wanted.pretrain,
            out=initial,
            recipe=wanted.pretrain_recipe,
            records=wanted.pretrain_records,
            initial=None,
        )
        _stage(first)
    config = _stage(replace(wanted, initial=initial))
    found: dict[str, Any] = {
        "folder": str(wanted.out),
        "best_epoch": config.trained_on["best_epoch"],
        "validation_auroc": config.trained_on["validation_auroc"],
    }
    if int(os.environ.get("RANK", "0")):  # of several devices the first one does the rest
        return found
    network = build(config.recipe.network, outputs(config.recipe.outputs).logits, config.recipe.options)
    load_weights(network, wanted.out / WEIGHTS)
    found["onnx_error"] = export(network, _shape(config.recipe), wanted.out / MODEL)
    found["onnx_bytes"] = (wanted.out / MODEL).stat().st_size
    plot(wanted.out)
    if wanted.test:
        found["test"] = signal_report(wanted.out, wanted.data, wanted.test)
    return found


def validation_metric(of: Outputs) -> Metric:
    """Return what "better" means: macro AUROC of the superclasses.

    It is that of all columns where the records tell no superclass, and a half where they tell nothing.
    """
    columns = of.group(SUPERCLASS).columns

    def metric(targets: NDArray[np.int8], probabilities: NDArray[np.float64]) -> float:
        for part in (columns, slice(0, targets.shape[1])):
            said, given = targets[:, part], probabilities[:, part]
            score = macro_auroc(np.maximum(said, 0), given, said >= 0)
            if score == score:
                return score
        return 0.5

    return metric


def _shape(recipe: Recipe) -> tuple[int, ...]:
    """Return the shape of what the network gets of one record."""
    return page_shape(recipe.view, recipe.profile) if recipe.view else (12, recipe.samples)


def _stage(wanted: SignalTraining) -> Config:
    of = outputs(wanted.recipe.outputs)
    source = _opened(wanted.data, wanted.records)
    training = prepared(source, "train", wanted.recipe.rate, limit=wanted.records, jobs=wanted.jobs)
    validation = prepared(source, "validation", wanted.recipe.rate, jobs=wanted.jobs)
    if wanted.fresh and wanted.out.is_dir():
        for name in (WEIGHTS, MODEL, TESTED, REPORT, RELIABILITY):
            (wanted.out / name).unlink(missing_ok=True)
    batches = len(training.entries) // min(wanted.recipe.batch, len(training.entries))

    with Meter(f"training {wanted.recipe.network} on {source.name}", batches * wanted.recipe.epochs) as meter:
        return train(
            wanted.recipe,
            _set(source, training, wanted, of),
            _set(source, validation, wanted, of),
            wanted.out,
            metric=validation_metric(of),
            trained_on=_named(source, len(training.entries)),
            initial=wanted.initial,
            fresh=wanted.fresh,
            progress=lambda steps, note: meter.advance(steps, note),
        )


def _set(source: Source, of_split: Prepared, wanted: SignalTraining, of: Outputs) -> LabelledSet:
    """Give what the network gets: signals, or what its profile leaves of its view."""
    recipe = wanted.recipe
    if not recipe.view:
        return of_split.to_set(of)
    return pictured(source, of_split.entries, recipe.view, recipe.profile, of, wanted.jobs)


def _opened(name: str, records: int | None) -> Source:
    if name.partition(":")[0] == "sim" and records is not None:
        return open_source(name, train=records)
    return open_source(name)


def _named(source: Source, records: int) -> Mapping[str, Any]:
    return {"data": source.name, "records": records, **({"simulator": VERSION} if source.simulated else {})}
