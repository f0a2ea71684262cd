"""Retry policy with backoff: one question asked, judged, and asked once more where it may help."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar, cast

from pydantic import BaseModel

from documents.failures import Failure, FailureCode, failure
from documents.pipeline.analysis.chunks import estimate_tokens
from documents.pipeline.analysis.model import answers, prompts
from documents.pipeline.analysis.model.client import Reply
from documents.pipeline.analysis.model.purchases import Purchases, Request
from documents.pipeline.analysis.model.request_errors import ModelRequestError
from documents.pipeline.analysis.model.scheduler import Delay, Run
from documents.pipeline.analysis.schema import AnalysisFailed, ModelServer

_CUT_SHARE = 0.6  # of the prompt; a server that counts less than that has cut it
_SMALLEST_CONTEXT = 1_000  # below it a count is not to be believed

Answer = TypeVar("Answer", bound=BaseModel)


@dataclass(frozen=True)
class Asked(Generic[Answer]):
    """An answer; `is_first` while the one retry of its question is still unspent."""

    answer: Answer
    is_first: bool


class TooMuch(Exception):
    """The question or its answer was too long for the model."""

    def __init__(self, code: FailureCode) -> None:
        super().__init__(code)
        self.is_context = code == FailureCode.MODEL_REJECTED
        detail = "The model server reads too little text at once for this document."
        self.failure = failure(code, detail=detail if self.is_context else None)


def ask(purchases: Purchases, request: Request[Answer]) -> Run[Asked[Answer]]:
    """The answer to one question, asked at most twice. Raises AnalysisFailed or TooMuch."""
    try:
        recalled = _recalled(purchases, request)
        return recalled or (yield from _ask_twice(purchases.server, request))
    except ModelRequestError as met:
        error = met
    raise _final_error(error, purchases.server.model)


def ask_again(purchases: Purchases, request: Request[Answer]) -> Run[Answer]:
    """The answer to a question that is itself the second try. Raises as `ask` does."""
    try:
        reply = purchases.recall(request)
        if reply is None:
            return (yield from _buy(request))
        purchases.count(request, reply)
        return _judged(reply, request)
    except ModelRequestError as met:
        error = met
    raise _final_error(error, purchases.server.model)


def _recalled(purchases: Purchases, request: Request[Answer]) -> Asked[Answer] | None:
    """An answer paid for before a crash. What could not be used then is asked for anew."""
    for asked in (request, _corrected(request)):
        reply = purchases.recall(asked)
        if reply is None:
            continue
        try:
            answer = _judged(reply, asked)
        except ModelRequestError as error:
            if not error.is_too_large:
                continue
            purchases.count(asked, reply)
            raise
        purchases.count(asked, reply)
        return Asked(answer, is_first=asked is request)
    return None


def _ask_twice(server: ModelServer, request: Request[Answer]) -> Run[Asked[Answer]]:
    try:
        answer = yield from _buy(request)
    except ModelRequestError as error:
        if not error.may_pass:
            raise
        first = error
    else:
        return Asked(answer, is_first=True)
    yield Delay(server.retry_pause if first.wait is None else first.wait)
    again = _corrected(request) if first.code == FailureCode.INVALID_ANSWER else request
    return Asked((yield from _buy(again)), is_first=False)


def _corrected(request: Request[Answer]) -> Request[Answer]:
    return replace(request, messages=prompts.corrected(request.messages))


def _buy(request: Request[Answer]) -> Run[Answer]:
    """Send the request, in simpler words for as long as the server asks for them."""
    while True:
        outcome = yield request
        if isinstance(outcome, ModelRequestError):
            if outcome.fallback is None:
                raise outcome
        else:
            return _judged(cast(Reply, outcome), request)


def _final_error(error: ModelRequestError, model: str) -> AnalysisFailed | TooMuch:
    if error.is_too_large:
        return TooMuch(error.code)
    return AnalysisFailed(failure_of(error, model))


def failure_of(error: ModelRequestError, model: str) -> Failure:
    """The failure its owner reads; an unknown model is called by its name."""
    if error.code != FailureCode.MODEL_NOT_FOUND:
        return failure(error.code)
    detail = f"The model server does not know the model {model}, which ATOM_MODEL names."
    return failure(error.code, detail=f"{detail} {retirement(model)}".strip())


def retirement(model: str) -> str:
    """What is known about the end of a model; empty for most."""
    if model == "gpt-4.1" or model.startswith("gpt-4.1-20"):
        return "OpenAI has announced that gpt-4.1 will be shut down on 2027-01-14."
    return ""


def _judged(reply: Reply, request: Request[Answer]) -> Answer:
    """The answer in the reply. Raises ModelRequestError for one that cannot be used."""
    if reply.refused:
        raise ModelRequestError(FailureCode.MODEL_REFUSED)
    # Not once more: it would end at the same place. The chunk is halved instead.
    if reply.finish_reason == "length":
        raise ModelRequestError(FailureCode.INVALID_ANSWER, is_too_large=True)
    if _was_cut(reply, request):
        raise ModelRequestError(FailureCode.MODEL_REJECTED, is_too_large=True)
    # Without a reason to end it may be half an answer.
    if reply.finish_reason is None:
        raise ModelRequestError(FailureCode.INVALID_ANSWER, may_pass=True)
    with suppress(answers.InvalidAnswer):
        return answers.read(reply.content, request.shape)
    raise ModelRequestError(FailureCode.INVALID_ANSWER, may_pass=True)


def _was_cut(reply: Reply, request: Request[Any]) -> bool:
    """Whether the server dropped part of the prompt without a word, as Ollama does.

    Only for text in Latin letters: for other scripts the estimate is too far off to tell.
    """
    if reply.input_tokens is None or reply.input_tokens < _SMALLEST_CONTEXT:
        return False
    text = "".join(message["content"] for message in request.messages)
    is_latin = len(text.encode()) < 1.1 * len(text)
    return is_latin and reply.input_tokens < _CUT_SHARE * estimate_tokens(text)
