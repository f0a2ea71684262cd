"""The server is killed while files come in, and disks fill up: what was told stays true."""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import large_pdfs
from tests.faults import rig
from tests.resumable.served import DATABASES, DISCONNECTS, House, pieces

pytestmark = pytest.mark.long

MB = 1024 * 1024


@pytest.fixture
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path / "house", getattr(request, "param", "sqlite"))
    yield built
    built.end()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("sent") / "scans.pdf"
    large_pdfs.write(path, pages=20, picture_bytes=3 * MB)
    yield path
    path.unlink()


@pytest.mark.parametrize("house", DATABASES, indirect=True)
@pytest.mark.parametrize("chunk", [3 * MB, 8 * MB, 0], ids=["3 MB", "8 MB", "endless"])
def test_what_was_acknowledged_is_there_after_every_kill(
    house: House, file: Path, chunk: int
) -> None:
    chance, length = random.Random(chunk), file.stat().st_size
    house.start()
    path, acknowledged, kills = house.begin(length), 0, 0
    with file.open("rb") as opened:
        while acknowledged < length:
            killer = threading.Timer(chance.uniform(0.0, 0.25), house.kill if kills < 7 else int)
            killer.start()
            try:
                while acknowledged < length:
                    size = min(chunk or length, length - acknowledged)
                    body = pieces(opened, acknowledged, size)
                    status, headers, _ = house.append(path, acknowledged, body, size)
                    assert status == 204
                    acknowledged = int(headers["upload-offset"])
            except DISCONNECTS:
                pass
            killer.join()
            if house.server.poll() is None:
                break
            kills += 1
            kept = house.on_disk(path)
            assert kept >= acknowledged
            house.start()
            assert house.offset(path) == kept
            acknowledged = kept
    assert kills >= 1
    [stored] = (house.folder / "media" / "uploads" / path.rpartition("/")[2]).iterdir()
    assert hashlib.sha256(stored.read_bytes()).digest() == digest(file)


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    rig.root_or_skip()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False).returncode:
        pytest.skip("may not mount here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def send_all(house: House, path: str, file: Path, offset: int) -> Any:
    length = file.stat().st_size - offset
    with file.open("rb") as opened:
        return house.append(path, offset, pieces(opened, offset, length), length)


def test_a_full_disk_is_507_and_the_rest_comes_when_there_is_room(house: House, file: Path) -> None:
    house.installation.environment["ATOM_DISK_RESERVE"] = "0"
    parts = house.folder / "media" / "parts"
    parts.mkdir(mode=0o700, parents=True)
    with small_disk(parts, "24m"):
        house.start()
        path = house.begin(file.stat().st_size)
        status, _, body = send_all(house, path, file, 0)
        assert (status, json.loads(body)["code"]) == (507, "storage_full")
        kept = house.offset(path)
        assert kept == house.on_disk(path) > 20 * MB
        subprocess.run(["mount", "-o", "remount,size=100m", str(parts)], check=True)
        status, headers, _ = send_all(house, path, file, kept)
        assert status == 204
        # Another disk than that of the stored files: it was copied there.
        [stored] = (house.folder / "media" / "uploads" / headers["atom-document"]).iterdir()
        assert digest(stored) == digest(file)


def test_a_file_larger_than_the_system_lets_it_grow_is_507(house: House, file: Path) -> None:
    house.start(largest_file=9 * MB)
    path = house.begin(file.stat().st_size)
    status, _, body = send_all(house, path, file, 0)
    assert (status, json.loads(body)["code"]) == (507, "storage_full")
    assert house.offset(path) == house.on_disk(path) == 9 * MB
    house.kill()
    house.start()
    assert send_all(house, path, file, 9 * MB)[0] == 204


@pytest.mark.parametrize("house", DATABASES, indirect=True)
def test_memory_stays_small_and_two_at_once_are_one_204_and_one_423(
    house: House, file: Path
) -> None:
    house.start()
    before = house.peak_memory()
    path, statuses = house.begin(file.stat().st_size), []

    def send() -> None:
        statuses.append(send_all(house, path, file, 0)[0])

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [204, 423]
    assert house.peak_memory() < before + 60
