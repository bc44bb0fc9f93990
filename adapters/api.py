"""What every adapter that asks over the network has in common.

The SDKs are used for what they are good at: connections, retries with growing waits, error classes. The body of a
request is encoded here, once, as bytes: going through an SDK's typed parameters costs twice the processor time of
everything else together, and with dozens of requests in flight that is what limits the rate.
"""

from __future__ import annotations

import json
import uuid
from base64 import b64encode
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.metadata import version as installed
from time import monotonic
from typing import Any

from einthoven.adapters.pause import Pause
from einthoven.adapters.prices import Price, price_of
from einthoven.adapters.provider import Line, Provider, providers
from einthoven.adapters.reply import Reply, UnreadableReply, error_message, json_reply, one_line, valid_text
from einthoven.adapters.strict_schema import strict_schema
from einthoven.errors import EinthovenError, Exit
from einthoven.exchange import Answer, Input, Request, Status, Usage

__all__ = ["ApiAdapter", "set_path"]

#: Stands in a request's JSON where a picture's base64 text belongs.
_PICTURE = f"picture-{uuid.uuid4().hex}"

#: Requests in flight where the user gives no number.
_CONCURRENCY = 16

#: Error codes that mean "this content is refused", which is an answer, not a failed attempt.
_REFUSED = frozenset({"content_filter", "content_policy_violation", "invalid_prompt", "moderation_blocked"})

#: Tokens and cost of an attempt that broke: it may have been billed.
_UNKNOWN = Usage()

#: A key shorter than this may stand in an answer by chance, and is then left there.
_TELLING = 12


def set_path(body: dict[str, Any], path: str, value: object) -> None:
    """Set a value in nested objects: ``reasoning.effort``."""
    *parents, last = path.split(".")
    for name in parents:
        body = body.setdefault(name, {})
    body[last] = value


