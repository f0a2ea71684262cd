"""What the database does not know is moved aside, never deleted, and comes back."""

from __future__ import annotations

import os
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from atom_project.environment import Environment
from documents import removal, storage
from documents.models import Document, FileRemoval, Installation, StatusEvent
from documents.operations import housekeeping, store_doctor
from documents.originals import census, ownership, quarantine
from documents.originals.ownership import ForeignStore
from documents.storage import MediaUnavailable
from documents.worker import Worker
from tests.engines import OneCall


def uploads():
    return sorted(map(str, storage.stored_documents()))


def held():
    return sorted(str(one.document_id) for one in quarantine.contents())


@pytest.fixture
def stamped(db):
    ownership.write_stamp()


@pytest.fixture
def lost_row(stamped, upload):
    """A document whose row is missing in this database, as in an older copy of it."""
    document = upload("kept.txt", "Kept words.")
    os.utime(Path(document.file.path).parent, (0, 0))
    Document.objects.filter(pk=document.pk).delete()
    return document


def test_an_unknown_file_is_moved_aside_after_an_hour_and_a_known_one_stays(
    stamped, upload, stranger
):
    known, fresh, old = upload(), stranger(old=False), stranger()
    assert quarantine.keep() == 1
    assert uploads() == sorted([str(known.pk), str(fresh)])
    [one] = quarantine.contents()
    assert (one.document_id, one.files, one.bytes) == (old, 1, 4)
    assert one.until - one.since == timedelta(days=30)


def test_files_that_are_known_again_come_back_by_themselves(lost_row):
    assert quarantine.keep() == 1
    lost_row.save(force_insert=True)
    housekeeping.sweep()
    assert held() == []
    assert Path(lost_row.file.path).read_text() == "Kept words."


def test_a_file_that_is_asked_for_comes_back_at_once(lost_row, api):
    quarantine.keep()
    lost_row.save(force_insert=True)
    assert api.get(f"/documents/{lost_row.pk}/file").getvalue() == b"Kept words."
    assert held() == []


def test_a_worker_reads_a_file_out_of_quarantine(lost_row):
    quarantine.keep()
    lost_row.save(force_insert=True)
    Worker(slots=1, engine=OneCall()).work_once()
    assert Document.objects.get().pages.get().text == "Kept words."


def test_what_was_kept_long_enough_is_removed_and_not_a_day_sooner(stamped, stranger, settings):
    settings.ATOM_QUARANTINE_DAYS = 7
    stranger()
    quarantine.keep()
    today = datetime.now(UTC).replace(hour=12)
    later = {days: (today + timedelta(days=days)).timestamp() for days in (7, 8)}
    for days, left in ((7, 1), (8, 0)):
        with pytest.MonkeyPatch.context() as patch, time_machine.travel(later[days]):
            patch.setattr(type(storage.media._wrapped), "now", lambda _: time.time())
            quarantine.keep()
        assert len(held()) == left


def test_a_clock_that_jumped_ahead_ends_nothing(stamped, stranger):
    stranger()
    quarantine.keep()
    with time_machine.travel(datetime.now(UTC) + timedelta(days=400)):
        quarantine.keep()
    assert len(held()) == 1


@pytest.mark.parametrize("days", ["0", "-1", "x"])
def test_a_keeping_time_of_no_days_is_refused(days):
    env = Environment(None, {"ATOM_QUARANTINE_DAYS": days})
    with pytest.raises(ImproperlyConfigured, match="ATOM_QUARANTINE_DAYS"):
        env.integer("ATOM_QUARANTINE_DAYS", 30, at_least=1)


def test_a_worker_whose_clock_is_ahead_leaves_an_upload_alone_that_is_being_stored(
    stamped, stranger
):
    being_stored = stranger(old=False)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2)):
        assert quarantine.keep() == 0
    assert uploads() == [str(being_stored)]


# Many at once.


@pytest.mark.parametrize(
    ("known", "unknown", "many"),
    [(0, 20, False), (0, 21, True), (2100, 21, False), (2000, 21, True)],
)
def test_more_than_a_killed_upload_leaves_and_more_than_a_hundredth_are_many(known, unknown, many):
    found = census.Census(known=known, unknown=[uuid.uuid4() for _ in range(unknown)])
    assert found.has_many_unknown == many


def test_where_many_are_unknown_nothing_is_moved_and_the_log_says_why(
    stamped, stranger, caplog, monkeypatch, settings
):
    settings.MAX_FILES_PER_UPLOAD = 2
    strangers = [stranger() for _ in range(3)]
    housekeeping.sweep()
    assert uploads() == sorted(map(str, strangers))
    assert "This store belongs to another database: 3 files, 0 documents" in caplog.text


def test_what_owners_deleted_is_not_unknown(stamped, upload, settings):
    documents = [upload(), upload()]
    settings.MAX_FILES_PER_UPLOAD = 0
    for document in documents:
        removal.delete(document)  # Their files stay: nothing is committed in this test.
        os.utime(Path(document.file.path).parent, (0, 0))
    assert len(uploads()) == 2
    assert quarantine.keep() == 0
    assert (uploads(), held()) == ([], [])


