"""A row says of itself, quickly, what Django's filters would say of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import reverse, set_script_prefix

from documents.dashboard import list_row, rows
from documents.dashboard.list_row import Addresses
from documents.models import Document
from tests.dashboard.html import Html

Make = Callable[..., Document]


def filtered(expression: str, value: object) -> str:
    return Template("{{ value|" + expression + " }}").render(Context({"value": value}))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "short",
        "x" * 240,
        "x" * 241,
        "words " * 60,
        "é" * 241,
        "e\u0301" * 240,
        "e\u0301" * 250,
        "x" * 239 + "…" + "y",
        "漢字" * 130,
    ],
)
def test_a_summary_is_cut_where_the_filter_cuts_it(text: str) -> None:
    assert list_row._shortened(text) == filtered("truncatechars:240", text)


@pytest.mark.parametrize("month", range(1, 13))
def test_a_moment_is_written_as_the_filter_writes_it(month: int) -> None:
    moment = datetime(2026, month, month, 7, month, tzinfo=UTC)
    assert list_row._moment_in_words(moment) == filtered('date:"j M Y, H:i"', moment) + " UTC"


@pytest.mark.parametrize(("number", "words"), [(None, ""), (0, ""), (1, "1 page"), (2, "2 pages")])
def test_pages_are_counted_in_words(number: int | None, words: str) -> None:
    assert list_row._pages_in_words(number) == words


def test_a_row_leads_where_its_addresses_are(upload: Make) -> None:
    document = upload()
    [row] = rows.read(Document.objects.filter(pk=document.pk))
    found = (row.address, row.own_address, row.retry_address)
    names = ("dashboard:document", "dashboard:row", "dashboard:retry")
    assert found == tuple(reverse(name, args=[document.pk]) for name in names)


def test_addresses_are_below_where_the_site_is_mounted(db: Any) -> None:
    set_script_prefix("/atom/")
    try:
        assert Addresses.here().row.startswith("/atom/d/")
    finally:
        set_script_prefix("/")


def test_words_of_a_search_stay_words_in_the_address_of_a_row(
    browser: Client, upload: Make
) -> None:
    upload("quay & go 'b'.txt")
    page = Html(browser.get("/", {"search": "quay & go 'b"}).content)
    address = page.one("li", class_="document-row")["data-url"]
    assert address.endswith("/row?search=quay%20%26%20go%20%27b")
    assert Html(browser.get(address).content).one("li")["data-url"] == address
