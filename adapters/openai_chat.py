"""``openai/…``, ``openrouter/…``, ``google/…`` and ``compatible/…``: chat completions, with the openai SDK."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from einthoven.adapters.api import ApiAdapter, set_path
from einthoven.adapters.reply import Reply, UnreadableReply, count, one_line
from einthoven.exchange import Request, Status

__all__ = ["OpenAIChat"]


def _text(content: object) -> str:
    """Return the text of a message: some servers send it in parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "".join(part["text"] for part in parts if isinstance(part, dict) and isinstance(part.get("text"), str))


def _error(value: object) -> str:
    return one_line(str(value.get("message") or value) if isinstance(value, Mapping) else str(value))


class OpenAIChat(ApiAdapter):
    """A chat completion: one user message, the prompt first (it is the same for all, and so may be cached)."""

    path = "/chat/completions"

    def _connect(self, key: str, **options: Any) -> Any:
        omit = self._sdk.Omit()
        # The SDK would send OpenAI's organization and project, which stand in the environment, to everybody.
        foreign = {"OpenAI-Organization": omit, "OpenAI-Project": omit} if self.provider.name != "openai" else {}
        return self._sdk.AsyncOpenAI(api_key=key, default_headers=foreign, **options)

    def _body(self, request: Request, pictures: Sequence[str]) -> dict[str, Any]:
        detail = self.parameters.get("detail")
        content: list[dict[str, Any]] = [{"type": "text", "text": request.prompt}]
        for picture in pictures:
            url: dict[str, Any] = {"url": f"data:image/png;base64,{picture}"}
            content.append({"type": "image_url", "image_url": url | ({"detail": detail} if detail else {})})
        body: dict[str, Any] = {"model": self.model, "messages": [{"role": "user", "content": content}]}
        body |= {key: self.parameters[key] for key in ("temperature", "seed") if key in self.parameters}
        if self.max_tokens:
            body[self.provider.tokens_field] = self.max_tokens
        if "effort" in self.parameters:
            set_path(body, self.provider.effort_field, self.parameters["effort"])
        body |= {key: value for key, value in self.provider.extra_body.items() if key != "provider"}
        schema = self.response_schema(request)
        if schema is not None:
            named = {"name": f"{request.task}_answer".replace("-", "_"), "strict": True, "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
            body |= {key: value for key, value in self.provider.extra_body.items() if key == "provider"}
        return body

    def _read(self, found: Mapping[str, Any]) -> Reply:
        if found.get("error"):
            raise UnreadableReply(f"the provider failed: {_error(found['error'])}")
        choices = found.get("choices")
        if not isinstance(choices, list):
            raise UnreadableReply("the reply has no choices: it is none of a chat completion")
        usage = found.get("usage")
        usage = usage if isinstance(usage, Mapping) else {}
        details = usage.get("prompt_tokens_details")
        charged = usage.get("cost")
        billed: dict[str, Any] = {
            "input_tokens": count(usage.get("prompt_tokens")),
            "output_tokens": count(usage.get("completion_tokens")),
            "cached_tokens": count(details.get("cached_tokens")) if isinstance(details, Mapping) else None,
            "cost_usd": float(charged) if isinstance(charged, int | float) and charged >= 0 else None,
        }
        choice = choices[0] if choices and isinstance(choices[0], Mapping) else None
        if choice is None:  # how some providers say that they block the prompt
            return Reply("", Status.EMPTY, "the reply has no choice in it", **billed)
        if choice.get("error") or choice.get("finish_reason") == "error":
            raise UnreadableReply(f"the provider failed: {_error(choice.get('error') or 'finish_reason error')}")
        message = choice.get("message")
        message = message if isinstance(message, Mapping) else {}
        text, why = _text(message.get("content")), str(choice.get("finish_reason") or "")
        if message.get("refusal"):
            refusal = str(message["refusal"])
            return Reply(text or refusal, Status.DECLINED, one_line(refusal), **billed)
        if why.startswith("content_filter"):
            return Reply(text, Status.DECLINED, why, **billed)
        if why in ("length", "max_tokens"):
            return Reply(text, Status.TRUNCATED, "the limit of output tokens was reached", **billed)
        if not text.strip():
            return Reply(text, Status.EMPTY, f"finish_reason {why}" if why else "", **billed)
        return Reply(text, Status.OK, **billed)
