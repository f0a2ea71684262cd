"""A backup made under load is whole, and what is restored from it is what was saved."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import tarfile
from datetime import timedelta
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from documents import events, queue, removal
from documents.models import Document, Status, StatusEvent, WorkerHeartbeat
from documents.operations import backup, backup_archive, restore, snapshot
from documents.operations.backup_archive import BackupFailed
from documents.page_images import cache
from tests.processes import PATIENCE, ROOT, Installation, Running
from tests.services import postgres_or_skip

# Whole processes, one after the other, restored elsewhere.


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def make_installation(request, tmp_path):
    """Installations of one kind, each with a data folder and a database of its own."""
    dropped = []

    def make(name):
        (tmp_path / name).mkdir()
        installation = Installation(tmp_path / name, ATOM_ENGINE="offline")
        if request.param == "postgresql":
            server, database = postgres_or_skip(), f"atom_{name}_{secrets.token_hex(3)}"
            statement(server, f"CREATE DATABASE {database}")
            dropped.append((server, f"DROP DATABASE {database} WITH (FORCE)"))
            url = urlsplit(server)._replace(path=f"/{database}")
            installation.environment["DATABASE_URL"] = url.geturl()
        return installation

    yield make
    for server, drop in dropped:
        statement(server, drop)


def statement(server, words):
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(words)


class Traffic:
    """People and a worker, busy until the block ends."""

    def __init__(self, installation):
        self.stop = installation.folder / "stop"
        command = [sys.executable, "-m", "tests.programs.traffic", str(self.stop)]
        self.running = Running(command, cwd=ROOT, env=installation.environment)

    def __enter__(self):
        return self.running

    def __exit__(self, *_):
        self.stop.touch()
        code = self.running.wait()
        self.running.end()
        assert code == 0, "\n".join(self.running.lines)


def after(installation, *commands):
    """What the installation has after each of these commands."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.programs.inventory", *commands],
        cwd=ROOT,
        env=installation.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def assert_sane(found):
    """Every row has its bytes, every file its row, and nobody holds anything."""
    assert {document["status"] for document in found["documents"]} <= {"pending", "completed"}
    assert found["files"]
    digests = sorted(found["files"].values())
    assert digests == sorted(document["sha256"] for document in found["documents"])
    assert found["folders"] == sorted(document["pk"] for document in found["documents"])
    numbers = [document["queue_number"] for document in found["documents"]]
    assert numbers == sorted(set(numbers))


@pytest.mark.slow
def test_what_is_restored_elsewhere_equals_what_was_saved_under_load(make_installation, tmp_path):
    here, there = make_installation("here"), make_installation("there")
    busy, quiet = tmp_path / "busy.tar", tmp_path / "quiet.tar"
    with Traffic(here) as running:
        running.wait_for("4")
        after(here, f"backup '{busy}'")
        running.wait_for(str(len(running.lines) + 4))
    [original] = after(here, f"backup '{quiet}'")
    first, second = after(there, f"restore '{busy}'", f"restore --force '{quiet}'")
    assert_sane(first)
    assert len(first["events"]) < len(original["events"])
    for what in original:
        assert second[what] == original[what], what


# The parts, in this process.


@pytest.fixture
def committed(transactional_db):
    """A database whose rows other connections see."""
    yield
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence")


@pytest.fixture
def saved(committed, upload, tmp_path):
    upload("one.txt", "one"), upload("two.txt", "two")
    return backup.make(tmp_path / "backup.tar")[0]


def test_a_backup_holds_rows_and_files_and_a_checksum_of_each(saved, tmp_path):
    with tarfile.open(saved) as archive:
        read = backup_archive.read(archive)
        assert sorted(content.read() for _, _, content in read.files()) == [b"one", b"two"]
    assert read.manifest.documents == 2
    assert len(read.manifest.checksums) == 3
    assert "documents.0001_initial" in read.manifest.migrations
    assert list(tmp_path.glob(".backup*")) == []


def test_a_backup_holds_no_page_images(committed, upload, tmp_path):
    cache.keep(upload("one.txt", "one"), "1-160-1.png", b"a picture")
    with tarfile.open(backup.make(tmp_path / "backup.tar")[0]) as archive:
        files = backup_archive.read(archive).files()
        assert [content.read() for _, _, content in files] == [b"one"]


def test_a_target_in_use_is_refused_and_stays_as_it_was(saved):
    before = list(Document.objects.values())
    with pytest.raises(CommandError, match="documents or users here already"):
        call_command("restore", str(saved))
    assert list(Document.objects.values()) == before


@pytest.mark.parametrize("force", [False, True])
def test_a_target_where_a_worker_runs_is_refused_whatever_is_forced(saved, force, monkeypatch):
    untouched(monkeypatch)
    WorkerHeartbeat.objects.create(name="w", host="h", pid=1, slots=1)
    with pytest.raises(BackupFailed, match=r"A worker is running here \(h\)"):
        restore.restore(saved, force=force)


