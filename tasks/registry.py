"""The tasks by name, imported on use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

from einthoven.errors import unknown_name

if TYPE_CHECKING:
    from einthoven.tasks.task import Task

__all__ = ["TASKS", "task"]

#: Name -> (where it stands, what it asks for).
TASKS: Mapping[str, tuple[str, str]] = {
    "dense": ("einthoven.tasks.dense:Dense", "a value or a list on every one of the eight axes, as one JSON object"),
    "sparse": ("einthoven.tasks.sparse:Sparse", "the same axes, but only what is abnormal: the rest is left out"),
    "dense-reasoned": (
        "einthoven.tasks.dense_reasoned:DenseReasoned",
        "a line of reasoning an axis, then the dense answer, rare findings put together",
    ),
    "flat": ("einthoven.tasks.flat:Flat", "one statement: what matters most in this ECG"),
    "binary": ("einthoven.tasks.binary:Binary", "normal or abnormal"),
    "superclass": ("einthoven.tasks.superclass:Superclass", "PTB-XL's superclasses: any of NORM MI STTC CD HYP"),
}


def task(name: str) -> Task:
    """Return a task by name.

    Raises
    ------
    EinthovenError
        The name is unknown; it says which one may be meant.
    """
    if name not in TASKS:
        raise unknown_name("task", name, TASKS)
    return _made(name)


@cache  # it holds no state, and its version is a hash over all its texts
def _made(name: str) -> Task:
    module, attribute = TASKS[name][0].split(":")
    return cast("Task", getattr(import_module(module), attribute)())
