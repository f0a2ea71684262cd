"""What stops a start: another installation's files, a wrong or empty database, a newer one."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from atom_project import presence
from documents import removal, storage
from documents.models import Document, FileRemoval, Installation
from documents.operations import backup, restore, start_check, store_doctor
from documents.operations.checks import Verdict
from documents.operations.start_check import StartRefused
from documents.originals import census, ownership, quarantine
from documents.storage import MediaUnavailable
from tests.processes import Installation as Processes


@pytest.fixture(autouse=True)
def _no_presence(monkeypatch):
    """The command would hold its lock in this process, and nothing could be restored after it."""
    monkeypatch.setattr(presence, "hold", lambda: None)


def test_a_fresh_installation_starts_and_stamps_its_store(db):
    start_check.require_fit()
    assert ownership.read_stamp() == str(Installation.objects.get())


def test_an_installation_of_before_the_stamps_is_stamped_silently(upload, stranger, caplog):
    upload(), stranger()
    start_check.require_fit()
    assert ownership.read_stamp() == str(Installation.objects.get())
    assert not [one for one in caplog.records if one.levelname != "INFO"]


def test_an_empty_database_beside_files_without_a_stamp_is_refused(db, stranger):
    for _ in range(5):
        stranger(old=False)
    with pytest.raises(StartRefused, match="belongs to another database: 5 files, 0 documents"):
        start_check.require_fit()
    assert ownership.read_stamp() is None
    assert len(list(storage.stored_documents())) == 5


def test_an_empty_store_beside_documents_is_no_place_for_new_ones(upload, settings, tmp_path):
    upload()
    start_check.require_fit()
    # As a folder whose disk is not mounted, or the one taken where ATOM_MEDIA_URL was forgotten.
    settings.MEDIA_ROOT = tmp_path / "mounted nowhere"
    with pytest.raises(StartRefused, match="0 files, 1 documents; it has the file of none"):
        start_check.require_fit()
    assert ownership.read_stamp() is None
    [finding] = store_doctor.examine_stamp()
    assert finding.verdict is Verdict.BROKEN


def test_removals_wait_for_a_store_that_is_not_mounted(upload, settings, tmp_path):
    upload(), removal.delete(upload())  # Its file stays: nothing is committed.
    start_check.require_fit()
    settings.MEDIA_ROOT = tmp_path / "mounted nowhere"
    with pytest.raises(ownership.ForeignStore):
        removal.finish_removals()
    assert FileRemoval.objects.exists()


def test_a_store_with_another_stamp_is_refused_even_if_its_files_are_known(upload):
    upload()
    start_check.require_fit()
    Installation.objects.update(installation_id=uuid.uuid4())
    with pytest.raises(StartRefused) as refusal:
        start_check.require_fit()
    said = str(refusal.value)
    assert "1 files, 1 documents; it bears the stamp of another installation" in said
    assert connection.settings_dict["NAME"] in said or connection.vendor == "postgresql"
    assert "quarantine adopt" in said


def test_two_databases_that_stamp_a_store_at_once_do_not_both_have_it(db, monkeypatch):
    write = ownership.write_stamp

    def and_so_does_another():
        write()
        storage.media.replace(ownership.STAMP, f"{uuid.uuid4()}\n".encode())

    monkeypatch.setattr(ownership, "write_stamp", and_so_does_another)
    with pytest.raises(StartRefused):
        start_check.require_fit()


def test_an_upload_taken_by_whoever_starts_beside_is_no_strangers_file(db, stranger, monkeypatch):
    take = census.take

    def while_another_starts(*arguments, **named):
        ownership.write_stamp()
        stranger(old=False)  # Bytes before rows.
        return take(*arguments, **named)

    monkeypatch.setattr(census, "take", while_another_starts)
    start_check.require_fit()
    assert ownership.read_stamp() == str(Installation.objects.get())


def test_many_unknown_files_stop_the_start_under_the_right_stamp_too(db, stranger, settings):
    start_check.require_fit()
    settings.MAX_FILES_PER_UPLOAD = 2
    stranger(), stranger()
    start_check.require_fit()
    stranger()
    with pytest.raises(StartRefused, match="does not know 3 of 3"):
        start_check.require_fit()


def test_an_installation_whose_owners_deleted_everything_starts(upload, api):
    pk = upload().pk
    start_check.require_fit()
    assert api.delete(f"/documents/{pk}").status_code == 204
    start_check.require_fit()


def test_a_start_brings_back_what_a_wrong_database_moved_aside(upload):
    document = upload()
    start_check.require_fit()
    quarantine.move_aside([document.pk])
    start_check.require_fit()
    assert Path(document.file.path).exists()


def test_a_store_that_is_away_stops_no_start(db, monkeypatch, caplog):
    def away():
        raise MediaUnavailable("no answer")

    monkeypatch.setattr(ownership, "read_stamp", away)
    start_check.require_fit()
    assert "could not be looked at: no answer" in caplog.text


def test_a_worker_refuses_too_and_claims_nothing(upload, settings):
    document = upload()
    storage.media.replace(ownership.STAMP, b"somebody else\n")
    for how in ("--once", "--drain"):
        with pytest.raises(CommandError, match="belongs to another database"):
            call_command("worker", how)
    document.refresh_from_db()
    assert document.is_queued


@pytest.fixture
def newer(db):
    MigrationRecorder(connection).record_applied("documents", "9999_future")


def test_a_newer_database_is_refused_by_name(newer):
    with pytest.raises(StartRefused, match=r"newer version of ATOM \(it knows documents.9999_f"):
        start_check.require_fit()
    with pytest.raises(CommandError, match="9999_future"):
        call_command("worker", "--once")


def test_what_an_app_left_that_is_gone_makes_no_database_newer(db):
    MigrationRecorder(connection).record_applied("formerapp", "0001_initial")
    start_check.require_fit()


def test_a_doctor_calls_a_newer_database_broken(newer, capsys):
    with pytest.raises(CommandError):
        call_command("doctor")
    assert "newer version of ATOM (it knows documents.9999_future)" in capsys.readouterr().out


# Restoring brings the id along.


@pytest.fixture
def saved(transactional_db, upload, tmp_path):
    upload("one.txt", "one"), upload("two.txt", "two")
    start_check.require_fit()
    return backup.make(tmp_path / "backup.tar")[0]


def test_what_is_restored_over_itself_starts_and_keeps_newer_files_aside(saved, upload):
    mine = ownership.read_stamp()
    newer = upload("three.txt", "three")
    newer_id = newer.pk
    restore.restore(saved, force=True)
    start_check.require_fit()
    assert ownership.read_stamp() == mine == str(Installation.objects.get())
    assert [one.document_id for one in quarantine.contents()] == [newer_id]
    assert Document.objects.count() == 2


def test_what_is_restored_on_a_new_machine_starts_there(saved, settings, tmp_path):
    mine = ownership.read_stamp()
    settings.MEDIA_ROOT = tmp_path / "elsewhere"
    restore.restore(saved, force=True)
    start_check.require_fit()
    assert ownership.read_stamp() == mine


def test_a_backup_takes_files_out_of_quarantine(saved, tmp_path):
    for document in Document.objects.all():
        quarantine.move_aside([document.pk])
    _, manifest = backup.make(tmp_path / "again.tar")
    assert (manifest.lost, len(manifest.checksums)) == ([], 3)


# What a doctor finds, in both directions.


def findings():
    return list(store_doctor.examine())


def test_files_and_documents_that_belong_together_are_good(upload):
    upload()
    start_check.require_fit()
    assert [one.verdict for one in findings()] == [Verdict.GOOD]


@pytest.mark.parametrize("status", ["completed", "failed", "pending"])
def test_a_file_that_is_gone_is_found_whatever_the_status(upload, status):
    document = upload()
    Document.objects.update(status=status)
    os.unlink(document.file.path)
    [finding] = findings()
    assert finding.verdict == Verdict.BROKEN
    assert f"1 of 1 documents have lost their files, such as {document.pk} ({status})" in (
        finding.text
    )


def test_few_and_many_unknown_files_are_told_apart(upload, stranger, settings):
    upload()
    start_check.require_fit()
    settings.MAX_FILES_PER_UPLOAD = 1
    stranger()
    [few] = findings()
    assert (few.verdict, "1 stored files belong to no document" in few.text) == ("warning", True)
    stranger()
    [many] = findings()
    assert (many.verdict, "does not know 2 of 3" in many.text) == ("broken", True)


def test_an_empty_database_beside_full_media_is_found(db, stranger):
    stranger(old=False)
    [finding] = findings()
    assert "belongs to another database: 1 files, 0 documents" in finding.text


def test_another_stamp_is_found(upload):
    upload()
    storage.media.replace(ownership.STAMP, b"somebody else\n")
    [finding] = findings()
    assert (finding.verdict, "another installation" in finding.text) == ("broken", True)


def test_what_is_in_quarantine_is_told_and_what_is_known_comes_back(upload, stranger):
    document, unknown = upload(), stranger()
    quarantine.move_aside([document.pk, unknown])
    ownership.write_stamp()
    first, second = findings()
    assert "Files of 1 documents were in quarantine and are back" in first.text
    assert "Files of 1 documents that the database does not know are in quarantine" in second.text
    assert Path(document.file.path).exists()


def test_a_sample_says_that_it_is_one(upload, monkeypatch):
    monkeypatch.setattr(store_doctor, "SAMPLE", 2)
    for number in range(4):
        upload(text=f"text {number}")
    start_check.require_fit()
    [finding] = findings()
    assert "as far as 2 of 4 documents tell" in finding.text


@pytest.mark.slow
def test_an_empty_database_is_neither_migrated_nor_recommended_beside_the_files_of_another(
    tmp_path: Path,
) -> Any:
    installation = Processes.prepared(tmp_path)
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / ownership.STAMP).write_text(f"{uuid.uuid4()}\n")
    (tmp_path / "media" / "uploads" / str(uuid.uuid4())).mkdir(parents=True)
    empty = {"DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3"}
    refused = installation.manage("up", "--prepare", **empty)
    assert (refused.returncode, "1 files, 0 documents" in refused.stderr) == (1, True)
    told = installation.manage("doctor", **empty)
    assert "The database is empty, and 1 files are in" in told.stdout
    assert installation.manage("migrate", "--check", **empty).returncode == 1


def test_a_store_of_another_user_stops_the_start_and_is_told(upload, monkeypatch):
    """Whose waiting documents would all fail; real users are in the rows of the faults."""
    name = upload().file.name
    path_open = Path.open

    def refused(path: Path, *arguments: Any, **options: Any) -> Any:
        if path.as_posix().endswith(name):
            raise PermissionError(13, "Permission denied", str(path))
        return path_open(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(StartRefused, match=r"belongs to another user .* may not be used"):
        start_check.require_fit()
    [told] = store_doctor.examine()
    assert (told.verdict, "belongs to another user" in told.text) == (Verdict.BROKEN, True)


def test_what_is_no_folder_of_a_document_is_not_read_at_a_start(upload):
    uploads = Path(upload().file.path).parent.parent
    (uploads / str(uuid.uuid4())).write_text("not a folder")
    (uploads / "lost+found").mkdir()
    storage.check_readable()
    start_check.require_fit()
