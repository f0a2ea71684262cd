"""Capability probe: what a model server can do and how fast, found out by two tiny questions."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from pydantic import BaseModel

from documents.failures import Failure
from documents.pipeline.analysis.model import answers, client, offers, prompts, retirement
from documents.pipeline.analysis.model.capabilities import FORMATS, ServerCapabilities
from documents.pipeline.analysis.model.failures import failure_of
from documents.pipeline.analysis.model.replies import Reply
from documents.pipeline.analysis.model.request_errors import ModelRequestError
from documents.pipeline.analysis.schema import ModelServer

USUAL_ANSWER = 800  # tokens that an answer about a page or two takes
SLOW_SECONDS = 1.5  # for a word; an answer that comes sooner is no matter of speed
_SLOW = 10.0  # tokens a second; below it, a second look tells how fast it writes
_ANSWER_LIMIT = 2_000  # a reasoning model thinks first
_QUESTION: prompts.Messages = [
    {"role": "system", "content": "This checks a connection. Answer with one JSON object."},
    {"role": "user", "content": "Answer with an object whose field `word` holds: harbor"},
]
_COUNTING: prompts.Messages = [
    {"role": "system", "content": "This measures how fast you write. Answer with one JSON object."},
    {
        "role": "user",
        "content": "Answer with an object whose field `numbers` lists all whole numbers from 1 to "
        "40, in order.",
    },
]
_FORMAT_WORDS = {
    "json_schema": "it takes a JSON Schema for its answers",
    "json_object": "it takes no JSON Schema but answers in JSON; the schema goes into the prompt",
    "text": "it takes neither JSON Schema nor JSON mode; the schema goes into the prompt",
}


class Numbers(BaseModel):
    numbers: list[int]


@dataclass(frozen=True)
class Report:
    """What was found; `words` say it in full. Without an answer there is a failure."""

    words: str
    failure: Failure | None = None
    is_usable: bool = False
    ends: str = ""  # what is known about the end of the model
    ends_soon: bool = False
    speed: float | None = None  # tokens written in a second; None where it is fast enough
    context_tokens: int | None = None  # as the server lists it

    @property
    def seconds_for_an_answer(self) -> float | None:
        return USUAL_ANSWER / self.speed if self.speed else None


def probe(server: ModelServer) -> Report:
    """Ask one question, in simpler words for as long as the server asks for them."""
    server = replace(server, answer_tokens=server.answer_tokens or _ANSWER_LIMIT)
    known = ServerCapabilities()
    while True:
        try:
            reply = client.send(server, _QUESTION, answers.strict_schema(answers.Word), known)
        except ModelRequestError as error:
            if error.fallback is None:
                why = failure_of(error, server)
                ends = retirement.in_words(server.model)
                return Report(why.detail, failure=why, ends=ends)
            known = error.fallback
        else:
            return _report(server, reply, known)


def _report(server: ModelServer, reply: Reply, known: ServerCapabilities) -> Report:
    entries = client.list_models(server)
    listed = offers.shutdown_of(entries, server.model)
    context = server.context_tokens or offers.context_of(entries, server.model)
    # Most of what a quick answer takes is no writing; only of a slow one the speed is of interest.
    speed = _speed(server, known, reply)
    return Report(
        f"The model {server.model} answered in {reply.seconds:.1f} s; "
        f"{'; '.join(_capabilities(reply, known, context))}.",
        is_usable=_is_usable(reply),
        ends=retirement.in_words(server.model, listed),
        ends_soon=_ends_soon(server, listed),
        speed=speed,
        context_tokens=context,
    )


def _ends_soon(server: ModelServer, listed: date | None) -> bool:
    # What OpenAI switches off, others may go on serving under the same name.
    is_concerned = listed is not None or server.is_openai
    return is_concerned and retirement.is_near(server.model, listed)


def _speed(server: ModelServer, known: ServerCapabilities, reply: Reply) -> float | None:
    is_quick = reply.seconds < SLOW_SECONDS
    if is_quick or not reply.output_tokens or reply.output_tokens >= _SLOW * reply.seconds:
        return None
    began = time.monotonic()
    try:
        counted = client.send(server, _COUNTING, answers.strict_schema(Numbers), known)
    except ModelRequestError as error:
        # Not one of so few tokens in all the time it was given.
        return 1 / (time.monotonic() - began) if error.is_late else None
    return (counted.output_tokens or 0) / max(counted.seconds, 0.001) or None


def _is_usable(reply: Reply) -> bool:
    try:
        return bool(answers.read(reply.content, answers.Word).word)
    except answers.InvalidAnswer:
        return False


def _capabilities(reply: Reply, known: ServerCapabilities, context: int | None) -> Iterator[str]:
    yield _FORMAT_WORDS[FORMATS[known.answer_format]]
    if not _is_usable(reply):
        yield "but this answer was not the object asked for"
    if known.limit_name == "max_completion_tokens":
        yield "it wants max_completion_tokens, as reasoning models do"
    elif not known.limit_name:
        yield "it takes no limit for the length of answers"
    if not known.takes_temperature:
        yield "it takes no temperature"
    if known.left_out:
        yield f"it does not know {', '.join(sorted(known.left_out))}"
    if context:
        yield f"it reads {context:,} tokens at once"
    if reply.input_tokens is None or reply.output_tokens is None:
        yield "it does not count tokens, so they are estimated"
    else:
        yield f"this cost {reply.input_tokens} tokens in and {reply.output_tokens} out"
