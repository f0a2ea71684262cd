"""The drill of the runbook: install by the page, lose the database, err, find out, restore."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import sys
from typing import Any

import pytest

from tests import leftovers
from tests.faults import rig
from tests.operations.machine import INLINE, Machine, service_user
from tests.processes import ROOT, free_port

ANSWERS = {
    "DJANGO_SUPERUSER_USERNAME": "ada",
    "DJANGO_SUPERUSER_EMAIL": "",
    "DJANGO_SUPERUSER_PASSWORD": "correct horse battery",
}
# As the page's nginx would send them.
PROXY = {"Host": "atom.example.com", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
DRILL = (ROOT / "docs/runbook.md").read_text().partition("### A drill")[2].partition("\n## ")[0]
TYPED = re.findall(r"^(atom-manage .+)$", DRILL, re.MULTILINE)
PORT = free_port()


@pytest.fixture
def machine() -> Machine:
    root = leftovers.folder("drill")  # Folders of pytest are shut for others.
    root.chmod(0o755)
    machine = Machine(root, user=service_user(), python=f'exec {shlex.quote(sys.executable)} "$@"')
    settings = machine.settings.read_text()
    machine.settings.write_text(f"{settings}\nATOM_PORT={PORT}\nATOM_ENGINE=offline\n")
    return machine


def done(machine: Machine, command: str, **more: str) -> str:
    ended = machine.run(command, **more)
    assert ended.returncode == 0, ended.stderr
    if command.split()[1] not in ("migrate", "createsuperuser"):  # Django's own.
        database = machine.path("/var/lib/atom/var/atom.sqlite3")
        assert str(database) in ended.stderr, "it says on which database it stands"
    return ended.stdout


def refused(machine: Machine, command: str) -> str:
    ended = machine.run(command)
    assert ended.returncode == 1, ended.stdout
    assert "Traceback" not in ended.stderr
    return ended.stdout + ended.stderr


def ask(method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    return rig.request(PORT, method, path, body, PROXY | headers)


def signed_in() -> dict[str, str]:
    given = {"username": "ada", "password": ANSWERS["DJANGO_SUPERUSER_PASSWORD"]}
    kind = {"Content-Type": "application/json"}
    status, said = ask("POST", "/auth/login", json.dumps(given).encode(), **kind)
    assert status == 200, said
    return {"Authorization": f"Bearer {json.loads(said)['access']}"}


def uploaded(*contents: bytes) -> dict[str, str]:
    """The sha256 of what was sent, by the id of its document."""
    kind = {"Content-Type": "multipart/form-data; boundary=line"}
    status, said = ask("POST", "/upload", rig.form(*contents), **signed_in(), **kind)
    assert status == 201, said
    return {one["id"]: one["sha256"] for one in json.loads(said)["uploaded"]}


def fetched(ids: Any) -> dict[str, str]:
    key = signed_in()
    answers = {pk: ask("GET", f"/documents/{pk}/file", **key) for pk in ids}
    return {pk: hashlib.sha256(body).hexdigest() for pk, (_, body) in answers.items()}


def statuses(ids: Any) -> set[str]:
    key = signed_in()
    return {json.loads(ask("GET", f"/documents/{pk}", **key)[1])["status"] for pk in ids}


class Serving:
    """The web server of the machine while this is entered."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def __enter__(self) -> None:
        self._running = self._machine.start("atom-manage up --no-worker")
        self._running.wait_for("ATOM is ready at")

    def __exit__(self, *_: object) -> None:
        self._running.interrupt()
        self._running.end()


@pytest.mark.slow
def test_a_lost_database_costs_no_file(machine: Machine) -> None:
    assert set(INLINE) >= {f"atom-manage {name}" for name in ("migrate", "doctor", "resume")}
    backup, doctor, restore = TYPED
    data = machine.path("/var/lib/atom")
    done(machine, "atom-manage migrate -v 0")
    done(machine, "atom-manage createsuperuser --no-input", **ANSWERS)
    with Serving(machine):
        sent = uploaded(*(b"The committee met in May. Part %d." % number for number in range(5)))
        done(machine, "atom-manage worker --drain")
        done(machine, backup)
    done(machine, "atom-manage backup --verify /var/backups/atom")
    done(machine, "atom-manage resume")
    for path in (data / "var").glob("atom.sqlite3*"):
        path.unlink()
    told = f"This store belongs to another database: {len(sent)} files, 0 documents"
    assert told in refused(machine, "atom-manage up --no-worker")
    assert machine.run("atom-manage migrate -v 0").returncode == 0, "as the unit does at its start"
    assert told in refused(machine, "atom-manage up --no-worker")
    assert told in refused(machine, "atom-manage worker --drain")
    assert "nothing will start" in refused(machine, doctor)
    [made] = machine.path("/var/backups/atom").glob("*.tar")
    done(machine, restore.replace("BACKUP.tar", made.name))
    done(machine, doctor)
    with Serving(machine):
        assert fetched(sent) == sent
        assert statuses(sent) == {"completed"}
    assert {data.owner(), made.owner()} == {machine.user}
    assert not machine.path("/opt/atom/var").exists()
