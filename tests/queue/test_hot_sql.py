"""The hot statements do what the ORM would do: the same rows afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.db.models import F

from documents import events, queue, quotas, wakeup
from documents.models import (
    Counter,
    Document,
    DocumentQuerySet,
    Status,
    StatusEvent,
    clock,
    hot_sql,
)

# What the ORM does.


def claimed_by_orm(line: DocumentQuerySet, worker: str) -> Document | None:
    head = line.in_queue_order().for_claim().first()
    if head is None:
        return None
    Document.objects.filter(pk=head.pk).update(
        status=Status.PROCESSING,
        attempts=F("attempts") + 1,
        claimed_by=worker,
        started_at=clock.now(),
        updated_at=clock.now(),
        lease_expires_at=clock.now() + django_settings.LEASE,
        progress=None,
        held_until=None,
    )
    return recorded_by_orm(head, "")


def moved_by_orm(document: Document, changes: dict[str, Any], reason: str) -> Document | None:
    if not Document.with_trashed.at_version(document).update(**changes):
        return None
    return recorded_by_orm(document, reason)


def recorded_by_orm(document: Document, reason: str) -> Document:
    moved = Document.with_trashed.get(pk=document.pk)
    events.record(moved, reason=reason)
    return moved


# What comes of it.


def rows() -> list[dict[str, Any]]:
    """All rows of both tables, new moments by how long after the change they are."""
    documents = list(Document.with_trashed.order_by("pk").values())
    history = list(StatusEvent.objects.order_by("id").values())
    newest = max(row["updated_at"] for row in documents)
    for row in history:
        del row["id"]  # A sequence goes on, whatever is rolled back.
    return [
        {name: as_told(value, newest) for name, value in row.items()}
        for row in [*documents, *history]
    ]


def as_told(value: Any, newest: datetime) -> Any:
    if isinstance(value, datetime) and value > newest - timedelta(seconds=1):
        return round((value - newest).total_seconds())
    return value


def effect(act: Callable[[], object]) -> tuple[bool, list[dict[str, Any]]]:
    """Whether it came to something, and the rows then; undone afterwards."""
    with transaction.atomic():
        acted = act() is not None
        after = rows()
        transaction.set_rollback(True)
    return acted, after


@pytest.fixture
def line(upload: Any, bob: Any) -> list[Document]:
    """Documents of two people, one of them held, and one that needs no model; as of long ago."""
    documents = [upload("a.txt"), upload("b.txt", owner=bob), upload("c.txt"), upload("d.txt")]
    Document.objects.filter(pk=documents[0].pk).update(held_until=clock.now() + timedelta(days=1))
    Document.objects.filter(pk=documents[3].pk).update(chosen_engine="offline")
    moments = ("created_at", "updated_at", "queued_at")
    Document.objects.update(**{name: F(name) - timedelta(days=2) for name in moments})
    StatusEvent.objects.update(created_at=F("created_at") - timedelta(days=2))
    return documents


@pytest.mark.parametrize("without_model", [False, True])
def test_a_claim_leaves_the_rows_that_the_orm_leaves(
    line: list[Document], without_model: bool
) -> None:
    ready = Document.objects.ready()
    ready = ready.without_model() if without_model else ready
    before = rows()
    expected = effect(lambda: claimed_by_orm(ready, "w"))
    assert expected[0]
    assert expected[1] != before
    assert effect(lambda: hot_sql.claim("w", without_model=without_model)) == expected


def test_a_claim_of_nobody_leaves_the_rows_as_they_are(line: list[Document]) -> None:
    Document.objects.update(held_until=clock.now())
    before = rows()
    assert effect(lambda: hot_sql.claim("w")) == (False, before)
    assert not hot_sql.is_anybody_ready()


def test_a_claimed_document_is_as_the_orm_reads_it(line: list[Document]) -> None:
    Document.objects.update(unread=[{"page": 2, "reason": "scan"}], failure={"code": "ü"})
    claimed = hot_sql.claim("w")
    assert claimed is not None
    names = [field.attname for field in Document._meta.concrete_fields]
    read = Document.objects.get(pk=claimed.pk)
    assert {name: getattr(claimed, name) for name in names} == {
        name: getattr(read, name) for name in names
    }
    assert claimed.get_deferred_fields() == set()
    assert not claimed._state.adding
    assert claimed._state.db == read._state.db


def test_a_claim_tells_who_may_have_a_twin(upload: Any, bob: Any) -> None:
    upload(text="The same."), upload(text="Another."), upload(text="The same.", owner=bob)
    upload(text="The same.")
    told = [hot_sql.claim("w") for _ in range(4)]
    assert [one.may_have_twin for one in told if one] == [True, False, False, True]


def test_a_database_that_does_not_know_the_claim_claims_by_the_orm(
    line: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = effect(lambda: queue.claim_next("w"))
    monkeypatch.setattr(hot_sql, "is_understood", lambda: False)
    monkeypatch.setattr(hot_sql, "claim", None)
    assert effect(lambda: queue.claim_next("w")) == expected


def test_a_claim_wakes_who_waits_for_events(
    line: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    monkeypatch.setattr(wakeup, "notify", woken.append)
    assert queue.claim_next("w")
    assert woken == [wakeup.EVENTS]
    Document.objects.update(held_until=clock.now())
    assert not queue.claim_next("w", look_first=False)
    assert woken == [wakeup.EVENTS]


READ = {"page_count": 3, "encoding": "utf-8", "unread": [{"page": 2, "reason": "scan"}]}
STEPS: dict[str, tuple[Status, Status, dict[str, Any]]] = {
    "read": (Status.PROCESSING, Status.ANALYZING, {**READ, "stored_bytes": quotas.grown_by(7)}),
    "completed": (
        *(Status.ANALYZING, Status.COMPLETED),
        {"language": "de", "wants_fresh": False, "finished_at": None, "lease_expirations": 0},
    ),
    "failed": (Status.PROCESSING, Status.FAILED, {"failure": {"code": "x", "detail": "ü 'x' %s"}}),
    "given back": (Status.ANALYZING, Status.PENDING, {"claimed_by": "", "lease_expires_at": None}),
    "again": (Status.FAILED, Status.PENDING, {"failure": None, "queue_number": 99}),
}


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("moment", ["now", "in an hour"])
def test_a_step_leaves_the_rows_that_the_orm_leaves(
    line: list[Document], name: str, moment: str
) -> None:
    before, after, changes = STEPS[name]
    Document.objects.filter(pk=line[1].pk).update(status=before, progress={"done": 1}, attempts=4)
    document = Document.objects.get(pk=line[1].pk)
    expires_at = clock.now() if moment == "now" else clock.now() + timedelta(hours=1)
    moved = {"status": after, "progress": None, "updated_at": clock.now()}
    changes = {**moved, "lease_expires_at": expires_at, **changes}
    expected = effect(lambda: moved_by_orm(document, changes, "a reason"))
    assert expected[0]
    assert effect(lambda: hot_sql.step(document, changes, reason="a reason")) == expected


@pytest.mark.parametrize("changed", [{"status": "failed"}, {"attempts": 5}, {"id": None}])
def test_a_step_of_a_document_that_was_moved_leaves_the_rows_as_they_are(
    line: list[Document], changed: dict[str, Any]
) -> None:
    document = Document.objects.get(pk=line[1].pk)
    for name, value in changed.items():
        setattr(document, name, value or uuid4())
    before = rows()
    changes = {"status": Status.PROCESSING, "updated_at": clock.now()}
    assert effect(lambda: hot_sql.step(document, changes, reason="")) == (False, before)


@pytest.mark.parametrize("counts", [[("failures", "x")], [("failures", "x"), ("retries", "")]])
def test_a_step_counts_what_the_orm_counts(
    line: list[Document], counts: list[tuple[str, str]]
) -> None:
    Counter.objects.create(name="failures", label="x", value=5)
    document = Document.objects.get(pk=line[1].pk)
    changes = {"status": Status.FAILED, "updated_at": clock.now()}
    assert hot_sql.step(document, changes, reason="", counts=counts)
    expected = {"failures": {"x": 6}, "retries": {"": 1}}
    assert Counter.objects.by_label() == {name: expected[name] for name, _ in counts}
    # Moved by now: it is counted once.
    assert hot_sql.step(document, changes, reason="", counts=counts) is None
    assert Counter.objects.by_label() == {name: expected[name] for name, _ in counts}


def test_a_step_tells_the_moment_that_row_and_event_have(line: list[Document]) -> None:
    document = Document.objects.get(pk=line[1].pk)
    events.advance(document, Status.PROCESSING)
    document_at = Document.objects.get(pk=document.pk).updated_at
    event_at = StatusEvent.objects.of(document).latest("id").created_at
    assert document.updated_at == document_at == event_at


def test_a_count_leaves_the_rows_that_the_orm_leaves(db: None) -> None:
    Counter.objects.create(name="failures", label="x", value=5)
    Counter.objects.create(name="failures", label="y", value=1)
    for label, number in (("x", 3), ("x", 1), ("new", 2), ("new", 1)):
        hot_sql.count("failures", label, number)
    assert Counter.objects.by_label()["failures"] == {"new": 3, "x": 9, "y": 1}
