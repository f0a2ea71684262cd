import re
from dataclasses import replace
from decimal import Decimal
from json import loads
from pathlib import Path

import pytest

from documents.pipeline.analysis import ModelServer, SourcePage
from documents.pipeline.analysis.chunks import divide
from documents.pipeline.analysis.model import prices, replies
from documents.pipeline.analysis.model.replies import Reply

PAGES = [SourcePage(number, "Some words stand here. " * 200) for number in range(1, 11)]
CHUNKS = divide(PAGES, 1_000)


def server(model="gpt-4.1", **limits):
    return ModelServer("", "", model, **limits)


def test_a_call_costs_what_was_read_and_written():
    price = prices.listed_price("gpt-4.1")
    assert price.of(1_000_000, 100_000) == Decimal("2.80")


def test_what_the_server_had_read_before_costs_less():
    price = prices.listed_price("gpt-4.1")
    assert price.of(1_000_000, 0, 1_000_000) == Decimal("0.50")
    assert price.of(1_000_000, 0, 9_000_000) == Decimal("0.50")


def test_a_dated_name_has_the_price_of_its_model():
    assert prices.listed_price("gpt-4.1-2025-04-14") == prices.listed_price("gpt-4.1")


@pytest.mark.parametrize("model", ["llama3", "gpt-4.1-nano-free", ""])
def test_an_unknown_price_is_not_nothing(model):
    assert prices.listed_price(model) is None


def test_the_prices_say_where_they_were_read():
    listed = loads(Path(prices.__file__).with_name("prices.json").read_text("utf-8"))
    assert re.search(r"\d+\.\d+\.\d+", listed["source"])
    assert all(prices.listed_price(model) for model in listed["models"])


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


def test_the_prices_have_a_date():
    listed = loads(Path(prices.__file__).with_name("prices.json").read_text("utf-8"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", listed["as_of"])


def test_a_price_of_ones_own_comes_before_the_table():
    own = tuple(map(Decimal, ("3", "1", "9")))
    assert prices.price_of(server("llama3", price=own)) == prices.Price(*own)
    assert prices.price_of(server("gpt-4.1", price=own)).of(1_000_000, 0) == 3


def test_what_is_kept_for_the_next_time_costs_more():
    price = prices.listed_price("gpt-6-luna")
    assert price.of(1_000_000, 0, 0, 1_000_000) == Decimal("0.125")
    assert price.of(1_000_000, 0, 400_000, 9_000_000) == Decimal("0.079")
    assert prices.listed_price("gpt-4.1").of(1_000_000, 0, 0, 1_000_000) == 2


def test_flex_costs_half_where_it_was_really_served():
    price = prices.listed_price("gpt-4.1")
    counts = {"input_tokens": 1_000_000, "output_tokens": 0, "cached_tokens": 0}
    reply = Reply("", "stop", False, **counts)
    assert price.of_reply(1_000_000, 0, replace(reply, service_tier="flex")) == 1
    assert price.of_reply(1_000_000, 0, replace(reply, service_tier="default")) == 2
    assert prices.cost_of(1_000, server(service_tier="flex")) * 2 == prices.cost_of(1_000, server())


@pytest.mark.parametrize(
    ("usage", "written"),
    [
        ({"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}, 5),
        ({"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 115}, 105),
        ({"prompt_tokens": 10, "completion_tokens": 5}, 5),
        ({}, None),
    ],
)
def test_what_was_thought_is_counted_as_written(usage, written):
    assert replies.read({"usage": usage}).output_tokens == written


def test_tokens_kept_for_the_next_time_are_read_from_the_usage():
    details = {"cached_tokens": 3, "cache_write_tokens": 4}
    reply = replies.read({"usage": {"prompt_tokens_details": details}, "service_tier": "flex"})
    assert (reply.cached_tokens, reply.cache_write_tokens, reply.service_tier) == (3, 4, "flex")


@pytest.mark.parametrize("count", [-1, True, "12", 12.5, 2**31 - 1, 10**30, None])
def test_a_count_that_cannot_be_is_none(count):
    usage = {"prompt_tokens": count, "completion_tokens": count, "total_tokens": count}
    reply = replies.read({"usage": usage})
    assert (reply.input_tokens, reply.output_tokens) == (None, None)
