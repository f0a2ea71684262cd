"""Pages by cursor: nothing twice, nothing left out, whatever is added and deleted meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import User
from documents import queue, removal
from documents.models import ActionItem, Document
from documents.uploads import intake
from tests.api.conftest import analyzed

Uploader = Callable[..., Document]
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def pages(api: APIClient, address: str, *, link: str = "next") -> Iterator[list[dict[str, Any]]]:
    while address:
        answer = api.get(address)
        assert answer.status_code == 200, answer.content
        yield answer.json()["results"]
        address = answer.json()[link]


def every(api: APIClient, address: str, key: str = "filename") -> list[Any]:
    return [one[key] for page in pages(api, address) for one in page]


def many(owner: User, count: int, *, first: int = 1, begin: datetime = FIRST_DAY) -> list[Document]:
    """A minute apart each."""
    return Document.objects.bulk_create(
        Document(
            owner=owner,
            queue_number=number,
            filename=f"{number}.txt",
            size=1,
            status="failed",
            file="x",
            created_at=(moment := begin + timedelta(minutes=number)),
            updated_at=moment,
            finished_at=moment,
        )
        for number in range(first, first + count)
    )


@pytest.mark.parametrize("ordering", ["", "created_at", "updated_at", "-updated_at"])
def test_five_hundred_documents_are_each_read_once_while_others_come_and_go(
    api: APIClient, alice: User, ordering: str
) -> None:
    kept = {document.pk for document in many(alice, 500)}
    seen: list[str] = []
    for number, page in enumerate(pages(api, f"/documents?page_size=50&ordering={ordering}")):
        seen += [one["id"] for one in page]
        # Of those read, of those to be read, and at both ends of the list: five each time.
        many(alice, 3, first=1000 + 10 * number, begin=FIRST_DAY + timedelta(days=900))
        many(alice, 2, first=5000 + 10 * number, begin=FIRST_DAY - timedelta(days=900))
        unread = {pk for pk in kept if str(pk) not in seen}
        gone = [*sorted(kept - unread)[:3], *sorted(unread)[:2]]
        kept -= set(gone)
        for document in Document.objects.filter(pk__in=gone):
            removal.delete(document)
    assert len(seen) == len(set(seen))
    assert {str(pk) for pk in kept} <= set(seen)


def test_the_cursor_of_a_document_that_is_gone_stays_right(api: APIClient, alice: User) -> None:
    many(alice, 4)
    first = api.get("/documents?page_size=2").json()
    removal.delete(Document.objects.get(pk=first["results"][-1]["id"]))
    assert every(api, first["next"]) == ["2.txt", "1.txt"]


def test_a_retry_moves_nothing_in_a_list_by_upload(api: APIClient, alice: User) -> None:
    files = [SimpleUploadedFile(f"{number}.txt", b"All is well.") for number in range(6)]
    documents = intake.receive(alice, files).documents
    for document in documents:
        queue.cancel(document)
    first = api.get("/documents?page_size=2&ordering=created_at").json()
    queue.requeue(Document.objects.get(pk=documents[0].pk))  # Read already.
    queue.requeue(Document.objects.get(pk=documents[3].pk))  # Not yet.
    assert every(api, first["next"]) == ["2.txt", "3.txt", "4.txt", "5.txt"]


def test_pages_by_cursor_lead_back(api: APIClient, alice: User) -> None:
    many(alice, 7)
    first, second, third = (
        [one["filename"] for one in page]
        for page in pages(api, "/documents?page_size=3&ordering=created_at")
    )
    assert [*first, *second, *third] == [f"{number}.txt" for number in range(1, 8)]
    last = api.get(
        api.get(api.get("/documents?page_size=3&ordering=created_at").json()["next"]).json()["next"]
    )
    back = [
        [one["filename"] for one in page]
        for page in pages(api, last.json()["previous"], link="previous")
    ]
    assert back == [second, first]
    again = api.get(last.json()["previous"]).json()
    assert [one["filename"] for one in api.get(again["next"]).json()["results"]] == third
    assert (last.json()["next"], last.json()["count"]) == (None, 7)


def test_what_is_asked_for_is_asked_for_on_every_page(api: APIClient, alice: User) -> None:
    many(alice, 30)
    Document.objects.filter(queue_number__lte=10).update(status="completed")
    seen = every(api, "/documents?status=failed&status=pending&page_size=6")
    assert seen == [f"{number}.txt" for number in range(30, 10, -1)]


def test_pages_by_number_stay(api: APIClient, alice: User) -> None:
    many(alice, 5)
    second = api.get("/documents?page=2&page_size=2").json()
    assert [one["filename"] for one in second["results"]] == ["3.txt", "2.txt"]
    assert "page=" not in second["next"].replace("page_size=", "")
    assert every(api, second["next"]) == ["1.txt"]


@pytest.mark.parametrize("ordering", ["filename", "status", "-finished_at", "relevance"])
def test_other_orders_go_by_number(api: APIClient, alice: User, ordering: str) -> None:
    many(alice, 5)
    address = f"/documents?page_size=2&ordering={ordering}"
    assert "page=2" in api.get(address).json()["next"]
    assert len(set(every(api, address))) == 5
    refused = api.get(f"{address}&after=created_at.1.1")
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_cursor")


@pytest.mark.parametrize(
    "query",
    [
        "after=7",
        "after=created_at.1",
        "after=updated_at.1.1",
        "after=created_at.1.1&ordering=updated_at",
        "after=created_at.1.1&before=created_at.1.1",
        "after=created_at.1.1&page=1",
        "before=created_at.-1.1",
        "before=created_at.1." + "9" * 5000,
        "after=created_at.1.1%00",
        "after=created_at.%D9%A3.1",
    ],
)
def test_a_cursor_that_is_none_is_refused(api: APIClient, alice: User, query: str) -> None:
    many(alice, 2)
    answer = api.get(f"/documents?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


def test_behind_the_last_there_is_an_empty_page(api: APIClient, alice: User) -> None:
    many(alice, 2)
    answer = api.get("/documents?after=created_at.0.0").json()
    assert answer == {"count": 2, "next": None, "previous": None, "results": []}


def test_the_cursor_of_another_leads_to_ones_own(
    bobs_api: APIClient, alice: User, bob: User
) -> None:
    many(alice, 3)
    many(bob, 1, first=10)
    assert every(bobs_api, "/documents?after=created_at.99999999999999999.1") == ["10.txt"]


def test_a_page_by_cursor_can_be_looked_at_in_a_browser(api: APIClient, alice: User) -> None:
    many(alice, 5)
    following = api.get("/documents?page_size=2").json()["next"]
    page = api.get(following, headers={"Accept": "text/html"}).content.decode()
    assert "before=created_at." in page
    assert "after=created_at." in page


# Action items.


@pytest.fixture
def tasks(upload: Uploader) -> list[ActionItem]:
    """Thirty: some of one day, some of others, some without a date."""
    items: list[ActionItem] = []
    for number in range(3):
        analysis = analyzed(upload(f"{number}.txt"))
        analysis.action_items.all().delete()
        days = [None, date(2026, 3, 1), date(2026, 3, 1 + number), None, date(2026, 4, 1)]
        items += ActionItem.objects.bulk_create(
            ActionItem(
                analysis=analysis,
                position=place,
                task=f"{number}-{place}",
                due_date=days[place % 5],
                listed_for=analysis.document.owner,
            )
            for place in range(10)
        )
    return items


@pytest.mark.parametrize("query", ["", "due=none", "state=all", "due=overdue"])
@pytest.mark.parametrize("size", [1, 4, 7])
def test_tasks_are_each_read_once_in_the_order_of_the_list(
    api: APIClient, tasks: list[ActionItem], query: str, size: int
) -> None:
    whole = every(api, f"/action-items?{query}&page_size=100", "task")
    assert every(api, f"/action-items?{query}&page_size={size}", "task") == whole
    assert len(whole) == len(set(whole)) > 10


@pytest.mark.parametrize("query", ["", "due=none"])
def test_pages_of_tasks_lead_back(api: APIClient, tasks: list[ActionItem], query: str) -> None:
    address = f"/action-items?{query}&page_size=4"
    answers = [api.get(address).json()]
    while answers[-1]["next"]:
        answers.append(api.get(answers[-1]["next"]).json())
    there = [page["results"] for page in answers]
    back = list(pages(api, answers[-1]["previous"], link="previous"))
    assert back[::-1] == there[:-1]


def test_no_task_is_missed_while_others_are_ticked(api: APIClient, tasks: list[ActionItem]) -> None:
    seen: list[str] = []
    for page in pages(api, "/action-items?page_size=4"):
        seen += [one["task"] for one in page]
        ticked = [one["id"] for one in page[:3]]
        api.post("/action-items/bulk", {"ids": ticked, "done": True}, format="json")
    assert sorted(seen) == sorted(item.task for item in tasks)


@pytest.mark.parametrize("cursor", ["7", "2026-02-30.1.1", "none.1", "2026-03-01.1.x"])
def test_a_cursor_of_no_task_is_refused(api: APIClient, cursor: str) -> None:
    answer = api.get("/action-items", {"after": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")
