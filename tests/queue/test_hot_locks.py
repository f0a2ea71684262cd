"""The hot statements take the locks that the ORM would take, in the same order; on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from documents import events, queue
from documents.models import Counter, Document, Status, StatusEvent, clock, hot_sql

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite locks neither rows nor the log"
    ),
]
SOON = 10  # seconds


@contextmanager
def elsewhere() -> Iterator[Callable[..., Future[Any]]]:
    """Does things in another thread, with a connection of its own."""
    with ThreadPoolExecutor(2) as others:

        def do(act: Callable[..., Any], *arguments: Any) -> Future[Any]:
            return others.submit(closing, act, *arguments)

        yield do


def closing(act: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return act(*arguments)
    finally:
        connection.close()


def hold(lock: Callable[[], object], is_held: threading.Event, release: threading.Event) -> None:
    with transaction.atomic():
        lock()
        is_held.set()
        release.wait(SOON)


def wait_until_one_waits() -> None:
    waiting = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(SOON * 100):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone() != (0,):
                return
        threading.Event().wait(0.01)
    raise AssertionError("nobody waits")


@pytest.mark.parametrize("act", ["claim", "step"])
def test_who_waits_for_a_row_does_not_hold_up_the_log(upload: Any, act: str) -> None:
    first, second = upload(), upload()
    acts: dict[str, Callable[[], object]] = {
        "claim": lambda: hot_sql.claim("w"),
        "step": lambda: events.advance(first, Status.FAILED),
    }
    is_held, release = threading.Event(), threading.Event()
    rows_of_first = Document.objects.filter(pk=first.pk).select_for_update()
    with elsewhere() as do:
        holding = do(hold, lambda: rows_of_first.get(), is_held, release)
        assert is_held.wait(SOON)
        acting = do(acts[act])
        wait_until_one_waits()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {SOON * 100}")
            events.record(second)  # Fails if the log is locked.
        assert not acting.done()
        release.set()
        holding.result(SOON), acting.result(SOON)
    assert StatusEvent.objects.of(first).count() == 2


def test_who_waits_for_the_log_does_not_hold_up_counters(upload: Any) -> None:
    first, second = upload(), upload()
    Counter.objects.add("failures", "x")
    is_held, release = threading.Event(), threading.Event()
    with elsewhere() as do:
        holding = do(hold, lambda: events.record(second), is_held, release)
        assert is_held.wait(SOON)
        acting = do(lambda: events.advance(first, Status.FAILED, reason="x"))
        wait_until_one_waits()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {SOON * 100}")
            Counter.objects.add("failures", "x")  # Fails if the counter is locked.
        assert not acting.done()
        release.set()
        holding.result(SOON), acting.result(SOON)
    assert Counter.objects.by_label()["failures"] == {"x": 3}


def test_a_claim_that_waited_for_the_queue_sees_what_was_committed_meanwhile(upload: Any) -> None:
    first, second = upload(), upload()
    is_held, release = threading.Event(), threading.Event()

    def claim_and_hold() -> None:
        with queue.locked():
            hold(lambda: queue.claim_next("other"), is_held, release)

    with elsewhere() as do:
        holding = do(claim_and_hold)
        assert is_held.wait(SOON)
        claiming = do(hot_sql.claim, "w")
        wait_until_one_waits()
        waited_until = clock.told_by_database()
        release.set()
        holding.result(SOON)
        claimed = claiming.result(SOON)
    assert claimed == second
    assert claimed.started_at > waited_until
    assert first.status == Status.PENDING
