"""Cost and budget: what a call costs, and how much of a document may be read for it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from documents.pipeline.analysis import importance
from documents.pipeline.analysis.chunks import Chunk
from documents.pipeline.analysis.schema import ModelServer

_MILLION = Decimal(1_000_000)
_CENT_FRACTION = Decimal("0.000001")
_SAFETY = Decimal("1.2")  # the estimate of tokens is not exact
_PROMPT_TOKENS = 1_400  # what every request carries beside the document
_ANSWER_TOKENS = 1_500  # what an answer usually takes
_DATED = re.compile(r"-\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True)
class Price:
    """USD per million tokens; `cached` is for input the server had read before."""

    input: Decimal
    cached: Decimal
    output: Decimal

    def of(self, input_tokens: int, output_tokens: int, cached_tokens: int = 0) -> Decimal:
        cached = min(cached_tokens, input_tokens)
        total = (input_tokens - cached) * self.input + cached * self.cached
        return ((total + output_tokens * self.output) / _MILLION).quantize(_CENT_FRACTION)


@cache
def _prices() -> dict[str, Price]:
    listed = json.loads(Path(__file__).with_name("prices.json").read_text("utf-8"))["models"]
    return {
        model: Price(**{kind: Decimal(price) for kind, price in row.items()})
        for model, row in listed.items()
    }


def price_of(model: str) -> Price | None:
    """The price of the model, also under a dated name; None where it is not known."""
    return _prices().get(model) or _prices().get(_DATED.sub("", model))


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
    if price_of(server.model):
        return server.max_cost_per_document
    return Decimal(server.max_tokens_per_document)


def cost_of(tokens: int, server: ModelServer) -> Decimal:
    """About what it costs to ask about so many tokens of a document, in what the budget counts."""
    asked = tokens + _PROMPT_TOKENS
    price = price_of(server.model)
    return price.of(asked, _ANSWER_TOKENS) if price else Decimal(asked + _ANSWER_TOKENS)
