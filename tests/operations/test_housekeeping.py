"""What is cleared away, and what is not."""

from __future__ import annotations

import os
import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.models import AuditEvent, LoginSession
from documents import queue, removal
from documents.models import Document, StatusEvent, UploadReceipt, WorkerHeartbeat
from documents.operations import housekeeping
from documents.originals import ownership, quarantine
from documents.uploads import intake
from documents.worker import Worker
from tests.engines import OneCall
from tests.processes import Installation

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def incoming(settings, tmp_path):
    folder = tmp_path / "incoming"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    return folder


def test_logins_that_are_over_go_and_those_that_live_stay(alice):
    live, expired, ended = (tokens.log_in(alice) for _ in range(3))
    logins = list(LoginSession.objects.order_by("created_at"))
    LoginSession.objects.filter(pk=logins[1].pk).update(expires_at=timezone.now())
    LoginSession.objects.filter(pk=logins[2].pk).update(ended_at=timezone.now() - 2 * DAY)
    housekeeping.sweep()
    assert LoginSession.objects.get() == logins[0]
    assert tokens.authenticate(live.access).user == alice
    for pair in (expired, ended):
        with pytest.raises(tokens.TokenRefused):
            tokens.authenticate(pair.access)


def test_browser_sessions_that_ran_out_go(browser, bob):
    other = Client()
    other.force_login(bob)
    Session.objects.filter(pk=other.session.session_key).update(expire_date=timezone.now())
    housekeeping.sweep()
    assert Session.objects.get().pk == browser.session.session_key


def test_receipts_of_a_day_ago_go(alice, text_file):
    intake.receive(alice, [text_file()], key="old")
    UploadReceipt.objects.update(created_at=timezone.now() - DAY)
    intake.receive(alice, [text_file("other.txt")], key="new")
    housekeeping.sweep()
    assert UploadReceipt.objects.get().key == "new"


def test_heartbeats_of_former_workers_go(db):
    WorkerHeartbeat.objects.create(name="a", host="h", pid=1, slots=1)
    WorkerHeartbeat.objects.create(
        name="b", host="h", pid=1, slots=1, seen_at=timezone.now() - 2 * DAY
    )
    housekeeping.sweep()
    assert WorkerHeartbeat.objects.get().name == "a"


def test_half_received_files_of_yesterday_go(db, incoming):
    names = ["tmpabcdefgh.upload.pdf", "tmpijklmnop.upload.txt", "tmpother.txt"]
    yesterday = timezone.now().timestamp() - 2 * DAY.total_seconds()
    for name in names:
        (incoming / name).write_text("half")
    for name in (names[0], names[2]):
        os.utime(incoming / name, (yesterday, yesterday))
    housekeeping.sweep()
    assert sorted(path.name for path in incoming.iterdir()) == sorted(names[1:])


