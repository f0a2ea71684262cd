"""What one's documents have cost: figures of the ledger, one's own only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from accounts.models import User
from documents import queue, removal
from documents.models import ModelCall

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)


@pytest.fixture
def called(alice: User) -> Any:
    def call(
        state: Any = "answered",
        cost: Any = "0.01",
        *,
        owner: Any = alice,
        days_ago: Any = 0,
        hours: Any = 0,
        document: Any = None,
    ) -> Any:
        paid = state == "answered"
        return ModelCall.objects.create(
            owner=owner,
            document=document,
            attempt=1,
            request_hash="0" * 64,
            chunk=1,
            model="gpt-4.1",
            state=state,
            input_tokens=100 if paid else None,
            output_tokens=10 if paid else None,
            cost_usd=Decimal(cost) if paid and cost else None,
            sent_at=NOON - timedelta(days=days_ago, hours=hours),
        )

    return call


@pytest.fixture
def usage(api: APIClient) -> Any:
    def ask(client: Any = api) -> Any:
        with time_machine.travel(NOON, tick=False):
            return client.get("/usage").json()

    return ask


def test_figures_are_told_per_day_newest_first_and_in_total(called: Any, usage: Any) -> None:
    called()
    called()
    called("failed")
    called("unknown")
    called("intended")
    called(days_ago=2)
    answer = usage()
    assert answer["days"] == [
        {
            "day": "2026-05-20",
            "calls": 5,
            "intended": 1,
            "answered": 2,
            "failed": 1,
            "unknown": 1,
            "input_tokens": 200,
            "output_tokens": 20,
            "cost_usd": "0.020000",
            "unknown_cost_calls": 0,
        },
        answer["days"][1],
    ]
    assert answer["days"][1]["day"] == "2026-05-18"
    assert (answer["total"]["calls"], answer["total"]["cost_usd"]) == (6, "0.030000")


def test_an_unknown_price_is_unknown_and_not_nothing(called: Any, usage: Any) -> None:
    called(cost=None)
    called(cost=None)
    assert usage()["total"]["cost_usd"] is None
    assert usage()["total"]["unknown_cost_calls"] == 2
    called(cost="0.5")
    assert usage()["total"]["cost_usd"] == "0.500000"
    assert usage()["total"]["unknown_cost_calls"] == 2


def test_whoever_called_no_model_has_paid_nothing(usage: Any) -> None:
    answer = usage()
    assert answer["days"] == []
    assert (answer["total"]["calls"], answer["total"]["cost_usd"]) == (0, "0.000000")


def test_days_begin_at_midnight_in_utc_and_end_after_thirty(called: Any, usage: Any) -> None:
    called(hours=12)
    called(hours=13)
    called(days_ago=29, hours=12)
    called(days_ago=29, hours=13)
    days = [row["day"] for row in usage()["days"]]
    assert days == ["2026-05-20", "2026-05-19", "2026-04-21"]


def test_today_tells_what_is_spent_of_which_budget(
    called: Any, usage: Any, settings: Any, alice: User
) -> None:
    called()
    called(days_ago=1)
    assert usage()["today"] == {"spent_usd": "0.010000", "budget_usd": None, "held_until": None}
    settings.ATOM_DAILY_BUDGET_USD_PER_USER = Decimal("0.01")
    with time_machine.travel(NOON, tick=False):
        assert queue.hold_if_used_up(alice.pk)
    assert usage()["today"] == {
        "spent_usd": "0.010000",
        "budget_usd": "0.010000",
        "held_until": "2026-05-21T00:00:00Z",
    }


def test_bob_sees_nothing_of_what_alice_spent(
    called: Any, usage: Any, bobs_api: Any, bob: User
) -> None:
    called()
    assert usage(bobs_api)["days"] == []
    assert usage(bobs_api)["today"]["spent_usd"] == "0.000000"
    called(owner=bob, cost="0.7")
    assert usage(bobs_api)["total"]["cost_usd"] == "0.700000"


def test_strangers_are_told_nothing(client: Any, db: None) -> None:
    assert client.get("/usage").status_code == 401
    assert client.get("/usage/").status_code == 401


def test_a_document_tells_what_all_its_calls_cost(api: APIClient, called: Any, upload: Any) -> None:
    document, other = upload(), upload()
    called(document=document)
    called("unknown", document=document)
    called(document=other)
    told = api.get(f"/documents/{document.pk}").json()["usage"]
    assert (told["calls"], told["unknown"], told["cost_usd"]) == (2, 1, "0.010000")


def test_what_was_spent_on_a_deleted_document_stays_in_the_books(
    called: Any, upload: Any, usage: Any
) -> None:
    document = upload()
    called(document=document)
    removal.delete(document)
    assert usage()["total"]["cost_usd"] == "0.010000"
