"""Disks that are full, broken or read-only, and processes that run out of descriptors."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from documents.models import Document, Status, StatusEvent
from tests.faults import rig, sanity
from tests.faults.rig import TEXT, until
from tests.processes import Installation
from tests.programs import ended

pytestmark = pytest.mark.django_db(transaction=True)

BIG = b"Words that take room.\n" * 40_000  # 880 KB
HUGE = b"Words that take room.\n" * 200_000  # 4.4 MB: spooled to a file while it arrives


@contextlib.contextmanager
def small_disk(folder: Path, size: str = "3m") -> Iterator[Path]:
    rig.root_or_skip()
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=False
    )
    if mounted.returncode:
        pytest.skip("may not mount here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


FULL_MEDIA = pytest.mark.row(
    "the disk for uploads is full",
    "a mounted disk of 3 MB; strace answers write with ENOSPC",
    "507 with a code, nothing is kept of the refused; room made, uploads work without a restart",
)


@FULL_MEDIA
def test_a_full_media_disk_refuses_and_recovers(
    web: Any, patron: Any, settings: Any, temp: Any
) -> None:
    with small_disk(settings.MEDIA_ROOT):
        server = web()
        statuses = [patron.upload(server.port, BIG + b"%d" % number) for number in range(5)]
        assert statuses[0] == 201
        assert statuses[-1] == 507
        assert patron.last()["code"] == "storage_full"
        patron.assert_sane(temp=temp)
        for pk in list(patron.acknowledged):
            assert patron.delete(server.port, pk) == 204
        assert patron.upload(server.port, BIG) == 201
        patron.assert_sane(temp=temp)


@pytest.mark.row(
    "the disk is full while users delete",
    "database and files on a mounted disk of 32 MB, a reserve of 8; four delete and sign in while "
    "one goes on uploading",
    "uploads are 507 below the reserve; every delete and login succeeds; then there is room again",
)
def test_users_delete_on_a_full_disk(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "32m") as disk, house_on(disk) as house:
        while upload(house) == 201:
            pass
        assert json.loads(house.answers[-1][1])["code"] == "storage_full"
        stop = threading.Event()

        def upload_on() -> None:
            while not stop.is_set():
                upload(house)

        busy = threading.Thread(target=upload_on)
        busy.start()
        doomed = list(house.acknowledged)[:12]
        with ThreadPoolExecutor(4) as users:
            statuses = set(users.map(lambda pk: delete_and_sign_in(house, pk), doomed))
        stop.set()
        busy.join()
        assert statuses == {(204, 200)}
        assert {status for status, _ in house.answers} <= {200, 201, 204, 507}
        for pk in list(house.acknowledged)[:12]:
            assert delete_and_sign_in(house, pk) == (204, 200)
        until(lambda: upload(house) == 201)
        until(lambda: {house.status(pk) for pk in house.acknowledged} == {"completed"})
        assert house.running.interrupt() == 0
        house.assert_sane("--settled")


@contextlib.contextmanager
def house_on(disk: Path) -> Iterator[rig.House]:
    reserve = {"ATOM_DISK_RESERVE": "8M", "ATOM_MAX_QUEUED_PER_USER": "0"}
    installation = Installation.prepared(disk, ATOM_THROTTLE="off", **reserve)
    running = installation.up()
    try:
        running.wait_for("Press Ctrl-C")
        yield rig.House(installation, running)
    finally:
        running.end()


def upload(house: rig.House) -> int:
    body = rig.form(BIG + os.urandom(8).hex().encode())
    kind = {"Content-Type": "multipart/form-data; boundary=line"}
    house.answers.append(rig.request(house.port, "POST", "/upload", body, house.headers | kind))
    status, said = house.answers[-1]
    if status == 201:
        document = json.loads(said)["uploaded"][0]
        house.acknowledged[document["id"]] = document["sha256"]
    return status


def delete_and_sign_in(house: rig.House, pk: str) -> tuple[int, int]:
    house.acknowledged.pop(pk)
    deleted = rig.request(house.port, "DELETE", f"/documents/{pk}", None, house.headers)
    body = json.dumps({"username": "user1", "password": "password123"}).encode()
    kind = {"Content-Type": "application/json"}
    signed_in = rig.request(house.port, "POST", "/auth/login", body, kind)
    house.answers += [deleted, signed_in]
    return deleted[0], signed_in[0]


@FULL_MEDIA
def test_a_write_without_room_refuses(web: Any, patron: Any, temp: Any) -> None:
    # The first writes of a request's thread are those of the stored file.
    server = web(inject="write:error=ENOSPC:when=1..3", ATOM_LOG="text")
    patron.upload(server.port, TEXT)
    assert patron.answers[-1][0] in (201, 507)
    patron.assert_sane(temp=temp)


@pytest.mark.row(
    "the disk for temporary files is full",
    "a mounted disk of 3 MB as TMPDIR",
    "507; small uploads go on; nothing is left",
)
def test_a_full_disk_for_temporary_files_refuses_large_uploads(
    web: Any, patron: Any, temp: Any
) -> None:
    with small_disk(temp):
        server = web()
        status = patron.upload(server.port, HUGE)
        assert status == 507
        assert patron.upload(server.port, TEXT) == 201
        patron.assert_sane(temp=temp)


@pytest.mark.quick
@pytest.mark.row(
    "the database may not grow",
    "PRAGMA max_page_count on every connection of the process",
    "507 and nothing kept; with room again everything goes on",
)
def test_a_database_that_may_not_grow_refuses(
    api: APIClient, upload: Any, text_file: Any, patron: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = upload()
    patron.acknowledged[str(document.pk)] = document.sha256
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # No room is left inside either.
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
    statuses = []
    with monkeypatch.context() as patch:
        options = connection.settings_dict["OPTIONS"]
        limited = f"{options['init_command']} PRAGMA max_page_count = {pages + 5};"
        patch.setitem(options, "init_command", limited)
        connection.close()
        for number in range(300):
            answer = api.post("/upload", {"files": [text_file(text=f"Words {number}. " * 20)]})
            statuses.append(answer.status_code)
            patron.answers.append((answer.status_code, answer.content))
            if answer.status_code == 201:
                said = answer.json()["uploaded"][0]
                patron.acknowledged[said["id"]] = said["sha256"]
            elif statuses.count(507) == 3:
                break
        assert set(statuses) == {201, 507}
        patron.assert_sane()
    connection.close()
    assert api.post("/upload", {"files": [text_file(text="At last.")]}).status_code == 201
    patron.assert_sane()


@pytest.mark.row(
    "input and output errors, for each call of an upload",
    "strace answers the n-th fsync, fdatasync, mkdir or pwrite64 with EIO, n = 1, 2, 3, 5, 8",
    "503 or 507, or done; never half",
)
@pytest.mark.parametrize("calls", ["fsync,fdatasync", "mkdir", "pwrite64"])
def test_input_and_output_errors(calls: Any, web: Any, patron: Any, temp: Any) -> None:
    refused = 0
    for nth in (1, 2, 3, 5, 8):
        server = web(inject=f"{calls}:error=EIO:when={nth}")
        status = patron.upload(server.port, TEXT + b" %d" % nth)
        refused += status in (503, 507)
        server.stop()
        patron.assert_sane(temp=temp)
    assert refused


@pytest.mark.row(
    "a read-only disk for uploads",
    "a mounted disk, remounted read-only",
    "507 for uploads; reading goes on",
)
def test_read_only_media(web: Any, patron: Any, settings: Any, temp: Any) -> None:
    with small_disk(settings.MEDIA_ROOT) as disk:
        server = web()
        assert patron.upload(server.port, TEXT) == 201
        pk = next(iter(patron.acknowledged))
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        assert patron.upload(server.port, TEXT + b" More.") == 507
        assert patron.ask(server.port, "GET", f"/documents/{pk}/file") == 200
        assert patron.answers[-1][1] == TEXT
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        assert patron.upload(server.port, TEXT + b" More.") == 201
        patron.assert_sane(temp=temp)


@pytest.mark.row(
    "no descriptors left in the web process",
    "RLIMIT_NOFILE lowered to 20 more than are in use, while 60 clients hold connections",
    "503 or waiting, never a traceback; with the clients gone everything works",
)
def test_no_descriptors_left(web: Any, patron: Any, temp: Any) -> None:
    server = web()
    pid = server.process.pid
    before = server.inside()["descriptors"]
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (before + 20, before + 20))
    held = [rig.connected(server.port) for _ in range(60)]
    for number in range(3):
        patron.upload(server.port, TEXT + b" %d" % number, timeout=3)
    for one in held:
        one.close()
    until(lambda: patron.upload(server.port, TEXT + os.urandom(4).hex().encode()) == 201)
    until(lambda: server.inside()["descriptors"] <= before + 10)
    patron.assert_sane(temp=temp)


@pytest.mark.row(
    "the file of a waiting document is gone or unreadable",
    "the stored file is removed behind the service's back",
    "that document fails with words for its owner; the next one is read",
)
def test_a_file_that_is_gone_fails_alone(worker: Any, upload: Any) -> None:
    lost, healthy = upload(text="One."), upload(text="Two.")
    lost.file.storage.delete(lost.file.name)
    assert ended(worker("--drain"))[0] == 0
    lost.refresh_from_db()
    healthy.refresh_from_db()
    assert (lost.status, healthy.status) == (Status.FAILED, Status.COMPLETED)
    assert lost.failure["code"] == "internal_error"
    Document.objects.filter(pk=lost.pk).delete()
    StatusEvent.objects.of(lost).delete()
    sanity.assert_sane(settled=True)
