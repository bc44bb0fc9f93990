"""The loss of all outputs together; what is not known of a record teaches nothing."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from einthoven.adapters.signal.outputs import PRESENT, UNKNOWN, Outputs

__all__ = ["loss"]

#: The log of a probability stays above this: a superclass that every statement denies would otherwise cost infinity.
_LEAST = -15.0


def loss(
    logits: Tensor,
    targets: Tensor,
    of: Outputs,
    weights: Tensor | None = None,
    smoothing: float = 0.0,
) -> Tensor:
    """Sum the losses of all columns, averaged over the records.

    A categorical axis costs minus the log of the probability of the accepted classes together; a label its binary
    cross-entropy; a superclass the same, of its noisy-OR probability.

    Parameters
    ----------
    logits : Tensor, shape (records, logits)
        Of the network.
    targets : Tensor of int8, shape (records, columns)
        `PRESENT`, `ABSENT`, `UNKNOWN`.
    of : Outputs
        What they mean.
    weights : Tensor, shape (columns,), optional
        How much a present class or label counts; 1 by default.
    smoothing : float
        Share of certainty given away to the other classes.
    """
    logits = logits.float()
    weight = torch.ones(of.columns, device=logits.device) if weights is None else weights
    total = logits.new_zeros(())
    for group in of.groups:
        part, wanted, heavy = logits[:, group.columns], targets[:, group.columns], weight[group.columns]
        if group.kind == "set":
            total = total + _binary(
                functional.logsigmoid(part), functional.logsigmoid(-part), wanted, heavy, smoothing
            )
            continue
        logs = functional.log_softmax(part, dim=1)
        right = wanted == PRESENT
        known = right.any(dim=1)
        accepted = torch.logsumexp(logs.masked_fill(~right, _LEAST * 4), dim=1)
        cost = -(1 - smoothing) * accepted - smoothing * logs.mean(dim=1)
        share = (heavy * right).sum(dim=1) / right.sum(dim=1).clamp(min=1)
        total = total + (cost * share * known).sum()
    if of.derived is not None:
        columns = of.derived.columns
        silent = torch.stack([-functional.softplus(logits[:, list(m)]).sum(dim=1) for m in of.members], dim=1)
        said = torch.log(-torch.expm1(silent.clamp(max=-1e-6)))
        total = total + _binary(said, silent.clamp(min=_LEAST), targets[:, columns], weight[columns], smoothing)
    return total / len(logits)


def _binary(present: Tensor, absent: Tensor, targets: Tensor, weight: Tensor, smoothing: float) -> Tensor:
    """Sum the binary cross-entropy over what is known, from the logs of both probabilities."""
    truth = (targets == PRESENT).float()
    soft = truth * (1 - smoothing) + (1 - truth) * smoothing
    cost = -(soft * present + (1 - soft) * absent) * torch.where(truth > 0, weight, 1.0)
    summed: Tensor = (cost * (targets != UNKNOWN)).sum()
    return summed
