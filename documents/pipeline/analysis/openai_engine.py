"""A document read by a model: every chunk asked about, every answer paid for once.

Who waits, asks again, asks for less or gives up is decided here; `openai_call` only sends.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel

from documents.failures import failure
from documents.pipeline.analysis import answers, grounding, merge, openai_call, prices, prompts
from documents.pipeline.analysis.chunks import Chunk, divide, estimate_tokens, halve
from documents.pipeline.analysis.openai_call import Abilities, Reply, Trouble
from documents.pipeline.analysis.proof import ChunkFindings, prove
from documents.pipeline.analysis.schema import (
    AnalysisFailed,
    Findings,
    Ledger,
    ModelServer,
    SourcePage,
)

MOST_SPLITS = 3  # each halves a chunk
MOST_POINTS = 200  # in one request for a summary
_CUT_SHARE = 0.6  # of the prompt; a server that counts less than that has cut it
_SMALLEST_CONTEXT = 1_000  # below it a count is not to be believed
_SUMMARY_CAN_WAIT = frozenset({"invalid_answer", "model_refused", "model_rejected"})

Answer = TypeVar("Answer", bound=BaseModel)

# What each server and model understands, learned while this process runs.
_learned: dict[tuple[str, str], Abilities] = {}


class OpenAIEngine:
    """Analyzes documents with whatever model speaks the OpenAI protocol."""

    name = "openai"
    prompt_version = prompts.PROMPT_VERSION

    def __init__(self, server: ModelServer) -> None:
        self.server = server
        self.model = server.model

    def analyze(
        self,
        pages: Sequence[SourcePage],
        *,
        language: str | None,
        ledger: Ledger,
        on_progress: Callable[[int, int], None],
    ) -> Findings:
        chunks = divide(pages, self.server.chunk_tokens)
        count = prices.affordable(chunks, self.server)
        if chunks and not count:
            raise AnalysisFailed(failure("budget_exceeded"))
        desk = _Desk(self.server, ledger)
        reader = _Reader(desk, grounding.index(pages), language)
        on_progress(0, count)
        parts: list[ChunkFindings] = []
        for number, chunk in enumerate(chunks[:count], start=1):
            if desk.is_out_of_budget:
                count = number - 1
                break
            parts += reader.read(chunk, number)
            on_progress(number, count)
        findings = merge.merge(parts)
        if len(parts) > 1:
            findings.summary = reader.summarize(findings, chunk=count + 1)
        return replace(
            findings,
            pages_not_analyzed=_not_analyzed(chunks[count:]),
            calls=desk.calls,
            input_tokens=desk.input_tokens,
            output_tokens=desk.output_tokens,
            cost_usd=desk.cost if desk.price else None,
        )


def _not_analyzed(chunks: Sequence[Chunk]) -> list[dict[str, Any]]:
    pages = dict.fromkeys(page for chunk in chunks for page in chunk.pages)
    return [{"page": page, "reason": "budget"} for page in pages]


class _Reader:
    """Asks about one chunk after the other, in smaller parts where a whole is too much."""

    def __init__(self, desk: _Desk, found: grounding.Grounding, language: str | None) -> None:
        self._desk = desk
        self._grounding = found
        self._language = language

    def read(self, chunk: Chunk, number: int, splits: int = 0) -> list[ChunkFindings]:
        halves = halve(chunk) if splits < MOST_SPLITS else None
        if halves and chunk.tokens > self._desk.chunk_tokens:
            return self._read_halves(halves, number, splits)
        try:
            messages = prompts.for_chunk(chunk, language=self._language)
            answer = self._desk.ask(messages, answers.ChunkAnswer, chunk=number)
        except _TooMuch as too_much:
            if halves is None:
                raise AnalysisFailed(too_much.failure) from None
            if too_much.is_context:
                self._desk.learn(chunk_tokens=chunk.tokens * 2 // 3)
            return self._read_halves(halves, number, splits)
        return [prove(answer, chunk, self._grounding)]

    def _read_halves(
        self, halves: tuple[Chunk, Chunk], number: int, splits: int
    ) -> list[ChunkFindings]:
        return [part for half in halves for part in self.read(half, number, splits + 1)]

    def summarize(self, findings: Findings, *, chunk: int) -> str:
        """One summary out of verified points; the chunks' own where the model gives none."""
        points = [point.text for point in findings.key_points]
        if len(points) < 2 or self._desk.is_out_of_budget:
            return findings.summary
        try:
            while len(points) > MOST_POINTS:
                shorter = self._reduce_groups(points, chunk)
                if len(shorter) > len(points) // 2:
                    return findings.summary  # A model that does not sum up would be asked forever.
                points = shorter
            return " ".join(self._reduce(points, chunk)) or findings.summary
        except _TooMuch:
            return findings.summary
        except AnalysisFailed as failed:
            if failed.failure.code not in _SUMMARY_CAN_WAIT:
                raise
            return findings.summary

    def _reduce_groups(self, points: Sequence[str], chunk: int) -> list[str]:
        groups = range(0, len(points), MOST_POINTS)
        shorter = [self._reduce(points[at : at + MOST_POINTS], chunk) for at in groups]
        return [sentence for group in shorter for sentence in group]

    def _reduce(self, points: Sequence[str], chunk: int) -> list[str]:
        """Sentences that rest on these points and on nothing else."""
        messages = prompts.for_summary(points, language=self._language)
        answer = self._desk.ask(messages, answers.ReducedSummary, chunk=chunk)
        known = range(1, len(points) + 1)
        return [
            sentence.text
            for sentence in answer.summary
            if sentence.text
            and sentence.source_ids
            and all(i in known for i in sentence.source_ids)
        ]


