"""tus-js-client and Uppy send files to a real server, which is killed at random moments.

`TUS_CLIENTS` is a folder with both under `node_modules`; `make tus-clients` makes it.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import large_pdfs, leftovers
from tests.processes import PATIENCE
from tests.resumable.served import DATABASES, House
from tests.services import missing

MB = 1024 * 1024
KILLS = 20
SCRIPT = Path(__file__).with_name("send.mjs")
CLIENTS = ["tus", "uppy"]


@pytest.fixture(scope="module")
def modules() -> Path:
    folder = Path(os.environ.get("TUS_CLIENTS", "")).absolute()
    if not (folder / "node_modules" / "tus-js-client").is_dir() or not shutil.which("node"):
        missing("no clients: run `make tus-clients`")
    return folder


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("sent") / "many scans.pdf"
    large_pdfs.write(path, pages=40, picture_bytes=3 * MB)
    yield path
    path.unlink()


@pytest.fixture
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path / "house", getattr(request, "param", "sqlite"))
    built.start()
    yield built
    built.end()


class Sending:
    """A client at work, and what it was told."""

    def __init__(self, modules: Path, house: House, client: str, file: Path, piece: int) -> None:
        # Beside its modules, where node looks for them.
        script = shutil.copy(SCRIPT, modules)
        token = house.headers["Authorization"].removeprefix("Bearer ")
        endpoint = f"http://127.0.0.1:{house.port}/uploads"
        self.accepted, self.url, self.document, self.error = 0, "", "", ""
        self.process = leftovers.start(
            ["node", script, client, endpoint, token, str(file), str(piece)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=modules,
        )
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        for line in self.process.stdout:
            for name, value in json.loads(line).items():
                setattr(self, name, value)

    @property
    def path(self) -> str:
        """Of the upload, as the server knows it."""
        deadline = time.monotonic() + PATIENCE
        while not self.url:
            assert time.monotonic() < deadline, f"it never began: {self.error}"
            time.sleep(0.01)
        return "/uploads/" + self.url.rpartition("/")[2]

    @property
    def is_over(self) -> bool:
        return self.process.poll() is not None

    def wait(self) -> int:
        """Its exit code; all that it said was heard then."""
        self.process.wait(2 * PATIENCE)
        self._thread.join(PATIENCE)
        self.process.stdout.close()
        return int(self.process.returncode)


def stored(house: House, document: str) -> bytes:
    [path] = (house.folder / "media" / "uploads" / document).iterdir()
    return hashlib.sha256(path.read_bytes()).digest()


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("piece", [8 * MB, 0], ids=["8 MB", "endless"])
def test_a_file_arrives(modules: Path, house: House, file: Path, client: str, piece: int) -> None:
    sending = Sending(modules, house, client, file, piece)
    assert sending.wait() == 0, sending.error
    assert stored(house, sending.document) == hashlib.sha256(file.read_bytes()).digest()


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("piece", [2 * MB, 0], ids=["2 MB", "endless"])
@pytest.mark.parametrize("house", DATABASES, indirect=True)
def test_the_server_is_killed_at_twenty_random_moments(
    modules: Path, house: House, file: Path, client: str, piece: int
) -> None:
    chance, told = random.Random(piece), []
    sending = Sending(modules, house, client, file, piece)
    path = sending.path
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.0, 0.06))
        if sending.is_over:
            break
        house.kill()
        kept = house.on_disk(path)
        assert kept >= sending.accepted
        house.start()
        told.append((kept, offset_at_once(house, path)))
    assert sending.wait() == 0, sending.error
    print(f"{client} {piece}: {len(told)} kills, bytes kept: {[kept for kept, _ in told]}")
    assert all(offset >= kept for kept, offset in told)
    assert len(told) >= 5
    assert stored(house, sending.document) == hashlib.sha256(file.read_bytes()).digest()


def offset_at_once(house: House, path: str) -> int:
    """As a second client would be told; the first may be sending again already."""
    status, headers, _ = house.ask("HEAD", path)
    return int(headers["upload-offset"]) if status == 200 else house.on_disk(path)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_refusal_reaches_the_client(
    modules: Path, house: House, tmp_path: Path, client: str
) -> None:
    liar = tmp_path / "liar.pdf"
    liar.write_bytes(b"MZ" * 100_000)
    sending = Sending(modules, house, client, liar, 0)
    assert sending.wait() == 1
    assert "422" in sending.error
