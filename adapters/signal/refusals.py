"""What a training cannot begin or go on with, told in two lines."""

from __future__ import annotations

import math

from einthoven.adapters.signal.labelled_set import LabelledSet
from einthoven.adapters.signal.outputs import Outputs
from einthoven.adapters.signal.recipe import Recipe
from einthoven.errors import EinthovenError, Exit

__all__ = ["refuse_nan", "refuse_one_class"]


def refuse_one_class(of: Outputs, data: LabelledSet, which: str) -> None:
    """Stop where no label is both there and absent: such a fold neither teaches nor chooses anything.

    Raises
    ------
    EinthovenError
        With `Exit.MISSING`.
    """
    if not len(data):
        raise EinthovenError(f"there are no {which} records", "look at einthoven data check", Exit.MISSING)
    both = ((data.targets == 1).any(axis=0)) & ((data.targets == 0).any(axis=0))
    if not both.any():
        raise EinthovenError(
            f"the {len(data)} {which} records are all of one class: there is nothing to tell apart",
            "take more records, or other folds",
            Exit.MISSING,
        )


def refuse_nan(value: float, step: int, recipe: Recipe) -> None:
    """Stop where the summed loss, or the largest logit of the validation records, is no number.

    Raises
    ------
    EinthovenError
        With `Exit.GATE_FAILED`.
    """
    if not math.isfinite(value):
        raise EinthovenError(
            f"the loss is no number any more at step {step}, with a learning rate of {recipe.learning_rate:g}",
            f"begin again with --fresh --learning-rate {recipe.learning_rate / 10:g}",
            Exit.GATE_FAILED,
        )
