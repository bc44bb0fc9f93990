"""Strangers' names as file names: they cannot leave the folder, and two names never share one."""

from __future__ import annotations

import hashlib
import re

__all__ = ["slug"]

#: What may stand as it is: lower case, because some disks do not tell cases apart, and parts that begin with a letter
#: or a digit, so that nothing is hidden and no part is ``..``. At least one slash: ``con`` is a device on Windows.
_PLAIN = re.compile(r"[a-z0-9][a-z0-9._]*(?:-[a-z0-9._]+)*(?:/[a-z0-9][a-z0-9._]*(?:-[a-z0-9._]+)*)+")

_LONGEST = 72


def slug(name: str) -> str:
    """Return a model's name as a file name without suffix.

    Parameters
    ----------
    name : str
        Any string.

    Returns
    -------
    str
        ``openai--gpt-5.5`` for ``openai/gpt-5.5``; a name with anything but lower-case letters, digits, dots, single
        dashes and slashes keeps what is readable of it and gets ``~`` and the start of its SHA-256. Only characters
        that need no escaping in an address: ``a-z 0-9 . _ - ~``.
    """
    if len(name) <= _LONGEST and _PLAIN.fullmatch(name):
        return name.replace("/", "--")
    readable = re.sub(r"[^a-z0-9._]+", "-", name.lower()[:_LONGEST].replace("/", "--")).strip(".-_")
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{readable or 'model'}~{digest}"
