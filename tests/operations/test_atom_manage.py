"""What `atom-manage` makes of the settings of the service, and whom it lets run a command."""

from __future__ import annotations

import os
import shutil

import pytest

from tests import leftovers
from tests.operations.machine import Machine, myself


def test_the_settings_reach_the_command_as_systemd_would_give_them(tmp_path):
    machine = Machine(tmp_path, user=myself(), python="env")
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
