"""Among 100,000 documents, no hot path looks at more rows than among a few.

Judged by what the database does for it, not by time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from documents import events, queue, quotas
from documents.api import keysets
from documents.dashboard import freshness
from documents.estimates import queue_rows
from documents.live import event_rows
from documents.models import Document, DocumentQuerySet
from documents.operations import statistics
from documents.trash import moves
from documents.worker import Worker
from tests.engines import FirstWords
from tests.queue import crowd
from tests.queue.effort import Effort

Act = Callable[[], object]

# Of one statement. A look at each of 100,000 rows takes 500,000 steps of SQLite's machine.
MOST = 60_000 if connection.vendor == "sqlite" else 6_000
# What is counted or added up for the person who asks, in an index: each row once, and no more.
ONCE = 2_000_000 if connection.vendor == "sqlite" else 110_000

FILTERS = {
    "kind": "kind=invoice",
    "topic": "topic=quay",
    "open tasks": "has_open_tasks=true",
    "words": "search=quay",
    "best words": "search=quay&ordering=relevance",
    "days": "created_after=2099-01-01",
}
API_ORDERS = {
    "last changed": "ordering=-updated_at",
    "first changed": "ordering=updated_at",
    "last finished": "ordering=-finished_at",
    "first finished": "ordering=finished_at",
    "some": f"id={UUID(int=7)},{UUID(int=77)}",
}
API_FILTERS = {
    "statuses": "status=failed&status=completed",
    "few statuses": "status=failed,pending&ordering=-finished_at",
    "results since": "finished_after=2099-01-01&ordering=-finished_at",
    "changes since": "updated_after=2099-01-01&ordering=updated_at",
}


@pytest.fixture
def crowded(alice: User, bob: User) -> Document:
    """The newest finished document of alice, who has nearly all."""
    crowd.fill(alice.pk)
    crowd.fill(bob.pk, 5_000, first=crowd.MANY + 1)
    return Document.objects.get(queue_number=crowd.MANY - 1)


def send(api: APIClient, number: int) -> None:
    files = [SimpleUploadedFile(f"{n}.txt", b"All is well.") for n in range(number)]
    answer = api.post("/upload", {"files": files}, format="multipart")
    assert answer.status_code == 201, answer.content


def answered(client: Any, address: str) -> None:
    answer = client.get(address, headers={"Accept": "*/*"})
    assert answer.status_code == 200, (address, answer.status_code)


def of_the_line(alice: User) -> dict[str, Act]:
    waiting = Document.objects.pending().filter(owner=alice).in_queue_order()
    return {
        "a claim": partial(queue.claim_next, "worker"),
        "the story of a document": Worker(slots=1, engine=FirstWords()).work_once,
        "a look for expired leases": lambda: list(Document.objects.lease_expired()),
        "what a worker holds": lambda: list(Document.objects.held_by("worker")),
        "quotas": partial(quotas.RemainingQuota.of, alice),
        "places": lambda: queue.positions(waiting[:20]),
        "places at the end": lambda: queue.positions(waiting.reverse()[:20]),
        "the estimate of the line": queue_rows.read_line,
        "its history": queue_rows.read_history,
        "tombstones": events.prune_tombstones,
        "metrics": statistics.read,
    }


def of_streams(alice: User) -> dict[str, Act]:
    newest = events.latest_id()
    return {
        "a stream that begins": lambda: event_rows.latest_of_each(alice.pk, newest),
        "a stream that resumes": lambda: event_rows.owner_events_since(alice.pk, newest - 500, 500),
        "a stream from the beginning": lambda: event_rows.owner_events_since(alice.pk, 0, 500),
        "a relay": lambda: event_rows.events_since(newest - 3, 500),
        "news": lambda: freshness.of(alice),
    }


def of_lists(api: APIClient, browser: Client, document: Document) -> dict[str, Act]:
    asked = {
        "the first page": "",
        "completed": "status=completed",
        "failed": "status=failed",
        "by name": "ordering=filename",
        "by status": "ordering=-status",
        "oldest first": "ordering=created_at",
    }
    one = f"/documents/{document.pk}"
    details = [one, f"{one}/status", f"{one}/pages", f"{one}/analyses"]
    return {
        **both(api, browser, asked),
        **{address: partial(answered, api, address) for address in details},
        "a row": partial(answered, browser, f"/d/{document.pk}/row"),
        "a document's page": partial(answered, browser, f"/d/{document.pk}"),
        "tasks of ana": partial(answered, api, "/action-items?assignee=ana"),
        **of_api(api, API_ORDERS),
        "deep by cursor": partial(answered, api, f"/documents?after={cursor_in_the_middle()}"),
    }


def of_api(api: APIClient, asked: dict[str, str]) -> dict[str, Act]:
    return {name: partial(answered, api, f"/documents?{query}") for name, query in asked.items()}


def cursor_in_the_middle() -> str:
    document = Document.objects.get(queue_number=crowd.MANY // 2 + 50)
    return keysets.OF_DOCUMENTS["-created_at"].cursor(document)


def both(api: APIClient, browser: Client, asked: dict[str, str]) -> dict[str, Act]:
    """A list of the API, and the same as a page."""
    acts: dict[str, Act] = {}
    for name, query in asked.items():
        acts[f"list, {name}"] = partial(answered, api, f"/documents?{query}")
        acts[f"page, {name}"] = partial(answered, browser, f"/?{query}")
    return acts


def of_changes(api: APIClient, alice: User, document: Document) -> dict[str, Act]:
    own: DocumentQuerySet = Document.objects.filter(owner=alice)
    other = own.get(queue_number=crowd.MANY - 2)
    return {
        "an upload": partial(send, api, 1),
        "an upload of twenty": partial(send, api, 20),
        "into the trash": partial(moves.put, document.pk),
        "the trash": lambda: list(moves.contents(alice)[:50]),
        "out of the trash": partial(moves.restore, document.pk),
        "a retry": lambda: queue.requeue(other, within_quota=True),
        "a deletion": partial(api.delete, f"/documents/{other.pk}"),
    }


def growing(acts: dict[str, Act], most: int) -> list[str]:
    """The acts for which one statement does more than it should, with that statement."""
    found = []
    for name, act in acts.items():
        effort = Effort()
        with effort.measured():
            act()
        steps, statement = effort.most()
        if steps > most:
            found.append(f"{name}: {steps} for {statement}")
    return found


@pytest.mark.long
@pytest.mark.parametrize("is_analyzed", [False, True])
def test_hot_paths_do_not_grow(
    crowded: Document,
    alice: User,
    api: APIClient,
    browser: Client,
    settings: Any,
    is_analyzed: bool,
) -> None:
    settings.ATOM_MAX_DOCUMENTS_PER_USER = 0
    if is_analyzed:
        crowd.analyze()
    elif connection.vendor == "postgresql":
        pytest.skip("PostgreSQL analyzes what has grown by itself")
    acts = of_lists(api, browser, crowded) | of_streams(alice) | of_changes(api, alice, crowded)
    found = growing(acts | of_the_line(alice), MOST)
    assert not found, "\n".join(found)


@pytest.mark.long
def test_a_place_near_either_end_of_a_long_line_is_found_from_there(
    crowded: Document, alice: User, api: APIClient, settings: Any
) -> None:
    settings.ATOM_MAX_DOCUMENTS_PER_USER = settings.ATOM_MAX_QUEUED_PER_USER = 0
    Document.objects.filter(queue_number__lte=crowd.MANY // 2).update(status="pending")
    crowd.analyze()
    waiting = Document.objects.ready()
    first, last = waiting.in_queue_order()[10], waiting.in_queue_order().reverse()[10]
    assert queue.positions([first, last]) == {first.pk: 11, last.pk: waiting.count() - 10}
    newest = events.latest_id()
    acts: dict[str, Act] = {
        "first": lambda: queue.positions([first]),
        "last": lambda: queue.positions([last]),
        "status": partial(answered, api, f"/documents/{last.pk}/status"),
        "list": partial(answered, api, f"/documents?id={last.pk}"),
        "an event": lambda: event_rows.events_since(newest - 1, 500),
        "an upload": partial(send, api, 1),
        "a claim": partial(queue.claim_next, "worker"),
    }
    found = growing(acts, MOST)
    assert not found, "\n".join(found)


@pytest.mark.long
def test_what_is_counted_is_walked_over_once(
    crowded: Document, api: APIClient, browser: Client, staff: User, client: Client
) -> None:
    crowd.analyze()
    client.force_login(staff)
    rooms = ("document", "statusevent", "analysis", "actionitem", "modelcall", "uploadreceipt")
    lists = {name: partial(answered, client, f"/admin/documents/{name}/") for name in rooms}
    figures = {
        "the overview": partial(answered, browser, "/overview"),
        "what was used": partial(answered, browser, "/my-usage"),
        "tasks": partial(answered, api, "/action-items"),
        "the to-do page": partial(answered, browser, "/todo"),
        "overdue tasks": partial(answered, browser, "/todo?due=overdue"),
        "the operations page": partial(answered, client, "/admin/operations/"),
    }
    asked = both(api, browser, FILTERS) | of_api(api, API_FILTERS)
    found = growing(lists | figures | asked, ONCE)
    assert not found, "\n".join(found)


@pytest.mark.long
def test_a_walk_is_noticed(crowded: Document) -> None:
    crowd.analyze()
    acts: dict[str, Act] = {
        "counted": Document.with_trashed.count,
        "looked through": lambda: list(Document.objects.filter(failure__code="no_text")),
    }
    assert len(growing(acts, MOST)) == len(acts)
