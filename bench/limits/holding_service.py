"""A service of some tree in a folder of its own, for `bench.limits.holding` to attack."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

HOST = "Host: localhost\r\n"
PASSWORD = "correct horse battery"  # noqa: S105
DESCRIPTORS = 1200  # what the attacked web server may open
MAKE_ALICE = (
    f"from accounts.models import User; User.objects.create_user('alice', password={PASSWORD!r})"
)


class Service:
    """A web server of a tree, with one user, on a free port."""

    def __init__(self, tree: Path, folder: Path, **environment: str) -> None:
        self.tree = tree
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "TMPDIR": str(self.temporary),
            "PYTHONDONTWRITEBYTECODE": "1",
            "ATOM_ENV_FILE": os.devnull,
            "ATOM_DATA_DIR": str(folder),
            "ATOM_PORT": str(self.port),
            "ATOM_ENGINE": "offline",
            **environment,
        }
        self.manage("migrate", "--verbosity", "0")
        self.manage("shell", "-c", MAKE_ALICE)

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, str(self.tree / "manage.py"), *arguments]
        ended = subprocess.run(
            command,
            env=self.environment,
            cwd=self.temporary,
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode:
            raise SystemExit(ended.stderr)
        return ended.stdout

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        process = subprocess.Popen(
            [sys.executable, str(self.tree / "manage.py"), "up", "--no-worker"],
            env=self.environment,
            cwd=self.temporary,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: resource.setrlimit(
                resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS)
            ),
        )
        try:
            while not self.answers():
                if process.poll() is not None:
                    raise SystemExit("the service ended")
                time.sleep(0.1)
            self.web = next(
                int(folder.name)
                for folder in Path("/proc").glob("[0-9]*")
                if b"uvicorn" in _read(folder / "cmdline")
                and f"PPid:\t{process.pid}\n".encode() in _read(folder / "status")
            )
            yield
        finally:
            process.terminate()
            process.wait()

    def answers(self, source: str = "127.0.0.1") -> bool:
        """Whether a visitor from this address gets the page to sign in within five seconds."""
        try:
            with self.connect(source, timeout=5) as client:
                client.sendall(f"GET /login HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n".encode())
                return client.recv(12) == b"HTTP/1.1 200"
        except OSError:
            return False

    def connect(self, source: str = "127.0.0.1", timeout: float | None = None) -> socket.socket:
        client = socket.socket()
        client.settimeout(timeout)
        client.bind((source, 0))
        client.connect(("127.0.0.1", self.port))
        return client

    def post(self, path: str, body: bytes, **headers: str) -> Any:
        url = f"http://127.0.0.1:{self.port}{path}"
        answer = httpx.post(url, content=body, headers=headers, timeout=60)
        return answer.raise_for_status().json()

    def token(self) -> str:
        login = json.dumps({"username": "alice", "password": PASSWORD}).encode()
        answer = self.post("/auth/login", login, **{"Content-Type": "application/json"})
        return str(answer["access"])

    def upload(self, name: str, content: bytes) -> str:
        head = f'--b\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + b"\r\n--b--\r\n"
        headers = {"Content-Type": "multipart/form-data; boundary=b"}
        token = f"Bearer {self.token()}"
        answer = self.post("/upload", body, Authorization=token, **headers)
        return str(answer["uploaded"][0]["id"])

    def memory(self) -> int:
        """Bytes the web server has in memory that are its own (anonymous pages)."""
        line = next(
            line
            for line in _read(Path(f"/proc/{self.web}/status")).splitlines()
            if line.startswith(b"RssAnon")
        )
        return int(line.split()[1]) * 1024

    def on_disk(self) -> int:
        """Bytes of temporary files that the web server holds open."""
        held = 0
        for link in Path(f"/proc/{self.web}/fd").iterdir():
            with contextlib.suppress(OSError):
                if os.readlink(link).startswith(str(self.temporary)):
                    held += link.stat().st_size
        return held


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
