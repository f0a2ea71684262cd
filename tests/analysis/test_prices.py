import re
from decimal import Decimal
from json import loads
from pathlib import Path

import pytest

from documents.pipeline.analysis import ModelServer, SourcePage
from documents.pipeline.analysis.chunks import divide
from documents.pipeline.analysis.model import prices

PAGES = [SourcePage(number, "Some words stand here. " * 200) for number in range(1, 11)]
CHUNKS = divide(PAGES, 1_000)


def server(model="gpt-4.1", **limits):
    return ModelServer("", "", model, **limits)


def test_a_call_costs_what_was_read_and_written():
    price = prices.price_of("gpt-4.1")
    assert price.of(1_000_000, 100_000) == Decimal("2.80")


def test_what_the_server_had_read_before_costs_less():
    price = prices.price_of("gpt-4.1")
    assert price.of(1_000_000, 0, 1_000_000) == Decimal("0.50")
    assert price.of(1_000_000, 0, 9_000_000) == Decimal("0.50")


def test_a_dated_name_has_the_price_of_its_model():
    assert prices.price_of("gpt-4.1-2025-04-14") == prices.price_of("gpt-4.1")


@pytest.mark.parametrize("model", ["llama3", "gpt-4.1-nano-free", ""])
def test_an_unknown_price_is_not_nothing(model):
    assert prices.price_of(model) is None


def test_the_prices_say_where_they_were_read():
    listed = loads(Path(prices.__file__).with_name("prices.json").read_text("utf-8"))
    assert re.search(r"\d+\.\d+\.\d+", listed["source"])
    assert all(prices.price_of(model) for model in listed["models"])


def test_a_document_within_its_budget_is_read_whole():
    assert prices.within_budget(CHUNKS, server()) == list(range(len(CHUNKS)))


def test_a_document_over_its_budget_is_read_in_part():
    # A chunk: (900 + 1,400) tokens in, 1,500 out, and a fifth on top: about 0.02 USD.
    chosen = prices.within_budget(CHUNKS, server(max_cost_per_document=Decimal("0.07")))
    assert 0 < len(chosen) < len(CHUNKS)
    assert chosen == sorted(chosen)
    assert prices.within_budget(CHUNKS, server(max_cost_per_document=Decimal("0.001"))) == []


def test_tokens_are_the_budget_where_no_price_is_known():
    assert len(prices.within_budget(CHUNKS, server("llama3"))) == len(CHUNKS)
    few = server("llama3", max_tokens_per_document=10_000)
    assert 0 < len(prices.within_budget(CHUNKS, few)) < len(CHUNKS)
