"""Clocks that jump, wake-ups that get lost, documents deleted in every state."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from documents import queue, removal, wakeup
from documents.models import Document, Status
from documents.worker import Worker
from tests.engines import FirstWords, OneCall
from tests.faults import rig, sanity
from tests.faults.rig import TEXT, until
from tests.programs import ended

pytestmark = pytest.mark.django_db(transaction=True)

JUMPS = [timedelta(hours=2), timedelta(hours=-2), timedelta(days=1), timedelta(days=-1)]


@pytest.mark.quick
@pytest.mark.row(
    "the clock jumps by hours, forward and back, in the middle of a document",
    "time-machine inside the process (faketime is not everywhere)",
    "taken back within two leases, finished once; what the earlier holder still writes is dropped",
)
@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_a_clock_that_jumps(jump: Any, upload: Any) -> None:
    document = upload()
    began = timezone.now()
    with time_machine.travel(began, tick=True):
        claimed = queue.claim_next("first")
    with time_machine.travel(began + jump, tick=True):
        queue.recover_expired()
        second = Worker(slots=1, engine=OneCall())
        second.work_once()
        for move in (queue.release, lambda stale: queue.fail(stale, queue.failure("damaged"))):
            with pytest.raises(queue.events.StaleDocument):
                move(claimed)
        sanity.assert_sane(settled=True, clocks_agree=False)
    document.refresh_from_db()
    assert (document.status, document.attempts, document.lease_expirations) == (
        Status.COMPLETED,
        2,
        0,
    )


@pytest.mark.row(
    "every wake-up is lost",
    "the folder of the sockets is removed; they wake nobody",
    "found by the look at the database's version, within a poll",
)
def test_lost_wake_ups(worker: Any, upload: Any) -> None:
    worker()
    bells = Path(f"{connection.settings_dict['NAME']}-{wakeup.QUEUE}")
    until(lambda: bells.is_dir() and any(bells.iterdir()))
    for number in range(5):
        shutil.rmtree(bells, ignore_errors=True)
        upload(text=f"Words {number}.")
        until(rig.all_finished, within=10)
    sanity.assert_sane(settled=True)


class DeletedMeanwhile(OneCall):
    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document

    def answer_arrives(self) -> None:
        removal.delete(self._document)


DELETED = pytest.mark.row(
    "a document is deleted in every state",
    "delete while it waits, is claimed, is extracted, while the model thinks, when finished",
    "gone with its bytes, one tombstone; its worker lives on and its answer is dropped",
)


@pytest.mark.quick
@DELETED
@pytest.mark.parametrize("state", ["pending", "processing", "analyzing", "completed", "failed"])
def test_a_document_deleted(state: Any, upload: Any) -> None:
    document = upload()
    other = upload(text="Another.")
    me = Worker(slots=1, engine=DeletedMeanwhile(document) if state == "analyzing" else None)
    if state == "processing":
        queue.claim_next("somebody")
    elif state == "failed":
        queue.cancel(document)
    elif state in ("analyzing", "completed"):
        me.work_once()
    if state != "analyzing":
        removal.delete(document)
    me._engine = FirstWords()
    while me.work_once():
        pass
    assert list(Document.objects.values_list("pk", flat=True)) == [other.pk]
    sanity.assert_sane({str(other.pk): other.sha256}, settled=True)


@DELETED
def test_a_running_document_deleted_over_http(
    web: Any, worker: Any, patron: Any, tmp_path: Path, temp: Any
) -> None:
    server = web()
    busy = worker("--wait", tmp_path, "--drain")
    patron.upload(server.port, TEXT)
    pk = next(iter(patron.acknowledged))
    if busy.poll() is not None:  # It came before there was anything to do.
        busy = worker("--wait", tmp_path, "--drain")
    until((tmp_path / "calling").exists)
    assert patron.delete(server.port, pk) == 204
    assert patron.ask(server.port, "GET", f"/documents/{pk}") == 404
    (tmp_path / "answer").touch()
    assert ended(busy)[0] == 0
    patron.assert_sane(settled=True, temp=temp)