class _TooMuch(Exception):
    """The question or its answer was too long for the model."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.is_context = code == "model_rejected"
        detail = "The model server reads too little text at once for this document."
        self.failure = failure(code, detail=detail if self.is_context else None)


class _Desk:
    """Buys answers: looks for one already paid for, writes down each call, keeps the sums."""

    def __init__(self, server: ModelServer, ledger: Ledger) -> None:
        self._server = server
        self._ledger = ledger
        self._key = (server.base_url, server.model)
        self.price = prices.price_of(server.model)
        self.calls = self.input_tokens = self.output_tokens = 0
        self.cost = Decimal(0)

    @property
    def is_out_of_budget(self) -> bool:
        if self.price:
            return self.cost >= self._server.max_cost_per_document
        return self.input_tokens + self.output_tokens >= self._server.max_tokens_per_document

    @property
    def chunk_tokens(self) -> int:
        """The most a chunk may have, as far as this server has shown."""
        return self._known.chunk_tokens or self._server.chunk_tokens * 2

    @property
    def _known(self) -> Abilities:
        return _learned.get(self._key, Abilities())

    def learn(self, *, chunk_tokens: int) -> None:
        _learned[self._key] = replace(self._known, chunk_tokens=chunk_tokens)

    def ask(self, messages: prompts.Messages, shape: type[Answer], *, chunk: int) -> Answer:
        """The answer to one question, asked at most twice. Raises AnalysisFailed or _TooMuch."""
        trouble = None
        try:
            recalled = self._recalled(messages, shape)
            return recalled or self._ask_twice(messages, shape, chunk)
        except Trouble as met:
            trouble = met
        if trouble.is_too_large:
            raise _TooMuch(trouble.code)
        raise AnalysisFailed(failure(trouble.code))

    def _recalled(self, messages: prompts.Messages, shape: type[Answer]) -> Answer | None:
        """An answer paid for before a crash. What could not be used then is asked for anew."""
        for asked in (messages, prompts.corrected(messages)):
            stored = self._ledger.recall(self._hash(asked, shape))
            if stored is None:
                continue
            reply = _restored(stored)
            try:
                answer = _judged(reply, asked, shape)
            except Trouble as trouble:
                if not trouble.is_too_large:
                    continue
                self._add(reply, asked)
                raise
            self._add(reply, asked)
            return answer
        return None

    def _ask_twice(self, messages: prompts.Messages, shape: type[Answer], chunk: int) -> Answer:
        try:
            return self._buy(messages, shape, chunk)
        except Trouble as trouble:
            if not trouble.may_pass:
                raise
            first = trouble
        time.sleep(self._server.retry_pause if first.wait is None else first.wait)
        again = prompts.corrected(messages) if first.code == "invalid_answer" else messages
        return self._buy(again, shape, chunk)

    def _buy(self, messages: prompts.Messages, shape: type[Answer], chunk: int) -> Answer:
        """Send the request, in simpler words for as long as the server asks for them."""
        while True:
            call = self._ledger.intend(
                request_hash=self._hash(messages, shape), chunk=chunk, model=self._server.model
            )
            try:
                schema = answers.strict_schema(shape)
                reply = openai_call.send(self._server, messages, schema, self._known)
            except Trouble as trouble:
                if trouble.maybe_billed:
                    self._ledger.unknown(call)
                else:
                    self._ledger.failed(call, code=trouble.code)
                if trouble.lesson is None:
                    raise
                _learned[self._key] = trouble.lesson
            else:
                self._pay(call, reply, messages)
                return _judged(reply, messages, shape)

    def _pay(self, call: int, reply: Reply, messages: prompts.Messages) -> None:
        """Write the answer down before it is looked at: it is paid for, good or not."""
        tokens = self._add(reply, messages)
        self._ledger.answered(
            call,
            answer=json.dumps(asdict(reply)),
            input_tokens=tokens[0],
            output_tokens=tokens[1],
            cost_usd=self.price.of(*tokens, reply.cached_tokens) if self.price else None,
        )

    def _add(self, reply: Reply, messages: prompts.Messages) -> tuple[int, int]:
        read = _estimate(messages) if reply.input_tokens is None else reply.input_tokens
        written = (
            estimate_tokens(reply.content) if reply.output_tokens is None else reply.output_tokens
        )
        self.calls += 1
        self.input_tokens += read
        self.output_tokens += written
        if self.price:
            self.cost += self.price.of(read, written, reply.cached_tokens)
        return read, written

    def _hash(self, messages: prompts.Messages, shape: type[BaseModel]) -> str:
        # How the question is put to the server is left out: a restarted worker has forgotten it.
        asked = [self._server.model, messages, answers.strict_schema(shape)]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _restored(stored: str) -> Reply:
    with suppress(ValueError, TypeError):
        return Reply(**json.loads(stored))
    return Reply(stored, "stop", False, None, None, 0)


def _judged(reply: Reply, messages: prompts.Messages, shape: type[Answer]) -> Answer:
    """The answer in the reply. Raises Trouble for one that cannot be used."""
    if reply.refused:
        raise Trouble("model_refused")
    if reply.finish_reason == "length":
        raise Trouble("invalid_answer", is_too_large=True)
    if _was_cut(reply, messages):
        raise Trouble("model_rejected", is_too_large=True)
    if reply.finish_reason is None:
        raise Trouble("invalid_answer", may_pass=True)
    with suppress(answers.InvalidAnswer):
        return answers.read(reply.content, shape)
    raise Trouble("invalid_answer", may_pass=True)


def _was_cut(reply: Reply, messages: prompts.Messages) -> bool:
    """Whether the server dropped part of the prompt without a word, as Ollama does.

    Only for text in Latin letters: for other scripts the estimate is too far off to tell.
    """
    if reply.input_tokens is None or reply.input_tokens < _SMALLEST_CONTEXT:
        return False
    text = "".join(message["content"] for message in messages)
    is_latin = len(text.encode()) < 1.1 * len(text)
    return is_latin and reply.input_tokens < _CUT_SHARE * _estimate(messages)


def _estimate(messages: prompts.Messages) -> int:
    return sum(estimate_tokens(message["content"]) for message in messages)
