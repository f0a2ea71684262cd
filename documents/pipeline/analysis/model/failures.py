"""Failures in words: which setting is concerned, how slow it was, what the server offers."""

from __future__ import annotations

from documents.failures import Failure, FailureCode, failure
from documents.pipeline.analysis.model import client, offers, retirement
from documents.pipeline.analysis.model.request_errors import ModelRequestError
from documents.pipeline.analysis.schema import ModelServer

_OTHER_MODEL = (
    "Analyze the document by another model, or ask the operator to put ATOM_OTHER_MODELS right."
)


def failure_of(error: ModelRequestError, server: ModelServer) -> Failure:
    """The failure its owner reads; an unknown model is called by its name."""
    if error.is_late:
        return failure(error.code, detail=_late(error, server))
    if error.code == FailureCode.MODEL_NOT_FOUND:
        advice = None if server.named_by == "ATOM_MODEL" else _OTHER_MODEL
        return failure(error.code, detail=_unknown(server), advice=advice)
    if error.is_too_large and error.code == FailureCode.MODEL_REJECTED:
        return failure(
            error.code, detail="The model server reads too little text at once for this document."
        )
    return failure(error.code)


def _late(error: ModelRequestError, server: ModelServer) -> str:
    told = f"The model server did not answer within {server.deadline:g} s (ATOM_MODEL_DEADLINE)"
    if error.speed is None:
        return f"{told}; it has answered nothing before."
    return f"{told}; it last wrote {error.speed:.1f} tokens a second."


def _unknown(server: ModelServer) -> str:
    """Asked now: what was offered at the start may be what has changed."""
    names = offers.names(client.list_models(server))
    offered = f" It offers: {', '.join(names)}." if names else ""
    told = (
        f"The model server does not know the model {server.model}, which {server.named_by} names."
    )
    return f"{told}{offered} {retirement.in_words(server.model)}".strip()
