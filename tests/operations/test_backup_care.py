"""Old backups go, and only those; one that cannot be relied on is told before it is needed."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from accounts import audit
from documents import removal
from documents.models import Document
from documents.operations import backup, backup_care, snapshot
from documents.operations.backup_archive import BackupFailed


@pytest.fixture
def saved(transactional_db, upload, tmp_path):
    upload("one.txt", "one"), upload("two.txt", "two")
    return backup.make(tmp_path / "backup.tar")[0]


@pytest.fixture
def folder(saved, tmp_path):
    """Backups of four nights, and what else may lie beside them."""
    folder = tmp_path / "backups"
    folder.mkdir()
    for night in range(1, 5):
        (folder / f"atom-2026110{night}-032000.tar").write_bytes(saved.read_bytes())
    (folder / "before-the-move.tar").write_bytes(saved.read_bytes())
    (folder / "atom-20261101-999999.tar").write_text("somebody's own file")
    (folder / "atom-20261101-000000.tar").symlink_to(saved)
    return folder


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_newest_stay_and_so_does_what_the_command_did_not_write(folder):
    others = {"before-the-move.tar", "atom-20261101-999999.tar", "atom-20261101-000000.tar"}
    gone = backup_care.prune(folder, keep=2)
    assert [path.name for path in gone] == [
        "atom-20261101-032000.tar",
        "atom-20261102-032000.tar",
    ]
    assert set(names(folder)) == others | {"atom-20261103-032000.tar", "atom-20261104-032000.tar"}


def test_the_one_just_made_counts_and_old_ones_go_after_it(folder, capsys):
    call_command("backup", str(folder), keep=1)
    assert len([path for path in folder.iterdir() if backup_care._is_own(path)]) == 1
    assert "Deleted the old backup atom-20261104-032000.tar" in capsys.readouterr().out


def test_a_backup_that_fails_deletes_none(folder, monkeypatch):
    before = names(folder)

    def fail(target):
        raise BackupFailed("No space left on device")

    monkeypatch.setattr(backup, "make", fail)
    with pytest.raises(CommandError, match="No space left"):
        call_command("backup", str(folder), keep=1)
    assert names(folder) == before


def test_keeping_none_or_keeping_beside_a_file_is_refused(saved, tmp_path):
    for target, keep in ((tmp_path, 0), (saved, 3)):
        with pytest.raises(CommandError, match="--keep takes"):
            call_command("backup", str(target), keep=keep)


def test_a_backup_is_verified_against_itself_and_what_is_stored(saved, capsys):
    removal.delete(Document.objects.latest("queue_number"))
    call_command("backup", str(saved), verify=True)
    assert "is whole: 2 documents, 2 files, 1 of them stored here alike, 1 not" in (
        capsys.readouterr().out
    )


def test_the_newest_of_a_folder_is_verified(folder):
    assert backup_care.verify(folder).path.name == "atom-20261104-032000.tar"


def test_a_stored_file_that_has_changed_is_named(saved, capsys):
    with open(Document.objects.first().file.path, "w") as file:
        file.write("other")
    with pytest.raises(CommandError, match="have changed since"):
        call_command("backup", str(saved), verify=True)
    assert "with other bytes" in capsys.readouterr().err


def test_a_damaged_backup_is_told(saved):
    content = bytearray(saved.read_bytes())
    content[len(content) // 3] ^= 1
    saved.write_bytes(content)
    with pytest.raises(BackupFailed):
        backup_care.verify(saved)


def test_a_database_with_other_documents_than_the_manifest_says_is_told(saved, monkeypatch):
    monkeypatch.setattr(snapshot, "count_documents", lambda path, engine: 7)
    with pytest.raises(BackupFailed, match="holds 7 documents, and the manifest says 2"):
        backup_care.verify(saved)


def test_a_folder_without_a_backup_is_told(tmp_path, db):
    with pytest.raises(CommandError, match="There is no backup in"):
        call_command("backup", str(tmp_path), verify=True)


def test_a_backup_is_written_into_the_audit_log(saved, tmp_path):
    assert audit.last(audit.Action.BACKED_UP) is None
    call_command("backup", str(tmp_path / "another.tar"))
    assert audit.last(audit.Action.BACKED_UP) is not None


def test_a_backup_of_a_database_that_cannot_be_written_is_made_all_the_same(
    saved, tmp_path, monkeypatch, capsys
):
    def refuse(*_, **__):
        raise OperationalError("cannot execute INSERT in a read-only transaction")

    monkeypatch.setattr(audit, "record", refuse)
    call_command("backup", str(tmp_path / "another.tar"))
    said = capsys.readouterr()
    assert "2 documents, 2 files." in said.out
    assert "The audit log could not be written" in said.err
