"""A real server that is killed and started again, and a client that sends in pieces."""

from __future__ import annotations

import contextlib
import http.client
import json
import resource
import shutil
import signal
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import leftovers
from tests.faults.rig import answers_on
from tests.processes import PATIENCE, ROOT, Installation, postgres_installation

SERVE = (
    *(sys.executable, "-m", "uvicorn", "atom_project.asgi:application", "--app-dir", str(ROOT)),
    *("--log-level", "warning", "--no-access-log", "--h11-max-incomplete-event-size", "65536"),
    *("--http", "atom_project.deadlines:DeadlineProtocol", "--timeout-graceful-shutdown", "3"),
)
DISCONNECTS = (OSError, http.client.HTTPException)
# For tests whose `house` is to stand on each of them.
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


class House:
    """An installation with a web server of its own, and its demo user signed in."""

    def __init__(self, folder: Path, database: str = "sqlite", **environment: str) -> None:
        settings = {"ATOM_THROTTLE": "off", "ATOM_MAX_FILE_SIZE": "2 GB", **environment}
        self._database = contextlib.ExitStack()
        if database == "postgresql":
            folder.mkdir()
            installed = postgres_installation(folder, **settings)
            self.installation = self._database.enter_context(installed)
        else:
            self.installation = Installation.prepared(folder, **settings)
        self.folder = folder
        self.port = int(self.installation.environment["ATOM_PORT"])
        self.server: Any = None
        self.headers: dict[str, str] = {}

    def start(self, *, largest_file: int = 0) -> None:
        """With `largest_file`, the kernel lets it write no file beyond so many bytes."""
        self.server = leftovers.start(
            [*SERVE, "--port", str(self.port)],
            env=self.installation.environment,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if largest_file:
            limits = (largest_file, largest_file)
            resource.prlimit(self.server.pid, resource.RLIMIT_FSIZE, limits)
        deadline = time.monotonic() + PATIENCE
        while not answers_on(self.port):
            assert self.server.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server never answered"
            time.sleep(0.02)
        if not self.headers:
            self.headers = {"Authorization": f"Bearer {self._token()}"}

    def _token(self) -> str:
        body = json.dumps({"username": "user1", "password": "password123"}).encode()
        kind = {"Content-Type": "application/json"}
        status, _, answer = request(self.port, "POST", "/auth/login", body, kind)
        assert status == 200, answer
        return str(json.loads(answer)["access"])

    def kill(self) -> None:
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()

    def end(self) -> None:
        if self.server and self.server.poll() is None:
            self.kill()
        self._database.close()
        shutil.rmtree(self.folder / "media", ignore_errors=True)

    def peak_memory(self) -> int:
        """Megabytes the server had at most."""
        status = Path(f"/proc/{self.server.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) // 1024

    # What a client does.

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {**self.headers, "Tus-Resumable": "1.0.0", **given}
        return request(self.port, method, path, body, sent)

    def begin(self, length: int, name: str = "plan.pdf") -> str:
        metadata = f"filename {b64encode(name.encode()).decode()}"
        status, headers, body = self.ask(
            "POST", "/uploads", Upload_Length=str(length), Upload_Metadata=metadata
        )
        assert status == 201, body
        return str(headers["location"])

    def append(self, path: str, offset: int, pieces: Iterable[bytes], length: int) -> Any:
        return self.ask(
            "PATCH",
            path,
            iter(pieces),
            Upload_Offset=str(offset),
            Content_Length=str(length),
            Content_Type="application/offset+octet-stream",
        )

    def offset(self, path: str) -> int:
        status, headers, _ = self.ask("HEAD", path)
        assert status == 200, (status, headers)
        return int(headers["upload-offset"])

    def on_disk(self, path: str) -> int:
        """Bytes of the part file; of the stored one where it is whole."""
        name = path.rpartition("/")[2]
        part = self.folder / "media" / "parts" / name
        with contextlib.suppress(FileNotFoundError):
            return part.stat().st_size
        [stored] = (self.folder / "media" / "uploads" / name).iterdir()
        return stored.stat().st_size


def request(
    port: int, method: str, path: str, body: Any, headers: dict[str, str]
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    with contextlib.closing(connection):
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return response.status, headers, response.read()


def pieces(file: Any, offset: int, length: int, size: int = 65_536) -> Iterator[bytes]:
    """So many bytes of an open file, as a client sends them."""
    file.seek(offset)
    while length > 0 and (piece := file.read(min(size, length))):
        length -= len(piece)
        yield piece