class ApiAdapter:
    """Ask a provider over HTTP.

    A subclass names the SDK's client, writes the body and reads the reply.

    Parameters
    ----------
    name : str
        ``provider/model``; the model's part goes to the provider as it is.
    line : Line
        How the provider is reached.
    temperature, seed, max_tokens, effort, detail
        Sent where they are given: sampling temperature, seed, most output tokens, reasoning effort, detail of the
        pictures. `max_tokens` has the provider's default of ``providers.toml``.
    schema : {"", "strict", "none"}
        Whether the answer's JSON Schema is sent; empty is the provider's default.
    retries : int
        How often the SDK asks again after a time-out, a broken connection, a limit or a server's error.

    Raises
    ------
    ValueError
        A parameter's value is out of its range.
    EinthovenError
        No key, no SDK (`Exit.MISSING`) or no address.
    """

    inputs = frozenset({Input.PROMPT, Input.IMAGE})
    path = ""
    #: Parameters that this kind of request has no place for.
    untaken: frozenset[str] = frozenset()

    def __init__(
        self,
        name: str,
        line: Line | None = None,
        temperature: float | None = None,
        seed: int | None = None,
        max_tokens: int | None = None,
        effort: str | None = None,
        detail: str | None = None,
        schema: str = "",
        retries: int = 4,
    ) -> None:
        line = Line() if line is None else line
        kind, _, model = name.partition("/")
        self.name = name
        self.provider: Provider = providers()[kind]
        self.model = model
        if max_tokens is not None and max_tokens < 1:
            raise ValueError("max_tokens must be at least 1")
        if temperature is not None and not 0 <= temperature <= 2:
            raise ValueError("temperature must lie between 0 and 2")
        if schema not in ("", "strict", "none"):
            raise ValueError(f"schema={schema} is neither strict nor none")
        if not 0 <= retries <= 20:
            raise ValueError("retries must lie between 0 and 20")
        self.max_tokens: int | None = max_tokens or self.provider.max_tokens or None
        self.schema: str = schema or self.provider.schema
        given = {"temperature": temperature, "seed": seed, "effort": effort, "detail": detail}
        for untaken in sorted(self.untaken):
            if given[untaken] is not None:
                raise ValueError(f"{kind} takes no {untaken}")
        self.parameters: Mapping[str, Any] = {
            **{key: value for key, value in given.items() if value is not None},
            **({"max_tokens": self.max_tokens} if self.max_tokens else {}),
            "schema": self.schema,
        }
        self.concurrency = line.concurrency or _CONCURRENCY
        self.price: Price | None = price_of(name)
        self._timeout = line.timeout
        address = self.provider.address(line.base_url)
        if not line.dry:
            self._sdk = self._import_sdk()
            key = self.provider.key()
            self._key = key
            self._httpx = import_module("httpx2")
            pause = Pause()
            limits = self._httpx.Limits(max_connections=None, max_keepalive_connections=self.concurrency)
            self._client = self._connect(
                key or "none",
                base_url=address,
                max_retries=retries,
                http_client=self._httpx.AsyncClient(
                    timeout=self._httpx.Timeout(line.timeout, connect=min(30.0, line.timeout)),
                    limits=limits,
                    follow_redirects=False,  # a key is sent to nobody but the address that was given
                    event_hooks={"request": [pause.before], "response": [pause.after]},
                ),
            )

    def _import_sdk(self) -> Any:
        try:
            return import_module(self.provider.package)
        except ImportError:
            raise EinthovenError(
                f"{self.provider.name}/… needs the package {self.provider.package}, which is not installed",
                f"pip install 'einthoven[{self.provider.extra}]'",
                Exit.MISSING,
            ) from None

    def _connect(self, key: str, **options: Any) -> Any:
        """Return the SDK's client."""
        raise NotImplementedError

    def _body(self, request: Request, pictures: Sequence[str]) -> dict[str, Any]:
        """Return the request's JSON; each of `pictures` stands for one picture's base64 text."""
        raise NotImplementedError

    def _read(self, found: Mapping[str, Any]) -> Reply:
        """Read the reply's JSON; raise `UnreadableReply` where it is an error after all."""
        raise NotImplementedError

    def facts(self) -> dict[str, Any]:
        """Return what a bundle says of the provider: whether it was sent the schema and says that it enforces it."""
        sent = self.schema == "strict"
        row = {
            "name": self.provider.name,
            "sdk": f"{self.provider.package} {installed(self.provider.package)}",
            "schema_sent": sent,
            "schema_enforced": {"yes": True, "no": False, "unknown": None}[self.provider.enforces] if sent else False,
        }
        if self.price is not None:
            row["price"] = {
                "input": self.price.input,
                "cached": self.price.cached,
                "output": self.price.output,
                "read": self.price.read.isoformat(),
            }
        return row

    def response_schema(self, request: Request) -> dict[str, Any] | None:
        """Return the schema that goes with a request, or `None`."""
        return strict_schema(request.schema) if self.schema == "strict" and request.schema else None

    def encode(self, request: Request) -> bytes:
        """Return the body of a request."""
        parts = json.dumps(self._body(request, [_PICTURE] * len(request.images))).split(_PICTURE)
        pieces = [parts[0].encode()]
        for png, part in zip(request.images, parts[1:], strict=True):
            pieces += [b64encode(png), part.encode()]
        return b"".join(pieces)

    async def answer(self, request: Request) -> Answer:
        """Answer one request; whatever goes wrong on the way comes back as ``api_error``."""
        began = monotonic()
        try:
            response = await self._client.post(self.path, content=self.encode(request), cast_to=self._httpx.Response)
            latency = response.elapsed.total_seconds()
            reply = self._read(json_reply(response.content))
        except UnreadableReply as error:
            return self._failed(str(error))
        except self._sdk.APIStatusError as error:
            return self._refused_or_failed(error.status_code, error.response.content, monotonic() - began)
        except self._sdk.APITimeoutError:
            return self._failed(f"no answer within {self._timeout:g} s")
        except (self._sdk.APIError, self._httpx.HTTPError) as error:
            cause = error.__cause__ or error
            return self._failed(f"connection failed: {type(cause).__name__}: {one_line(str(cause))}")
        usage = Usage(reply.input_tokens, reply.output_tokens, self._cost(reply), reply.cached_tokens)
        text = valid_text(reply.text)
        if self._key and len(self._key) >= _TELLING:
            text = text.replace(self._key, "[key]")
        return Answer(text, reply.status, usage, latency, self._without_key(reply.detail))

    def _cost(self, reply: Reply) -> float | None:
        if reply.cost_usd is not None or self.price is None or reply.billed_apart:
            return reply.cost_usd
        return self.price.cost(reply.input_tokens, reply.output_tokens, reply.cached_tokens)

    def _without_key(self, text: str) -> str:
        return valid_text(text.replace(self._key, "[key]") if self._key else text)

    def _failed(self, detail: str, usage: Usage = _UNKNOWN) -> Answer:
        return Answer("", Status.API_ERROR, usage, detail=self._without_key(detail))

    def _refused_or_failed(self, status: int, content: bytes, seconds: float) -> Answer:
        code, message = error_message(content)
        detail = f"HTTP {status}: {message}" if message else f"HTTP {status}"
        if status == 400 and code in _REFUSED:
            return Answer("", Status.DECLINED, latency_s=seconds, detail=self._without_key(detail))
        return self._failed(detail, Usage(cost_usd=0.0))  # an error response is not billed

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.close()
