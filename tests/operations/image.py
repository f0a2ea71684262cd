"""The image of the Dockerfile, built and run by buildah on a base of our own (`make image-check`).

No registry is asked: the base is a Debian made by mmdebstrap. buildah's chroot isolation needs no
engine; containers share network and processes with this machine, but neither files nor users.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import debian, hostile_files, leftovers
from tests.processes import PATIENCE, ROOT, Running, free_port, gone
from tests.services import missing

SUITE = "trixie"
PACKAGES = ("ca-certificates", "python3", "python3-venv", "python-is-python3")
PERSON = {
    "DJANGO_SUPERUSER_USERNAME": "ada",
    "DJANGO_SUPERUSER_EMAIL": "",
    "DJANGO_SUPERUSER_PASSWORD": "correct horse battery",
}
TEXT = b"The quay wall is safe. Maria Lopez must send the survey to the insurer by 20 March 2026."
OUTSIDE = b"buildah-chroot-exec\0"  # the process that begins the one inside, and waits for it
STOP_WITHIN = 10  # seconds; engines wait as long before they kill


class Buildah:
    """buildah with a store of its own, which goes with this run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        store = ("--root", folder / "store", "--runroot", folder / "run")
        self._words = ["buildah", *map(str, store), "--storage-driver", "overlay"]
        try:
            self("info")
        except debian.Unavailable:  # Where this is a container itself; slower, and larger.
            self._words[-1] = "vfs"

    def __call__(self, *arguments: object) -> str:
        return debian.run(*self._words, *arguments).strip()

    def words(self, container: str, *options: object) -> list[str]:
        how = ("run", "--isolation", "chroot", *options, container, "--")
        return [*self._words, *map(str, how)]

    def commit(self, name: str, *files: tuple[Path, str]) -> None:
        """An image that holds these, at their places, and nothing else."""
        container = self("from", "scratch")
        for source, place in files:
            self("add", "--quiet", container, source, place)
        self("commit", "--quiet", "--rm", container, name)


class Container:
    """One of the image, on a volume of the host's, with settings of its own."""

    def __init__(self, buildah: Buildah, volume: Path, **environment: str) -> None:
        self.name = buildah("from", "--pull-never", "atom")
        config = json.loads(buildah("inspect", self.name))["OCIv1"]["config"]
        self.command = config["Cmd"]
        assert set(config["Volumes"]) == {"/data"}
        # `buildah run` would mount an empty one of its own over ours.
        buildah("config", "--volume", "/data-", self.name)
        options = [f"--env={name}={value}" for name, value in environment.items()]
        self._words = buildah.words(self.name, f"--volume={volume}:/data", *options)

    def run(self, *command: str) -> str:
        return debian.run(*self._words, *command)

    def start(self, *command: str) -> Running:
        return Running([*self._words, *(command or self.command)])


@pytest.fixture(scope="module")
def buildah() -> Iterator[Buildah]:
    try:
        debian.require("buildah", "mmdebstrap")
    except debian.Unavailable as reason:
        missing(str(reason))
    folder = leftovers.folder("image")
    buildah = Buildah(folder)
    yield buildah
    buildah("rm", "--all")
    shutil.rmtree(folder / "store", ignore_errors=True)


@pytest.fixture(scope="module")
def image(buildah: Buildah) -> Buildah:
    """The image `atom`; Debian has the PostgreSQL of this version itself, so no place is added."""
    folder = buildah.folder
    debian.make_root(SUITE, PACKAGES, folder / "base.tar")
    (folder / "nothing").touch()
    buildah.commit("base", (folder / "base.tar", "/"))
    places = re.findall(r"--from=postgresql (\S+) ", (ROOT / "Dockerfile").read_text())
    buildah.commit("postgresql", *((folder / "nothing", place) for place in places))
    given = [f"--build-arg={name}=localhost/{name.lower()}" for name in ("BASE", "POSTGRESQL")]
    buildah(
        *("bud", "--isolation", "chroot", "--pull-never", "--format", "docker", "--tag", "atom"),
        *(*given, *_as_pip_is_set_here(folder), ROOT),
    )
    return buildah


def _as_pip_is_set_here(folder: Path) -> list[str]:
    """Volumes by which pip finds packages inside as it does outside."""
    (folder / "pip.conf").write_text(debian.pip_settings("/authorities"))
    return [
        f"--volume={folder / 'pip.conf'}:/etc/pip.conf:ro",
        f"--volume={debian.AUTHORITIES}:/authorities:ro",
    ]


