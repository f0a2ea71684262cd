"""Streams by the hundred: storms of reconnects, readers that read nothing, bursts of events."""

from __future__ import annotations

from typing import Any

import pytest

from documents import events, queue
from documents.models import Document, Status, StatusEvent
from tests.faults import rig
from tests.faults.rig import until
from tests.live.ear import Ear

pytestmark = pytest.mark.django_db(transaction=True)


def told(ear: Ear, upto: int) -> list[int]:
    """The ids of what the stream told about documents, up to this one."""
    heard = ear.until(lambda event: (event.id or 0) >= upto)
    return [event.id for event in heard if event.name == "status" and event.id]


@pytest.mark.row(
    "400 streams come back at once after the web process was killed",
    "kill -9, a new process on the same port, 400 reconnects with Last-Event-ID",
    "each stream tells everything missed once and in order; threads and descriptors go back",
)
def test_a_storm_of_reconnects(web: Any, patron: Any, upload: Any) -> None:
    server = web(ATOM_MAX_STREAMS_PER_USER="1000")
    port = server.port
    first = upload()
    ears = [Ear(port, patron.token) for _ in range(400)]
    for ear in ears:
        ear.until(lambda event: event.said.get("document_id") == str(first.pk))
    last = ears[0].last
    server.stop()
    for ear in ears:
        ear.close()
    for number in range(5):
        queue.cancel(upload(text=f"Words {number}."))
    queue.cancel(first)
    again = web("--port", port, ATOM_MAX_STREAMS_PER_USER="1000")
    before = again.inside()
    missed = list(StatusEvent.objects.filter(id__gt=last).values_list("id", flat=True))
    ears = [Ear(port, patron.token, Last_Event_ID=str(last)) for _ in range(400)]
    for ear in ears:
        assert told(ear, missed[-1]) == missed
    busy = again.inside()
    assert busy["listeners"] == 400
    assert busy["threads"] < before["threads"] + 50
    for ear in ears:
        ear.close()
    until(lambda: again.inside()["listeners"] == 0)
    until(lambda: again.inside()["descriptors"] <= before["descriptors"] + 20)
    patron.assert_sane(settled=True)


@pytest.mark.row(
    "5,000 events at once, with readers that read nothing",
    "50 streams stop reading, one goes on, 5,000 events are written",
    "the reader hears all, once and in order; what streams told is what the history says",
)
def test_a_burst_with_stuck_readers(web: Any, patron: Any, upload: Any) -> None:
    server = web(ATOM_MAX_STREAMS_PER_USER="100")
    document = upload()
    stuck = [Ear(server.port, patron.token, buffer=4096) for _ in range(50)]
    with Ear(server.port, patron.token) as ear:
        ear.until(lambda event: event.said.get("document_id") == str(document.pk))
        for _ in range(1250):  # Four events each.
            queue.cancel(document)
            queue.requeue(document)
            queue.release(queue.claim_next("somebody"))
        last = events.latest_id()
        heard = ear.until(lambda event: (event.id or 0) >= last)
    history = StatusEvent.objects.of(document).oldest_first()
    expected = list(history.values_list("id", "status", "attempt"))[1:]
    assert len(expected) == 5000
    said = [event for event in heard if event.name == "status"]
    assert [(event.id, event.said["status"], event.said["attempt"]) for event in said] == expected
    assert patron.ask(server.port, "GET", f"/documents/{document.pk}") == 200
    for one in stuck:
        one.close()
    until(lambda: server.inside()["listeners"] == 0)
    queue.cancel(Document.objects.get())
    patron.assert_sane(settled=True)


@pytest.mark.row(
    "memory, descriptors and threads after many uploads and deletes",
    "300 uploads and deletes over HTTP, figures from inside the process",
    "back to the baseline after the first hundred: no more than 8 MB, 5 threads, 10 descriptors",
)
def test_back_to_the_baseline(web: Any, patron: Any, temp: Any) -> None:
    server = web()
    figures = []
    for _ in range(3):
        for number in range(100):
            assert patron.upload(server.port, rig.TEXT * 50 + b" %d" % number) == 201
            assert patron.delete(server.port, patron.last()["uploaded"][0]["id"]) == 204
        figures.append(server.inside())
    assert figures[-1]["memory"] < figures[0]["memory"] + 8_000
    assert figures[-1]["threads"] <= figures[0]["threads"] + 5
    assert figures[-1]["descriptors"] <= figures[0]["descriptors"] + 10
    assert not Document.objects.exclude(status=Status.PENDING).exists()
    patron.assert_sane(temp=temp)
