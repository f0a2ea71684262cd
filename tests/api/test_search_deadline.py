"""A search ends, whatever is searched for and however much there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from documents import filters, search
from documents.models import Document, DocumentQuerySet
from documents.search import deadline

Uploader = Callable[..., Document]

ENDLESS = (
    "EXISTS (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000000) "
    "SELECT 1 FROM n WHERE i < 0)"
)


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch, settings: Any, upload: Uploader) -> None:
    """Every search goes on for minutes."""
    upload()
    settings.ATOM_SEARCH_SECONDS = 0.2

    def matching(documents: DocumentQuerySet, owner_id: int, words: str) -> DocumentQuerySet:
        return documents.extra(where=[ENDLESS])

    monkeypatch.setattr(search, "matching", matching)


def test_a_search_that_takes_too_long_is_ended_and_says_so(
    endless: None, api: APIClient, browser: Client
) -> None:
    answer = api.get("/documents?search=wall")
    assert (answer.status_code, answer.json()["code"]) == (503, "search_timeout")
    assert int(answer["Retry-After"]) > 0
    page = browser.get("/?search=wall", headers={"Accept": "text/html"})
    assert page.status_code == 503
    assert "The search took too long" in page.content.decode()
    # The connection is good for everything else.
    assert api.get("/documents").json()["count"] == 1


def test_a_search_that_is_quick_finds_what_it_found(api: APIClient, upload: Uploader) -> None:
    upload("quay.txt")
    assert api.get("/documents?search=quay").json()["count"] == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@pytest.fixture
def busy(alice: User) -> Iterator[None]:
    """A search of alice's runs."""
    turn = deadline._one_each[alice.pk]
    turn.acquire()
    yield
    turn.release()


def test_a_user_has_one_search_at_a_time(
    busy: None, api: APIClient, bobs_api: APIClient, settings: Any
) -> None:
    settings.ATOM_SEARCH_SECONDS = 0.05
    assert api.get("/documents?search=wall").json()["code"] == "search_timeout"
    assert api.get("/documents").status_code == 200
    settings.ATOM_SEARCH_SECONDS = 10
    assert bobs_api.get("/documents?search=wall").status_code == 200


def test_the_best_matches_are_looked_for_within_the_deadline(
    busy: None, api: APIClient, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_soon(*args: Any) -> None:
        raise AssertionError

    settings.ATOM_SEARCH_SECONDS = 0.05
    monkeypatch.setattr(search, "best_first", too_soon)
    answer = api.get("/documents?search=wall&ordering=relevance")
    assert answer.json()["code"] == "search_timeout"


def test_a_search_waits_for_the_one_before_it(alice: User) -> None:
    turn = deadline._one_each[alice.pk]
    turn.acquire()
    done: list[str] = []

    def search() -> None:
        with filters.searching(alice.pk, "wall"):
            done.append("searched")
        connection.close()

    thread = Thread(target=search)
    thread.start()
    assert done == []
    turn.release()
    thread.join()
    assert done == ["searched"]
