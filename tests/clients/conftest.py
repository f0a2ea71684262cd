"""A running ATOM and somebody at a command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.processes import ROOT, Installation, Running

CLIENT = [sys.executable, str(ROOT / "clients" / "atom.py")]
TEXT = "The quay wall is safe. Maria Lopez must send the survey by 20 March 2026.\n"


class Desk:
    """Somebody with a key, at a command line of their own."""

    def __init__(self, installation: Installation, folder: Path) -> None:
        self.installation = installation
        self.folder = folder
        made = installation.manage("api_key", "user1", "tests", "--scope", "all")
        self.environment = {
            "PATH": os.environ["PATH"],
            "ATOM_KEY": made.stdout.strip(),
            "ATOM_URL": f"http://127.0.0.1:{installation.environment['ATOM_PORT']}",
        }

    def file(self, name: str, text: str = TEXT) -> Path:
        path = self.folder / name
        path.write_text(text)
        return path

    def run(self, *arguments: Any, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*CLIENT, *map(str, arguments)],
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def start(self, *arguments: Any) -> Running:
        return Running([*CLIENT, *map(str, arguments)], env=self.environment)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    installation = Installation.prepared(tmp_path_factory.mktemp("atom"), ATOM_ENGINE="offline")
    return Desk(installation, tmp_path_factory.mktemp("desk"))


@pytest.fixture
def server(desk: Desk) -> Iterator[Running]:
    running = desk.installation.up()
    try:
        running.wait_for("ready")
        yield running
    finally:
        running.interrupt()
        running.end()
