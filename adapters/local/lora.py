"""A LoRA adapter put on its base model, and every way in which it may not fit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from einthoven.adapters.local.architecture import class_name
from einthoven.adapters.local.checkpoint import Checkpoint, fingerprint
from einthoven.errors import EinthovenError, Exit

__all__ = ["CARD", "RECORDS", "WEIGHTS", "card_of", "check_adapter", "records_hash", "taught_by", "with_adapter"]

#: What our own training writes beside the adapter: the base's fingerprint, data, split, task, view, arm.
CARD = "einthoven.json"

#: Where it lists the records that it learnt from, an id a line.
RECORDS = "records.txt"

#: Where the adapter itself stands.
WEIGHTS = "adapter_model.safetensors"


def _broken(path: Path, why: object) -> EinthovenError:
    said = str(why).strip().splitlines()
    return EinthovenError(
        f"the adapter {path.parent} cannot be read: {path.name}: {said[0] if said else type(why).__name__}",
        "copy the folder again, or train it again",
        Exit.MISSING,
    )


def _object(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _broken(path, error) from None
    if not isinstance(found, dict):
        raise _broken(path, "no JSON object")
    return found


def check_adapter(found: Checkpoint) -> None:
    """Refuse an adapter that is damaged, is no LoRA adapter, or says that it belongs to another base.

    Raises
    ------
    EinthovenError
        `Exit.MISSING`; weights are not read here beyond their header.
    """
    if found.lora is None:
        return
    for name in ("adapter_config.json", WEIGHTS):
        if not (found.lora / name).is_file():
            raise EinthovenError(
                f"{found.lora} has no {name}: it is no LoRA adapter",
                "give the folder that a LoRA training wrote (PEFT's format)",
                Exit.MISSING,
            )
    config = _object(found.lora / "adapter_config.json")
    if config.get("peft_type") != "LORA":
        raise EinthovenError(
            f"{found.lora} is a {config.get('peft_type')} adapter, not a LoRA one",
            "give a LoRA adapter",
            Exit.MISSING,
        )
    if not isinstance(config.get("base_model_name_or_path") or "", str):
        raise _broken(found.lora / "adapter_config.json", "base_model_name_or_path is no text")
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(found.lora / WEIGHTS, framework="pt") as weights:
            if not list(weights.keys()):
                raise _broken(found.lora / WEIGHTS, "no weights in it")
    except (OSError, SafetensorError) as error:
        raise _broken(found.lora / WEIGHTS, error) from None
    if not _may_fit(found, config):
        raise _wrong_base(found, str(config.get("base_model_name_or_path") or ""))


def _may_fit(found: Checkpoint, config: Mapping[str, Any]) -> bool:
    """Return whether what an adapter says of its base fits; one that says nothing shows it when it is loaded."""
    assert found.lora is not None
    base = card_of(found.lora).get("base")
    if isinstance(base, dict) and "weights" in base:  # our own training
        return bool(base["weights"] == found.weights)
    kind = (config.get("auto_mapping") or {}).get("base_model_class")
    if kind is not None and kind != class_name(found.base, found.config):
        return False
    trained_on = str(config.get("base_model_name_or_path") or "")
    if trained_on and Path(trained_on).is_dir():
        return found.folder is None or fingerprint(Path(trained_on)) == fingerprint(found.folder)
    # A folder's name says nothing, a repository's does.
    both = trained_on.count("/") == 1 and found.revision != ""
    return not both or trained_on.split("/")[1].lower() == found.base.split("/")[1].lower()


def _wrong_base(found: Checkpoint, trained_on: str, why: str = "") -> EinthovenError:
    return EinthovenError(
        f"the adapter {found.lora} does not belong to {found.base}{': ' if why else ''}{why}",
        f"it was trained on {trained_on or 'another model'}: write hf/{trained_on or 'BASE'}+lora:{found.lora}",
        Exit.MISSING,
    )


def _unfit(found: Checkpoint, trained_on: str, why: str) -> EinthovenError:
    """Say that an adapter does not fit; with the very base that it was trained on, the adapter is harmed."""
    assert found.lora is not None
    base = card_of(found.lora).get("base")
    if isinstance(base, dict) and base.get("weights") == found.weights:
        return EinthovenError(
            f"the adapter {found.lora} does not fit {found.base}, on which it was trained: {why}",
            "its files were changed or damaged: copy the folder again, or train it again",
            Exit.MISSING,
        )
    return _wrong_base(found, trained_on, why)


def card_of(folder: Path | None) -> dict[str, Any]:
    """Return what our own training says of an adapter; empty of another's, or without one."""
    return _object(folder / CARD) if folder is not None and (folder / CARD).is_file() else {}


def taught_by(folder: Path) -> tuple[str, frozenset[str]]:
    """Return the data that our own training learnt from: its name, and the ids; empty of another's adapter.

    Raises
    ------
    EinthovenError
        Our own training says that there is a list of records, and it is lost or another one (`Exit.MISSING`).
    """
    data = card_of(folder).get("data")
    if data is None:
        return "", frozenset()
    # Without the list a run could not keep off what was learnt: then it would score what it was taught.
    try:
        ids = (folder / RECORDS).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise _broken(folder / RECORDS, error) from None
    if not isinstance(data, dict) or data.get("ids", records_hash(ids)) != records_hash(ids):
        raise _broken(folder / RECORDS, f"these are not the records that {CARD} tells of")
    return str(data.get("name") or ""), frozenset(ids)


def records_hash(ids: Iterable[str]) -> str:
    """Return the hash by which a card tells of its records."""
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()[:16]


def with_adapter(model: Any, found: Checkpoint) -> Any:
    """Put the adapter on a loaded model.

    It stays apart from the base's weights: merged into half-precision weights, small changes would round away.

    Raises
    ------
    EinthovenError
        It does not fit: other layers, other shapes, weights without a place (`Exit.MISSING`).
    """
    if found.lora is None:
        return model
    import warnings

    from peft import PeftModel, get_peft_model_state_dict
    from safetensors import SafetensorError, safe_open
    from torch import isfinite

    trained_on = str(_object(found.lora / "adapter_config.json").get("base_model_name_or_path") or "")
    try:
        with safe_open(found.lora / WEIGHTS, framework="pt") as weights:
            saved = set(weights.keys())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # keys without a place are told below, in two lines
            model = PeftModel.from_pretrained(model, str(found.lora), local_files_only=True)
    except SafetensorError as error:
        raise _broken(found.lora / WEIGHTS, error) from None
    except (ValueError, RuntimeError, KeyError, TypeError) as error:
        said = [line.strip() for line in str(error).splitlines() if line.strip()]
        raise _unfit(found, trained_on, said[-1][:160] if said else type(error).__name__) from error
    if not all(bool(isfinite(one).all()) for name, one in model.named_parameters() if "lora_" in name):
        raise _broken(found.lora / WEIGHTS, "some of its weights are no numbers")
    placed = set(get_peft_model_state_dict(model))
    if saved != placed:
        raise _unfit(found, trained_on, f"{len(saved ^ placed)} of its tensors have no place there")
    return model
