"""Places counted from whichever end is nearer are those that counting one by one gives."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents import queue
from documents.live import event_rows
from documents.live.channels import BATCH, EventLog, channel_of
from documents.models import Document, StatusEvent
from documents.uploads import intake

MANY = 2 * BATCH + 3


@pytest.fixture
def line(alice, text_file):
    files = [text_file(f"{n}.txt") for n in range(20)]
    for _ in range(0, MANY, 20):
        for file in files:
            file.seek(0)
        intake.receive(alice, files)
    return alice


def placed(turns):
    """Give the waiting ones turns, hold some, and scatter their numbers."""
    dice = random.Random(7)
    numbers = dice.sample(range(1_000, 2_000), Document.objects.count())
    for document, number in zip(Document.objects.all(), numbers, strict=True):
        Document.objects.filter(pk=document.pk).update(
            turn=dice.choice(turns),
            queue_number=number,
            held_until=timezone.now() if number % 9 == 0 else None,
        )


def expected():
    ready = sorted(Document.objects.filter(held_until=None), key=lambda document: document.place)
    return {document.pk: place for place, document in enumerate(ready, 1)}


@pytest.mark.parametrize("turns", [[0], [3, 4, 5], [0, 900]])
def test_each_alone_and_all_together_have_the_same_places(line, turns):
    placed(turns)
    everywhere = expected()
    assert queue.positions(Document.objects.all()) == everywhere
    for document in Document.objects.filter(held_until=None):
        assert queue.positions([document]) == {document.pk: everywhere[document.pk]}


@pytest.mark.parametrize("turns", [[0], [3, 4, 5]])
def test_events_tell_the_same_places(line, turns):
    placed(turns)
    everywhere = expected()
    for event in StatusEvent.objects.filter(document_id__in=everywhere):
        [row] = event_rows.events_since(event.pk - 1, 1)
        assert row.position == everywhere[row.document_id]


def told(log, alice):
    last, ids = 0, []
    while log.has_latest(last):
        batch = log.get_latest(channel_of(alice.pk), last)
        assert batch
        last = batch[-1].id
        ids += [event.id for event in batch]
    return ids


def test_a_stream_without_a_cursor_looks_once_at_all_of_a_long_line(line):
    with CaptureQueriesContext(connection) as queries:
        ids = told(EventLog(replayed_upto=10**9), line)
    assert ids == list(event_rows.latest_of_each(line.pk, 10**9))
    assert len(ids) == Document.objects.count()
    assert sum("max(step.id)" in query["sql"] for query in queries) == 1


def test_what_is_pruned_while_it_is_told_does_not_end_the_telling(line):
    log = EventLog(replayed_upto=10**9)
    first = log.get_latest(channel_of(line.pk), 0)
    last = first[-1].id
    following = list(event_rows.latest_of_each(line.pk, 10**9))[BATCH : 2 * BATCH]
    StatusEvent.objects.filter(pk__in=following).delete()
    rest = log.get_latest(channel_of(line.pk), last)
    assert [event.id for event in rest] == list(event_rows.latest_of_each(line.pk, 10**9))[BATCH:]
    assert not log.has_latest(rest[-1].id)
