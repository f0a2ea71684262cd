"""Cost and budget: what a call costs, and how much of a document may be read for it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from documents.pipeline.analysis import importance
from documents.pipeline.analysis.chunks import Chunk
from documents.pipeline.analysis.model.replies import Reply
from documents.pipeline.analysis.schema import ModelServer

_MILLION = Decimal(1_000_000)
_CENT_FRACTION = Decimal("0.000001")
_SAFETY = Decimal("1.2")  # the estimate of tokens is not exact
_PROMPT_TOKENS = 1_400  # what every request carries beside the document
_ANSWER_TOKENS = 1_500  # what an answer usually takes
_TIER_SHARES = {"flex": Decimal("0.5")}  # of the price, for who does not mind waiting
_DATED = re.compile(r"-\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True)
class Price:
    """USD per million tokens; `cached` is for input the server had read before.

    `written` is for input it keeps for the next time; None: as any other input.
    """

    input: Decimal
    cached: Decimal
    output: Decimal
    written: Decimal | None = None

    def of(
        self, input_tokens: int, output_tokens: int, cached_tokens: int = 0, written_tokens: int = 0
    ) -> Decimal:
        cached = min(cached_tokens, input_tokens)
        written = min(written_tokens, input_tokens - cached)
        plain = input_tokens - cached - written
        total = plain * self.input + cached * self.cached + output_tokens * self.output
        total += written * (self.input if self.written is None else self.written)
        return (total / _MILLION).quantize(_CENT_FRACTION)

    def of_reply(self, read: int, written: int, reply: Reply) -> Decimal:
        """What an answer cost, from the tier it was really served from."""
        cost = self.of(read, written, reply.cached_tokens, reply.cache_write_tokens)
        share = _TIER_SHARES.get(reply.service_tier, Decimal(1))
        return (cost * share).quantize(_CENT_FRACTION)


@cache
def _table() -> dict[str, Any]:
    listed: dict[str, Any] = json.loads(Path(__file__).with_name("prices.json").read_text("utf-8"))
    return listed


@cache
def _prices() -> dict[str, Price]:
    return {
        model: Price(**{kind: Decimal(price) for kind, price in row.items()})
        for model, row in _table()["models"].items()
    }


def listed_price(model: str) -> Price | None:
    """The price of the model, also under a dated name; None where it is not known."""
    return _prices().get(model) or _prices().get(_DATED.sub("", model))


def price_of(server: ModelServer) -> Price | None:
    """The operator's own price, or the one of the table."""
    return Price(*server.price) if server.price else listed_price(server.model)


def ends_of(model: str) -> date | None:
    """The day on which the model is switched off, as far as that was announced."""
    ends = _table()["ends"]
    day = ends.get(model) or ends.get(_DATED.sub("", model))
    return date.fromisoformat(day) if day else None


def within_budget(chunks: Sequence[Chunk], server: ModelServer) -> list[int]:
    """Which chunks, by their places, the budget of one document allows to be read.

    All of them if it can; else those that matter most, as many as it pays for.
    """
    costs = [cost_of(chunk.tokens, server) * _SAFETY for chunk in chunks]
    left = budget_of(server)
    if sum(costs) <= left:
        return list(range(len(chunks)))
    chosen = []
    for place in importance.ranked(chunks):
        if costs[place] <= left:
            chosen.append(place)
            left -= costs[place]
    return sorted(chosen)


def budget_of(server: ModelServer) -> Decimal:
    """What one document may cost: USD, or tokens where the price is not known."""
    if price_of(server):
        return server.max_cost_per_document
    return Decimal(server.max_tokens_per_document)


def cost_of(tokens: int, server: ModelServer) -> Decimal:
    """About what it costs to ask about so many tokens of a document, in what the budget counts."""
    asked = tokens + _PROMPT_TOKENS
    price = price_of(server)
    answer = min(_ANSWER_TOKENS, server.answer_tokens or _ANSWER_TOKENS)
    if price is None:
        return Decimal(asked + answer)
    return price.of(asked, answer) * _TIER_SHARES.get(server.service_tier, Decimal(1))
