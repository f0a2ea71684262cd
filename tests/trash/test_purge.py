"""What leaves the trash for good: after its time, for want of room, with its owner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from atom_project import disk_reserve
from atom_project.problems import Problem
from documents.models import Document, TrashedDocument
from documents.operations import erasure, housekeeping, table_copies
from documents.trash import moves, purge
from tests.api.conftest import finish

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def trash(upload):
    """Move a document into the trash, so many days ago."""

    def make(name, days=0):
        document = upload(name)
        moves.put(document.pk)
        TrashedDocument.objects.filter(pk=document.pk).update(
            trashed_at=timezone.now() - days * DAY
        )
        return document

    return make


@pytest.fixture
def disk(monkeypatch):
    """A disk on which each document in the trash takes 10 bytes of so many."""
    room = {"bytes": 10**6}

    def left(*_):
        return room["bytes"] - 10 * TrashedDocument.objects.count()

    monkeypatch.setattr(disk_reserve, "room_for_files", left)
    monkeypatch.setattr(disk_reserve, "room", left)
    return room


def trashed():
    return set(Document.with_trashed.trashed().values_list("filename", flat=True))


def test_the_trash_keeps_things_for_its_time(trash, settings, django_capture_on_commit_callbacks):
    old = trash("old.txt", days=8)
    trash("young.txt", days=6)
    with django_capture_on_commit_callbacks(execute=True):
        assert housekeeping.trash_past_its_time() == 1
    assert trashed() == {"young.txt"}
    assert not (settings.MEDIA_ROOT / "uploads" / str(old.pk)).exists()
    assert AuditEvent.objects.filter(action="document_expired", subject=old.pk).exists()


def test_a_clock_that_jumped_ahead_deletes_nothing(trash, monkeypatch):
    trash("old.txt", days=6)
    ahead = timezone.now() + 60 * DAY
    monkeypatch.setattr(housekeeping.clock, "told_by_database", lambda: ahead)
    assert housekeeping.trash_past_its_time() == 0


def test_what_is_restored_while_the_trash_is_emptied_stays(trash, monkeypatch):
    document = trash("old.txt", days=8)
    delete = purge._delete_unless_moved

    def restored_just_before(found):
        moves.restore(document.pk)
        moves.put(document.pk)
        delete(found)

    monkeypatch.setattr(purge, "_delete_unless_moved", restored_just_before)
    housekeeping.trash_past_its_time()
    assert trashed() == {"old.txt"}


def test_the_time_to_keep_documents_holds_in_the_trash_too(upload, settings):
    settings.ATOM_KEEP_DAYS = 30
    document = finish(upload())
    Document.objects.update(finished_at=timezone.now() - 31 * DAY)
    moves.put(document.pk)
    assert housekeeping.documents_past_their_time() == 1
    assert not Document.with_trashed.exists()


def test_below_the_reserve_of_the_disk_the_oldest_go_first_and_no_more_than_needed(trash, disk):
    for days in (1, 3, 2):
        trash(f"{days}.txt", days=days)
    disk["bytes"] = 25
    housekeeping.glance()
    assert trashed() == {"1.txt", "2.txt"}
    disk["bytes"] = -1000  # By something else than the trash: it goes all the same.
    housekeeping.glance()
    assert trashed() == set()


def test_an_upload_without_room_takes_that_of_the_trash(trash, upload, disk):
    trash("old.txt", days=2)
    trash("new.txt", days=1)
    disk["bytes"] = 35  # 15 are left, and 22 wanted.
    upload("kept.txt")
    assert trashed() == {"new.txt"}


def test_an_upload_that_all_of_the_trash_has_no_room_for_leaves_it_alone(trash, upload, disk):
    trash("old.txt")
    disk["bytes"] = -1000
    with pytest.raises(Problem):
        upload("large.txt")
    assert trashed() == {"old.txt"}


def test_erasing_a_person_erases_their_trash(trash, alice):
    trash("old.txt")
    assert erasure.erase(alice).documents == 1
    assert not Document.with_trashed.exists()


def test_a_move_to_another_database_takes_the_trash_along(trash):
    order = table_copies.in_order()
    assert order.index(Document) < order.index(TrashedDocument)
    trash("old.txt")
    assert table_copies.digest_of(Document, "default").rows == 1
    assert table_copies.digest_of(TrashedDocument, "default").rows == 1
