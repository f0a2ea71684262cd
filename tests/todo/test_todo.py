"""The tasks of all documents: which are listed, for whom, and in which order."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from documents import queue, removal
from documents.failures import failure
from documents.models import ActionItem, Analysis, Classification, Document
from documents.pipeline import current, ticks
from documents.trash import moves
from tests.api.conftest import analyzed
from tests.todo.conftest import found

WEDNESDAY = "2026-03-18T12:00:00Z"
OVERDUE = ("Pay the bill", "Ana", "2026-03-17")
MONDAY = ("Write the minutes", "Bo", "2026-03-16")
TODAY = ("Call the school", "ANA", "2026-03-18")
SUNDAY = ("Ask two roofers", None, "2026-03-22")
LATER = ("Renew the lease", "Maria  Lopez", "2026-03-23")
SOME_DAY = ("Read the survey", "ana", None)
EVERY = (SOME_DAY, LATER, OVERDUE, SUNDAY, MONDAY, TODAY)


def tasks(client: APIClient, **query: str) -> list[str]:
    answer = client.get("/action-items", query)
    assert answer.status_code == 200, answer.json()
    assert answer.json()["count"] == len(answer.json()["results"])
    return [item["task"] for item in answer.json()["results"]]


@time_machine.travel(WEDNESDAY, tick=False)
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [MONDAY, OVERDUE, TODAY, SUNDAY, LATER, SOME_DAY]),
        ({"due": "overdue"}, [MONDAY, OVERDUE]),
        ({"due": "week"}, [MONDAY, OVERDUE, TODAY, SUNDAY]),
        ({"due": "none"}, [SOME_DAY]),
        ({"assignee": "Ana"}, [OVERDUE, TODAY, SOME_DAY]),
        ({"assignee": "maria lopez", "due": ""}, [LATER]),
        ({"state": "done"}, []),
        ({"state": "all", "due": "none", "assignee": " ANA "}, [SOME_DAY]),
        ({"assignee": "An"}, []),
        ({"document": "00000000-0000-0000-0000-000000000000"}, []),
    ],
)
def test_tasks_come_soonest_first_and_those_without_a_date_last(
    api: APIClient, browser: Client, asks: Any, query: dict[str, str], expected: list[Any]
) -> None:
    asks(*EVERY)
    names = [task for task, _, _ in expected]
    assert tasks(api, **query) == names
    page = browser.get("/todo", query).content.decode()
    places = [page.index(f'dir="auto">{name}<') for name in names]
    assert places == sorted(places)
    assert page.count("item__task") == len(names)


def test_on_one_day_tasks_are_together_by_document(api: APIClient, asks: Any) -> None:
    day = "2026-03-17"
    asks(("a", None, day), ("b", None, day))
    asks(("c", None, day), ("d", None, "2026-03-16"))
    assert tasks(api) == ["d", "a", "b", "c"]


def test_only_the_newest_analysis_counts(api: APIClient, asks: Any) -> None:
    first = asks(OVERDUE, LATER)
    analyzed(first.document, found(SUNDAY))
    assert tasks(api, state="all") == [SUNDAY[0]]
    # What was replaced is there still, for its own page and whoever holds its id.
    assert first.action_items.count() == 2


def test_what_is_being_analyzed_again_or_failed_then_keeps_its_tasks(
    api: APIClient, asks: Any
) -> None:
    document = asks(OVERDUE).document
    queue.requeue(Document.objects.get(pk=document.pk))
    assert tasks(api) == [OVERDUE[0]]
    claimed = queue.claim_next("worker")
    assert claimed
    queue.fail(claimed, failure("no_text"))
    assert tasks(api) == [OVERDUE[0]]


def test_tasks_of_a_deleted_document_vanish(api: APIClient, asks: Any, browser: Client) -> None:
    removal.delete(asks(OVERDUE).document)
    assert tasks(api, state="all") == []
    assert "Nothing to do yet" in browser.get("/todo").content.decode()


def test_a_tick_moves_a_task_from_open_to_done(api: APIClient, asks: Any, browser: Client) -> None:
    item = asks(OVERDUE, LATER).action_items.get(position=1)
    answer = browser.post(f"/todo/items/{item.pk}?due=overdue", {"done": "yes"})
    assert answer["Location"] == f"/todo?due=overdue#tick-{item.pk}"
    assert tasks(api) == [LATER[0]]
    assert tasks(api, state="done") == [OVERDUE[0]]
    page = browser.get(answer["Location"]).content.decode()
    assert f"/d/{item.analysis.document_id}#tick-{item.pk}" in page  # Where it can be taken back.


def test_a_tick_on_a_list_of_before_is_for_the_task(api: APIClient, asks: Any) -> None:
    first = asks(OVERDUE)
    analyzed(first.document, found(OVERDUE))
    item = ActionItem.objects.select_related("analysis").get(analysis=first)
    ticks.tick(item, done=True)
    assert tasks(api, state="done") == [OVERDUE[0]]


def test_words_of_documents_are_no_markup(browser: Client, asks: Any) -> None:
    item = asks(("<script>alert(1)</script>", "<b>Ana</b>", None)).action_items.get()
    page = browser.post(f"/todo/items/{item.pk}", {"done": "yes"}, follow=True).content.decode()
    page += browser.get("/todo?state=all").content.decode()
    assert "<script>alert" not in page
    assert "<b>Ana" not in page


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"state": "open,done"}, "unknown_state"),
        ({"due": "tomorrow"}, "unknown_due"),
        ({"assignee": "a" * 101}, "bad_assignee"),
        ({"assignee": "nul\x00l"}, "bad_assignee"),
        ({"document": "7"}, "bad_document"),
        ({"page": "9"}, "bad_page"),
        ({"page_size": "0"}, "bad_page_size"),
        ({"as": "xlsx"}, "unknown_form"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_code_and_left_out_of_pages(
    api: APIClient, browser: Client, asks: Any, query: dict[str, str], code: str
) -> None:
    asks(OVERDUE)
    path = "/action-items/export" if "as" in query else "/action-items"
    answer = api.get(path, query)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert OVERDUE[0] in browser.get("/todo", query).content.decode()


@pytest.mark.parametrize("seed", range(4))
def test_two_people_never_see_each_others_tasks(
    api: APIClient, bobs_api: APIClient, alice: User, bob: User, asks: Any, seed: int
) -> None:
    """Whatever is uploaded, analyzed again, ticked or deleted, by whomever, in whatever order."""
    chance, mine = random.Random(seed), {alice: bobs_api, bob: api}
    for step in range(12):
        owner = chance.choice([alice, bob])
        owned = list(Analysis.objects.filter(document__owner=owner))
        act = chance.choice(["upload", "upload", "again", "tick", "delete"])
        told = (f"{owner.username} {step}", owner.username, chance.choice([None, "2026-03-17"]))
        if act == "upload" or not owned:
            asks(told, owner=owner)
        elif act == "again":
            analyzed(chance.choice(owned).document, found(told))
        elif act == "tick":
            ticks.tick(chance.choice(owned).action_items.all()[0], done=True)
        else:
            removal.delete(chance.choice(owned).document)
        for one, others in mine.items():
            for query in ({"state": "all"}, {"assignee": one.username, "state": "all"}):
                assert not [task for task in tasks(others, **query) if one.username in task]
            table = others.get("/action-items/export?state=all").content.decode()
            assert f"{one.username} " not in table
            assert {
                item.analysis.document.owner for item in ActionItem.objects.listed_for(one)
            } <= {one}


def test_a_document_taken_out_and_put_back_has_its_tasks_again(api: APIClient, asks: Any) -> None:
    analysis = asks(OVERDUE, LATER)
    current.withdraw(analysis.document)
    assert tasks(api, state="all") == []
    current.reinstate(analysis.document)
    assert tasks(api) == [OVERDUE[0], LATER[0]]


def test_a_page_takes_no_more_queries_with_many_tasks(
    api: APIClient, browser: Client, asks: Callable[..., Any], django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        asks(*EVERY)
    with django_assert_max_num_queries(4):
        api.get("/action-items")
    with django_assert_max_num_queries(13):
        browser.get("/todo")


def test_tasks_of_the_trash_are_on_no_list_and_come_back(asks, alice):
    document = asks(("Send the survey", None, "2027-03-05"), topics=["Quay"]).document
    moves.put(document.pk)
    assert not ActionItem.objects.listed_for(alice).exists()
    assert not Classification.objects.exists()
    moves.restore(document.pk)
    assert ActionItem.objects.listed_for(alice).get().task == "Send the survey"
    assert Classification.objects.get().topics.get().label == "Quay"


def test_documents_are_found_by_kind_topic_and_open_tasks(asks, api):
    done = asks(("Paint", None, None), name="done.txt", topics=["Harbor Wall"])
    done.action_items.update(done=True)
    asks(("Send the survey", None, None), name="open.txt")
    asks(name="none.txt")

    def names(query):
        return {shown["filename"] for shown in api.get(f"/documents?{query}").json()["results"]}

    assert names("has_open_tasks=true") == {"open.txt"}
    assert names("has_open_tasks=false") == {"done.txt", "none.txt"}
    assert names("topic=harbor%20%20WALL") == {"done.txt"}
    assert api.get("/documents?has_open_tasks=perhaps").json()["code"] == "unknown_answer"
