"""Model client: one request, sent once, ended at its deadline, its outcome put plainly.

The only place that knows the SDK. Its exceptions can carry the prompt and the server's words,
so none of them leaves this module.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx2
import openai
from openai.types.chat import ChatCompletion

from documents.failures import FailureCode
from documents.pipeline.analysis.model import prompts
from documents.pipeline.analysis.model.capabilities import FORMATS, ServerCapabilities
from documents.pipeline.analysis.model.deadline import BodyTooLarge, Deadline, limit_body
from documents.pipeline.analysis.model.request_errors import ModelRequestError, Refusal
from documents.pipeline.analysis.schema import ModelServer

OPENAI = "https://api.openai.com/v1"
_CONNECT_SECONDS = 5.0
_REASONING_FACTOR = 4  # reasoning models spend answer tokens on thinking first

# At their most talkative these log whole requests, and with them the document.
for _name in ("openai", "httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True)
class Reply:
    """An answer as it came; token counts are None where the server does not count."""

    content: str
    finish_reason: str | None
    refused: bool
    input_tokens: int | None
    output_tokens: int | None
    cached_tokens: int


def send(
    server: ModelServer,
    messages: prompts.Messages,
    schema: Mapping[str, Any],
    known: ServerCapabilities,
) -> Reply:
    """Send one request and read its answer. Raises ModelRequestError, and nothing of the SDK's."""
    outcome = _attempt(server, _request(server, messages, schema, known), known)
    if isinstance(outcome, ModelRequestError):
        raise outcome  # Here, and not where it was met: nothing of the cause is attached.
    return outcome


def _request(
    server: ModelServer,
    messages: prompts.Messages,
    schema: Mapping[str, Any],
    known: ServerCapabilities,
) -> dict[str, Any]:
    wanted = FORMATS[known.answer_format]
    is_reasoning = known.limit_name == "max_completion_tokens"
    factor = _REASONING_FACTOR if is_reasoning else 1
    request: dict[str, Any] = {
        "model": server.model,
        "messages": messages if wanted == "json_schema" else prompts.with_schema(messages, schema),
    }
    if known.limit_name:
        request[known.limit_name] = server.answer_tokens * factor
    if known.takes_temperature:
        request["temperature"] = 0
    if wanted == "json_schema":
        form = {"name": "analysis", "strict": True, "schema": schema}
        request["response_format"] = {"type": "json_schema", "json_schema": form}
    elif wanted == "json_object":
        request["response_format"] = {"type": "json_object"}
    if urlsplit(server.base_url or OPENAI).hostname == urlsplit(OPENAI).hostname:
        request["store"] = False
        request["prompt_cache_key"] = f"atom:{prompts.PROMPT_VERSION}"
    return request


def _attempt(
    server: ModelServer, request: dict[str, Any], known: ServerCapabilities
) -> Reply | ModelRequestError:
    with Deadline(server.deadline) as deadline, _client(server, deadline) as client:
        try:
            completion = client.chat.completions.create(**request)
        except openai.APIStatusError as error:
            outcome: Reply | ModelRequestError = _refused(error, server, known)
        except openai.APIConnectionError as error:
            # What never reached the server was not billed.
            was_sent = not isinstance(error.__cause__, (httpx2.ConnectError, httpx2.ConnectTimeout))
            outcome = ModelRequestError(
                FailureCode.MODEL_UNAVAILABLE, may_pass=True, maybe_billed=was_sent
            )
        except (openai.OpenAIError, ValueError, TypeError, RecursionError, BodyTooLarge):
            # A malformed body leaves the SDK as JSONDecodeError, which is none of its own errors.
            outcome = _unusable()
        else:
            outcome = _read(completion)
        # Cut off at the deadline, an answer looks like a lost connection or a broken body.
        if deadline.has_passed and not isinstance(outcome, Reply):
            return ModelRequestError(
                FailureCode.MODEL_UNAVAILABLE, may_pass=True, maybe_billed=True
            )
        return outcome


def _refused(
    error: openai.APIStatusError, server: ModelServer, known: ServerCapabilities
) -> ModelRequestError:
    refusal = Refusal(
        status=error.status_code,
        code=str(error.code),
        param=str(error.param or ""),
        words=error.message[:5_000].lower(),
        headers=error.response.headers,
    )
    return refusal.as_error(known, longest_wait=server.retry_wait)


def _unusable() -> ModelRequestError:
    return ModelRequestError(FailureCode.INVALID_ANSWER, may_pass=True, maybe_billed=True)


def _client(server: ModelServer, deadline: Deadline) -> openai.OpenAI:
    """A client for this one request: a connection of its own can be cut at the deadline."""
    connect = min(_CONNECT_SECONDS, server.deadline)
    return openai.OpenAI(
        # Never blank: the SDK refuses a blank key, and takes a blank variable for an address.
        base_url=server.base_url or OPENAI,
        api_key=server.api_key or "not-needed",
        # Its own repeat an exhausted quota but no malformed answer, and would multiply with ours.
        max_retries=0,
        http_client=httpx2.Client(
            verify=_trusted(),
            # From byte to byte only: with one second here, an answer that dripped took twelve.
            timeout=httpx2.Timeout(server.deadline, connect=connect),
            # The document goes to the server that was named, and to no other.
            follow_redirects=False,
            event_hooks={"request": [deadline.watch], "response": [limit_body]},
        ),
    )


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


# Answers


def _read(completion: object) -> Reply | ModelRequestError:
    """The answer, trusting nothing: the SDK builds its objects from whatever was sent."""
    # A page of HTML comes out of the SDK as a string, without an error.
    if not isinstance(completion, ChatCompletion):
        return _unusable()
    sent = completion.model_dump(warnings=False)
    choice = _at(sent, "choices", 0)
    finish_reason, content = _at(choice, "finish_reason"), _at(choice, "message", "content")
    return Reply(
        content=content if isinstance(content, str) else "",
        finish_reason=finish_reason if isinstance(finish_reason, str) else None,
        refused=bool(_at(choice, "message", "refusal")) or finish_reason == "content_filter",
        input_tokens=_count(_at(sent, "usage", "prompt_tokens")),
        output_tokens=_count(_at(sent, "usage", "completion_tokens")),
        cached_tokens=_count(_at(sent, "usage", "prompt_tokens_details", "cached_tokens")) or 0,
    )


def _at(value: Any, *path: str | int) -> Any:
    for step in path:
        try:
            value = value[step]
        except (TypeError, KeyError, IndexError):
            return None
    return value


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and 0 <= value < 2**31 else None
