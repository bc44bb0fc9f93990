"""The tasks by name, imported on use."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, cast

from einthoven.errors import unknown_name

if TYPE_CHECKING:
    from einthoven.tasks.task import Task

__all__ = ["TASKS", "task"]

#: Name -> (where it stands, what it asks for).
TASKS: Mapping[str, tuple[str, str]] = {
    "dense": ("einthoven.tasks.dense:Dense", "a value or a list on every one of the eight axes, as one JSON object"),
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
    module, attribute = TASKS[name][0].split(":")
    return cast("Task", getattr(import_module(module), attribute)())