def test_many_rows_go_in_small_transactions(db, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(housekeeping, "AT_ONCE", 2)
    now = timezone.now()
    Session.objects.bulk_create(Session(session_key=f"s{n}", expire_date=now) for n in range(5))
    with django_assert_num_queries(7):  # Three times look and delete, and one last look.
        assert housekeeping.expired_browser_sessions() == 5


def test_a_chore_that_fails_holds_up_no_other(db, monkeypatch, caplog, browser):
    def fail():
        raise OperationalError("disk I/O error")

    monkeypatch.setitem(housekeeping.CHORES, "expired logins", fail)
    Session.objects.update(expire_date=timezone.now())
    housekeeping.sweep()
    assert "Could not clear away expired logins" in caplog.text
    assert not Session.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_it_at_its_start_and_hourly_with_a_glance_each_minute(settings, monkeypatch):
    orphan = settings.MEDIA_ROOT / "uploads" / str(uuid.uuid4())
    orphan.mkdir(parents=True)
    (orphan / "left.txt").write_text("left")
    os.utime(orphan, (0, 0))
    ownership.write_stamp()
    worker = Worker(slots=1, engine=OneCall())
    pauses = []

    def wait(seconds):
        pauses.append(seconds)
        return len(pauses) > 2

    glances = []
    monkeypatch.setattr(housekeeping, "glance", lambda: glances.append(len(pauses)))
    monkeypatch.setattr(worker._has_stopped, "wait", wait)
    worker._keep_house()
    assert not orphan.exists()
    assert [str(one.document_id) for one in quarantine.contents()] == [orphan.name]
    assert (pauses, glances) == ([0, 60, 60], [2])
    monkeypatch.setattr("documents.worker.SWEEP_INTERVAL", 0)
    monkeypatch.setattr(housekeeping, "sweep", lambda: glances.append("an hour later"))
    pauses.clear()
    worker._keep_house()
    assert glances[1:] == ["an hour later"] * 2


# Documents that were kept long enough.


def finished(document, days):
    queue.cancel(document)
    moment = timezone.now() - days * DAY
    Document.objects.filter(pk=document.pk).update(finished_at=moment)
    return document


def test_what_finished_too_long_ago_is_deleted_as_if_by_its_owner(
    settings, upload, alice, django_capture_on_commit_callbacks
):
    settings.ATOM_KEEP_DAYS = 30
    old, young = finished(upload("old.txt"), 31), finished(upload("young.txt"), 29)
    waiting = upload("waiting.txt")
    Document.objects.filter(pk=waiting.pk).update(created_at=timezone.now() - 90 * DAY)
    with django_capture_on_commit_callbacks(execute=True):
        assert housekeeping.documents_past_their_time() == 1
    assert set(Document.objects.all()) == {young, waiting}
    assert [event.kind for event in StatusEvent.objects.of(old)] == ["deleted"]
    assert not (settings.MEDIA_ROOT / "uploads" / str(old.pk)).exists()
    acts = AuditEvent.objects.values_list("action", "actor", "subject")
    assert list(acts) == [("document_expired", None, str(old.pk))]


def test_without_a_time_to_keep_them_documents_stay_for_ever(settings, upload):
    document = finished(upload(), 30_000)
    assert settings.ATOM_KEEP_DAYS == 0
    assert housekeeping.documents_past_their_time() == 0
    document.refresh_from_db()
    assert document.kept_until is None


@pytest.mark.parametrize("right", ["host", "database", "store"])
def test_as_long_as_one_clock_is_right_one_that_jumped_ahead_deletes_nothing(
    settings, upload, monkeypatch, right
):
    settings.ATOM_KEEP_DAYS = 30
    finished(upload(), days=20)
    ahead = timezone.now() + 60 * DAY
    times = {"host": ahead, "database": ahead, "store": ahead} | {right: timezone.now()}
    monkeypatch.setattr(timezone, "now", lambda: times["host"])
    monkeypatch.setattr(housekeeping.clock, "told_by_database", lambda: times["database"])
    monkeypatch.setattr(housekeeping.storage.media, "now", lambda: times["store"].timestamp())
    assert housekeeping.documents_past_their_time() == 0
    assert Document.objects.exists()


def test_what_its_owner_asks_for_again_meanwhile_stays(settings, upload, monkeypatch):
    settings.ATOM_KEEP_DAYS = 30
    document = finished(upload(), 31)
    delete = removal.delete

    def retried_just_before(found, **options):
        queue.requeue(document)
        delete(found, **options)

    monkeypatch.setattr(removal, "delete", retried_just_before)
    housekeeping.documents_past_their_time()
    document.refresh_from_db()
    assert document.is_queued


def test_page_and_api_say_until_when_a_document_is_kept(settings, api, browser, upload):
    settings.ATOM_KEEP_DAYS = 30
    document, waiting = finished(upload(), 0), upload("waiting.txt")
    document.refresh_from_db()
    until = document.finished_at + 30 * DAY
    told = api.get(f"/documents/{document.pk}").json()["kept_until"]
    assert told[:19] == until.isoformat()[:19]
    assert api.get(f"/documents/{waiting.pk}").json()["kept_until"] is None
    page = browser.get(f"/d/{document.pk}/").content.decode()
    assert f"Kept until {until.day} {until:%B %Y}." in page
    assert "Kept until" not in browser.get(f"/d/{waiting.pk}/").content.decode()


def test_uploads_arrive_where_each_process_of_the_data_folder_looks_for_forgotten_ones(tmp_path):
    """A web server and a worker with a `/tmp` each, as units and containers give them."""
    installation = Installation.prepared(tmp_path / "data")
    code = (
        "from documents.operations import housekeeping as h; from django.conf import settings; "
        "print(settings.FILE_UPLOAD_TEMP_DIR, h.forgotten_uploads())"
    )
    said = []
    for name in ("web", "worker"):
        (tmp_path / name).mkdir()
        ran = installation.manage("shell", "-v", "0", "-c", code, TMPDIR=str(tmp_path / name))
        said.append(ran.stdout.split())
        forgotten = installation.folder / "var" / "incoming" / "tmp1.upload.txt"
        forgotten.write_text("half")
        os.utime(forgotten, (0, 0))
    where = str(installation.folder / "var" / "incoming")
    assert said == [[where, "0"], [where, "1"]]