@pytest.fixture(scope="module")
def volume() -> Path:
    folder = leftovers.folder("volume")
    os.chown(folder, 10001, 10001)  # As an engine makes a volume: like the folder in the image.
    return folder


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture
def container(image: Buildah, volume: Path, port: int) -> Iterator[Any]:
    made = []

    def make(**more: str) -> Container:
        # On this machine only; an engine would keep 0.0.0.0 to the network of the container.
        given = {"ATOM_HOST": "127.0.0.1", "ATOM_PORT": str(port), "ATOM_ENGINE": "offline"}
        made.append(Container(image, volume, **given, **more))
        return made[-1]

    yield make
    for one in made:
        image("rm", one.name)


@contextlib.contextmanager
def served(container: Container, port: int) -> Iterator[tuple[httpx.Client, Running]]:
    """Its own command, as an engine runs it, and somebody who has signed in."""
    running = container.start()
    try:
        running.wait_for("ATOM is ready at")
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
            given = {"username": "ada", "password": PERSON["DJANGO_SUPERUSER_PASSWORD"]}
            token = client.post("/auth/login", json=given).json()["access"]
            client.headers["Authorization"] = f"Bearer {token}"
            yield client, running
    finally:
        for pid in _inside(running):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        running.end()


def _inside(running: Running) -> list[int]:
    """The first process in the container: whatever it has become, its parent is buildah's last."""
    waiting, found = [running.process.pid], []
    while waiting:
        pid = waiting.pop()
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/cmdline").read_bytes().startswith(OUTSIDE):
                found += _children(pid)
                continue
        waiting += _children(pid)
    return found


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        return [int(child) for task in tasks for child in task.read_text().split()]
    return []


def test_it_runs_as_somebody_without_rights_who_owns_the_data_alone(container: Any) -> None:
    one = container()
    assert one.run("id", "--user").strip() == "10001"
    assert one.run("sh", "-c", "cd /data && touch a && rm a && echo done").strip() == "done"
    writable = "find / -xdev -writable -not -type l -not -path '/proc/*' -not -path '/dev/*'"
    found = one.run("sh", "-c", f"{writable} 2>/dev/null || true").split()
    assert [path for path in found if path not in PLACES_OF_EVERYBODY] == []


PLACES_OF_EVERYBODY = {"/tmp", "/var/tmp", "/run/lock", "/data", "/backups"}


def test_it_serves_reads_stops_politely_and_keeps_everything_in_the_volume(
    container: Any, port: int
) -> None:
    container(**PERSON).run("python", "manage.py", "migrate", "--verbosity", "0")
    container(**PERSON).run("python", "manage.py", "createsuperuser", "--no-input")
    with served(container(), port) as (client, running):
        page = client.get("/login/", follow_redirects=True)
        linked = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
        assert {client.get(path).status_code for path in linked} == {200}
        files = [("files", ("minutes.txt", TEXT)), ("files", ("page.pdf", hostile_files.hello()))]
        sent = [one["id"] for one in client.post("/upload", files=files).json()["uploaded"]]
        container().run("python", "manage.py", "worker", "--drain")
        assert {_status(client, pk) for pk in sent} == {"completed"}
        # It stands on django-eventstream, without what that asks for and we left out.
        with client.stream("GET", "/documents/stream?lastEventId=0") as stream:
            told = (line for line in stream.iter_lines() if "completed" in line)
            assert sent[0] in next(told)
        [pid] = _inside(running)
        since = time.monotonic()
        os.kill(pid, signal.SIGTERM)
        assert running.wait() == 0
        assert time.monotonic() - since < STOP_WITHIN
        assert gone(pid)
    with served(container(), port) as (client, _):
        assert {_status(client, pk) for pk in sent} == {"completed"}
        assert client.get(f"/documents/{sent[0]}/file").content == TEXT


def _status(client: httpx.Client, pk: str) -> str:
    return str(client.get(f"/documents/{pk}/status").json()["status"])


def test_the_doctor_finds_programs_and_confinement_in_it(container: Any) -> None:
    told = container().run("python", "manage.py", "doctor")
    assert "BROKEN" not in told
    assert re.search(r"tesseract", told)
    versions = container().run("pg_dump", "--version")
    [major] = re.findall(r"^ARG PG_MAJOR=(\d+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert f" {major}." in versions


def test_it_holds_no_package_that_is_never_imported(container: Any) -> None:
    told = container().run("python", "-m", "pip", "list", "--format", "freeze").lower()
    assert "django-eventstream==" in told
    assert re.findall(r"^(django-grip|werkzeug|markupsafe|pytest)==", told, re.MULTILINE) == []
