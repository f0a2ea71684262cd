"""On PostgreSQL, ids commit in their order, and without the trigger they do not."""

import threading
import time
from importlib import import_module

import pytest
from django.db import connection, transaction

from documents import events
from documents.live import event_rows
from documents.models import StatusEvent

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer"),
]
WRITERS = 8
EACH = 100


def write(document):
    try:
        for number in range(EACH):
            with transaction.atomic():
                events.record(document)
                time.sleep(number % 4 / 1000)  # What else a transaction does before it commits.
    finally:
        connection.close()


def skipped(document):
    """How many events "everything after the last id I saw" misses while others write."""
    cursor, seen = events.latest_id(), 0
    writers = [threading.Thread(target=write, args=[document]) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    is_last = False
    while True:
        rows = event_rows.events_since(cursor, 500)
        seen += len(rows)
        cursor = rows[-1].id if rows else cursor
        if is_last and not rows:
            break
        is_last = not any(writer.is_alive() for writer in writers)
    return WRITERS * EACH - seen


def test_no_event_of_eight_writers_is_skipped(upload):
    assert skipped(upload()) == 0


def test_without_the_trigger_events_are_skipped(upload):
    """Proves that the test above would notice."""
    document = upload()
    migration = import_module("documents.migrations.0002_event_order")
    with connection.schema_editor() as editor:
        migration.drop(None, editor)
    try:
        assert skipped(document) > 0
    finally:
        with connection.schema_editor() as editor:
            migration.create(None, editor)
    assert StatusEvent.objects.of(document).count() == WRITERS * EACH + 1
