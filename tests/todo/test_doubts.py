"""A task on the to-do list is told with the doubts that its document's page shows."""

from __future__ import annotations

import csv
import importlib
import io
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from rest_framework.test import APIClient

from documents import events, queue
from documents.models import ActionItem, Status
from tests.api.conftest import EVIDENCE, analyzed
from tests.todo.conftest import found

DOUBTS = [
    ({"unsupported_words": ["dollars"]}, "in none of its quotes: dollars"),
    ({"unquoted_numbers": ["7"], "unsupported_words": ["7"]}, "in none of its quotes: 7"),
    ({"omitted_words": ["if"]}, "its quotes also say: if"),
    ({"is_asked_for": True}, "the document only asks to say this"),
    ({"second_look": "contradicts"}, "a second look by the model found that its quotes contradict"),
    ({"evidence": [{**EVIDENCE[0], "match": "close"}]}, "its quote is a close match"),
]


@pytest.fixture
def asks_for(upload: Any) -> Any:
    def make(ocr: list[int] | None = None, **task: Any) -> ActionItem:
        upload("notes.txt")
        claimed = queue.claim_next("worker")
        assert claimed
        events.advance(claimed, Status.ANALYZING)
        result = found(("Pay the bill", "Ana", "2026-03-17"))
        result["findings"]["actionable_items"][0].update(task)
        if ocr:
            recognized = {"pages": ocr, "poor": [], "confidence": 80}
            result["coverage"] = {**result["coverage"], "ocr": recognized}
        analysis = analyzed(claimed, result)
        events.advance(claimed, Status.COMPLETED)
        return analysis.action_items.get()

    return make


def table(api: APIClient) -> dict[str, str]:
    content = api.get("/action-items/export").content.decode("utf-8-sig")
    return next(csv.DictReader(io.StringIO(content)))


def calendar(api: APIClient) -> str:
    content = api.get("/action-items/export", {"as": "ics"}).content.decode()
    return content.replace("\r\n ", "")


@pytest.mark.parametrize(("task", "doubt"), DOUBTS)
def test_a_doubt_is_stored_with_the_task_and_shown_wherever_it_is(
    api: APIClient, browser: Client, asks_for: Any, task: Any, doubt: str
) -> None:
    item = asks_for(**task)
    assert doubt in item.doubt
    assert doubt in table(api)["doubt"]
    assert f"Doubt: {doubt}" in calendar(api)
    assert doubt[1:] in browser.get("/todo").content.decode()


def test_a_quote_read_by_ocr_is_called_so(api: APIClient, asks_for: Any) -> None:
    assert "read by OCR" in asks_for(ocr=[1]).doubt


def test_a_task_without_doubt_has_none(api: APIClient, asks_for: Any) -> None:
    assert asks_for().doubt is None
    assert table(api)["doubt"] == ""
    assert "Doubt" not in calendar(api)


def test_the_day_a_deadline_was_counted_from_goes_along(
    api: APIClient, browser: Client, asks_for: Any
) -> None:
    asks_for(due_from={"date": "2026-03-03", "evidence": EVIDENCE})
    assert table(api)["due_counted_from"] == "2026-03-03"
    assert "(counted from 2026-03-03)" in calendar(api)
    assert "counted from" in browser.get("/todo").content.decode()


@pytest.mark.parametrize(("task", "doubt"), DOUBTS)
def test_tasks_of_before_are_told_their_doubts_by_the_migration(
    api: APIClient, asks_for: Any, task: Any, doubt: str
) -> None:
    item = asks_for(due_from={"date": "2026-03-03", "evidence": EVIDENCE}, **task)
    told = item.doubt
    ActionItem.objects.update(doubt=None, due_from=None)
    migration = importlib.import_module("documents.migrations.0043_tell_task_doubts")
    migration._tell(apps, "default", ActionItem.objects.all())
    item.refresh_from_db()
    assert item.doubt == told
    assert str(item.due_from) == "2026-03-03"
