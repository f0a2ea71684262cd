"""Real processes to break, and somebody who uses them and remembers what was promised."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from accounts import tokens
from accounts.models import User
from atom_project.data_folder import generated_secrets
from documents.models import Document
from tests import leftovers, services
from tests.faults import sanity
from tests.processes import Installation, Running
from tests.programs import surroundings

PATIENCE = 60  # seconds; only a hanging test waits so long
TEXT = b"The committee met in May. Maria Lopez must send the survey to the insurer."


def strace_or_skip() -> str:
    found = shutil.which("strace")
    if not found:
        services.missing("strace is not installed")
    probe = subprocess.run([str(found), "-o", os.devnull, "true"], capture_output=True, check=False)
    if probe.returncode:
        services.missing("strace may not trace here")
    return str(found)


def root_or_skip() -> None:
    if os.geteuid():
        pytest.skip("only root may mount")


def environment(**more: str) -> dict[str, str]:
    """Processes share this test's database, files and secrets, and write no files of their own."""
    keys = {"SECRET_KEY": settings.SECRET_KEY, "JWT_SECRET_KEY": settings.JWT_SECRET_KEY}
    generated_secrets(settings.MEDIA_ROOT.parent / "var" / "secrets.json", keys)
    return surroundings(**{**keys, "PYTHONDONTWRITEBYTECODE": "1", **more})