# Deleted by owners.


def test_a_deletion_reaches_into_quarantine(lost_row, django_capture_on_commit_callbacks):
    quarantine.keep()
    lost_row.save(force_insert=True)
    with django_capture_on_commit_callbacks(execute=True):
        removal.delete(Document.objects.get())
    assert (uploads(), held()) == ([], [])


def test_a_removal_that_failed_is_done_however_late(
    stamped, upload, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    document = upload()

    def away(document_id):
        raise MediaUnavailable("no answer")

    with monkeypatch.context() as patch:
        patch.setattr(quarantine, "erase", away)
        with django_capture_on_commit_callbacks(execute=True):
            removal.delete(document)
        assert "could not be removed yet" in caplog.text
    StatusEvent.objects.all().delete()  # The tombstone is forgotten after a day.
    housekeeping.sweep()
    assert (uploads(), held()) == ([], [])
    assert not FileRemoval.objects.exists()


def test_beside_the_store_of_another_a_removal_is_not_forgotten(stamped, upload):
    removal.delete(upload())
    storage.media.replace(ownership.STAMP, b"somebody else\n")
    with pytest.raises(ForeignStore):
        removal.finish_removals()
    assert FileRemoval.objects.count() == 1


# The command.


def test_the_list_tells_files_bytes_and_dates(stamped, stranger, capsys):
    one = stranger()
    quarantine.keep()
    call_command("quarantine", "list", "--ids")
    said = capsys.readouterr().out
    until = datetime.now(UTC).date() + timedelta(days=30)
    assert f"1 files of 1 documents, 4 bytes, kept until {until}" in said
    assert str(one) in said


def test_single_files_and_all_come_back_by_the_command(stamped, stranger, capsys):
    first, second, third = stranger(), stranger(), stranger()
    quarantine.keep()
    call_command("quarantine", "restore")
    assert "Files of 0 documents are back." in capsys.readouterr().out
    call_command("quarantine", "restore", str(first))
    assert uploads() == [str(first)]
    assert "1 of them are still not known" in capsys.readouterr().out
    call_command("quarantine", "restore", "--all")
    assert uploads() == sorted(map(str, (first, second, third)))
    assert held() == []


def test_ids_and_all_at_once_are_refused(db):
    with pytest.raises(CommandError, match="not both"):
        call_command("quarantine", "restore", str(uuid.uuid4()), "--all")


def test_whoever_adopts_a_store_deletes_nothing_and_its_own_installation_gets_all_back(
    stamped, upload
):
    documents = [upload() for _ in range(3)]
    rows = list(Document.objects.all())
    mine = Installation.objects.get()
    Document.objects.all().delete()
    Installation.objects.all().delete()
    with pytest.raises(ForeignStore):
        quarantine.keep()
    call_command("quarantine", "adopt")
    assert len(held()) == 3
    Installation.objects.all().delete()
    mine.save(force_insert=True)
    Document.objects.bulk_create(rows)
    with pytest.raises(ForeignStore):
        quarantine.keep()
    call_command("quarantine", "adopt")
    assert held() == []
    assert all(Path(document.file.path).exists() for document in documents)


def test_what_is_unknown_again_on_the_same_day_goes_into_quarantine_again(
    stamped, stranger, settings
):
    one = stranger()
    place = settings.MEDIA_ROOT / "uploads" / str(one) / "left.txt"
    for times in (1, 2, 3):
        assert quarantine.move_aside([one]) == 1
        assert not place.parent.exists()
        assert len(quarantine.contents()) == times
        place.parent.mkdir()
        place.write_text("put back by a restoration")
    place.unlink(), place.parent.rmdir()
    assert quarantine.move_aside([one]) == 0
    quarantine.bring_back(one)
    assert place.read_text() == "put back by a restoration"


def test_doubles_of_known_documents_are_nothing_to_warn_of(stamped, upload):
    document = upload()
    quarantine.move_aside([document.pk])
    document.file.storage.save(document.file.name, ContentFile(b"as restored"))
    assert [*store_doctor.examine_quarantine()] == []


def test_a_file_that_is_there_is_not_replaced_by_one_from_quarantine(lost_row, settings):
    quarantine.keep()
    name = storage.media.save(lost_row.file.name, ContentFile(b"newer"))
    assert not quarantine.bring_back(lost_row.pk)
    assert (Path(settings.MEDIA_ROOT) / name).read_bytes() == b"newer"


def test_files_in_quarantine_are_for_their_owner_only(stamped, stranger, settings):
    stranger()
    quarantine.keep()
    folder = Path(settings.MEDIA_ROOT) / "quarantine"
    assert all(path.stat().st_mode & 0o077 == 0 for path in [folder, *folder.rglob("*")])
