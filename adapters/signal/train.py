"""Training a network, from labelled signals or pictures to weights: the whole procedure in one function."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.signal.ahead import ahead
from einthoven.adapters.signal.architectures import build, needs_torch
from einthoven.adapters.signal.checkpoint import WEIGHTS, Config, load_weights, read_config, save_tensors
from einthoven.adapters.signal.decision import decided
from einthoven.adapters.signal.initial_weights import begin_at, take_over
from einthoven.adapters.signal.labelled_set import LabelledSet
from einthoven.adapters.signal.outputs import Outputs, outputs
from einthoven.adapters.signal.recipe import Recipe
from einthoven.adapters.signal.refusals import refuse_nan, refuse_one_class
from einthoven.adapters.signal.schedule import one_cycle
from einthoven.adapters.signal.signal_set import EpochOrder
from einthoven.adapters.signal.training_log import write_log
from einthoven.adapters.signal.training_state import STATE, restore, save

__all__ = ["Metric", "train"]

#: Targets and probabilities of the validation records -> the score that the best epoch is chosen by.
Metric = Callable[[NDArray[np.int8], NDArray[np.float64]], float]

#: Steps between two looks at whether the loss is still a number: each look waits for the device.
_LOOK = 20

#: Longer gradients are cut to this length.
_LONGEST = 5.0

#: No present label counts for more than this many absent ones.
_HEAVIEST = 10.0


def train(
    recipe: Recipe,
    training: LabelledSet,
    validation: LabelledSet,
    folder: Path,
    *,
    metric: Metric,
    trained_on: Mapping[str, Any],
    initial: Path | None = None,
    fresh: bool = False,
    progress: Callable[[int, str], None] | None = None,
) -> Config:
    """Train a network; called again with the same arguments it goes on where it stopped, to the same loss.

    Parameters
    ----------
    recipe : Recipe
        How.
    training, validation : LabelledSet
        On what; the validation records choose the epoch and the thresholds.
    folder : Path
        Where weights, configuration, log and plot go.
    metric : callable
        What "better" means on the validation records.
    trained_on : mapping
        What the data are called, for the configuration; part of the run's identity.
    initial : Path, optional
        A folder of weights to begin with; the last layer is taken over where it has the same outputs.
    fresh : bool
        Forget what stands in the folder.
    progress : callable
        Told the steps done since the last call, and a line on how it goes.

    Raises
    ------
    EinthovenError
        No torch, a folder of another run, weights that do not fit, labels that are all alike, a loss that is no
        number.
    """
    needs_torch()
    import torch
    from accelerate import Accelerator
    from accelerate.utils import DataLoaderConfiguration, broadcast_object_list
    from torch.utils.data import DataLoader

    of = outputs(recipe.outputs)
    refuse_one_class(of, training, "training")
    refuse_one_class(of, validation, "validation")
    accelerator = Accelerator(
        mixed_precision=recipe.precision, dataloader_config=DataLoaderConfiguration(even_batches=False)
    )
    begun = None if initial is None else read_config(initial)
    scale = training.scale() if begun is None else begun.scale
    prevalence = training.prevalence()
    torch.manual_seed(recipe.seed)
    network = build(recipe.network, of.logits, recipe.options)
    if begun is None or recipe.view:  # of other pages the last layer may not be taken over
        begin_at(network, of, prevalence)
    if initial is not None and begun is not None:
        take_over(network, initial, begun.recipe, recipe)
    batches, order = training.batches(recipe, scale), EpochOrder(len(training), recipe.seed)
    on_gpu = accelerator.device.type == "cuda"
    loader: Any = DataLoader(
        batches,  # type: ignore[arg-type]  # it gives whole batches
        batch_size=min(recipe.batch, len(training)),
        sampler=order,
        drop_last=True,
        num_workers=4 if on_gpu else 0,
        pin_memory=on_gpu,
        collate_fn=_tensors,
    )
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay, fused=True
    )
    identity = {
        "recipe": recipe.to_json(),
        "data": dict(trained_on),
        "initial": "" if initial is None else initial.name,
        "initial weights": "" if initial is None else sha256((initial / WEIGHTS).read_bytes()).hexdigest()[:16],
    }
    folder.mkdir(parents=True, exist_ok=True)
    if fresh:
        (folder / STATE).unlink(missing_ok=True)
    standing = restore(folder, identity, network, optimizer)
    model, optimizer, loader = accelerator.prepare(network, optimizer, loader)
    if accelerator.scaler is not None and standing.scaler:
        accelerator.scaler.load_state_dict(standing.scaler)
    learning = list(network.parameters())
    weights = torch.from_numpy(_weights(prevalence, recipe.balance)).to(accelerator.device)
    step = standing.epoch * len(loader)
    steps = recipe.epochs * len(loader)
    if progress is not None:
        progress(step, "")

    while standing.epoch < recipe.epochs and not _tired(recipe, standing.epoch, standing.best_epoch):
        batches.epoch = order.epoch = standing.epoch
        torch.manual_seed(recipe.seed * 1_000_003 + standing.epoch)  # dropout and MixStyle
        model.train()
        total, seen, waited = torch.zeros((), device=accelerator.device), 0, 0.0
        began = ready = time.perf_counter()
        for count, (signals, targets) in enumerate(ahead(loader), start=1):
            waited += time.perf_counter() - ready
            for group in optimizer.param_groups:
                group["lr"] = one_cycle(step, steps, recipe.learning_rate)
            optimizer.zero_grad(set_to_none=True)
            cost = _loss(model(signals), targets, of, weights, recipe.smoothing)
            accelerator.backward(cost)
            # Accelerate's own clipping looks for its other engines at every step, which costs more than the clipping.
            accelerator.unscale_gradients(optimizer)
            torch.nn.utils.clip_grad_norm_(learning, _LONGEST)
            optimizer.step()
            total, seen, step = total + cost.detach(), seen + len(signals), step + 1
            if count % _LOOK == 0 or count == len(loader):
                refuse_nan(float(total), step, recipe)
            if progress is not None:
                progress(1, f"epoch {standing.epoch + 1}, best {standing.best:.3f}")
            ready = time.perf_counter()
        seconds = time.perf_counter() - began
        inner = accelerator.unwrap_model(model)
        logits = validation.logits(inner, scale, recipe)
        refuse_nan(float(np.abs(logits).max()), step, recipe)  # the last step may have broken the weights
        probabilities = of.probabilities(logits)
        # Norms count on each device by themselves, so scores may differ in the last digits: the first one's holds.
        score = float(broadcast_object_list([metric(validation.targets, probabilities)])[0])
        standing.epoch += 1
        if score > standing.best:
            standing.best, standing.best_epoch = score, standing.epoch
            if accelerator.is_main_process:
                save_tensors(folder / WEIGHTS, inner.state_dict())
        standing.log.append(
            {
                "epoch": standing.epoch,
                "loss": round(float(total) / len(loader), 6),
                "validation_loss": round(_numpy_loss(logits, validation.targets, of), 6),
                "validation_auroc": round(score, 6),
                "learning_rate": float(f"{one_cycle(step - 1, steps, recipe.learning_rate):.4g}"),
                "seconds": round(seconds, 2),
                "samples_per_second": round(seen * accelerator.num_processes / seconds, 1),
                "waited_for_data": round(waited / seconds, 4),
            }
        )
        if accelerator.scaler is not None:
            standing.scaler = accelerator.scaler.state_dict()
        if accelerator.is_main_process:
            save(folder, standing, inner, optimizer)
            write_log(folder, identity, standing.log)
        accelerator.wait_for_everyone()

    inner = accelerator.unwrap_model(model)
    load_weights(inner, folder / WEIGHTS)
    config = Config(
        recipe=recipe,
        scale=scale,
        prevalence=tuple(prevalence.tolist()),
        decision=decided(
            of,
            of.probabilities(validation.logits(inner, scale, recipe)),
            validation.targets,
            prevalence,
        ),
        trained_on={
            **trained_on,
            "records": len(training),
            "validation_records": len(validation),
            "best_epoch": standing.best_epoch,
            "validation_auroc": round(standing.best, 6),
            **({} if initial is None else {"begun_with": initial.name}),
        },
    )
    if accelerator.is_main_process:
        config.write(folder)
    accelerator.wait_for_everyone()
    return config


def _tensors(batch: Any) -> Any:
    import torch

    return tuple(torch.from_numpy(part) for part in batch)


def _loss(*given: Any) -> Any:
    from einthoven.adapters.signal.loss import loss

    return loss(*given)


def _numpy_loss(logits: NDArray[np.float32], targets: NDArray[np.int8], of: Outputs) -> float:
    import torch

    return float(_loss(torch.from_numpy(logits), torch.from_numpy(np.asarray(targets)), of))


def _weights(prevalence: NDArray[np.float64], balance: bool) -> NDArray[np.float32]:
    if not balance:
        return np.ones(len(prevalence), np.float32)
    share = np.clip(np.nan_to_num(prevalence, nan=0.5), 1e-6, 1 - 1e-6)
    return np.clip(np.sqrt((1 - share) / share), 1.0, _HEAVIEST).astype(np.float32)


def _tired(recipe: Recipe, epoch: int, best_epoch: int) -> bool:
    return bool(recipe.patience) and epoch - best_epoch >= recipe.patience
