"""An installation of its own with two people in it, served for tools that attack from outside."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.processes import PATIENCE, Installation

PEOPLE = ("alice", "bob")
PASSWORD = "correct horse battery"
MAKE_PEOPLE = f"""
from accounts.models import User
for name in {PEOPLE!r}:
    User.objects.create_user(name, password={PASSWORD!r})
"""
NOTES = (
    "Minutes of the harbor committee of {name}. The quay wall is sound but old. "
    "Maria Lopez will send the survey to the insurer by 5 March 2027. "
    "The budget of the harbor was agreed without a vote.\n"
)


@dataclass(frozen=True)
class Served:
    url: str
    tokens: dict[str, str]  # by name

    def headers(self, name: str = PEOPLE[0]) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[name]}"}


@contextmanager
def served() -> Iterator[Served]:
    """Web and worker on a free port of this machine, without throttles, each with documents."""
    with tempfile.TemporaryDirectory(prefix="atom-attacked-") as folder:
        path = Path(folder)
        installation = Installation.prepared(path, ATOM_THROTTLE="off", ATOM_ENGINE="offline")
        done = installation.manage("shell", "-c", MAKE_PEOPLE)
        assert done.returncode == 0, done.stderr
        url = f"http://127.0.0.1:{installation.environment['ATOM_PORT']}"
        running = installation.up()
        try:
            _wait_until_ready(url)
            tokens = {name: _log_in(url, name) for name in PEOPLE}
            attacked = Served(url, tokens)
            for name in PEOPLE:
                _give_documents(attacked, name)
            yield attacked
        finally:
            running.interrupt()
            running.end()


def _wait_until_ready(url: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{url} never became ready")


def _log_in(url: str, name: str) -> str:
    answer = httpx.post(f"{url}/auth/login", json={"username": name, "password": PASSWORD})
    return str(answer.raise_for_status().json()["access"])


def _give_documents(attacked: Served, name: str) -> None:
    """Several, finished: attackers delete some."""
    files = [
        ("files", (f"{name}-{number}.txt", NOTES.format(name=name) * number))
        for number in range(1, 9)
    ]
    client = httpx.Client(base_url=attacked.url, headers=attacked.headers(name), timeout=30)
    with client:
        client.post("/upload", files=files).raise_for_status()
        deadline = time.monotonic() + PATIENCE
        while client.get("/documents?status=completed").json()["count"] < len(files):
            assert time.monotonic() < deadline, "the documents were never read"
            time.sleep(0.1)
