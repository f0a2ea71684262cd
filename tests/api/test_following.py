"""Following what changed: several at once, by moments, newest change first, and nothing misread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from documents import events, queue
from documents.models import ActionItem, Document, Status
from documents.pipeline import ticks
from tests.api.conftest import finish

Uploader = Callable[..., Document]
DAY = datetime(2026, 11, 20, 12, tzinfo=UTC)


def names(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [shown["filename"] for shown in response.json()["results"]]


def set_moment(document: Document, **moments: datetime) -> None:
    Document.objects.filter(pk=document.pk).update(**moments)


# Several at once.


@pytest.mark.parametrize("written", ["id={0}&id={1}", "id={0},{1}", "id={0}, {1}&id="])
def test_documents_can_be_asked_for_by_their_ids(
    api: APIClient, upload: Uploader, written: str
) -> None:
    first, second, _ = upload("a.txt"), upload("b.txt"), upload("c.txt")
    answer = api.get(f"/documents?{written.format(first.pk, second.pk)}")
    assert (answer.json()["count"], names(answer)) == (2, ["b.txt", "a.txt"])


def test_ids_of_others_and_of_nothing_are_passed_over(
    api: APIClient, upload: Uploader, bob: User
) -> None:
    mine, bobs = upload("mine.txt"), upload("bobs.txt", owner=bob)
    assert names(api.get(f"/documents?id={mine.pk},{bobs.pk},{uuid4()}")) == ["mine.txt"]
    assert names(api.get(f"/documents?id={bobs.pk}")) == []


def test_a_hundred_ids_are_taken_and_no_more(api: APIClient, upload: Uploader) -> None:
    ids = [str(upload().pk), *(str(uuid4()) for _ in range(100))]
    assert len(names(api.get("/documents", {"id": ",".join(ids[:100])}))) == 1
    answer = api.get("/documents", {"id": ",".join(ids)})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_id")
    assert "at most 100" in answer.json()["detail"]


@pytest.mark.parametrize("ids", ["7", "a.txt", "\0", "00000000-0000-4000-8000-00000000000g"])
def test_what_is_no_id_is_refused(api: APIClient, ids: str) -> None:
    answer = api.get("/documents", {"id": ids})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_id")


@pytest.mark.parametrize(
    "written",
    ["status=pending&status=failed", "status=pending,failed", "status=failed,,pending&status="],
)
def test_several_statuses_are_listed_and_counted_together(
    api: APIClient, upload: Uploader, completed: Document, written: str
) -> None:
    upload("fails.txt")
    queue.cancel(Document.objects.get(filename="fails.txt"))
    upload("waits.txt")
    answer = api.get(f"/documents?{written}")
    assert (answer.json()["count"], names(answer)) == (2, ["waits.txt", "fails.txt"])


def test_one_unknown_status_among_known_ones_is_refused(api: APIClient) -> None:
    answer = api.get("/documents?status=pending&status=done")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_status")


# By moments.


@pytest.mark.parametrize("name", ["finished", "updated"])
def test_documents_are_found_by_when_they_changed(
    api: APIClient, upload: Uploader, name: str
) -> None:
    for number in range(3):
        moment = {f"{name}_at": DAY + timedelta(days=number)}
        set_moment(upload(f"{number}.txt"), **moment)
    after, before = f"{name}_after", f"{name}_before"
    assert names(api.get("/documents", {after: "2026-11-21T13:00:00+01:00"})) == ["2.txt", "1.txt"]
    assert names(api.get("/documents", {before: "2026-11-21T12:00:00Z"})) == ["0.txt"]
    assert names(api.get("/documents", {after: "2026-11-21", before: "2026-11-21"})) == ["1.txt"]


def test_what_is_not_finished_was_finished_neither_before_nor_after(
    api: APIClient, upload: Uploader
) -> None:
    upload("waits.txt")
    assert names(api.get("/documents?finished_after=2000-01-01")) == []
    assert names(api.get("/documents?finished_before=2100-01-01")) == []


@pytest.mark.parametrize("end", ["after", "before"])
@pytest.mark.parametrize("column", ["finished", "updated"])
@pytest.mark.parametrize(
    "moment", ["2026-11-27T08:00:00", "2026-11-27T08:00", "yesterday", "2026-02-30", "\0", "9" * 41]
)
def test_a_moment_without_a_zone_and_what_is_none_are_refused(
    api: APIClient, column: str, end: str, moment: str
) -> None:
    answer = api.get("/documents", {f"{column}_{end}": moment})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_date")
    assert f"{column}_{end}" in answer.json()["detail"]


def test_a_day_of_upload_may_go_without_a_zone_as_ever(api: APIClient, upload: Uploader) -> None:
    set_moment(upload("old.txt"), created_at=DAY)
    assert names(api.get("/documents?created_before=2026-11-20T12:00:01")) == ["old.txt"]


# In the order of changes.


def test_the_newest_result_comes_first_and_what_is_unfinished_last(
    api: APIClient, upload: Uploader
) -> None:
    early, late, _ = upload("early.txt"), upload("late.txt"), upload("waits.txt")
    set_moment(late, finished_at=DAY)
    set_moment(early, finished_at=DAY + timedelta(days=1))
    newest_first = ["early.txt", "late.txt", "waits.txt"]
    assert names(api.get("/documents?ordering=-finished_at")) == newest_first
    assert names(api.get("/documents?ordering=finished_at")) == newest_first[::-1]


def test_a_document_that_was_retried_is_the_newest_result(api: APIClient, upload: Uploader) -> None:
    first = finish(upload("first.txt"))
    finish(upload("second.txt"))
    queue.requeue(first)
    again = queue.claim_next("test-worker")
    assert again
    events.advance(again, Status.ANALYZING)
    events.advance(again, Status.COMPLETED, finished_at=timezone.now())
    found = api.get("/documents?ordering=-finished_at&status=completed&status=failed")
    assert names(found)[0] == "first.txt"


@pytest.mark.parametrize("ordering", ["updated_at", "-updated_at", "finished_at", "-finished_at"])
def test_documents_of_one_moment_are_each_shown_once(
    api: APIClient, upload: Uploader, ordering: str
) -> None:
    for _ in range(5):
        upload("same.txt")
    Document.objects.update(updated_at=DAY, finished_at=DAY)
    pages = [
        api.get("/documents", {"page": page, "page_size": 2, "ordering": ordering}).json()
        for page in (1, 2, 3)
    ]
    ids = [shown["id"] for page in pages for shown in page["results"]]
    assert len(ids) == len(set(ids)) == 5


def ticked_on_the_page(item: ActionItem, api: APIClient, browser: Client) -> None:
    browser.post(f"/d/{item.analysis.document_id}/items/{item.pk}", {"done": "yes"})


def ticked_by_the_api(item: ActionItem, api: APIClient, browser: Client) -> None:
    api.patch(f"/action-items/{item.pk}", {"done": True}, format="json")


def ticked_with_others(item: ActionItem, api: APIClient, browser: Client) -> None:
    api.post("/action-items/bulk", {"ids": [item.pk], "done": True}, format="json")


@pytest.mark.parametrize("tick", [ticked_on_the_page, ticked_by_the_api, ticked_with_others])
def test_a_tick_is_a_change_of_its_document(
    api: APIClient, browser: Client, completed: Document, upload: Uploader, tick: Any
) -> None:
    upload("later.txt")
    before = timezone.now()
    item = ActionItem.objects.filter(analysis__document=completed)[0]
    tick(item, api, browser)
    item.refresh_from_db()
    assert item.done
    since = {"updated_after": before.isoformat()}
    assert names(api.get("/documents", since)) == [completed.filename]
    assert names(api.get("/documents?ordering=-updated_at"))[0] == completed.filename


def test_a_tick_that_changes_nothing_is_no_change(api: APIClient, completed: Document) -> None:
    item = ActionItem.objects.filter(analysis__document=completed)[0]
    before = Document.objects.get(pk=completed.pk).updated_at
    ticks.tick(item, done=False)
    assert Document.objects.get(pk=completed.pk).updated_at == before


# Nothing misread.


@pytest.mark.parametrize(
    ("address", "name", "known"),
    [
        ("/documents?statuz=failed", "statuz", "finished_after"),
        ("/documents?page=1&Page_size=3", "Page_size", "page_size"),
        ("/documents/{id}/pages?ordering=number", "ordering", "page_size"),
        ("/documents/{id}/analyses?search=x", "search", "page"),
        ("/action-items?done=false", "done", "state"),
        ("/webhooks?enabled=true", "enabled", "page_size"),
        ("/action-items/export?form=csv", "form", "as"),
    ],
)
def test_an_unknown_parameter_is_named_with_those_that_are_known(
    api: APIClient, completed: Document, address: str, name: str, known: str
) -> None:
    answer = api.get(address.format(id=completed.pk))
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter")
    assert f"`{name}`" in answer.json()["detail"]
    assert known in answer.json()["detail"].partition("Known are")[2]


def test_a_name_without_end_is_told_in_part(api: APIClient) -> None:
    answer = api.get("/documents", {"x" * 5000: ""})
    assert answer.status_code == 400
    assert len(answer.content) < 1000


@pytest.mark.parametrize("address", ["/documents", "/action-items"])
def test_what_the_framework_itself_reads_is_known(api: APIClient, address: str) -> None:
    assert api.get(f"{address}?format=json&page=1&page_size=5").status_code == 200


@pytest.mark.parametrize("name", ["external_id", "search"])
def test_a_comma_alone_is_a_text_like_others(api: APIClient, upload: Uploader, name: str) -> None:
    upload()
    page = api.get("/documents", {name: ",", "status": "pending"}).json()
    assert (page["count"], page["results"]) == (0, [])
