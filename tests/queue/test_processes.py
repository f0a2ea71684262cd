"""What really happens when processes die, stop, race and overtake."""

import contextlib
import os
import signal
import sqlite3
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from documents import queue
from documents.models import Analysis, Document, ModelCall, Status, StatusEvent
from documents.uploads import intake
from tests.conftest import statuses
from tests.engines import FirstWords
from tests.programs import ended, program
from tests.programs.worker import STEPS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

# `make torture` has the longer lines.
LOAD = 5 if os.environ.get("TORTURE") == "full" else 1

WHOLE_STORY = [Status.PENDING, Status.PROCESSING, Status.ANALYZING, Status.COMPLETED]


def until(is_so, *, within=45):
    deadline = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def is_finished(document):
    return Document.objects.get(pk=document.pk).is_finished


@pytest.mark.parametrize("step", STEPS)
def test_a_document_whose_worker_is_killed_is_finished_once(step, upload):
    document = upload()
    with program("worker", "--die", step) as killed:
        assert ended(killed)[0] == -signal.SIGKILL
    with program("worker"):
        until(lambda: is_finished(document))
    history = statuses(document)
    assert history[0] == Status.PENDING
    assert history[-2:] == WHOLE_STORY[-2:]
    assert history.count(Status.COMPLETED) == 1
    assert Analysis.objects.count() == 1
    if step != "after storing":
        reasons = StatusEvent.objects.of(document).values_list("reason", flat=True)
        assert list(reasons).count("worker_lost") == 1


@pytest.mark.parametrize(
    ("step", "states"),
    [
        ("extracted", ["answered"]),
        ("calling", ["unknown", "answered"]),
        ("answered", ["answered"]),
        ("while storing", ["answered"]),
    ],
)
def test_only_a_call_in_flight_is_bought_again_after_a_kill(step, states, upload):
    document = upload()
    with program("worker", "--die", step) as killed:
        ended(killed)
    with program("worker"):
        until(lambda: is_finished(document))
    assert list(ModelCall.objects.values_list("state", flat=True)) == states


def test_a_document_that_kills_three_workers_fails_and_the_line_goes_on(upload):
    poison = upload()
    for _ in range(3):
        with program("worker", "--die", "claimed") as killed:
            ended(killed)
    healthy = upload()
    with program("worker"):
        until(lambda: is_finished(poison) and is_finished(healthy))
    poison.refresh_from_db()
    assert (poison.status, poison.failure["code"]) == (Status.FAILED, "worker_lost")
    healthy.refresh_from_db()
    assert healthy.status == Status.COMPLETED


def stop_between_transactions(process):
    """Stop it, but not with the one write lock of SQLite in its hands: nobody could go on."""
    while True:
        process.send_signal(signal.SIGSTOP)
        if connection.vendor != "sqlite" or nobody_writes():
            return
        process.send_signal(signal.SIGCONT)
        time.sleep(0.01)


def nobody_writes():
    probe = sqlite3.connect(connection.settings_dict["NAME"], timeout=0, isolation_level=None)
    with contextlib.closing(probe):
        try:
            probe.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        probe.execute("ROLLBACK")
        return True


def test_a_worker_stopped_past_its_lease_and_woken_changes_nothing(upload, tmp_path, worker):
    document = upload()
    with program("worker", "--wait", tmp_path, "--drain") as paused:
        until((tmp_path / "calling").exists)
        stop_between_transactions(paused)
        until(lambda: Document.objects.lease_expired().exists())
        queue.recover_expired()
        worker(FirstWords()).work_once()
        before = everything_about(document)
        (tmp_path / "answer").touch()
        paused.send_signal(signal.SIGCONT)
        assert ended(paused)[0] == 0
    assert everything_about(document) == before
    # The answer that was paid for is kept in the books, without its text.
    call = ModelCall.objects.get()
    assert (call.input_tokens, call.answer) == (3, "")


def everything_about(document):
    return [
        list(Document.objects.filter(pk=document.pk).values()),
        list(StatusEvent.objects.of(document).values()),
        list(Analysis.objects.values()),
    ]


def test_a_polite_stop_finishes_what_runs(upload, tmp_path):
    document = upload()
    with program("worker", "--wait", tmp_path) as worker:
        until((tmp_path / "calling").exists)
        worker.send_signal(signal.SIGTERM)
        (tmp_path / "answer").touch()
        assert ended(worker)[0] == 0
    assert statuses(document) == WHOLE_STORY


@pytest.mark.parametrize("signals", [1, 2], ids=["after its grace", "at a second signal"])
def test_a_polite_stop_gives_back_what_does_not_end(signals, upload, tmp_path):
    document = upload()
    grace = 0.5 if signals == 1 else 60
    with program("worker", "--wait", tmp_path, "--grace", grace) as worker:
        until((tmp_path / "calling").exists)
        worker.send_signal(signal.SIGTERM)
        if signals == 2:
            time.sleep(0.3)  # The first one must have been heard, or both are one.
            worker.send_signal(signal.SIGTERM)
        assert ended(worker, within=20)[0] == 0
    document.refresh_from_db()
    assert (document.status, document.lease_expirations) == (Status.PENDING, 0)
    assert StatusEvent.objects.of(document).last().reason == "released"


def complaints(ends):
    return [errors for _, errors in ends if "locked" in errors or "Traceback" in errors]


def claimed_order():
    numbers = dict(Document.objects.values_list("pk", "queue_number"))
    claims = StatusEvent.objects.filter(status=Status.PROCESSING).oldest_first()
    return [numbers[pk] for pk in claims.values_list("document_id", flat=True)]


def test_eight_workers_take_all_documents_once_each_and_in_order(alice):
    for _ in range(5 * LOAD):
        files = [SimpleUploadedFile(f"{n}.txt", b"Tiny words.") for n in range(20)]
        intake.receive(alice, files)
    with contextlib.ExitStack() as running:
        workers = [
            running.enter_context(program("worker", "--drain", "--lease", 30)) for _ in range(8)
        ]
        ends = [ended(worker, within=120) for worker in workers]
    assert [code for code, _ in ends] == [0] * 8
    assert complaints(ends) == []
    assert set(Document.objects.values_list("status", "attempts")) == {(Status.COMPLETED, 1)}
    order = claimed_order()
    assert len(order) == 100 * LOAD
    assert order == sorted(order)


def test_nobody_is_overtaken_while_four_upload_and_four_claim(alice):
    with contextlib.ExitStack() as running:
        workers = [running.enter_context(program("worker", "--lease", 30)) for _ in range(4)]
        uploaders = [
            running.enter_context(program("uploader", alice.username, 20 * LOAD)) for _ in range(4)
        ]
        assert [ended(uploader, within=120)[0] for uploader in uploaders] == [0] * 4
        until(lambda: not Document.objects.exclude(status=Status.COMPLETED).exists(), within=120)
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        ends = [ended(worker) for worker in workers]
    assert complaints(ends) == []
    order = claimed_order()
    assert len(order) == 80 * LOAD
    assert order == sorted(order)
