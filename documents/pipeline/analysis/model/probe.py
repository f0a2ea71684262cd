"""Capability probe: what a model server can do, found out by one tiny question."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from documents.failures import Failure
from documents.pipeline.analysis.model import answers, client, prompts
from documents.pipeline.analysis.model.capabilities import FORMATS, ServerCapabilities
from documents.pipeline.analysis.model.client import Reply
from documents.pipeline.analysis.model.request_errors import ModelRequestError
from documents.pipeline.analysis.model.retry import failure_of, retirement
from documents.pipeline.analysis.schema import ModelServer

_QUESTION: prompts.Messages = [
    {
        "role": "system",
        "content": "This checks a connection. Answer with one JSON object.",
    },
    {"role": "user", "content": "Answer with an object whose field `word` holds: harbor"},
]
_FORMAT_WORDS = {
    "json_schema": "it takes a JSON Schema for its answers",
    "json_object": "it takes no JSON Schema but answers in JSON; the schema goes into the prompt",
    "text": "it takes neither JSON Schema nor JSON mode; the schema goes into the prompt",
}


class _Word(BaseModel):
    word: str


@dataclass(frozen=True)
class Report:
    """What was found; `words` say it in full. Without an answer there is a failure."""

    words: str
    failure: Failure | None = None
    is_usable: bool = False
    ends: str = ""  # what is known about the end of the model


def probe(server: ModelServer) -> Report:
    """Ask one question, in simpler words for as long as the server asks for them."""
    known = ServerCapabilities()
    while True:
        began = time.monotonic()
        try:
            reply = client.send(server, _QUESTION, answers.strict_schema(_Word), known)
        except ModelRequestError as error:
            if error.fallback is None:
                why = failure_of(error, server.model)
                return Report(why.detail, failure=why, ends=retirement(server.model))
            known = error.fallback
        else:
            seconds = time.monotonic() - began
            return Report(
                f"The model {server.model} answered in {seconds:.1f} s; "
                f"{'; '.join(_capabilities(reply, known))}.",
                is_usable=_is_usable(reply),
                ends=retirement(server.model),
            )


def _is_usable(reply: Reply) -> bool:
    try:
        return bool(answers.read(reply.content, _Word).word)
    except answers.InvalidAnswer:
        return False


def _capabilities(reply: Reply, known: ServerCapabilities) -> Iterator[str]:
    yield _FORMAT_WORDS[FORMATS[known.answer_format]]
    if not _is_usable(reply):
        yield "but this answer was not the object asked for"
    if known.limit_name == "max_completion_tokens":
        yield "it wants max_completion_tokens, as reasoning models do"
    elif not known.limit_name:
        yield "it takes no limit for the length of answers"
    if not known.takes_temperature:
        yield "it takes no temperature"
    if reply.input_tokens is None or reply.output_tokens is None:
        yield "it does not count tokens, so they are estimated"
    else:
        yield f"this cost {reply.input_tokens} tokens in and {reply.output_tokens} out"
