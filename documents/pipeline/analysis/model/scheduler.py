"""Request scheduler: answers are bought, each call written down first, several at once.

A run is a generator. It yields its steps, each a `Request` or a `Delay`, and goes on when that
is over. Only the sending itself happens in threads; every run, the ledger and all sums stay in
the thread that called, so that none of them needs a lock or a database connection of its own.
"""

from __future__ import annotations

import hashlib
import heapq
import json
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar

from pydantic import BaseModel

from documents.pipeline.analysis.chunks import estimate_tokens
from documents.pipeline.analysis.model import answers, client, prices, prompts
from documents.pipeline.analysis.model.capabilities import CapabilityMemory, ServerCapabilities
from documents.pipeline.analysis.model.client import Reply
from documents.pipeline.analysis.model.refusals import ModelRequestError
from documents.pipeline.analysis.schema import Ledger, ModelServer

TICK = 1.0  # seconds between two looks whether anybody still wants the answer


@dataclass(frozen=True)
class Request:
    messages: prompts.Messages
    shape: type[BaseModel]
    chunk: int


@dataclass(frozen=True)
class Delay:
    seconds: float


Result = TypeVar("Result")
Outcome = Reply | ModelRequestError | None
Step = Request | Delay
Run = Generator[Step, Outcome, Result]


@dataclass(frozen=True, eq=False)
class _Sent:
    """A request on its way, and what is needed when its outcome arrives."""

    call: int
    request: Request
    run: Run[Any]
    known: ServerCapabilities
    reserved: Decimal


