"""The lines of the deployment page, run in the surroundings that the page makes, and no other."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import leftovers
from tests.processes import PATIENCE, ROOT

PAGE = (ROOT / "docs/deployment.md").read_text()
LINES = re.findall(r"^(atom-manage .+)$", PAGE, re.MULTILINE)
INLINE = re.findall(r"`(atom-manage [a-z]+)`", PAGE)
# Where the page puts things; here all of it is below a folder of the test.
PLACES = ("/opt/atom", "/etc/atom", "/var/lib/atom", "/var/backups/atom", "/usr/local/bin")
ROOMS = ("accounts", "atom_project", "documents", "static", "templates", "manage.py")
ANSWERS = {
    "DJANGO_SUPERUSER_USERNAME": "ada",
    "DJANGO_SUPERUSER_EMAIL": "",
    "DJANGO_SUPERUSER_PASSWORD": "correct horse battery",
}


class Machine:
    """A machine on which the page was followed, under a folder."""

    def __init__(self, root: Path, *, user: str, python: str) -> None:
        self.root = root
        for place in PLACES:
            self.path(place).mkdir(parents=True, mode=0o755)
        for room in ROOMS:
            (self.path("/opt/atom") / room).symlink_to(ROOT / room)
        script = self.path("/opt/atom") / "deploy" / "atom-manage"
        script.parent.mkdir()
        script.write_text(self.here((ROOT / "deploy/atom-manage").read_text()))
        script.write_text(re.sub(r"^user=atom$", f"user={user}", script.read_text(), flags=re.M))
        script.chmod(0o755)
        self.path("/usr/local/bin/atom-manage").symlink_to(script)
        interpreter = self.path("/opt/atom/.venv/bin/python")
        interpreter.parent.mkdir(parents=True)
        interpreter.write_text(f"#!/bin/sh\n{python}\n")
        interpreter.chmod(0o755)
        self.settings = self.path("/etc/atom/environment")
        self.settings.write_text(settings_of_the_page())

    def path(self, place: str) -> Path:
        return self.root / place.lstrip("/")

    def here(self, words: str) -> str:
        for place in PLACES:
            words = re.sub(rf"(?<![\w/]){place}", str(self.path(place)), words)
        return words

    def run(self, line: str, **more: str) -> subprocess.CompletedProcess[str]:
        """A line of the page in root's shell, whose own settings are other ones."""
        path = f"{self.path('/usr/local/bin')}{os.pathsep}{os.defpath}"
        return subprocess.run(
            ["/bin/sh", "-c", self.here(line)],
            env={"PATH": path, "DATABASE_URL": "sqlite:////nowhere/else.sqlite3", **more},
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )


def settings_of_the_page() -> str:
    [block] = re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)
    lines = [line for line in block.splitlines() if not line.startswith(("DATABASE_", "REDIS_"))]
    secrets = {"SECRET_KEY": "a $HOME 'and' \"b\" # c" + "s" * 40, "JWT_SECRET_KEY": "j" * 50}
    given = [
        f'{name}="{secrets[name]}"' if (name := line.partition("=")[0]) in secrets else line
        for line in lines
    ]
    return "\n".join(["# Settings of ATOM", "", *given])  # Without a newline at its end.


@pytest.fixture
def machine(tmp_path):
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    return Machine(tmp_path, user=user, python=f'exec {sys.executable} "$@"')


@pytest.mark.slow
def test_the_page_leads_from_the_install_through_a_lost_database_back(machine):
    """Everything acts on the service's data, whatever the caller's shell says."""
    database = machine.path("/var/lib/atom/var/atom.sqlite3")

    def done(line, **more):
        ended = machine.run(line, **more)
        assert ended.returncode == 0, ended.stderr
        return ended

    assert set(INLINE) >= {f"atom-manage {name}" for name in ("migrate", "doctor", "resume")}
    create, backup, restore = LINES
    done("atom-manage migrate -v 0")
    done(f"{create} --no-input", **ANSWERS)
    for line in ("atom-manage doctor", "atom-manage resume", backup):
        assert f"Database: the SQLite file {database}." in done(line).stderr, line
    refused = machine.run("atom-manage changepassword ada")
    assert "Changing password for user 'ada'" in refused.stdout, refused.stderr
    for path in database.parent.glob("atom.sqlite3*"):
        path.unlink()
    lost = machine.run("atom-manage doctor")
    assert (lost.returncode, f"There is no database at {database}" in lost.stdout) == (1, True)
    [made] = machine.path("/var/backups/atom").glob("*.tar")
    done(restore.replace("BACKUP.tar", made.name))
    assert "ada" in done("atom-manage changepassword ada 2>&1 || true").stdout
    assert not machine.path("/opt/atom/var").exists()


def test_the_settings_reach_the_command_as_systemd_would_give_them(tmp_path):
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    machine = Machine(tmp_path, user=user, python="env")
    given = dict(line.split("=", 1) for line in machine.run("atom-manage x").stdout.splitlines())
    assert given["SECRET_KEY"].startswith("a $HOME 'and' \"b\" # c")
    assert given["ATOM_TRUSTED_PROXY"] == "127.0.0.1"
    assert given["ATOM_DATA_DIR"] == str(machine.path("/var/lib/atom"))
    assert "DATABASE_URL" not in given, "that was the caller's"


def test_a_line_that_is_no_setting_is_refused_without_showing_it(tmp_path):
    machine = Machine(tmp_path, user="root", python="env")
    machine.settings.write_text("hunter2\n")
    if os.getuid():
        pytest.skip("is refused before, to whoever is not root")
    ended = machine.run("atom-manage x")
    assert (ended.returncode, "hunter2" in ended.stderr) == (1, False)
    assert "is no NAME=value" in ended.stderr


def test_root_becomes_the_user_of_the_service():
    if os.getuid() or not shutil.which("setpriv"):
        pytest.skip("needs root and setpriv")
    root = leftovers.folder("machine")  # Folders of pytest are shut for others.
    root.chmod(0o755)
    machine = Machine(root, user="daemon", python='echo "$(id -un) $(umask) $*"')
    ended = machine.run("atom-manage doctor")
    assert ended.stdout.split()[:2] == ["daemon", "0077"], ended.stderr
    assert machine.path("/var/lib/atom").owner() == "daemon"


def test_anybody_else_is_refused(tmp_path):
    if os.getuid() == 0:
        machine = Machine(tmp_path, user="daemon", python="env")
        line = f"id() {{ echo 1000; }}; . {machine.path('/usr/local/bin/atom-manage')}"
        ended = machine.run(line)
    else:
        ended = Machine(tmp_path, user="daemon", python="env").run("atom-manage doctor")
    assert ended.returncode == 1
    assert "run it as daemon or as root" in ended.stderr
