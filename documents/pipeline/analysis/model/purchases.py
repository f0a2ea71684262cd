"""Purchases: what one document buys from a model; ledger entries, sums and its budget.

All of it stays in the thread that analyzes the document: nothing here needs a lock or a
database connection of its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from atom_project import tracing
from documents.pipeline.analysis.chunks import estimate_tokens
from documents.pipeline.analysis.model import answers, prices, prompts
from documents.pipeline.analysis.model.replies import Reply
from documents.pipeline.analysis.model.request_errors import ModelRequestError
from documents.pipeline.analysis.schema import Ledger, ModelServer

Answer = TypeVar("Answer", bound=BaseModel)


@dataclass(frozen=True)
class Request(Generic[Answer]):
    """One question, the shape its answer must have, and the chunk it is entered under."""

    messages: prompts.Messages
    shape: type[Answer]
    chunk: int

    @property
    def tokens(self) -> int:
        """About how many tokens the question has."""
        return sum(estimate_tokens(message["content"]) for message in self.messages)

    @property
    def schema(self) -> Mapping[str, Any]:
        """Of the answer, as strict servers take it."""
        return answers.strict_schema(self.shape)

    def hash(self, model: str) -> str:
        """By which the ledger knows the question, also after a restart."""
        # How it is put to the server is left out: a restarted worker has forgotten that.
        words, schema = json.dumps([model, self.messages]), answers.schema_as_json(self.shape)
        return hashlib.sha256(f"{words[:-1]}, {schema}]".encode()).hexdigest()


@dataclass(frozen=True, eq=False)
class Purchase:
    """A call whose end is not known yet, and the part of the budget it holds reserved."""

    call: int  # in the ledger
    request: Request[Any]
    reserved: Decimal


class Purchases:
    """Enters each call into the ledger and keeps the sums of one document."""

    def __init__(self, server: ModelServer, ledger: Ledger) -> None:
        self.server = server
        self.calls = self.input_tokens = self.output_tokens = 0
        self.prompts_cut = 0
        self._price = prices.price_of(server)
        self._cost = Decimal(0)
        self._budget = prices.budget_of(server)
        self._ledger = ledger
        self._open: set[Purchase] = set()

    @property
    def cost_usd(self) -> Decimal | None:
        """None where the price of the model is not known."""
        return self._cost if self._price else None

    @property
    def is_out_of_budget(self) -> bool:
        """Whether what was spent, and what is on its way, uses up the budget."""
        spent = self._cost if self._price else Decimal(self.input_tokens + self.output_tokens)
        return spent + sum(purchase.reserved for purchase in self._open) >= self._budget

    def has_room_for(self, request: Request[Any]) -> bool:
        """Whether the budget pays for one more question, as far as its cost can be told before."""
        spent = self._cost if self._price else Decimal(self.input_tokens + self.output_tokens)
        return spent + prices.cost_of(request.tokens, self.server) <= self._budget

    def recall(self, request: Request[Any]) -> Reply | None:
        """The reply to the same question, if it was paid for before a crash."""
        stored = self._ledger.recall(request.hash(self.server.model))
        return None if stored is None else _restored(stored)

    def count(self, request: Request[Any], recalled: Reply) -> None:
        """An answer from before a crash belongs to the sums of this analysis as well."""
        self._add(request, recalled)
        tracing.event("answer recalled", {"atom.chunk": request.chunk})

    def intend(self, request: Request[Any]) -> Purchase:
        """Write down that the request is about to be sent."""
        call = self._ledger.intend(
            request_hash=request.hash(self.server.model),
            chunk=request.chunk,
            model=self.server.model,
        )
        purchase = Purchase(call, request, prices.cost_of(request.tokens, self.server))
        self._open.add(purchase)
        return purchase

    def close(self, purchase: Purchase, outcome: Reply | Exception) -> None:
        """Write down how a call ended, before anybody looks at its answer: it is paid for."""
        self._open.discard(purchase)
        if isinstance(outcome, Reply):
            self._pay(purchase, outcome)
        elif isinstance(outcome, ModelRequestError) and not outcome.maybe_billed:
            self._ledger.failed(purchase.call, code=outcome.code)
        else:
            self._ledger.unknown(purchase.call)

    def _pay(self, purchase: Purchase, reply: Reply) -> None:
        read, written = self._add(purchase.request, reply)
        self._ledger.answered(
            purchase.call,
            answer=json.dumps(asdict(reply)),
            input_tokens=read,
            output_tokens=written,
            cost_usd=self._price.of_reply(read, written, reply) if self._price else None,
        )

    def _add(self, request: Request[Any], reply: Reply) -> tuple[int, int]:
        read = request.tokens if reply.input_tokens is None else reply.input_tokens
        written = (
            estimate_tokens(reply.content) if reply.output_tokens is None else reply.output_tokens
        )
        self.calls += 1
        self.input_tokens += read
        self.output_tokens += written
        if self._price:
            self._cost += self._price.of_reply(read, written, reply)
        return read, written


def _restored(stored: str) -> Reply:
    with suppress(ValueError, TypeError):
        return Reply(**json.loads(stored))
    return Reply(stored, "stop", False, None, None, 0)