def untouched(monkeypatch):
    monkeypatch.setattr(snapshot, "put_back", lambda path: pytest.fail("the database was touched"))
    monkeypatch.setattr(restore, "_put_file", lambda *_: pytest.fail("a file was touched"))


def test_files_without_rows_make_a_target_used(committed, saved):
    Document.objects.all().delete()
    StatusEvent.objects.all().delete()
    from accounts.models import User

    User.objects.all().delete()
    with pytest.raises(BackupFailed, match="There are uploaded files here already"):
        restore.restore(saved, force=False)


@pytest.mark.parametrize("member", ["database", "media/uploads"])
def test_a_damaged_backup_is_refused_before_anything_is_touched(saved, member, monkeypatch):
    with tarfile.open(saved) as archive:
        found = next(one for one in archive if one.name.startswith(member))
    content = bytearray(saved.read_bytes())
    content[found.offset_data] ^= 1
    saved.write_bytes(content)
    untouched(monkeypatch)
    with pytest.raises(BackupFailed, match="is not what was saved"):
        restore.restore(saved, force=True)


@pytest.mark.parametrize("kept", [0, 100, 5000, -30_000])
def test_a_cut_backup_is_refused(saved, kept):
    saved.write_bytes(saved.read_bytes()[:kept])
    with pytest.raises(BackupFailed):
        restore.restore(saved, force=True)
    assert Document.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"engine": "oracle"}, "Restore it into the same kind"),
        ({"migrations": ["documents.9999_future"]}, "a newer version of ATOM"),
        ({"format": 99}, "another version of ATOM"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_reason(saved, tmp_path, change, reason):
    with tarfile.open(saved) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    manifest = tmp_path / "unpacked" / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | change))
    with tarfile.open(tmp_path / "changed.tar", "w") as archive:
        for path in (tmp_path / "unpacked").iterdir():
            archive.add(path, path.name)
    with pytest.raises(BackupFailed, match=reason):
        restore.restore(tmp_path / "changed.tar", force=True)


def test_a_file_outside_the_uploads_is_not_written():
    with pytest.raises(BackupFailed, match="of another kind"):
        restore._put_file("../var/secrets.json", "", b"{}")


def test_a_file_that_goes_while_the_backup_is_made_is_told(
    committed, upload, tmp_path, monkeypatch, capsys
):
    deleted, lost, changed = (upload(f"{n}.txt", f"text {n}") for n in range(3))
    take = snapshot.take

    def meanwhile(path):
        files = take(path)
        removal.delete(deleted)
        lost.file.storage.delete(lost.file.name)
        with open(changed.file.path, "w") as file:
            file.write("other")
        return files

    gone = deleted.pk
    monkeypatch.setattr(snapshot, "take", meanwhile)
    call_command("backup", str(tmp_path / "backup.tar"))
    said = capsys.readouterr()
    assert "3 documents, 1 files" in said.out
    assert f"Deleted meanwhile: {gone}" in said.out
    assert f"The file of document {lost.pk} is missing." in said.err
    assert f"The file of document {changed.pk} has changed." in said.err


def manifest_of(**facts):
    now = timezone.now().isoformat()
    return backup_archive.Manifest(now, "sqlite", "3", [], documents=0, **facts)


def test_what_was_running_waits_again_at_its_place_and_without_a_loss(committed, upload):
    first, second = upload(), upload()
    queue.claim_next("w")
    WorkerHeartbeat.objects.create(name="w", host="h", pid=1, slots=1)
    restore._settle(manifest_of())
    first.refresh_from_db()
    assert (first.status, first.lease_expirations, first.claimed_by) == (Status.PENDING, 0, "")
    assert [document.pk for document in Document.objects.pending().in_queue_order()] == [
        first.pk,
        second.pk,
    ]
    assert not WorkerHeartbeat.objects.exists()


def test_no_id_of_an_event_is_given_twice(committed, upload):
    upload()
    told = events.latest_id()
    restore._settle(manifest_of())
    upload()
    assert events.latest_id() > told + 100_000


def test_what_was_being_deleted_is_gone_and_so_are_files_of_nobody(committed, upload, settings):
    going, staying = upload(), upload()
    orphan = settings.MEDIA_ROOT / "uploads" / "11111111-2222-4333-8444-555555555555"
    orphan.mkdir()
    restore._settle(manifest_of(deleted=[str(going.pk)]))
    assert Document.objects.get() == staying
    assert [path.name for path in orphan.parent.iterdir()] == [str(staying.pk)]


def test_a_backup_goes_into_a_folder_under_a_name_of_its_own_and_nobody_else_reads_it(
    committed, tmp_path
):
    path, _ = backup.make(tmp_path)
    assert path.parent == tmp_path
    assert path.name.startswith(f"atom-{timezone.now() - timedelta(seconds=60):%Y}")
    assert path.stat().st_mode & 0o777 == 0o600


def test_nothing_is_overwritten_and_no_draft_stays(saved, tmp_path):
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", str(saved))
    with pytest.raises(CommandError, match="No such file"):
        call_command("backup", str(tmp_path / "missing" / "backup.tar"))
    assert list(tmp_path.glob(".*")) == []
