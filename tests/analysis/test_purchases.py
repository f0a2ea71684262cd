"""What a document buys: entered before it is sent, added up, and found again after a crash."""

from decimal import Decimal

import pytest
from pydantic import BaseModel

from documents.pipeline.analysis import ModelServer
from documents.pipeline.analysis.model.client import Reply
from documents.pipeline.analysis.model.purchases import Purchases, Request
from documents.pipeline.analysis.model.request_errors import ModelRequestError


class Word(BaseModel):
    word: str


QUESTION = Request([{"role": "user", "content": "Which word?"}], Word, 3)
REPLY = Reply("harbor", "stop", False, 100, 10, 0)


@pytest.fixture
def buying(ledger):
    def purchases(**limits):
        return Purchases(ModelServer("http://x/v1", "", **limits), ledger)

    return purchases


def test_a_question_keeps_its_hash_from_one_release_to_the_next():
    """Another hash for the same question would buy again what a crash left unread."""
    assert QUESTION.hash("m") == "241c3a7a56f83fdec262c363b1d862e4d7219f13b4f39cce1d3ec3c939585357"


def test_the_hash_knows_the_model_and_not_the_chunk():
    assert QUESTION.hash("m") != QUESTION.hash("n")
    assert Request(QUESTION.messages, Word, 9).hash("m") == QUESTION.hash("m")


def test_an_answer_is_recalled_as_it_came(buying):
    bought = buying()
    bought.close(bought.intend(QUESTION), REPLY)
    assert buying().recall(QUESTION) == REPLY


def test_an_answer_stored_as_plain_text_is_recalled_too(buying, ledger):
    ledger.entries.append([QUESTION.hash("gpt-4.1"), "answered", {"answer": "harbor"}])
    assert buying().recall(QUESTION).content == "harbor"


def test_a_recalled_answer_belongs_to_the_sums_and_not_to_the_ledger(buying, ledger):
    purchases = buying()
    purchases.count(QUESTION, REPLY)
    assert (purchases.calls, purchases.input_tokens, purchases.output_tokens) == (1, 100, 10)
    assert purchases.cost_usd > 0
    assert ledger.entries == []


def test_a_call_on_its_way_holds_its_part_of_the_budget(buying):
    purchases = buying(max_cost_per_document=Decimal("0.01"))
    on_its_way = purchases.intend(QUESTION)
    assert purchases.is_out_of_budget
    purchases.close(on_its_way, REPLY)
    assert not purchases.is_out_of_budget


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (REPLY, "answered"),
        (ModelRequestError("key_rejected"), "failed"),
        (ModelRequestError("model_unavailable", maybe_billed=True), "unknown"),
        (RuntimeError(), "unknown"),
    ],
)
def test_each_end_of_a_call_is_written_down(buying, ledger, outcome, state):
    purchases = buying()
    purchases.close(purchases.intend(QUESTION), outcome)
    assert ledger.states == [state]


def test_without_a_price_tokens_are_the_budget_and_the_cost_is_unknown(buying):
    purchases = buying(model="llama3", max_tokens_per_document=100)
    purchases.count(QUESTION, REPLY)
    assert purchases.is_out_of_budget
    assert purchases.cost_usd is None
