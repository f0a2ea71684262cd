"""Running totals say what there is, whichever way it came, changed or went."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count, Sum

from accounts.models import User
from documents import queue, quotas, removal
from documents.models import (
    TRASHED,
    Document,
    OwnerTotals,
    Status,
    count_listed,
    counts_by_status,
    totals,
)
from documents.trash import moves
from documents.worker import Worker
from tests.engines import FirstWords

Uploader = Callable[..., Document]


def told() -> dict[int, tuple[int, int]]:
    rows = OwnerTotals.objects.exclude(documents=0, bytes=0)
    return {total.owner_id: (total.documents, total.bytes) for total in rows}


def counted() -> dict[int, tuple[int, int]]:
    rows = Document.with_trashed.order_by().values_list("owner")
    rows = rows.annotate(documents=Count("*"), bytes=Sum(quotas.STORED))
    return {owner: (documents, size) for owner, documents, size in rows}


def work() -> None:
    assert Worker(slots=1, engine=FirstWords()).work_once()


def test_the_story_of_documents_is_counted_along(upload: Uploader, alice: User, bob: User) -> None:
    first, second = upload(), upload("second.txt", "More words than the first.")
    upload(owner=bob)
    assert told() == counted()
    assert told()[alice.pk][0] == 2
    for _ in range(3):
        work()
        assert told() == counted()
    queue.requeue(first)
    moves.put(second.pk)
    assert told() == counted()
    removal.delete(Document.objects.get(pk=first.pk))
    assert told() == counted()
    moves.restore(second.pk)
    assert told() == counted()
    assert told()[alice.pk][0] == 1


def test_many_rows_are_counted_one_by_one(upload: Uploader, alice: User, bob: User) -> None:
    for number in range(3):
        upload(f"{number}.txt")
    Document.objects.update(stored_bytes=None, size=7)
    assert told() == {alice.pk: (3, 21)}
    Document.objects.filter(filename="0.txt").update(owner=bob, stored_bytes=5)
    assert told() == counted() == {alice.pk: (2, 14), bob.pk: (1, 5)}
    Document.objects.all().delete()
    assert told() == counted() == {}


def test_what_is_taken_back_is_not_counted(upload: Uploader) -> None:
    upload()
    before = told()
    with pytest.raises(RuntimeError), transaction.atomic():
        upload("second.txt")
        raise RuntimeError
    assert told() == before == counted()


def test_documents_are_told_by_status_and_without_the_trash(
    upload: Uploader, alice: User, bob: User
) -> None:
    statuses = [*Status.values, TRASHED, Status.COMPLETED]
    for number, status in enumerate(statuses):
        Document.objects.filter(pk=upload(f"{number}.txt").pk).update(status=status)
    upload(owner=bob)
    each = dict.fromkeys(Status.values, 1) | {"completed": 2}
    assert counts_by_status(alice.pk) == each
    assert count_listed(alice.pk) == 6
    assert counts_by_status(None) == each | {"pending": 2}
    assert (counts_by_status(bob.pk), count_listed(bob.pk)) == ({"pending": 1}, 1)


def test_whoever_never_had_any_has_none(alice: User) -> None:
    assert (counts_by_status(alice.pk), count_listed(alice.pk)) == ({}, 0)
    assert counts_by_status(None) == {}
    assert quotas.Used.of(alice) == quotas.Used(0, 0, 0)


def test_lost_triggers_are_made_again_and_all_is_counted_anew(upload: Uploader) -> None:
    upload()
    totals.forget("default")
    upload("not counted.txt")
    assert told() != counted()
    totals.keep()
    assert told() == counted()
    upload("counted along.txt")
    assert told() == counted()


def test_a_migration_keeps_what_is_counted(
    upload: Uploader, django_assert_num_queries: Any
) -> None:
    upload()
    with django_assert_num_queries(2):  # One look for each table.
        totals.keep()  # Nothing is amiss: nothing is counted.


def test_totals_need_no_look_at_the_documents(upload: Uploader, alice: User) -> None:
    upload()
    OwnerTotals.objects.update(documents=1_000_000, bytes=5)
    assert count_listed(alice.pk) == 1_000_000
    assert quotas.Used.of(alice) == quotas.Used(places=1, documents=1_000_000, bytes=5)
