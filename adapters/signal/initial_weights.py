"""What a network begins with: the prevalences of the labels, or the weights of another training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.image.taken_over import PAGE_OPTIONS, fitted
from einthoven.adapters.signal.architectures import build
from einthoven.adapters.signal.checkpoint import WEIGHTS, load_weights, stored_tensors
from einthoven.adapters.signal.outputs import Outputs, outputs
from einthoven.adapters.signal.recipe import Recipe
from einthoven.errors import EinthovenError, Exit

__all__ = ["begin_at", "take_over"]


def begin_at(network: Any, of: Outputs, prevalence: NDArray[np.float64]) -> None:
    """Let a network begin at the prevalences, so that the first steps are not spent on learning them.

    Parameters
    ----------
    network : Module
        With a last layer called ``head``.
    of : Outputs
        What its logits mean.
    prevalence : ndarray, shape (columns,)
        In the training records; NaN where nothing is known.
    """
    import torch

    share = np.clip(np.nan_to_num(prevalence[: of.logits], nan=1e-3), 1e-3, 1 - 1e-3)
    begin = np.log(share / (1 - share))
    for group in of.groups:
        if group.kind == "categorical":
            begin[group.columns] = np.log(share[group.columns])
    with torch.no_grad():
        network.head.bias.copy_(torch.from_numpy(begin))
        network.head.weight.mul_(0.1)


def take_over(network: Any, initial: Path, theirs: Recipe, ours: Recipe) -> None:
    """Begin with the weights of another training; the last layer only where it has the same outputs.

    A network of pages takes over what fits of one that was trained on pages of another size, fold or view.

    Parameters
    ----------
    network : Module
        Of our recipe.
    initial : Path
        The folder of the other weights.
    theirs, ours : Recipe
        How they were, and how these will be trained.

    Raises
    ------
    EinthovenError
        Another network or another sampling rate (`Exit.MISSING`).
    """
    if theirs.view and ours.view and _tower(theirs) == _tower(ours):
        tensors, _ = stored_tensors(initial / WEIGHTS)
        if theirs.outputs != ours.outputs:
            tensors = {name: value for name, value in tensors.items() if not name.startswith("head.")}
        network.load_state_dict(fitted(tensors, network.state_dict(), theirs.options, ours.options), strict=False)
        return
    if (theirs.network, theirs.options, theirs.rate) != (ours.network, ours.options, ours.rate):
        raise EinthovenError(
            f"{initial} holds {theirs.network} at {theirs.rate} Hz, not {ours.network} at {ours.rate} Hz",
            f"give --network {theirs.network} --rate {theirs.rate}, or train other weights",
            Exit.MISSING,
        )
    if theirs.outputs == ours.outputs:
        load_weights(network, initial / WEIGHTS)
        return
    whole = build(theirs.network, outputs(theirs.outputs).logits, theirs.options)
    load_weights(whole, initial / WEIGHTS)
    rest = {name: value for name, value in whole.state_dict().items() if not name.startswith("head.")}
    network.load_state_dict(rest, strict=False)


def _tower(recipe: Recipe) -> tuple[Any, ...]:
    """Name what two networks of pages must have alike."""
    own = {name: value for name, value in recipe.options.items() if name not in PAGE_OPTIONS}
    return recipe.network, own
