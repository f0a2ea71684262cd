"""Spans of model calls (traces), by OpenTelemetry's GenAI conventions; no prompt and no answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from atom_project import tracing
from documents.pipeline.analysis.model import prices
from documents.pipeline.analysis.model.purchases import Purchase
from documents.pipeline.analysis.model.replies import Reply
from documents.pipeline.analysis.model.request_errors import ModelRequestError
from documents.pipeline.analysis.schema import OPENAI_HOST, ModelServer

# Those of the protocol: anything else is the server's own words.
_FINISH_REASONS = {"stop", "length", "content_filter", "tool_calls", "function_call"}


def begin(server: ModelServer, purchase: Purchase) -> tracing.Span:
    """Of a call that is about to be sent; `atom.model_call` is its number in the ledger."""
    if not tracing.is_on():
        return tracing.NO_SPAN
    address = urlsplit(server.base_url or f"https://{OPENAI_HOST}")
    facts: dict[str, tracing.Value] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",  # whose protocol it is, whoever serves it
        "gen_ai.request.model": server.model,
        "gen_ai.output.type": "json",
        "server.address": address.hostname or "",
        "server.port": address.port or (443 if address.scheme == "https" else 80),
        "atom.chunk": purchase.request.chunk,
        "atom.model_call": purchase.call,
    }
    return tracing.begin(f"chat {server.model}", facts, kind="client")


def end(span: tracing.Span, server: ModelServer, outcome: Reply | Exception) -> None:
    """In the thread that waited for it, so that its length is that of the call."""
    if isinstance(outcome, Reply):
        span.note(_counted(server, outcome))
    elif isinstance(outcome, ModelRequestError):
        span.fail(outcome.code)
    else:
        span.fail(type(outcome).__name__)
    span.end()


def _counted(server: ModelServer, reply: Reply) -> dict[str, Any]:
    reason = reply.finish_reason if reply.finish_reason in _FINISH_REASONS else "other"
    facts: dict[str, Any] = {"gen_ai.response.finish_reasons": [reason]}
    if reply.input_tokens is None or reply.output_tokens is None:
        return facts
    facts["gen_ai.usage.input_tokens"] = reply.input_tokens
    facts["gen_ai.usage.output_tokens"] = reply.output_tokens
    if price := prices.price_of(server):
        cost = price.of_reply(reply.input_tokens, reply.output_tokens, reply)
        facts["atom.cost_usd"] = float(cost)
    return facts
