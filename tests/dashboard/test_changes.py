"""What people do with documents: tick, try again, cancel, delete, one or several at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from documents.models import ActionItem, Document, Status
from tests.conftest import statuses
from tests.dashboard.html import Element, Html

Make = Callable[..., Document]

# Action items


def tick(page: Html, number: int) -> Element:
    return page.all("button", role="checkbox")[number]


def test_an_action_item_is_ticked_and_unticked_by_a_form(
    strict_browser: Client, completed: Make
) -> None:
    document = completed()
    item = ActionItem.objects.get(task="Send the survey")
    address = f"/d/{document.pk}/items/{item.pk}"
    for expected in ("true", "false"):
        page = Html(strict_browser.get(f"/d/{document.pk}").content)
        response = strict_browser.post(address, page.form(address))
        assert response.url == f"/d/{document.pk}#tick-{item.pk}"  # type: ignore[attr-defined]
        page = Html(strict_browser.get(f"/d/{document.pk}").content)
        assert tick(page, 0)["aria-checked"] == expected
        assert tick(page, 1)["aria-checked"] == "false"


def test_a_tick_pressed_twice_on_an_old_page_stays(browser: Client, completed: Make) -> None:
    document = completed()
    item = ActionItem.objects.get(task="Send the survey")
    for _ in range(2):
        browser.post(f"/d/{document.pk}/items/{item.pk}", {"done": "yes"})
    item.refresh_from_db()
    assert item.done


def test_an_item_of_another_document_cannot_be_ticked(browser: Client, completed: Make) -> None:
    item = ActionItem.objects.filter(analysis__document=completed()).first()
    other = completed(name="other.txt")
    assert item is not None
    assert browser.post(f"/d/{other.pk}/items/{item.pk}", {"done": "yes"}).status_code == 404
    assert browser.post(f"/d/{other.pk}/items/{'9' * 30}").status_code == 404


# Retry, cancel, delete


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.FAILED])
def test_a_finished_document_can_be_analyzed_again(
    strict_browser: Client, in_status: Callable[[str], Document], status: Status
) -> None:
    document = in_status(status)
    address = f"/d/{document.pk}/retry"
    page = Html(strict_browser.get(f"/d/{document.pk}").content)
    answer = strict_browser.post(address, page.form(address), follow=True)
    assert "The document was put back in line." in Html(answer.content).text
    assert statuses(document)[-2:] == [status, Status.PENDING]


@pytest.mark.parametrize("status", [Status.PENDING, Status.PROCESSING, Status.ANALYZING])
def test_an_unfinished_document_can_be_cancelled(
    strict_browser: Client, in_status: Callable[[str], Document], status: Status
) -> None:
    document = in_status(status)
    address = f"/d/{document.pk}/cancel"
    page = Html(strict_browser.get(f"/d/{document.pk}").content)
    answer = strict_browser.post(address, page.form(address), follow=True)
    assert "The work on the document was canceled." in Html(answer.content).text
    assert statuses(document)[-2:] == [status, Status.FAILED]


def test_a_retry_from_an_old_page_changes_nothing(browser: Client, upload: Make) -> None:
    document = upload()
    answer = browser.post(f"/d/{document.pk}/retry", follow=True)
    assert "not finished yet, so it was left alone" in Html(answer.content).text
    assert statuses(document) == [Status.PENDING]


def test_a_cancel_from_an_old_page_changes_nothing(browser: Client, completed: Make) -> None:
    document = completed()
    answer = browser.post(f"/d/{document.pk}/cancel", follow=True)
    assert "finished before it could be canceled" in Html(answer.content).text
    assert statuses(document)[-1] == Status.COMPLETED


@pytest.mark.parametrize("part", ["retry", "cancel", "items/1"])
def test_signing_in_again_leads_back_to_the_document(
    browser: Client, completed: Make, part: str
) -> None:
    document = completed()
    response = browser.get(f"/d/{document.pk}/{part}", follow=True)
    assert response.redirect_chain == [(f"/d/{document.pk}", 302)]  # type: ignore[attr-defined]
    assert "You had been signed out, so nothing was changed." in Html(response.content).text
    assert statuses(document)[-1] == Status.COMPLETED


def test_deleting_asks_first_on_a_page_of_its_own(strict_browser: Client, completed: Make) -> None:
    document = completed()
    address = f"/d/{document.pk}/delete"
    page = Html(strict_browser.get(address).content)
    assert "Delete this document?" in page.text
    assert Document.objects.exists()
    answer = strict_browser.post(address, page.form(address), follow=True)
    assert "“minutes.txt” was moved to the trash." in Html(answer.content).text
    assert not Document.objects.exists()


@pytest.mark.parametrize("status", Status.values)
def test_a_document_can_be_deleted_in_every_status(
    browser: Client, in_status: Callable[[str], Document], status: str
) -> None:
    document = in_status(status)
    browser.post(f"/d/{document.pk}/delete")
    assert not Document.objects.exists()


# Several at once


def test_several_documents_go_back_in_line_together(
    strict_browser: Client, completed: Make, failed: Make, upload: Make
) -> None:
    done, broken, waiting = completed(), failed(), upload()
    page = Html(strict_browser.get("/").content)
    boxes = list(page.all("input", type="checkbox", name="document"))
    assert {box["form"] for box in boxes} == {page.one("form", id="bulk")["id"]}
    sent = page.form("/d/retry") | {"document": [box["value"] for box in boxes]}  # type: ignore[dict-item]
    answer = Html(strict_browser.post("/d/retry", sent, follow=True).content).text
    assert "2 documents were put back in line." in answer
    assert "1 document was not finished yet and left alone." in answer
    assert [statuses(each)[-1] for each in (done, broken, waiting)] == [Status.PENDING] * 3


def test_several_documents_are_deleted_after_a_question(
    strict_browser: Client, completed: Make, upload: Make, settings: Any
) -> None:
    settings.ATOM_TRASH_DAYS = 0
    doomed, kept = completed(), upload("kept.txt")
    token = Html(strict_browser.get("/").content).form("/d/retry")
    question = Html(strict_browser.post("/d/delete", token | {"document": str(doomed.pk)}).content)
    assert "Delete 1 document?" in question.text
    assert "minutes.txt" in question.text
    assert Document.objects.count() == 2
    strict_browser.post("/d/delete", question.form("/d/delete") | {"confirmed": "yes"})
    assert list(Document.objects.all()) == [kept]


@pytest.mark.parametrize("address", ["/d/retry", "/d/delete"])
@pytest.mark.parametrize("ids", [[], ["nonsense"], ["00000000-0000-4000-8000-000000000000"]])
def test_nothing_ticked_is_said(browser: Client, db: None, address: str, ids: list[str]) -> None:
    answer = browser.post(address, {"document": ids, "confirmed": "yes"}, follow=True)
    assert "Tick at least one document first." in Html(answer.content).text
