"""Where a model's files are: ``hf/REPO-OR-PATH+lora:PATH``, found on disk or on the hub, and what they are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from einthoven.errors import EinthovenError, Exit

__all__ = ["Checkpoint", "checkpoint", "fingerprint"]

#: What is fetched of a repository: no weights in other formats, no pictures.
_FETCHED = ("*.json", "*.safetensors", "*.txt", "*.model", "*.jinja")

#: Bytes of each end and of each of 64 places between them that tell one file of weights from another.
_SAMPLE, _PLACES = 65_536, 64


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A base model, and the LoRA adapter on it.

    Attributes
    ----------
    base : str
        A repository (``owner/name``) or a folder, as the user wrote it.
    lora : Path or None
        The adapter's folder.
    revision : str
        The repository's commit; empty for a folder.
    folder : Path or None
        Where the files are; `None` of a repository whose weights are not fetched yet.
    config : dict
        Its ``config.json``.
    """

    base: str
    lora: Path | None
    revision: str
    folder: Path | None
    config: dict[str, Any]

    @property
    def weights(self) -> str:
        """What tells these weights from others: the commit, or a fingerprint of the folder."""
        return self.revision if self.folder is None else fingerprint(self.folder)

    def fetched(self) -> Path:
        """Return the folder with all files, fetching them where they are on the hub.

        Raises
        ------
        EinthovenError
            They cannot be fetched (`Exit.MISSING`).
        """
        if self.folder is not None:
            return self.folder
        import huggingface_hub

        try:
            return Path(
                huggingface_hub.snapshot_download(
                    self.base, revision=self.revision, allow_patterns=list(_FETCHED), max_workers=4
                )
            )
        except (OSError, ValueError) as error:
            raise _not_fetched(self.base, self.revision, error) from None


def _samples(path: Path) -> Iterator[bytes]:
    """Yield a small file whole; of a large one its start (the header with every tensor's place) and 64 places."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        if size <= _SAMPLE * (_PLACES + 2):
            yield stream.read()
            return
        for k in range(_PLACES + 1):
            stream.seek(k * (size - _SAMPLE) // _PLACES)
            yield stream.read(_SAMPLE)


def fingerprint(folder: Path) -> str:
    """Return 16 hex digits over the files of a model or an adapter.

    Names, sizes, all of the small files and 65 places in each large one: a fine-tuned copy differs nearly everywhere,
    and reading tens of gigabytes before each run would cost minutes.

    Parameters
    ----------
    folder : Path
        With ``*.json``, ``*.jinja``, ``*.model``, ``*.txt`` and ``*.safetensors``; other files do not count.
    """
    total = hashlib.sha256()
    for path in sorted(path for pattern in _FETCHED for path in folder.glob(pattern)):
        total.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        for piece in _samples(path):
            total.update(piece)
    return total.hexdigest()[:16]


def _json(path: Path, what: str) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise EinthovenError(
            f"{path.parent} has no {path.name}: it is no {what}", f"give the folder of a {what}", Exit.MISSING
        ) from None
    except (OSError, ValueError) as error:
        raise EinthovenError(f"{path} cannot be read: {error}", "copy it again", Exit.MISSING) from None
    if not isinstance(found, dict):
        raise EinthovenError(f"{path} holds no JSON object", "copy it again", Exit.MISSING)
    return found


def checkpoint(name: str, revision: str = "") -> Checkpoint:
    """Find a model and read its configuration; weights are neither read nor fetched.

    Parameters
    ----------
    name : str
        ``hf/REPO-OR-PATH`` with an optional ``+lora:PATH``.
    revision : str
        A branch, tag or commit of the repository; its main branch where empty.

    Raises
    ------
    EinthovenError
        No such folder, or no such repository, not open to you, not to be reached, or no model of transformers
        (`Exit.MISSING`).
    """
    base, _, lora = name.partition("/")[2].partition("+lora:")
    if not base.strip("/"):
        raise EinthovenError("hf/ needs a model", "write hf/OWNER/NAME, or hf/ and the path of a folder")
    adapter = Path(lora).expanduser() if lora else None
    if adapter is not None and not adapter.is_dir():
        raise EinthovenError(f"there is no folder {lora}", "give the folder that a LoRA training wrote", Exit.MISSING)
    local = Path(base).expanduser()
    if local.is_dir():
        if revision:
            raise EinthovenError(f"{base} is a folder: it has no revision", "leave revision out")
        return Checkpoint(base, adapter, "", local, _json(local / "config.json", "model of transformers"))
    if base.startswith((".", "/", "~")) or base.count("/") != 1:
        raise EinthovenError(
            f"there is no folder {base}", "give an existing one, or a repository as hf/OWNER/NAME", Exit.MISSING
        )
    import huggingface_hub

    # It says each of its six tries; the two lines at the end are enough.
    huggingface_hub.logging.set_verbosity_error()
    try:
        path = Path(huggingface_hub.hf_hub_download(base, "config.json", revision=revision or None))
    except (OSError, ValueError) as error:
        raise _not_fetched(base, revision, error) from None
    return Checkpoint(base, adapter, path.parent.name, None, _json(path, "model of transformers"))


def _not_fetched(repository: str, revision: str, error: Exception) -> EinthovenError:
    """Say why something could not be had from the hub."""
    from huggingface_hub import constants, errors

    def say(problem: str, remedy: str) -> EinthovenError:
        return EinthovenError(problem, remedy, Exit.MISSING)

    if isinstance(error, errors.GatedRepoError):
        return say(
            f"{repository} is gated: its owner wants its terms accepted",
            "accept them on its page on the hub, then: hf auth login (or export HF_TOKEN=…)",
        )
    if isinstance(error, errors.HFValidationError):
        return say(f"{repository} is no name of a repository", "write hf/OWNER/NAME, or hf/ and the path of a folder")
    if isinstance(error, errors.RevisionNotFoundError):
        return say(f"{repository} has no revision {revision}", "give a branch, a tag or a commit that it has")
    if isinstance(error, errors.RepositoryNotFoundError):
        return say(
            f"the hub has no repository {repository}, or does not show it to you",
            "check the name; for a private one: hf auth login (or export HF_TOKEN=…)",
        )
    if isinstance(error, errors.LocalEntryNotFoundError):
        why = "HF_HUB_OFFLINE is set" if constants.is_offline_mode() else "the hub cannot be reached"
        return say(
            f"{repository} is not on this machine, and {why}",
            "fetch it where there is a network (hf download) and copy the cache, or give hf/ and a folder's path",
        )
    if isinstance(error, errors.EntryNotFoundError):
        return say(
            f"{repository} has no config.json: it is no model of transformers",
            "give the original repository, not one with GGUF or other formats",
        )
    if isinstance(error, OSError) and error.errno == 28:
        return say(
            f"the disk is full: {repository} does not fit",
            f"free space in {constants.HF_HUB_CACHE}, or move it: export HF_HOME=…",
        )
    said = str(error).strip().splitlines()
    return say(
        f"{repository} could not be fetched: {type(error).__name__}: {said[0] if said else 'no message'}",
        "try again; what was fetched is kept",
    )