@contextlib.contextmanager
def started(
    program: str, *arguments: object, inject: str = "", **more: str
) -> Iterator[subprocess.Popen[str]]:
    """A running `python -m tests.programs.{program}`, under strace if it is to meet trouble."""
    name = program if "." in program else f"tests.programs.{program}"
    command = [sys.executable, "-m", name, *map(str, arguments)]
    if inject:
        command = [*strace(inject), *command]
    with log(program).open("a") as lines:  # A pipe that nobody reads would stop the process.
        process = leftovers.start(
            command,
            env=environment(**more),
            stdout=subprocess.PIPE,
            stderr=lines,
            text=True,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        end(process)


def log(program: str) -> Path:
    """Where all processes of this program write, in this test."""
    return settings.MEDIA_ROOT.parent / f"{program.rpartition('.')[2]}.log"


def strace(inject: str) -> list[str]:
    """The command under which programs meet `calls:fault:when=n`; each thread counts anew."""
    calls = inject.partition(":")[0]
    options = ("-e", f"trace={calls}", "-e", f"inject={inject}", "-o", os.devnull)
    return [strace_or_skip(), "-f", *options]


@contextlib.contextmanager
def troubled(pid: int, inject: str) -> Iterator[None]:
    """From now on a running process meets trouble; what it did before does not count."""
    tracer = leftovers.start([*strace(inject), "-p", str(pid)], stderr=subprocess.PIPE, text=True)
    assert tracer.stderr
    try:
        assert "attached" in tracer.stderr.readline()
        yield
    finally:
        tracer.terminate()
        tracer.communicate()


def end(process: subprocess.Popen[str]) -> None:
    """Kill the process with all it started; strace alone would let go of what it traces."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(ValueError):  # Read to its end before.
        process.communicate()


class Web:
    """A web process and its port."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        self.process = process
        said = process.stdout.readline()
        assert said, log("web").read_text()
        self.port = int(said)

    def stop(self) -> None:
        end(self.process)

    def inside(self) -> dict[str, int]:
        """Threads, memory, descriptors and listeners of the process, as it tells them."""
        return dict(json.loads(request(self.port, "GET", "/-/inside")[1]))


@contextlib.contextmanager
def web(*arguments: object, inject: str = "", **more: str) -> Iterator[Web]:
    with started("web", *arguments, **more) as process, contextlib.ExitStack() as stack:
        server = Web(process)
        if inject:
            stack.enter_context(troubled(process.pid, inject))
        yield server


Answer = tuple[int, bytes]


def request(
    port: int,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    timeout: float = PATIENCE,
) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    with contextlib.closing(connection):
        # Refused at the door, it is answered before the body has come.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.request(method, path, body=body, headers=headers or {})
        response = connection.getresponse()
        return response.status, response.read()


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def answers_on(port: int) -> bool:
    with contextlib.suppress(OSError):
        connected(port).close()
        return True
    return False


def form(*contents: bytes, boundary: str = "line") -> bytes:
    parts = [
        b"--%s\r\nContent-Disposition: form-data; name=files; filename=%d.txt\r\n\r\n%s\r\n"
        % (boundary.encode(), number, content)
        for number, content in enumerate(contents)
    ]
    return b"".join(parts) + b"--%s--\r\n" % boundary.encode()


class Patron:
    """Somebody who talks to web processes; `acknowledged` is what was promised and holds still."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.token = tokens.log_in(user).access
        self.answers: list[Answer] = []
        self.acknowledged: dict[str, str] = {}

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def ask(self, port: int, method: str, path: str, body: bytes | None = None, **more: Any) -> Any:
        """The status, or None if the connection broke before there was an answer."""
        headers = self.headers | more.pop("headers", {})
        try:
            answer = request(port, method, path, body, headers, **more)
        except (OSError, http.client.HTTPException):
            return None
        self.answers.append(answer)
        return answer[0]

    def upload(self, port: int, *contents: bytes, **more: Any) -> Any:
        kind = {"Content-Type": "multipart/form-data; boundary=line"}
        status = self.ask(port, "POST", "/upload", form(*contents), headers=kind, **more)
        if status in (201, 207):
            uploaded = json.loads(self.answers[-1][1])["uploaded"]
            sent = {hashlib.sha256(content).hexdigest() for content in contents}
            for document in uploaded:
                assert document["sha256"] in sent
                self.acknowledged[document["id"]] = document["sha256"]
        return status

    def last(self) -> Any:
        return json.loads(self.answers[-1][1])

    def delete(self, port: int, pk: object) -> Any:
        # From now on nothing is promised: a broken connection may have deleted it or not.
        self.acknowledged.pop(str(pk), None)
        return self.ask(port, "DELETE", f"/documents/{pk}")

    def assert_sane(self, **how: Any) -> None:
        """Everything promised is there, and no answer was unbecoming."""
        assert not sanity.answers_unbecoming(self.answers)
        sanity.assert_sane(self.acknowledged, **how)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def until(is_so: Callable[[], object], *, within: float = PATIENCE) -> None:
    deadline = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def all_finished() -> bool:
    return not Document.objects.exclude(status__in=("completed", "failed")).exists()


def assert_sane_elsewhere(
    installation: dict[str, str], acknowledged: dict[str, str], *options: str
) -> None:
    """The same questions about an installation that this process is not connected to."""
    asked = subprocess.run(
        [sys.executable, "-m", "tests.faults.sanity", *options],
        env=installation | {"PYTHONPATH": os.getcwd()},
        input=json.dumps(acknowledged),
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stdout + asked.stderr


class House:
    """An installation of its own that runs under `manage.py up`, and somebody who uses it."""

    def __init__(self, installation: Installation, running: Running) -> None:
        self.installation, self.running = installation, running
        self.port = int(installation.environment["ATOM_PORT"])
        self.acknowledged: dict[str, str] = {}
        self.answers: list[Answer] = []
        body = json.dumps({"username": "user1", "password": "password123"}).encode()
        kind = {"Content-Type": "application/json"}
        status, said = request(self.port, "POST", "/auth/login", body, kind)
        assert status == 200, said
        self.headers = {"Authorization": f"Bearer {json.loads(said)['access']}"}

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Any:
        until(lambda: self._try(method, path, body, self.headers | headers))
        return json.loads(self.answers[-1][1])

    def _try(self, *asked: Any) -> bool:
        try:
            self.answers.append(request(self.port, *asked))
        except (OSError, http.client.HTTPException):
            return False
        return self.answers[-1][0] < 500

    def upload(self, text: bytes) -> str:
        said = self.ask(
            "POST",
            "/upload",
            form(text),
            **{"Content-Type": "multipart/form-data; boundary=line"},
        )
        document = said["uploaded"][0]
        self.acknowledged[document["id"]] = document["sha256"]
        return str(document["id"])

    def status(self, pk: str) -> str:
        return str(self.ask("GET", f"/documents/{pk}/status")["status"])

    def assert_sane(self, *options: str) -> None:
        assert not sanity.answers_unbecoming(self.answers)
        assert_sane_elsewhere(self.installation.environment, self.acknowledged, *options)
