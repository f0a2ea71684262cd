"""What documents add up to: counts that lead to what was counted, and charts said in words."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from documents import removal
from documents.models import Classification, Document, ModelCall
from documents.overview import charts, figures
from tests.api.conftest import analyzed
from tests.todo.conftest import found

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def paper(asks: Any) -> Any:
    """An analyzed document of this kind, tone and topics."""

    def make(
        kind: str | None, tone: str = "mixed", topics: Any = ("budget",), **who: Any
    ) -> Document:
        document = asks(**who).document
        result = found(sentiment=tone, topics=list(topics))
        result["findings"] = {**result["findings"], "document_kind": kind}
        analyzed(document, result)
        return document

    return make


def call(
    owner: User,
    *,
    days_ago: int = 0,
    model: str = "gpt-4.1",
    cost: str | None = "0.5",
    state: str = "answered",
) -> None:
    made = ModelCall.objects.create(
        owner=owner,
        attempt=1,
        request_hash="0" * 64,
        chunk=1,
        model=model,
        state=state,
        input_tokens=9000,
        output_tokens=100,
        cost_usd=Decimal(cost) if cost else None,
    )
    sent_at = timezone.now() - timedelta(days=days_ago)
    ModelCall.objects.filter(pk=made.pk).update(sent_at=sent_at)


def test_counts_are_of_the_newest_analysis_and_lead_to_what_was_counted(
    browser: Client, api: APIClient, paper: Any, upload: Any, alice: User
) -> None:
    first = paper("invoice", topics=["Budget", "rent"])
    paper("invoice", topics=["budget"])
    paper("letter")
    paper(None)
    removal.delete(paper("minutes"))
    upload("waits.txt")
    analyzed(first, {**found(), "topics": ["rent"]})
    assert figures.kinds(alice) == {"invoice": 1, "letter": 1, "": 2}
    assert figures.topics(alice) == [("budget", 3), ("rent", 1)]
    page = browser.get("/overview").content.decode()
    for link, count in (("/?status=pending", 1), ("/?kind=invoice", 1), ("/?status=completed", 4)):
        assert f'href="{link}"' in page
        shown = browser.get(link).content.decode()
        assert shown.count('class="document-row"') == count, link
    assert api.get("/documents?kind=invoice").json()["count"] == 1
    refused = api.get("/documents?kind=poem").json()
    assert refused["code"] == "unknown_kind"


def test_a_kind_stays_chosen_beside_status_and_words(browser: Client, paper: Any) -> None:
    paper("invoice")
    page = browser.get("/?kind=invoice").content.decode()
    assert "?kind=invoice&amp;status=failed" in page
    assert '<input type="hidden" name="kind" value="invoice">' in page
    assert "Kind: invoice, receipt or form" in page


def test_nothing_of_others_is_counted(browser: Client, paper: Any, bob: User, asks: Any) -> None:
    paper("invoice", topics=["bobs topic"], owner=bob)
    asks(("bobs task", "Bob", "2026-03-17"), owner=bob)
    call(bob, model="bobs-model")
    overview = browser.get("/overview").content.decode()
    assert "Nothing to look over yet" in overview
    paper("letter", topics=["mine"])
    pages = browser.get("/overview").content.decode() + browser.get("/my-usage").content.decode()
    assert "mine" in pages
    assert not re.search("bobs|invoice|0.5", pages)


@time_machine.travel("2026-03-18T12:00:00Z", tick=False)
def test_tones_are_counted_by_week_and_drawn_as_said(
    browser: Client, paper: Any, alice: User
) -> None:
    for tone in ("positive", "positive", "negative"):
        paper("letter", tone)
    monday = timezone.now() - timedelta(days=2, hours=12)
    Classification.objects.filter(tone="negative").update(analyzed_at=monday)
    Classification.objects.filter(tone="positive").update(
        analyzed_at=monday - timedelta(microseconds=1)
    )
    weeks = list(figures.tones(alice).values())
    assert weeks[-1]["negative"] == 1
    assert weeks[-2]["positive"] == 2
    page = browser.get("/overview").content.decode()
    [markup] = re.findall(r"<svg class=\"chart chart--tone.*?</svg>", page, re.DOTALL)
    drawn = ET.fromstring(markup.replace("<svg", f'<svg xmlns="{SVG[1:-1]}"', 1))
    assert drawn.get("role") == "img"
    labels = (drawn.get("aria-labelledby") or "").split()
    told = {
        each.get("id"): each.text for each in drawn if each.tag in {f"{SVG}title", f"{SVG}desc"}
    }
    assert [told[label] for label in labels] == [
        "Tone of documents by week",
        "Of 3 documents analyzed in the last 12 weeks: 2 positive, 1 negative.",
    ]
    heights = {
        (rect.get("class") or "").split("--")[1]: float(rect.get("height", 0))
        for rect in drawn.iter(f"{SVG}rect")
    }
    assert heights == {"positive": 96.0, "negative": 48.0}
    assert "style=" not in markup


def test_parts_stand_on_each_other_and_within_the_drawing() -> None:
    chart = charts.columns(
        *("id",),
        title="t",
        told="t",
        names=["a", "b"],
        highest="3",
        columns=[{"x": 1, "y": 2}, {"x": 0, "y": 0}],
    )
    lower, upper = chart.parts
    assert (lower.y + lower.height, upper.y + upper.height) == (charts.BOTTOM, lower.y)
    assert upper.y == charts.TOP
    assert not chart.is_empty
    assert charts.columns("i", title="", told="", names=[], highest="", columns=[]).is_empty


def test_usage_tells_day_model_budget_and_quota(
    browser: Client, alice: User, settings: Any, upload: Any
) -> None:
    settings.ATOM_DAILY_BUDGET_USD_PER_USER = Decimal("2")
    settings.ATOM_MAX_DOCUMENTS_PER_USER = 4
    upload()
    call(alice)
    call(alice, days_ago=1, model="gpt-6-luna", cost=None)
    call(alice, days_ago=40, model="long-ago")
    page = browser.get("/my-usage").content.decode()
    words = re.sub(r"<[^>]*>|\s+", " ", page)
    words = re.sub(r"\s+", " ", words)
    assert "Spent today (UTC) $0.5000 of $2.00" in words
    assert "Documents 1 of 4" in words
    assert "gpt-4.1 1 9,000 100 0.5000" in words
    assert "gpt-6-luna 1 9,000 100 not known" in words
    assert "long-ago" not in words
    assert 'max="100" value="25"' in page
    assert 'href="/usage"' in page


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


@pytest.mark.parametrize("state", ["answered", "unknown"])
def test_a_cost_that_nobody_knows_is_not_told_as_nothing(
    browser: Client, alice: User, paper: Any, state: str
) -> None:
    paper("invoice")
    call(alice, model="local", cost=None, state=state)
    call(alice, model="local", cost=None, state=state)
    for address in ("/overview", "/my-usage"):
        words = words_of(browser.get(address).content.decode())
        assert "The cost of 2 calls in the last 30 days is not known." in words
        assert "Nothing was spent" not in words
    assert "Spent today (UTC) not known" in words
    assert "30 days 2 18,000 200 not known" in words


def test_a_cost_that_is_known_in_part_says_so(browser: Client, alice: User, paper: Any) -> None:
    paper("invoice")
    call(alice, cost="0.12")
    call(alice, model="local", cost=None)
    told = "your documents cost $0.1200, at most $0.1200 in a day, without 1 call of unknown price."
    for address in ("/overview", "/my-usage"):
        words = words_of(browser.get(address).content.decode())
        assert told in words
        assert "0.1200, in part" in words
    assert "Spent today (UTC) $0.1200 in part" in words
    assert "30 days 2 18,000 200 0.1200, in part" in words


def test_nothing_is_spent_where_nothing_was_asked_or_all_is_free(
    browser: Client, alice: User, paper: Any
) -> None:
    paper("invoice")
    assert "Nothing was spent" in browser.get("/overview").content.decode()
    call(alice, cost="0")
    words = words_of(browser.get("/my-usage").content.decode())
    assert "Nothing was spent" in words
    assert "30 days 1 9,000 100 0.0000" in words


def test_pages_take_no_more_queries_with_many_documents(
    browser: Client, paper: Any, alice: User, django_assert_max_num_queries: Any
) -> None:
    for kind in ("invoice", "letter", "minutes"):
        paper(kind)
        call(alice)
    with django_assert_max_num_queries(11):
        browser.get("/overview")
    with django_assert_max_num_queries(8):
        browser.get("/my-usage")
