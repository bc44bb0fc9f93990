"""With what a run was made: in every bundle, so that numbers of different versions are never compared silently."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

from einthoven.ecg.simulator import VERSION as SIMULATOR
from einthoven.renderers.registry import RENDERER_VERSION
from einthoven.tasks import taxonomy
from einthoven.version import __version__

__all__ = ["environment", "versions"]

#: Packages whose version can move a number.
_PACKAGES = ("numpy", "scipy", "pillow", "wfdb", "isal")


def versions() -> dict[str, str]:
    """Return our own versions: what has to agree before two bundles are compared."""
    return {
        "einthoven": __version__,
        "taxonomy": taxonomy.version(),
        "renderer": RENDERER_VERSION,
        "simulator": SIMULATOR,
    }


def environment() -> dict[str, str]:
    """Return the interpreter, the platform and the packages behind the numbers; nothing that names the machine."""
    found = {"python": platform.python_version(), "platform": f"{sys.platform} {platform.machine()}"}
    for name in _PACKAGES:
        try:
            found[name] = installed(name)
        except PackageNotFoundError:  # isal is optional
            continue
    return found
