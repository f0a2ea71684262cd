"""One question to a model: asked, judged, and asked once more where that may help."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from pydantic import BaseModel

from documents.failures import Failure, failure
from documents.pipeline.analysis.chunks import estimate_tokens
from documents.pipeline.analysis.model import answers, prompts
from documents.pipeline.analysis.model.client import Reply
from documents.pipeline.analysis.model.refusals import ModelRequestError
from documents.pipeline.analysis.model.scheduler import (
    Delay,
    Outcome,
    Request,
    Run,
    Scheduler,
    Step,
)
from documents.pipeline.analysis.schema import AnalysisFailed

_CUT_SHARE = 0.6  # of the prompt; a server that counts less than that has cut it
_SMALLEST_CONTEXT = 1_000  # below it a count is not to be believed

Answer = TypeVar("Answer", bound=BaseModel)
Asking = Generator[Step, Outcome, Answer]


@dataclass(frozen=True)
class Asked(Generic[Answer]):
    """An answer; `is_first` while the one retry of its question is still unspent."""

    answer: Answer
    is_first: bool


class TooMuch(Exception):
    """The question or its answer was too long for the model."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.is_context = code == "model_rejected"
        detail = "The model server reads too little text at once for this document."
        self.failure = failure(code, detail=detail if self.is_context else None)


def ask(
    scheduler: Scheduler, messages: prompts.Messages, shape: type[Answer], *, chunk: int
) -> Run[Asked[Answer]]:
    """The answer to one question, asked at most twice. Raises AnalysisFailed or TooMuch."""
    try:
        recalled = _recalled(scheduler, messages, shape)
        return recalled or (yield from _ask_twice(scheduler, messages, shape, chunk))
    except ModelRequestError as met:
        error = met
    raise _told(error, scheduler.server.model)


def ask_again(
    scheduler: Scheduler, messages: prompts.Messages, shape: type[Answer], *, chunk: int
) -> Asking[Answer]:
    """The answer to a question that is itself the second try. Raises as `ask` does."""
    try:
        reply = scheduler.recall(messages, shape)
        if reply is None:
            return (yield from _buy(scheduler, messages, shape, chunk))
        scheduler.count(reply, messages)
        return _judged(reply, messages, shape)
    except ModelRequestError as met:
        error = met
    raise _told(error, scheduler.server.model)


def _recalled(
    scheduler: Scheduler, messages: prompts.Messages, shape: type[Answer]
) -> Asked[Answer] | None:
    """An answer paid for before a crash. What could not be used then is asked for anew."""
    for asked in (messages, prompts.corrected(messages)):
        reply = scheduler.recall(asked, shape)
        if reply is None:
            continue
        try:
            answer = _judged(reply, asked, shape)
        except ModelRequestError as error:
            if not error.is_too_large:
                continue
            scheduler.count(reply, asked)
            raise
        scheduler.count(reply, asked)
        return Asked(answer, is_first=asked is messages)
    return None


def _ask_twice(
    scheduler: Scheduler, messages: prompts.Messages, shape: type[Answer], chunk: int
) -> Run[Asked[Answer]]:
    try:
        answer = yield from _buy(scheduler, messages, shape, chunk)
    except ModelRequestError as error:
        if not error.may_pass:
            raise
        first = error
    else:
        return Asked(answer, is_first=True)
    yield Delay(scheduler.server.retry_pause if first.wait is None else first.wait)
    again = prompts.corrected(messages) if first.code == "invalid_answer" else messages
    return Asked((yield from _buy(scheduler, again, shape, chunk)), is_first=False)


def _buy(
    scheduler: Scheduler, messages: prompts.Messages, shape: type[Answer], chunk: int
) -> Asking[Answer]:
    """Send the request, in simpler words for as long as the server asks for them."""
    while True:
        outcome = yield Request(messages, shape, chunk)
        if isinstance(outcome, ModelRequestError):
            if outcome.fallback is None:
                raise outcome
        else:
            return _judged(cast(Reply, outcome), messages, shape)


def _told(error: ModelRequestError, model: str) -> AnalysisFailed | TooMuch:
    if error.is_too_large:
        return TooMuch(error.code)
    return AnalysisFailed(failure_of(error, model))


def failure_of(error: ModelRequestError, model: str) -> Failure:
    """The failure its owner reads; an unknown model is called by its name."""
    if error.code != "model_not_found":
        return failure(error.code)
    detail = f"The model server does not know the model {model}, which ATOM_MODEL names."
    return failure(error.code, detail=f"{detail} {retirement(model)}".strip())


def retirement(model: str) -> str:
    """What is known about the end of a model; empty for most."""
    if model == "gpt-4.1" or model.startswith("gpt-4.1-20"):
        return "OpenAI has announced that gpt-4.1 will be shut down on 2027-01-14."
    return ""


def _judged(reply: Reply, messages: prompts.Messages, shape: type[Answer]) -> Answer:
    """The answer in the reply. Raises ModelRequestError for one that cannot be used."""
    if reply.refused:
        raise ModelRequestError("model_refused")
    if reply.finish_reason == "length":
        raise ModelRequestError("invalid_answer", is_too_large=True)
    if _was_cut(reply, messages):
        raise ModelRequestError("model_rejected", is_too_large=True)
    if reply.finish_reason is None:
        raise ModelRequestError("invalid_answer", may_pass=True)
    with suppress(answers.InvalidAnswer):
        return answers.read(reply.content, shape)
    raise ModelRequestError("invalid_answer", may_pass=True)


def _was_cut(reply: Reply, messages: prompts.Messages) -> bool:
    """Whether the server dropped part of the prompt without a word, as Ollama does.

    Only for text in Latin letters: for other scripts the estimate is too far off to tell.
    """
    if reply.input_tokens is None or reply.input_tokens < _SMALLEST_CONTEXT:
        return False
    text = "".join(message["content"] for message in messages)
    is_latin = len(text.encode()) < 1.1 * len(text)
    return is_latin and reply.input_tokens < _CUT_SHARE * estimate_tokens(text)