class Scheduler:
    """Runs what is asked about one document and keeps its sums."""

    def __init__(
        self,
        server: ModelServer,
        capabilities: CapabilityMemory,
        ledger: Ledger,
        tick: Callable[[], None],
    ) -> None:
        self.server = server
        self.capabilities = capabilities
        self.price = prices.price_of(server.model)
        self.calls = self.input_tokens = self.output_tokens = 0
        self.cost = Decimal(0)
        self._ledger = ledger
        self._tick = tick
        self._budget = prices.budget_of(server)
        self._sent: set[_Sent] = set()
        self._arrived: queue.SimpleQueue[tuple[_Sent, Reply | ModelRequestError | Exception]] = (
            queue.SimpleQueue()
        )
        self._delays: list[tuple[float, int, Run[Any]]] = []
        self._delay_number = count()

    @property
    def is_out_of_budget(self) -> bool:
        """Whether what was spent, and what is on its way, uses up the budget."""
        spent = self.cost if self.price else Decimal(self.input_tokens + self.output_tokens)
        return spent + sum(sent.reserved for sent in self._sent) >= self._budget

    @property
    def chunk_tokens(self) -> int:
        """The most a chunk may have, as far as this server has shown."""
        return self.capabilities.known.chunk_tokens or self.server.chunk_tokens * 2

    # Runs

    def run(self, runs: Iterable[Run[Result]]) -> Generator[Result, None, None]:
        """Run them all, a few at once, and give their results as they end.

        A run is only begun, and taken from the iterable, when there is room for it.
        When one fails, no other request is sent; the answers on their way are still paid for,
        so they are waited for and written down.
        """
        waiting = iter(runs)
        try:
            while True:
                while self._has_room and (begun := next(waiting, None)) is not None:
                    yield from self._go_on(begun, None)
                if not self._sent and not self._delays:
                    return
                yield from self._next_step()
        finally:
            self._settle()

    @property
    def _has_room(self) -> bool:
        # Until a server has answered once, one request tells whether the key is good and what
        # it understands as well as four would.
        room = self.server.calls_at_once if self.capabilities.has_answered else 1
        return len(self._sent) + len(self._delays) < room

    def _go_on(self, run: Run[Result], outcome: Outcome) -> Iterator[Result]:
        try:
            step = run.send(outcome)
        except StopIteration as end:
            yield end.value
            return
        if isinstance(step, Delay):
            due = time.monotonic() + step.seconds
            heapq.heappush(self._delays, (due, next(self._delay_number), run))
        else:
            self._send(run, step)

    def _next_step(self) -> Iterator[Any]:
        wait = min(TICK, self._delays[0][0] - time.monotonic()) if self._delays else TICK
        try:
            sent, outcome = self._arrived.get(timeout=max(0.0, wait))
        except queue.Empty:
            if self._delays and self._delays[0][0] <= time.monotonic():
                yield from self._go_on(heapq.heappop(self._delays)[2], None)
            else:
                self._tick()
        else:
            self._close(sent, outcome)
            if isinstance(outcome, Exception) and not isinstance(outcome, ModelRequestError):
                raise outcome
            yield from self._go_on(sent.run, outcome)

    def _settle(self) -> None:
        """Wait for what is on its way, each until its deadline at most, and write it down."""
        self._delays.clear()
        while self._sent:
            sent, outcome = self._arrived.get()
            with suppress(Exception):  # What ended the work is already being told.
                self._close(sent, outcome)

    # Requests

    def _send(self, run: Run[Any], request: Request) -> None:
        call = self._ledger.intend(
            request_hash=self.hash(request.messages, request.shape),
            chunk=request.chunk,
            model=self.server.model,
        )
        reserved = prices.cost_of(_estimate(request.messages), self.server)
        sent = _Sent(call, request, run, self.capabilities.known, reserved)
        self._sent.add(sent)
        # A daemon, unlike the threads of a pool: a worker that stops does not wait for it.
        threading.Thread(target=self._fetch, args=(sent,), name="model call", daemon=True).start()

    def _fetch(self, sent: _Sent) -> None:
        """In a thread of its own: touches the server and nothing else."""
        schema = answers.strict_schema(sent.request.shape)
        try:
            reply = client.send(self.server, sent.request.messages, schema, sent.known)
        except Exception as error:
            self._arrived.put((sent, error))
        else:
            self._arrived.put((sent, reply))

    def _close(self, sent: _Sent, outcome: Reply | Exception) -> None:
        """Write down how a call ended, before anybody looks at its answer: it is paid for."""
        self._sent.discard(sent)
        if isinstance(outcome, Reply):
            self.capabilities.has_answered = True
            self._pay(sent, outcome)
        elif isinstance(outcome, ModelRequestError) and not outcome.maybe_billed:
            self._ledger.failed(sent.call, code=outcome.code)
        else:
            self._ledger.unknown(sent.call)
        if isinstance(outcome, ModelRequestError) and outcome.fallback:
            self.capabilities.fall_back(outcome.fallback, when_known=sent.known)

    def _pay(self, sent: _Sent, reply: Reply) -> None:
        read, written = self._add(reply, sent.request.messages)
        self._ledger.answered(
            sent.call,
            answer=json.dumps(asdict(reply)),
            input_tokens=read,
            output_tokens=written,
            cost_usd=self.price.of(read, written, reply.cached_tokens) if self.price else None,
        )

    def recall(self, messages: prompts.Messages, shape: type[BaseModel]) -> Reply | None:
        """The reply to the same question, if it was paid for before a crash."""
        stored = self._ledger.recall(self.hash(messages, shape))
        return None if stored is None else _restored(stored)

    def count(self, recalled: Reply, messages: prompts.Messages) -> None:
        """An answer from before a crash belongs to the sums of this analysis as well."""
        self._add(recalled, messages)

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

    def hash(self, messages: prompts.Messages, shape: type[BaseModel]) -> str:
        # How the question is put to the server is left out: a restarted worker has forgotten it.
        asked = [self.server.model, messages, answers.strict_schema(shape)]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _restored(stored: str) -> Reply:
    with suppress(ValueError, TypeError):
        return Reply(**json.loads(stored))
    return Reply(stored, "stop", False, None, None, 0)


def _estimate(messages: prompts.Messages) -> int:
    return sum(estimate_tokens(message["content"]) for message in messages)
