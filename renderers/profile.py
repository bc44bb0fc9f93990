"""How a family of models sees a picture: its resize rule, what it turns away, and where that is known from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import parse_qs

from einthoven.errors import unknown_name

__all__ = ["Profile", "profile_named", "profile_of", "profiles", "variants"]

#: Keys of a row in ``profiles.toml`` that are no number of its rule.
_COLUMNS = ("name", "rule", "basis", "source", "read", "of", "patterns", "detail", "refuses")


@dataclass(frozen=True, slots=True)
class Profile:
    """One row of ``profiles.toml``, where rules and numbers are explained.

    Attributes
    ----------
    name : str
        Of the profile: ``qwen3-vl``.
    rule : str
        How it resizes: a rule of `einthoven.renderers.resize`.
    numbers : mapping of str to float
        The rule's numbers.
    basis : {"processor", "documentation"}
        Whether the rule was compared with the model's own image processor, or taken from what its provider says.
    source : str
        Where the numbers are from.
    read : date
        When that was compared or read.
    of : str
        The profile that this one is another setting of; empty where it is nobody's.
    patterns : tuple of str
        Of the names of models, lower case, as in `fnmatch`; none where only its own name reaches it.
    detail : tuple of str
        The values of the parameter ``detail`` it is for; none where for all.
    refuses : mapping of str to int
        What is turned away: see `einthoven.renderers.resize.refusal`.
    """

    name: str
    rule: str
    numbers: Mapping[str, float]
    basis: Literal["processor", "documentation"]
    source: str
    read: date
    of: str = ""
    patterns: tuple[str, ...] = ()
    detail: tuple[str, ...] = ()
    refuses: Mapping[str, int] = field(default_factory=dict)


def _profile(row: Mapping[str, Any]) -> Profile:
    return Profile(
        name=row["name"],
        rule=row["rule"],
        numbers=MappingProxyType({key: value for key, value in row.items() if key not in _COLUMNS}),
        basis=row["basis"],
        source=row["source"],
        read=row["read"],
        of=row.get("of", ""),
        patterns=tuple(row.get("patterns", ())),
        detail=tuple(row.get("detail", ())),
        refuses=MappingProxyType(row.get("refuses", {})),
    )


@cache
def profiles() -> Mapping[str, Profile]:
    """Return every profile by its name, in the order in which patterns are tried."""
    text = files("einthoven.renderers").joinpath("profiles.toml").read_text(encoding="utf-8")
    return MappingProxyType({row["name"]: _profile(row) for row in tomllib.loads(text)["profile"]})


def variants(profile: Profile) -> tuple[Profile, ...]:
    """Return a profile and its other settings, of which nobody outside knows which one a server has."""
    return (profile, *(other for other in profiles().values() if other.of == profile.name))


def _fits(profile: Profile, names: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in profile.patterns for name in names)


def profile_of(model: str) -> Profile | None:
    """Find out how a model sees, by its name.

    Parameters
    ----------
    model : str
        With a provider before it, parameters or an adapter behind it, or without: ``qwen3-vl-8b-instruct``,
        ``compatible/Qwen/Qwen3-VL-8B-Instruct+lora:FOLDER``, ``openai/gpt-5.4?detail=original``; or the name of a
        profile: ``gemma-4-1120``.

    Returns
    -------
    Profile or None
        `None` where nobody has published how it sees, or it is not known here.
    """
    path, _, query = model.partition("?")
    name = path.partition("+lora:")[0].lower()
    parts = name.split("/")
    names = tuple("/".join(parts[k:]) for k in range(len(parts)))
    asked = parse_qs(query).get("detail", ())
    open_to = {key: one for key, one in profiles().items() if not one.detail or (asked or ["auto"])[-1] in one.detail}
    own = open_to if asked else profiles()
    return next((own[name] for name in names if name in own), None) or next(
        (one for one in open_to.values() if _fits(one, names)), None
    )


def profile_named(model: str) -> Profile:
    """Return the profile of a model, by the model's name or its own.

    Raises
    ------
    EinthovenError
        There is none; the nearest name is told.
    """
    found = profile_of(model)
    if found is None:
        raise unknown_name("profile for", model, profiles())
    return found
