"""One's own documents: newest first, filtered, searched, ordered, cut into pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from documents import events, queue
from documents.models import Document
from tests.api.conftest import finish

Uploader = Callable[..., Document]


def names(response: Any) -> list[str]:
    return [shown["filename"] for shown in response.json()["results"]]


def test_the_newest_document_comes_first(api: APIClient, upload: Uploader) -> None:
    for name in ["a.txt", "b.txt", "c.txt"]:
        upload(name)
    response = api.get("/documents")
    assert list(response.json()) == ["count", "next", "previous", "results"]
    assert response.json()["count"] == 3
    assert names(response) == ["c.txt", "b.txt", "a.txt"]
    assert [shown["queue_position"] for shown in response.json()["results"]] == [3, 2, 1]


def test_others_documents_are_neither_shown_nor_counted(
    api: APIClient, upload: Uploader, bob: User
) -> None:
    upload("bobs.txt", owner=bob)
    upload("mine.txt")
    response = api.get("/documents")
    assert (response.json()["count"], names(response)) == (1, ["mine.txt"])
    # Yet others' documents are ahead in the one line.
    assert response.json()["results"][0]["queue_position"] == 2


def test_places_are_right_whoever_stands_between(
    api: APIClient, upload: Uploader, bob: User
) -> None:
    for owner_and_name in ["mine 1", "bob", "mine 2", "bob", "bob", "mine 3", "mine 4"]:
        name = f"{owner_and_name}.txt"
        if name.startswith("bob"):
            upload(name, owner=bob)
        else:
            upload(name)
    queue.claim_next("worker")
    shown = api.get("/documents?ordering=created_at").json()["results"]
    assert [document["queue_position"] for document in shown] == [None, 2, 5, 6]


def test_staff_see_their_own_documents_only(staff: User, upload: Uploader) -> None:
    upload()
    client = APIClient()
    client.force_authenticate(staff)
    assert client.get("/documents").json()["count"] == 0


def test_documents_can_be_filtered_by_status(
    api: APIClient, upload: Uploader, completed: Document
) -> None:
    upload("waits.txt")
    assert names(api.get("/documents?status=completed")) == [completed.filename]
    assert names(api.get("/documents?status=pending")) == ["waits.txt"]
    assert names(api.get("/documents?status=failed")) == []
    assert len(names(api.get("/documents?status="))) == 2


@pytest.mark.parametrize("status", ["done", "PENDING", "pending,done", "' OR 1=1"])
def test_an_unknown_status_is_told_the_five(api: APIClient, status: str) -> None:
    response = api.get("/documents", {"status": status})
    assert (response.status_code, response.json()["code"]) == (400, "unknown_status")
    for known in ["pending", "processing", "analyzing", "completed", "failed"]:
        assert known in response.json()["detail"]


@pytest.mark.parametrize(
    "words", ["quay wall", "QUAY", "needs a survey", "Maria Lopez", "  insurer  "]
)
def test_search_looks_into_name_summary_and_text(
    api: APIClient, upload: Uploader, completed: Document, words: str
) -> None:
    upload("other.txt")
    assert names(api.get("/documents", {"search": words})) == [completed.filename]


@pytest.mark.parametrize("words", ["nowhere", "%", "_", "'"])
def test_search_takes_every_character_for_itself(
    api: APIClient, completed: Document, words: str
) -> None:
    response = api.get("/documents", {"search": words})
    assert (response.status_code, names(response)) == (200, [])


@pytest.mark.parametrize("words", ["a" * 201, "nul\x00l"])
def test_an_impossible_search_is_refused(api: APIClient, words: str) -> None:
    response = api.get("/documents", {"search": words})
    assert (response.status_code, response.json()["code"]) == (400, "bad_search")


def test_documents_come_in_the_order_asked_for(api: APIClient, upload: Uploader) -> None:
    for name in ["b.txt", "a.txt", "c.txt"]:
        upload(name)
    assert names(api.get("/documents?ordering=created_at")) == ["b.txt", "a.txt", "c.txt"]
    assert names(api.get("/documents?ordering=filename")) == ["a.txt", "b.txt", "c.txt"]
    assert names(api.get("/documents?ordering=-filename")) == ["c.txt", "b.txt", "a.txt"]


def test_statuses_can_be_put_together(api: APIClient, upload: Uploader) -> None:
    finish(upload("first.txt"))
    upload("second.txt")
    upload("third.txt")
    assert names(api.get("/documents?ordering=status")) == ["first.txt", "third.txt", "second.txt"]
    assert names(api.get("/documents?ordering=-status")) == ["second.txt", "third.txt", "first.txt"]


@pytest.mark.parametrize("ordering", ["owner", "queue_number", "-", "created_at,filename", "?"])
def test_an_unknown_ordering_is_refused(api: APIClient, ordering: str) -> None:
    response = api.get("/documents", {"ordering": ordering})
    assert (response.status_code, response.json()["code"]) == (400, "unknown_ordering")


@pytest.mark.parametrize("ordering", ["", "created_at", "filename", "-filename", "status"])
def test_documents_of_one_moment_and_name_are_each_shown_once(
    api: APIClient, upload: Uploader, ordering: str
) -> None:
    for _ in range(5):
        upload("same.txt")
    Document.objects.update(created_at=timezone.now())
    pages = [
        api.get("/documents", {"page": page, "page_size": 2, "ordering": ordering}).json()
        for page in (1, 2, 3)
    ]
    ids = [shown["id"] for page in pages for shown in page["results"]]
    assert len(ids) == len(set(ids)) == 5


def test_pages_lead_to_each_other(api: APIClient, upload: Uploader) -> None:
    for number in range(3):
        upload(f"{number}.txt")
    first = api.get("/documents?page_size=2&ordering=created_at")
    second = api.get(first.json()["next"])
    assert names(second) == ["2.txt"]
    assert second.json()["next"] is None
    assert names(api.get(second.json()["previous"])) == ["0.txt", "1.txt"]


def test_at_most_a_hundred_are_shown_at_once(api: APIClient, upload: Uploader, alice: User) -> None:
    template = upload()
    Document.objects.bulk_create(_many(template, 120))
    assert len(names(api.get("/documents?page_size=5000"))) == 100
    assert len(names(api.get("/documents"))) == 20


def _many(template: Document, count: int) -> list[Document]:
    fields = {"owner": template.owner, "size": 1, "status": "failed", "file": "x"}
    return [
        Document(queue_number=number, filename=f"{number}.txt", **fields)
        for number in range(10, 10 + count)
    ]


@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "1.5", "9" * 5000])
def test_a_page_that_is_not_there_is_refused(api: APIClient, upload: Uploader, page: str) -> None:
    upload()
    response = api.get("/documents", {"page": page})
    assert (response.status_code, response.json()["code"]) == (400, "bad_page")


@pytest.mark.parametrize("size", ["0", "-1", "x", "1.5", "٣"])
def test_an_impossible_page_size_is_refused(api: APIClient, size: str) -> None:
    response = api.get("/documents", {"page_size": size})
    assert (response.status_code, response.json()["code"]) == (400, "bad_page_size")


def test_an_empty_list_is_a_list(api: APIClient) -> None:
    response = api.get("/documents")
    assert response.json() == {"count": 0, "next": None, "previous": None, "results": []}


def test_the_list_says_where_a_stream_has_to_begin(api: APIClient, upload: Uploader) -> None:
    upload()
    assert api.get("/documents")["Last-Event-ID"] == str(events.latest_id())


def test_the_cursor_is_read_before_the_documents(
    api: APIClient, upload: Uploader, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload()
    before = events.latest_id()
    real = queue.positions

    def meanwhile(documents: Any) -> Any:
        upload("meanwhile.txt")
        return real(documents)

    monkeypatch.setattr(queue, "positions", meanwhile)
    assert api.get("/documents")["Last-Event-ID"] == str(before)


def test_a_long_list_takes_no_more_queries_than_a_short_one(
    api: APIClient, upload: Uploader, django_assert_num_queries: Any
) -> None:
    upload()
    for _ in range(2):
        # The cursor, the count, the documents, their places in line.
        with django_assert_num_queries(4):
            api.get("/documents?page_size=100")
        for number in range(30):
            upload(f"{number}.txt")


def test_filters_and_search_take_no_more_queries(
    api: APIClient, completed: Document, django_assert_num_queries: Any
) -> None:
    # The cursor, the count, the documents; whether all are indexed; three for where words stand.
    # Nothing waits, so nobody asks for places in line. PostgreSQL is told the deadline, and that
    # it is over, in a transaction of its own (a savepoint here).
    with django_assert_num_queries(7 if connection.vendor == "sqlite" else 11):
        api.get("/documents?status=completed&search=survey&ordering=filename")


def test_the_age_of_a_document_is_that_of_its_upload(api: APIClient, upload: Uploader) -> None:
    old, new = upload("old.txt"), upload("new.txt")
    Document.objects.filter(pk=old.pk).update(created_at=new.created_at + timedelta(hours=1))
    assert names(api.get("/documents")) == ["old.txt", "new.txt"]


def test_documents_are_found_by_language_and_by_when_they_came(
    api: APIClient, upload: Uploader
) -> None:
    for day, language in ((1, "de"), (2, "fr"), (3, "de")):
        moment = datetime(2026, 11, day, 12, tzinfo=UTC)
        Document.objects.filter(pk=upload(f"{day}.txt").pk).update(
            created_at=moment, language=language
        )
    assert names(api.get("/documents?language=de")) == ["3.txt", "1.txt"]
    after = {"created_after": "2026-11-02T13:00:00+01:00"}
    assert names(api.get("/documents", after)) == ["3.txt", "2.txt"]
    assert names(api.get("/documents?created_before=2026-11-02T12:00:00Z")) == ["1.txt"]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("language", "klingon", "bad_language"),
        ("created_after", "yesterday", "bad_date"),
        ("created_before", "2026-02-30", "bad_date"),
        ("created_before", "9999-12-31", "bad_date"),
        ("created_after", "0001-01-01T00:00:00+23:59", "bad_date"),
        ("created_after", "\0", "bad_date"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(
    api: APIClient, name: str, value: str, code: str
) -> None:
    response = api.get("/documents", {name: value})
    assert (response.status_code, response.json()["code"]) == (400, code)
    assert name in response.json()["detail"]
