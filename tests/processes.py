"""Real processes of an installation of its own, for tests about running it."""

from __future__ import annotations

import contextlib
import functools
import os
import pty
import queue
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests import leftovers, services

ROOT = Path(__file__).parent.parent
PATIENCE = 180  # seconds; only a hanging test waits so long


class Running:
    """A started process whose lines can be waited for."""

    def __init__(self, command: list[str], **options: Any) -> None:
        self.lines: list[str] = []
        self.afterwards = contextlib.ExitStack()
        self._arriving: queue.Queue[str | None] = queue.Queue()
        self.process = leftovers.start(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._arriving.put(line.rstrip("\n"))
        self._arriving.put(None)

    def wait_for(self, words: str) -> str:
        """The next line with these words. What was passed over is in `lines`."""
        while True:
            try:
                line = self._arriving.get(timeout=PATIENCE)
            except queue.Empty:
                line = None
            assert line is not None, f"never said {words!r}, but:\n" + "\n".join(self.lines)
            self.lines.append(line)
            if words in line:
                return line

    def said(self) -> list[str]:
        """All of its lines so far."""
        with contextlib.suppress(queue.Empty):
            while (line := self._arriving.get_nowait()) is not None:
                self.lines.append(line)
        return self.lines

    def wait(self) -> int:
        return self.process.wait(PATIENCE)

    def interrupt(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.wait()

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        self._reader.join(PATIENCE)
        self.afterwards.close()
        if self.process.stdout:
            self.process.stdout.close()


class Installation:
    """A data folder with a database and settings of its own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "ATOM_ENV_FILE": os.devnull,
            "ATOM_DATA_DIR": str(folder),
            "ATOM_PORT": str(free_port()),
            **environment,
        }
        self.under: tuple[str, ...] = ()  # A command that is to run the commands.
        self.command = (sys.executable, str(ROOT / "manage.py"))

    @classmethod
    def prepared(cls, folder: Path, **environment: str) -> Installation:
        """One whose database is migrated and has the demo user."""
        shutil.copytree(_prepared(), folder, dirs_exist_ok=True)
        return cls(folder, **environment)

    def manage(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.under, *self.command, *arguments],
            env=self.environment | environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def up(self, *arguments: str, at_terminal: bool = False, **environment: str) -> Running:
        """The supervisor; at a terminal, somebody could read what it says."""
        with contextlib.ExitStack() as terminal:
            stdin = subprocess.DEVNULL
            if at_terminal:
                ours, stdin = pty.openpty()
                terminal.callback(os.close, ours)
                terminal.callback(os.close, stdin)
            running = Running(
                [*self.under, *self.command, "up", *arguments],
                env=self.environment | environment,
                cwd=self.folder,
                stdin=stdin,
            )
            running.afterwards = terminal.pop_all()
        return running

    def program(self, name: str, *arguments: object) -> Running:
        """A running `python -m tests.programs.{name}` on this installation."""
        return Running(
            [sys.executable, "-m", f"tests.programs.{name}", *map(str, arguments)],
            env=self.environment,
            cwd=ROOT,
        )


@contextlib.contextmanager
def postgres_installation(folder: Path, **environment: str) -> Iterator[Installation]:
    """One with a PostgreSQL database of its own, migrated, with the demo user; dropped in the end.

    Also ends what still uses the database.
    """
    server, name = services.postgres_or_skip(), f"atom_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as asking:
        asking.execute(f"CREATE DATABASE {name}")
        try:
            url = urlsplit(server)._replace(path=f"/{name}").geturl()
            installation = Installation(folder, DATABASE_URL=url, **environment)
            for arguments in (["migrate", "--verbosity", "0"], ["demo"]):
                ended = installation.manage(*arguments)
                assert ended.returncode == 0, ended.stderr
            yield installation
        finally:
            asking.execute(f"DROP DATABASE {name} WITH (FORCE)")


@functools.cache
def _prepared() -> Path:
    """The data folder that others are copied from, made once by each process of the tests."""
    folder = leftovers.folder("prepared")
    installation = Installation(folder)
    for arguments in (["migrate", "--verbosity", "0"], ["demo"]):
        ended = installation.manage(*arguments)
        assert ended.returncode == 0, ended.stderr
    return folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children_of(pid: int) -> dict[str, int]:
    """The pids of the web server and the worker under a supervisor."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if _parent(folder) == pid:
                command = (folder / "cmdline").read_bytes()
                found["web" if b"uvicorn" in command else "worker"] = int(folder.name)
    return found


def _parent(folder: Path) -> int:
    match = re.search(r"^PPid:\s+(\d+)", (folder / "status").read_text(), re.MULTILINE)
    return int(match[1]) if match else 0


def is_alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    return False


def gone(pid: int) -> bool:
    """Whether the process ends; asked again and again until it has."""
    deadline = time.monotonic() + PATIENCE
    while is_alive(pid):
        if time.monotonic() > deadline:
            return False
        threading.Event().wait(0.01)
    return True
