"""Tasks as iCalendar and as a table: what stands in the files, letter by letter."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from documents import queue
from documents.models import ActionItem, Installation
from documents.pipeline import ticks
from documents.pipeline.analysis import ActionItem as FoundItem
from documents.pipeline.analysis import Evidence
from documents.todo import icalendar
from documents.worker import Worker
from tests.dashboard.conftest import Told
from tests.todo import strict_icalendar

BILL = ("Pay; the bill, “now” \\ or\nnever", "Ana", "2026-03-17")
GOLDEN = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//ATOM//To do//EN
CALSCALE:GREGORIAN
X-WR-CALNAME:To do (ATOM)
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
BEGIN:VTODO
UID:task-{uid}
DTSTAMP:20260301T080000Z
SUMMARY:Pay\\; the bill\\, “now” \\\\ or never
DESCRIPTION:Asked of: Ana\\nDue: by 2026-03-17\\nDocument: a\\, b.txt\\nPage 1: “Maria Lopez \
sends the survey to the insurer by 20 March 2026”
URL:http://testserver/d/{document}#tick-{item}
DUE;VALUE=DATE:20260317
STATUS:NEEDS-ACTION
END:VTODO
BEGIN:VEVENT
UID:due-{uid}
DTSTAMP:20260301T080000Z
SUMMARY:Pay\\; the bill\\, “now” \\\\ or never
DESCRIPTION:Asked of: Ana\\nDue: by 2026-03-17\\nDocument: a\\, b.txt\\nPage 1: “Maria Lopez \
sends the survey to the insurer by 20 March 2026”
URL:http://testserver/d/{document}#tick-{item}
DTSTART;VALUE=DATE:20260317
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
"""


def calendar(client: APIClient, **query: str) -> strict_icalendar.Component:
    answer = client.get("/action-items/export", {"as": "ics", **query})
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return strict_icalendar.read(answer.content)


def test_a_calendar_is_written_so(api: APIClient, asks: Any) -> None:
    with time_machine.travel("2026-03-01T08:00:00Z", tick=False):
        item = asks(BILL, name="a, b.txt").action_items.get()
    content = api.get("/action-items/export?as=ics").content
    strict_icalendar.read(content)
    unfolded = content.decode().replace("\r\n ", "").replace("\r\n", "\n")
    installation = Installation.current().installation_id
    ids = {"document": item.analysis.document_id, "item": item.pk}
    assert unfolded == GOLDEN.format(uid=f"{item.pk}@{installation}", **ids)


def test_what_has_no_date_is_a_to_do_alone_and_what_is_done_says_so(
    api: APIClient, asks: Any
) -> None:
    item = asks(("Read it", None, None)).action_items.get()
    ticks.tick(item, done=True)
    assert not calendar(api).inner
    [todo] = calendar(api, state="done").inner
    assert (todo.name, todo.properties["STATUS"]) == ("VTODO", "COMPLETED")
    assert "DUE" not in todo.properties


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_any_words_make_lines_that_are_read_back(words: str) -> None:
    line = icalendar._folded(f"SUMMARY:{icalendar._text(words)}")
    component = strict_icalendar.Component("VTODO")
    for part in line.split("\r\n"):
        assert len(part.encode()) <= 75
    strict_icalendar._property(component, line.replace("\r\n ", ""))
    read = component.properties["SUMMARY"]
    if words.isprintable() and len(words) <= icalendar.LONGEST_TEXT:
        assert read == words


def test_a_task_keeps_its_uid_through_all_analyses_of_its_document(
    api: APIClient, upload: Any
) -> None:
    def analyze(task: str, day: str) -> str:
        quote = Evidence(1, 0, 3, "The", "verbatim")
        item = FoundItem(task, "Ana", "soon", day, "high", [quote])
        assert Worker(slots=1, engine=Told(actionable_items=[item])).work_once()
        [todo] = calendar(api, state="all").all("VTODO")
        assert todo.properties["DUE"] == day.replace("-", "")
        return todo.properties["UID"]

    document = upload()
    first = analyze("Send the survey", "2026-03-17")
    for task in ("Send the survey soon", "Send the survey to Bo"):
        document.refresh_from_db()
        queue.requeue(document)
        assert analyze(task, "2026-03-18") == first
    assert ActionItem.objects.count() == 3


def test_an_identical_file_has_tasks_of_its_own(api: APIClient, upload: Any) -> None:
    for _ in range(2):
        upload("same.txt")
        assert Worker(slots=1, engine=Told()).work_once()
    assert len(calendar(api).all("VTODO")) == 4


def test_a_table_is_written_so(api: APIClient, asks: Any) -> None:
    item = asks(("=1+1", "@Ana", "2026-03-17"), name="-a.txt").action_items.get()
    answer = api.get("/action-items/export")
    assert answer["Content-Disposition"] == 'attachment; filename="todo.csv"'
    [row] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row == {
        "id": str(item.pk),
        "task": "'=1+1",
        "assignee": "'@Ana",
        "due_text": "by 2026-03-17",
        "due_date": "2026-03-17",
        "priority": "unspecified",
        "done": "no",
        "page": "1",
        "quote": "Maria Lopez sends the survey to the insurer by 20 March 2026",
        "document_id": str(item.analysis.document_id),
        "filename": "'-a.txt",
        "doubt": "",
        "due_counted_from": "",
    }


@pytest.mark.parametrize("form", ["csv", "ics"])
def test_files_hold_what_the_list_shows(browser: Client, asks: Any, form: str) -> None:
    asks(("mine", "Ana", None), ("another", "Bo", None))
    page = browser.get("/todo?assignee=ana").content.decode()
    assert f"as={form}" in page or form == "csv"
    answer = browser.get(f"/action-items/export?assignee=ana&as={form}").content.decode()
    assert "mine" in answer
    assert "another" not in answer
