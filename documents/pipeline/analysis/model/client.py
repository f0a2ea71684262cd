"""Model client: one request, sent once, ended at its deadline, its outcome put plainly.

The only place that knows the SDK. Its exceptions can carry the prompt and the server's words,
so none of them leaves this module.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import httpx2
import openai
from openai.types.chat import ChatCompletion

from documents.failures import FailureCode
from documents.pipeline.analysis.model import answers, bodies, error_bodies, prompts, replies
from documents.pipeline.analysis.model.capabilities import (
    BOUNDS_LEFT_OUT,
    FORMATS,
    ServerCapabilities,
)
from documents.pipeline.analysis.model.deadline import BodyTooLarge, Deadline, limit_body
from documents.pipeline.analysis.model.error_bodies import ErrorBody
from documents.pipeline.analysis.model.replies import Reply as Reply
from documents.pipeline.analysis.model.request_errors import ModelRequestError, Refusal
from documents.pipeline.analysis.schema import OPENAI_HOST, ModelServer

OPENAI = f"https://{OPENAI_HOST}/v1"
_CONNECT_SECONDS = 5.0
_LIST_SECONDS = 5.0

# At their most talkative these log whole requests, and with them the document.
for _name in ("openai", "httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)


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
    request: dict[str, Any] = {
        "model": server.model,
        "messages": messages if wanted == "json_schema" else prompts.with_schema(messages, schema),
    }
    if known.limit_name and server.answer_tokens:
        request[known.limit_name] = server.answer_tokens
    if known.takes_temperature:
        request["temperature"] = 0
    if wanted == "json_schema":
        bounded = answers.without_bounds(schema, BOUNDS_LEFT_OUT[known.bounds_left_out])
        form = {"name": "analysis", "strict": True, "schema": bounded}
        # As an extra, or the SDK would take the whole schema apart before each call.
        request["extra_body"] = {"response_format": {"type": "json_schema", "json_schema": form}}
    elif wanted == "json_object":
        request["response_format"] = {"type": "json_object"}
    optional = {name: each for name, each in _optional(server) if name not in known.left_out}
    return request | optional


def _optional(server: ModelServer) -> Iterator[tuple[str, Any]]:
    """What is asked beside the question, as far as settings and host call for it."""
    if server.reasoning_effort:
        yield "reasoning_effort", server.reasoning_effort
    if server.service_tier:
        yield "service_tier", server.service_tier
    if server.is_openai:
        yield "store", False
        yield "prompt_cache_key", f"atom:{prompts.PROMPT_VERSION}"


def _attempt(
    server: ModelServer, request: dict[str, Any], known: ServerCapabilities
) -> Reply | ModelRequestError:
    began = time.monotonic()
    with Deadline(server.deadline) as deadline, _client(server, deadline) as client:
        try:
            completion = client.chat.completions.create(**request)
        except openai.APIStatusError as error:
            outcome: Reply | ModelRequestError = _refused(error, server, known)
        except openai.APIConnectionError as error:
            outcome = _not_reached(error.__cause__)
        except (openai.OpenAIError, ValueError, TypeError, RecursionError, BodyTooLarge):
            # A malformed body leaves the SDK as JSONDecodeError, which is none of its own errors.
            outcome = _unusable()
        else:
            outcome = _read(completion, server, known)
        # Cut off at the deadline, an answer looks like a lost connection or a broken body.
        if deadline.has_passed and not isinstance(outcome, Reply):
            return _late()
        if isinstance(outcome, Reply):
            return replace(outcome, seconds=round(time.monotonic() - began, 3))
        return outcome


def _not_reached(cause: BaseException | None) -> ModelRequestError:
    if isinstance(cause, httpx2.ReadTimeout | httpx2.WriteTimeout):
        return _late()  # From one byte to the next; it may come just before the deadline.
    # What never reached the server was not billed.
    was_sent = not isinstance(cause, httpx2.ConnectError | httpx2.ConnectTimeout)
    return ModelRequestError(FailureCode.MODEL_UNAVAILABLE, may_pass=True, maybe_billed=was_sent)


def _late() -> ModelRequestError:
    return ModelRequestError(
        FailureCode.MODEL_TOO_SLOW, may_pass=True, maybe_billed=True, is_late=True
    )


def _refused(
    error: openai.APIStatusError, server: ModelServer, known: ServerCapabilities
) -> ModelRequestError:
    # Not what the SDK makes of it: for any shape but OpenAI's that is nothing.
    body = error_bodies.read(error.response.text)
    return _as_error(body, error.status_code, error.response.headers, server, known)


def _as_error(
    body: ErrorBody,
    status: int,
    headers: Mapping[str, str],
    server: ModelServer,
    known: ServerCapabilities,
) -> ModelRequestError:
    refusal = Refusal(status, body.code, body.param, body.words, headers, body.limits)
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


# What the server offers


def list_models(server: ModelServer) -> list[dict[str, Any]]:
    """The entries of `GET /models` as they came; empty where there is no such list."""
    seconds = min(_LIST_SECONDS, server.deadline)
    with Deadline(seconds) as deadline, _client(server, deadline) as client:
        try:
            body = client.get("/models", cast_to=httpx2.Response).json()
        except (openai.OpenAIError, httpx2.HTTPError, BodyTooLarge, ValueError, RecursionError):
            return []
    entries = body.get("data") if isinstance(body, dict) else None
    return [each for each in entries or [] if isinstance(each, dict)] if entries else []


# Answers


def _read(
    completion: object, server: ModelServer, known: ServerCapabilities
) -> Reply | ModelRequestError:
    """The answer, trusting nothing: the SDK builds its objects from whatever was sent."""
    # A page of HTML, or a stream, comes out of the SDK as a string, without an error.
    sent = (
        completion.model_dump(warnings=False)
        if isinstance(completion, ChatCompletion)
        else bodies.completion_in(completion)
    )
    if sent is None:
        return _unusable()
    if met := error_bodies.of_success(sent):
        body, status = met
        return _as_error(body, status, {}, server, known)
    return replies.read(sent)
