"""The networks by name, imported on use: torch comes with them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from einthoven.errors import EinthovenError, Exit, unknown_name

if TYPE_CHECKING:
    from torch import nn

__all__ = ["ARCHITECTURES", "SMALL", "build", "needs_torch"]

#: Name -> (where it stands, what it is, options that differ from the network's own defaults).
ARCHITECTURES: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {}

#: The size of the network whose weights are shipped.
SMALL: Mapping[str, Any] = {
    "layers": (1, 1, 2, 1),
    "widths": (32, 48, 64, 96),
    "expansion": 1,
    "stem": (32,),
    "kernel": 7,
    "hidden": 128,
    "dropout": 0.2,
}

ARCHITECTURES = {
    "xresnet1d": ("einthoven.adapters.signal.xresnet1d:XResNet1d", "xresnet1d101, for a GPU", {}),
    "xresnet1d-small": ("einthoven.adapters.signal.xresnet1d:XResNet1d", "the same in small: the shipped one", SMALL),
    "resnet1d-audit": (
        "einthoven.adapters.signal.resnet1d_audit:ResNet1dAudit",
        "published: four post-activation blocks",
        {},
    ),
    "resnet1d-explain": (
        "einthoven.adapters.signal.resnet1d_explain:ResNet1dExplain",
        "published: a pre-activation ResNet-18",
        {},
    ),
    "random-probe": (
        "einthoven.adapters.signal.random_probe:RandomProbe",
        "a random encoder under a linear layer that learns: how much the shape alone gives",
        SMALL,
    ),
    "image-resnet": (
        "einthoven.adapters.image.resnet:ImageResNet",
        "a plain 2D ResNet on rendered pages",
        {},
    ),
    "ensemble": (
        "einthoven.adapters.signal.ensemble:Ensemble",
        "trained networks side by side, put together by einthoven train ensemble",
        {},
    ),
    "se-resnet": (
        "einthoven.adapters.signal.se_resnet:SEResNet",
        "squeeze and excitation, pooling at every depth, MixStyle",
        {},
    ),
}


def needs_torch() -> None:
    """Make sure that torch is there.

    Raises
    ------
    EinthovenError
        With `Exit.MISSING` where it is not.
    """
    try:
        import torch  # noqa: F401
    except ImportError:
        raise EinthovenError(
            "networks are trained with torch, which is not installed",
            "pip install 'einthoven[train]'",
            Exit.MISSING,
        ) from None


def build(name: str, outputs: int, options: Mapping[str, Any] | None = None) -> nn.Module:
    """Return a network with fresh weights.

    Parameters
    ----------
    name : str
        One of `ARCHITECTURES`.
    outputs : int
        Logits.
    options : mapping, optional
        Keyword arguments of the network, over those of its name.

    Raises
    ------
    EinthovenError
        No such network, an option or value that it does not take, or no torch.
    """
    if name not in ARCHITECTURES:
        raise unknown_name("network", name, ARCHITECTURES)
    needs_torch()
    target, _, own = ARCHITECTURES[name]
    module, attribute = target.split(":")
    try:
        network: nn.Module = getattr(import_module(module), attribute)(outputs=outputs, **{**own, **(options or {})})
    except ImportError as error:  # image-resnet's tower is that of transformers
        raise EinthovenError(
            f"{name} needs {error.name}, which is not installed", "pip install 'einthoven[train]'", Exit.MISSING
        ) from None
    except (TypeError, ValueError) as error:
        raise EinthovenError(f"{name}: {error}", "correct the options of the network, or leave them out") from None
    return network
