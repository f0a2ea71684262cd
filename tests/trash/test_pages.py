"""The pages: Delete with Undo, and the trash with its two ways out; all of it by plain forms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from documents import queue
from documents.models import Document, TrashedDocument
from documents.trash import moves, purge
from tests.dashboard.conftest import strict_browser  # noqa: F401
from tests.dashboard.html import Html


def html(answer: Any) -> Html:
    assert answer.status_code == 200
    return Html(answer.content)


def test_delete_moves_to_the_trash_and_the_list_offers_once_to_undo_it(
    strict_browser: Client,  # noqa: F811
    upload: Any,
) -> None:
    document = upload("quay wall.txt")
    page = html(strict_browser.get(f"/d/{document.pk}"))
    address = f"/d/{document.pk}/delete"
    after = html(strict_browser.post(address, page.form(address), follow=True))
    assert "“quay wall.txt” was moved to the trash." in after.text
    assert not Document.objects.exists()
    assert "Undo" not in html(strict_browser.get("/")).text
    undone = strict_browser.post("/d/trash/restore", after.form("/d/trash/restore"), follow=True)
    assert "1 document was restored." in html(undone).text
    assert undone.redirect_chain[-1][0] == "/"
    assert Document.objects.get() == document


def test_several_go_without_a_question_and_come_back_together(browser: Client, upload: Any) -> None:
    ids = [str(upload(name).pk) for name in ("a.txt", "b.txt")]
    after = html(browser.post("/d/delete", {"document": ids}, follow=True))
    assert "2 documents were moved to the trash." in after.text
    boxes = after.all("input", name="document")
    assert sorted(box["value"] for box in boxes) == sorted(ids)
    browser.post("/d/trash/restore", {"document": ids, "back": "list"})
    assert [row.filename for row in Document.objects.in_queue_order()] == ["a.txt", "b.txt"]


def test_without_a_trash_the_question_comes_and_it_is_for_good(
    settings: Any, browser: Client, upload: Any
) -> None:
    settings.ATOM_TRASH_DAYS = 0
    one, other = upload("one.txt"), upload("other.txt")
    assert "Delete 1 document?" in html(browser.post("/d/delete", {"document": [one.pk]})).text
    browser.post("/d/delete", {"document": [one.pk], "confirmed": "yes"})
    browser.post(f"/d/{other.pk}/delete")
    assert not Document.with_trashed.exists()


def test_the_trash_says_what_is_in_it_and_for_how_long(
    browser: Client, upload: Any, bob: Any
) -> None:
    moves.put(upload("others.txt", owner=bob).pk)
    old, young = upload("old.txt"), upload("young.txt")
    for document, days in ((old, 7), (young, 2)):
        moves.put(document.pk)
        at = timezone.now() - timedelta(days=days, minutes=1)
        TrashedDocument.objects.filter(pk=document.pk).update(trashed_at=at)
    page = html(browser.get("/d/trash"))
    names = [row["aria-label"] for row in page.all("input", name="document", type="checkbox")]
    assert names == ["Select young.txt", "Select old.txt"]
    assert "5 days left" in page.text
    assert "gone within the hour" in page.text


def test_deleting_for_good_asks_first(strict_browser: Client, upload: Any) -> None:  # noqa: F811
    kept, gone = upload("kept.txt"), upload("gone.txt")
    for document in (kept, gone):
        moves.put(document.pk)
    token = html(strict_browser.get("/d/trash")).form("/d/trash/empty")
    asked = strict_browser.post("/d/trash/delete", token | {"document": str(gone.pk)})
    question = html(asked)
    assert "Delete 1 document for good?" in question.text
    assert "gone.txt" in question.text
    assert Document.with_trashed.count() == 2
    answer = question.form("/d/trash/delete") | {"confirmed": "yes"}
    after = html(strict_browser.post("/d/trash/delete", answer, follow=True))
    assert "1 document was deleted for good." in after.text
    assert list(Document.with_trashed.all()) == [kept]


def test_emptying_the_trash_asks_first_and_says_what_is_left(
    browser: Client, upload: Any, bob: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(purge, "AT_ONCE", 2)
    others = upload(owner=bob)
    for document in (others, *(upload(f"{number}.txt") for number in range(3))):
        moves.put(document.pk)
    assert "3 documents in it." in html(browser.post("/d/trash/empty")).text
    assert Document.with_trashed.count() == 4
    after = html(browser.post("/d/trash/empty", {"confirmed": "yes"}, follow=True))
    assert "2 documents were deleted for good." in after.text
    assert "1 more are left." in after.text
    browser.post("/d/trash/empty", {"confirmed": "yes"})
    assert list(Document.with_trashed.all()) == [others]
    assert "The trash is empty." in html(browser.get("/d/trash")).text


@pytest.mark.parametrize("way", ["restore", "delete"])
def test_what_is_in_the_trash_of_others_cannot_be_touched(way: str, upload: Any, bob: Any) -> None:
    document = upload()
    moves.put(document.pk)
    client = Client()
    client.force_login(bob)
    client.post(f"/d/trash/{way}", {"document": [document.pk], "confirmed": "yes"})
    client.post("/d/trash/empty", {"confirmed": "yes"})
    assert Document.with_trashed.get().is_trashed


def test_what_has_no_place_in_line_stays_in_the_trash_and_the_rest_comes_back(
    browser: Client, upload: Any, settings: Any
) -> None:
    settings.ATOM_MAX_QUEUED_PER_USER = 1
    first = upload("first.txt")
    moves.put(first.pk)
    done = upload("done.txt")
    queue.cancel(done)
    moves.put(done.pk)
    upload("waits.txt")
    sent = {"document": [first.pk, done.pk]}
    page = html(browser.post("/d/trash/restore", sent, follow=True))
    assert "1 document was restored." in page.text
    assert "Of the documents chosen, 1 stay in the trash" in page.text
    assert Document.objects.filter(pk=done.pk).exists()


def test_a_change_that_comes_as_a_get_leads_to_the_trash(browser: Client, db: None) -> None:
    for way in ("restore", "delete", "empty"):
        assert browser.get(f"/d/trash/{way}").url == "/d/trash"  # type: ignore[attr-defined]
