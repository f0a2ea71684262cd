"""Documents for the built-in engine go on while a model's circuit holds all others."""

from decimal import Decimal

import pytest
from django.db import connection

from documents import queue
from documents.dashboard import panel
from documents.live import event_rows, payloads
from documents.models import BUILT_IN_ENGINE, Document, OpenCircuit, Status, StatusEvent
from tests.conftest import statuses
from tests.engines import OneCall
from tests.queue.test_circuit_breaker import Refused, a_minute_passes, announce
from tests.queue.test_owner_budget import spend


@pytest.fixture
def line(upload):
    """Two for the model, then one for the built-in engine, and the same again."""
    documents = [upload(f"{number}.txt", f"Text number {number}.") for number in range(6)]
    for number in (2, 5):
        Document.objects.filter(pk=documents[number].pk).update(chosen_engine=BUILT_IN_ENGINE)
    return [Document.objects.get(pk=document.pk) for document in documents]


@pytest.fixture
def paused(line, worker):
    """A worker whose circuit the first document has opened."""
    busy = announce(worker, Refused())
    assert busy.work_once()
    assert queue.open_circuit() is not None
    return busy


def claimed(worker):
    account = worker._account
    found = []
    while document := queue.claim_next("probe", account):
        found.append(document.filename)
    return found


def test_they_are_claimed_in_their_order_while_the_circuit_is_open(paused, line):
    assert claimed(paused) == ["2.txt", "5.txt"]
    assert set(statuses(line[1])) == {Status.PENDING}


def test_one_is_brought_to_its_end_and_the_circuit_stays_open(paused, line):
    assert paused.work_once()
    assert Document.objects.get(pk=line[2].pk).status == Status.COMPLETED
    assert OpenCircuit.objects.get().probes == 0
    assert Document.objects.get(pk=line[1].pk).is_queued


def test_the_probe_keeps_its_turn_among_them(paused, line):
    a_minute_passes()
    assert claimed(paused) == ["1.txt", "2.txt", "5.txt"]
    assert OpenCircuit.objects.get().probes == 1


def test_while_the_circuit_is_closed_nobody_overtakes(line, worker):
    assert claimed(worker(OneCall())) == [f"{number}.txt" for number in range(6)]


def test_a_used_up_budget_of_all_does_not_hold_them(line, worker, settings):
    settings.ATOM_DAILY_BUDGET_USD = Decimal(0)
    assert claimed(worker(OneCall())) == ["2.txt", "5.txt"]


def test_a_used_up_budget_of_their_owner_does_not_hold_them(line, worker, settings, alice):
    settings.ATOM_DAILY_BUDGET_USD_PER_USER = Decimal("0.02")
    spend(alice)
    assert claimed(worker(OneCall())) == ["2.txt", "5.txt"]
    queue.cancel(line[5])
    queue.requeue(Document.objects.get(pk=line[5].pk), engine=BUILT_IN_ENGINE)
    assert Document.objects.get(pk=line[5].pk).is_ready


def test_what_they_wait_for_is_not_the_circuit(paused, line):
    assert queue.waiting_reason(line[2]) is None
    assert queue.waiting_reason(line[1]) == queue.WaitingReason.KEY_REJECTED


def test_positions_are_those_of_the_claims_to_come(paused, line):
    """Rows of the fixture, the first of which has failed: 2 and 5, then 1, 3 and 4."""
    waiting = line[1:]
    places = queue.positions(waiting)
    assert [places[document.pk] for document in waiting] == [3, 1, 4, 5, 2]
    # Of some of them only, too.
    assert queue.positions([line[3], line[5]]) == {line[3].pk: 4, line[5].pk: 2}


def test_positions_are_as_ever_while_the_circuit_is_closed(line):
    places = queue.positions(line)
    assert [places[document.pk] for document in line] == [1, 2, 3, 4, 5, 6]


def test_the_stream_tells_the_same_position(paused, line):
    event = StatusEvent.objects.filter(document_id=line[5].pk).latest("id")
    rows = event_rows.events_since(event.pk - 1, 1)
    [told] = payloads.of(rows)
    assert told.body["queue_position"] == 2


def test_page_and_api_tell_the_same(paused, line, api):
    told = api.get(f"/documents/{line[2].pk}/status").json()
    assert (told["queue_position"], told["waiting_reason"]) == (1, None)
    shown = panel.read(line[2], version=1)
    assert (shown.position, shown.waiting_reason) == (1, "")
    assert "API key" in panel.read(line[1], version=1).waiting_reason


def test_a_look_for_one_walks_no_line_of_others(paused, line):
    looks = [
        Document.objects.ready().without_model().order_by().values("pk")[:1],
        Document.objects.ready().without_model().in_queue_order()[:1],
    ]
    if connection.vendor == "sqlite":
        assert all("document_line_built_in" in look.explain() for look in looks)
