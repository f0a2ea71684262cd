"""Request scheduler: what is asked about one document, with bounded concurrency.

A run is a generator. It yields its steps, each a `Request` or a `Delay`, and goes on when that
is over. Only the sending itself happens in threads; every run, and all that is written down
about it, stays in the thread that called.
"""

from __future__ import annotations

import heapq
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

from atom_project import tracing
from documents.pipeline.analysis.model import call_spans, client, context
from documents.pipeline.analysis.model.capabilities import CapabilityMemory, ServerCapabilities
from documents.pipeline.analysis.model.purchases import Purchase, Purchases, Request
from documents.pipeline.analysis.model.replies import Reply
from documents.pipeline.analysis.model.request_errors import ModelRequestError

TICK = 1.0  # seconds between two looks whether anybody still wants the answer


@dataclass(frozen=True)
class Delay:
    """A backoff: the run goes on when it is over, and keeps its place until then."""

    seconds: float


Result = TypeVar("Result")
Outcome = Reply | ModelRequestError | None
Step = Request[Any] | Delay
Run = Generator[Step, Outcome, Result]


@dataclass(frozen=True, eq=False)
class _Sent:
    """A request on its way, and what is needed when its outcome arrives."""

    purchase: Purchase
    run: Run[Any]
    known: ServerCapabilities
    span: tracing.Span


class Scheduler:
    """Goes on with runs as their answers arrive and their delays end."""

    def __init__(
        self, purchases: Purchases, capabilities: CapabilityMemory, tick: Callable[[], None]
    ) -> None:
        self._server = purchases.server
        self._purchases = purchases
        self._capabilities = capabilities
        self._tick = tick
        self._sent: set[_Sent] = set()
        self._arrived: queue.SimpleQueue[tuple[_Sent, Reply | Exception]] = queue.SimpleQueue()
        self._delays: list[tuple[float, int, Run[Any]]] = []
        self._delay_number = count()

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
                    yield from self._resume(begun, None)
                if not self._sent and not self._delays:
                    return
                yield from self._await_next()
        finally:
            self._settle()

    @property
    def _has_room(self) -> bool:
        # Until a server has answered once, one request tells whether the key is good and what
        # it understands as well as four would.
        allowed = self._capabilities.calls_at_once or self._server.calls_at_once
        room = allowed if self._capabilities.has_answered else 1
        return len(self._sent) + len(self._delays) < room

    def _resume(self, run: Run[Result], outcome: Outcome) -> Iterator[Result]:
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

    def _await_next(self) -> Iterator[Any]:
        wait = min(TICK, self._delays[0][0] - time.monotonic()) if self._delays else TICK
        try:
            sent, outcome = self._arrived.get(timeout=max(0.0, wait))
        except queue.Empty:
            if self._delays and self._delays[0][0] <= time.monotonic():
                yield from self._resume(heapq.heappop(self._delays)[2], None)
            else:
                self._tick()
        else:
            self._close(sent, outcome)
            if isinstance(outcome, Exception) and not isinstance(outcome, ModelRequestError):
                raise outcome
            yield from self._resume(sent.run, outcome)

    def _settle(self) -> None:
        """Wait for what is on its way, each until its deadline at most, and write it down."""
        self._delays.clear()
        while self._sent:
            sent, outcome = self._arrived.get()
            with suppress(Exception):  # What ended the work is already being told.
                self._close(sent, outcome)

    def _send(self, run: Run[Any], request: Request[Any]) -> None:
        purchase = self._purchases.intend(request)
        span = call_spans.begin(self._server, purchase)
        sent = _Sent(purchase, run, self._capabilities.known, span)
        self._sent.add(sent)
        # A daemon, unlike the threads of a pool: a worker that stops does not wait for it.
        threading.Thread(target=self._fetch, args=(sent,), name="model call", daemon=True).start()

    def _fetch(self, sent: _Sent) -> None:
        """In a thread of its own: touches the server, its span and nothing else."""
        request = sent.purchase.request
        schema = request.schema
        try:
            server = context.fitted(self._server, self._capabilities)
            outcome: Reply | Exception = client.send(server, request.messages, schema, sent.known)
        except Exception as error:
            outcome = error
        try:
            call_spans.end(sent.span, self._server, outcome)
        finally:
            self._arrived.put((sent, outcome))

    def _close(self, sent: _Sent, outcome: Reply | Exception) -> None:
        self._sent.discard(sent)
        if isinstance(outcome, Reply):
            self._capabilities.note_answer(outcome.output_tokens, outcome.seconds)
        elif isinstance(outcome, ModelRequestError) and outcome.is_late:
            outcome.speed = self._capabilities.speed
        self._purchases.close(sent.purchase, outcome)
        if isinstance(outcome, ModelRequestError) and outcome.fallback:
            self._capabilities.fall_back(outcome.fallback, when_known=sent.known)
