"""``anthropic/…``: messages, with the anthropic SDK (its OpenAI-compatible endpoint ignores a schema)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from einthoven.adapters.api import ApiAdapter, set_path
from einthoven.adapters.reply import Reply, UnreadableReply, count, one_line
from einthoven.exchange import Request, Status

__all__ = ["AnthropicMessages"]


class AnthropicMessages(ApiAdapter):
    """A message: one user turn, the pictures first, as Anthropic's vision guide asks."""

    path = "/v1/messages"
    untaken = frozenset({"seed", "detail"})

    def _connect(self, key: str, **options: Any) -> Any:
        return self._sdk.AsyncAnthropic(api_key=key, **options)

    def _body(self, request: Request, pictures: Sequence[str]) -> dict[str, Any]:
        content: list[dict[str, Any]] = [
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": picture}}
            for picture in pictures
        ]
        content.append({"type": "text", "text": request.prompt})
        body: dict[str, Any] = {
            "model": self.model,
            "max_tokens": self.max_tokens,
            "messages": [{"role": "user", "content": content}],
        }
        if "temperature" in self.parameters:
            body["temperature"] = self.parameters["temperature"]
        if "effort" in self.parameters:
            set_path(body, self.provider.effort_field, self.parameters["effort"])
        schema = self.response_schema(request)
        if schema is not None:
            set_path(body, "output_config.format", {"type": "json_schema", "schema": schema})
        return body

    def _read(self, found: Mapping[str, Any]) -> Reply:
        if found.get("type") == "error" or found.get("error"):
            error = found.get("error")
            said = error.get("message") if isinstance(error, Mapping) else error
            raise UnreadableReply(f"the provider failed: {one_line(str(said))}")
        content = found.get("content")
        if not isinstance(content, list):
            raise UnreadableReply("the reply has no content: it is no message")
        blocks = [block for block in content if isinstance(block, Mapping)]
        text = "".join(str(block.get("text", "")) for block in blocks if block.get("type") == "text")
        usage = found.get("usage")
        usage = usage if isinstance(usage, Mapping) else {}
        fresh, read, written = (
            count(usage.get(key))
            for key in ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
        )
        billed: dict[str, Any] = {
            "input_tokens": None if fresh is None else fresh + (read or 0) + (written or 0),
            "output_tokens": count(usage.get("output_tokens")),
            "cached_tokens": read,
            "billed_apart": bool(written),
        }
        why = str(found.get("stop_reason") or "")
        if why == "refusal":
            return Reply(text, Status.DECLINED, "stop_reason refusal", **billed)
        if why in ("max_tokens", "model_context_window_exceeded"):
            return Reply(text, Status.TRUNCATED, "the limit of output tokens was reached", **billed)
        if not text.strip():
            return Reply(text, Status.EMPTY, f"stop_reason {why}" if why else "", **billed)
        return Reply(text, Status.OK, **billed)
