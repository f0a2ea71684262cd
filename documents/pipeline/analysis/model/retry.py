"""Retry policy with backoff: one question asked, judged, and asked once more where it may help."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar, cast

from pydantic import BaseModel

from documents.failures import Failure, FailureCode
from documents.pipeline.analysis.chunks import estimate_tokens
from documents.pipeline.analysis.model import answers, failures, prompts
from documents.pipeline.analysis.model.error_bodies import Limits
from documents.pipeline.analysis.model.purchases import Purchases, Request
from documents.pipeline.analysis.model.replies import Reply
from documents.pipeline.analysis.model.request_errors import NO_LIMITS, ModelRequestError
from documents.pipeline.analysis.model.scheduler import Delay, Run
from documents.pipeline.analysis.schema import AnalysisFailed, ModelServer

LONG_QUESTION = 3_500  # tokens; a shorter one is asked again as it is when it was late
# Of the prompt as estimated; a server that counts less than that has cut it, whatever its
# tokenizer. The finer look is that of `sight`.
_CUT_SHARE = {True: 0.6, False: 0.35}  # by whether the text is in Latin letters
_SMALLEST_CONTEXT = 1_000  # below it a count is not to be believed

Answer = TypeVar("Answer", bound=BaseModel)


@dataclass(frozen=True)
class Asked(Generic[Answer]):
    """An answer; `is_first` while the one retry of its question is still unspent."""

    answer: Answer
    is_first: bool
    reply: Reply


class TooMuch(Exception):
    """The question or its answer was too long for the model, or may have been."""

    def __init__(
        self,
        why: Failure,
        limits: Limits = NO_LIMITS,
        *,
        is_cut: bool = False,
        is_doubtful: bool = False,
    ) -> None:
        super().__init__(why.code)
        self.is_context = why.code == FailureCode.MODEL_REJECTED
        self.is_slow = why.code == FailureCode.MODEL_TOO_SLOW
        self.failure = why
        self.is_cut = is_cut  # by the server, in silence
        self.is_doubtful = is_doubtful  # whether it was; asking in halves will tell
        self.limits = limits


def ask(purchases: Purchases, request: Request[Answer]) -> Run[Asked[Answer]]:
    """The answer to one question, asked at most twice. Raises AnalysisFailed or TooMuch."""
    try:
        recalled = _recalled(purchases, request)
        return recalled or (yield from _ask_twice(purchases.server, request))
    except ModelRequestError as met:
        error = met
    raise _final_error(error, purchases.server)


def ask_again(purchases: Purchases, request: Request[Answer]) -> Run[Asked[Answer]]:
    """The answer to a question that is itself the second try. Raises as `ask` does."""
    try:
        reply = purchases.recall(request)
        if reply is None:
            return (yield from _buy(request, is_first=False))
        purchases.count(request, reply)
        return Asked(_judged(reply, request), is_first=False, reply=reply)
    except ModelRequestError as met:
        error = met
    raise _final_error(error, purchases.server)


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
        return Asked(answer, is_first=asked is request, reply=reply)
    return None


def _ask_twice(server: ModelServer, request: Request[Answer]) -> Run[Asked[Answer]]:
    try:
        return (yield from _buy(request, is_first=True))
    except ModelRequestError as error:
        # What is late can be asked in parts, which are answered sooner than the whole once more.
        if not error.may_pass or (error.is_late and request.tokens > LONG_QUESTION):
            raise
        first = error
    yield Delay(server.retry_pause if first.wait is None else first.wait)
    again = _corrected(request) if first.code == FailureCode.INVALID_ANSWER else request
    return (yield from _buy(again, is_first=False))


def _corrected(request: Request[Answer]) -> Request[Answer]:
    return replace(request, messages=prompts.corrected(request.messages))


def _buy(request: Request[Answer], *, is_first: bool) -> Run[Asked[Answer]]:
    """Send the request, in simpler words for as long as the server asks for them."""
    while True:
        outcome = yield request
        if isinstance(outcome, ModelRequestError):
            if outcome.fallback is None:
                raise outcome
        else:
            reply = cast(Reply, outcome)
            return Asked(_judged(reply, request), is_first, reply)


def _final_error(error: ModelRequestError, server: ModelServer) -> AnalysisFailed | TooMuch:
    why = failures.failure_of(error, server)
    if error.is_too_large or error.is_late:
        return TooMuch(why, error.limits, is_cut=error.is_cut)
    return AnalysisFailed(why)


def _judged(reply: Reply, request: Request[Answer]) -> Answer:
    """The answer in the reply. Raises ModelRequestError for one that cannot be used."""
    if reply.refused:
        raise ModelRequestError(FailureCode.MODEL_REFUSED)
    # Before its length: half the question would be thought about as long.
    if reply.is_only_thoughts:
        raise ModelRequestError(FailureCode.ONLY_THOUGHTS)
    # Not once more: it would end at the same place. The chunk is halved instead.
    if reply.finish_reason == "length":
        raise ModelRequestError(FailureCode.INVALID_ANSWER, is_too_large=True)
    if _was_cut(reply, request):
        seen = Limits(context=reply.input_tokens)
        raise ModelRequestError(
            FailureCode.MODEL_REJECTED, is_too_large=True, is_cut=True, limits=seen
        )
    # Without a reason to end it may be half an answer.
    if reply.finish_reason is None:
        raise ModelRequestError(FailureCode.INVALID_ANSWER, may_pass=True)
    with suppress(answers.InvalidAnswer):
        return answers.read(reply.content, request.shape)
    raise ModelRequestError(FailureCode.INVALID_ANSWER, may_pass=True)


def _was_cut(reply: Reply, request: Request[Any]) -> bool:
    """Whether the server plainly dropped part of the prompt without a word, as Ollama does."""
    if reply.input_tokens is None or reply.input_tokens < _SMALLEST_CONTEXT:
        return False
    text = "".join(message["content"] for message in request.messages)
    is_latin = len(text.encode()) < 1.1 * len(text)
    return reply.input_tokens < _CUT_SHARE[is_latin] * estimate_tokens(text)
