"""Who answers over the network: the providers by name, and the line to them."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from einthoven.errors import EinthovenError, Exit

__all__ = ["Line", "Provider", "providers"]

#: Seconds. A reasoning model may think for minutes before the first byte comes.
_TIMEOUT = 300.0


@dataclass(frozen=True, slots=True)
class Line:
    """How a provider is reached: nothing in here changes an answer, so it is no part of a run's identity.

    Attributes
    ----------
    base_url : str or None
        Where requests go in place of the provider's own address.
    timeout : float
        Seconds without a byte after which an attempt is given up.
    concurrency : int or None
        Requests in flight; the adapter's own number where `None`.
    dry : bool
        Nothing will be asked: neither SDK nor key are needed.
    """

    base_url: str | None = None
    timeout: float = _TIMEOUT
    concurrency: int | None = None
    dry: bool = False


@dataclass(frozen=True, slots=True)
class Provider:
    """One row of ``providers.toml``, where each field is explained."""

    name: str
    title: str
    adapter: str
    package: str
    extra: str
    base_url: str
    keys: tuple[str, ...]
    key_needed: bool
    tokens_field: str
    effort_field: str
    max_tokens: int
    schema: Literal["strict", "none"]
    enforces: Literal["yes", "no", "unknown"]
    source: str
    read: date
    extra_body: Mapping[str, Any] = field(default_factory=dict)

    def key(self) -> str | None:
        """Return the key from the environment.

        Returns
        -------
        str or None
            `None` where there is none and none is needed.

        Raises
        ------
        EinthovenError
            There is none and one is needed (`Exit.MISSING`); the message names the variables, never a value.
        """
        found = next((value for name in self.keys if (value := os.environ.get(name, "").strip())), None)
        if found is None and self.key_needed:
            raise EinthovenError(
                f"no key for {self.name}: {' and '.join(self.keys)} {'are' if len(self.keys) > 1 else 'is'} not set",
                f"export {self.keys[0]}=…  (einthoven reads keys from the environment only and writes them nowhere)",
                Exit.MISSING,
            )
        if found is not None and not (found.isascii() and found.isprintable()):
            raise EinthovenError(
                f"the key for {self.name} holds a character that no HTTP header takes",
                f"set {self.keys[0]} again, without line breaks and quotes",
                Exit.MISSING,
            )
        return found

    def address(self, base_url: str | None) -> str:
        """Return where requests go.

        Raises
        ------
        EinthovenError
            There is no address, or it is none.
        """
        address = base_url or self.base_url
        if not address:
            raise EinthovenError(
                f"{self.name}/… needs the address of a server", "add --base-url http://localhost:8000/v1"
            )
        if not address.startswith(("http://", "https://")) or len(address.split("//", 1)[1].split("/")[0]) == 0:
            raise EinthovenError(
                f"--base-url {address} is no address",
                "write it with http:// or https://, such as http://localhost:8000/v1",
            )
        return address


@cache
def providers() -> Mapping[str, Provider]:
    """Return the providers by name, in the order of the table."""
    text = files("einthoven.adapters").joinpath("providers.toml").read_text(encoding="utf-8")
    return {
        name: Provider(name=name, **(row | {"keys": tuple(row["keys"])})) for name, row in tomllib.loads(text).items()
    }
