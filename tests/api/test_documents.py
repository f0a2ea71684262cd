"""One document: its details, its text page by page, and its analyses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework.test import APIClient

from documents import events, queue
from documents.failures import failure
from documents.models import Document
from tests.api.conftest import QUOTE, RESULT, analyzed
from tests.uploads.test_upload import DOCUMENT_FIELDS

Uploader = Callable[..., Document]


def test_a_finished_document_shows_its_history_and_its_analysis(
    api: APIClient, completed: Document
) -> None:
    shown = api.get(f"/documents/{completed.pk}").json()
    assert list(shown) == [
        *DOCUMENT_FIELDS,
        "links",
        "encoding",
        "encoding_is_unsure",
        "status_history",
        "analysis",
        "usage",
    ]
    assert [step["status"] for step in shown["status_history"]] == [
        "pending",
        "processing",
        "analyzing",
        "completed",
    ]
    assert list(shown["status_history"][1]) == ["status", "timestamp", "attempt", "reason"]
    assert shown["status_history"][1]["attempt"] == 1
    assert shown["status_history"][1]["reason"] is None
    assert shown["status_history"][0]["timestamp"].endswith("Z")
    assert shown["analysis"]["summary"] == RESULT["summary"]
    assert (shown["page_count"], shown["language"]) == (2, "en")
    assert shown["queue_position"] is None


def test_a_waiting_document_has_no_analysis_yet(api: APIClient, upload: Uploader) -> None:
    shown = api.get(f"/documents/{upload().pk}").json()
    assert (shown["analysis"], shown["language"], shown["queue_position"]) == (None, None, 1)


def test_a_failed_document_says_why_and_what_to_do(api: APIClient, upload: Uploader) -> None:
    document = upload()
    queue.fail(document, failure("encrypted"))
    shown = api.get(f"/documents/{document.pk}").json()
    assert shown["failure"]["code"] == "encrypted"
    assert shown["failure"]["advice"]
    assert shown["status_history"][-1]["reason"] == "encrypted"


def test_progress_is_no_step_of_the_history(api: APIClient, upload: Uploader) -> None:
    document = upload()
    claimed = queue.claim_next("worker")
    assert claimed
    events.progress(claimed, step="extracting", done=1, total=9)
    shown = api.get(f"/documents/{document.pk}").json()
    assert shown["progress"] == {"step": "extracting", "done": 1, "total": 9}
    assert len(shown["status_history"]) == 2


def test_the_address_of_a_document_is_whole(api: APIClient, upload: Uploader) -> None:
    document = upload()
    shown = api.get(f"/documents/{document.pk}").json()
    assert shown["url"] == f"http://testserver/documents/{document.pk}"


def test_a_detail_takes_six_queries_however_much_was_found(
    api: APIClient, completed: Document, django_assert_num_queries: Any
) -> None:
    # The cursor, the document, its history, its analysis, its action items, its calls.
    with django_assert_num_queries(6):
        api.get(f"/documents/{completed.pk}")


# Pages, analyses.


def test_the_text_comes_page_by_page(api: APIClient, completed: Document) -> None:
    completed.pages.filter(number=1).update(struck_out=7)
    first = api.get(f"/documents/{completed.pk}/pages?page_size=1").json()
    assert first["count"] == 2
    assert first["results"] == [
        {"number": 1, "condition": "read", "text": QUOTE, "lost_letters": 0, "struck_out": 7}
    ]
    second = api.get(first["next"]).json()
    empty = {"condition": "empty", "text": "", "lost_letters": 0, "struck_out": None}
    assert second["results"] == [{"number": 2, **empty}]


def test_a_document_not_yet_read_has_no_pages(api: APIClient, upload: Uploader) -> None:
    assert api.get(f"/documents/{upload().pk}/pages").json()["count"] == 0


def test_every_analysis_is_kept_the_newest_first(api: APIClient, completed: Document) -> None:
    newer = {**RESULT, "summary": "Read again."}
    analyzed(completed, newer)
    versions = api.get(f"/documents/{completed.pk}/analyses").json()
    assert versions["count"] == 2
    assert [version["analysis"]["summary"] for version in versions["results"]] == [
        "Read again.",
        RESULT["summary"],
    ]
    assert versions["results"][0]["provenance"] == RESULT["provenance"]
    current = api.get(f"/documents/{completed.pk}").json()["analysis"]
    assert current == versions["results"][0]["analysis"]


def test_more_analyses_take_no_more_queries(
    api: APIClient, completed: Document, django_assert_num_queries: Any
) -> None:
    for _ in range(2):
        # The document, the count, the analyses, their action items.
        with django_assert_num_queries(4):
            api.get(f"/documents/{completed.pk}/analyses")
        for _ in range(5):
            analyzed(completed)
