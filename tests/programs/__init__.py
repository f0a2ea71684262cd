"""Programs that tests start as processes of their own, to kill, stop and race them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from tests import leftovers


def database_url() -> str:
    """The URL of the database this test uses."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    password = f":{facts['PASSWORD']}" if facts["PASSWORD"] else ""
    host = f"{facts['HOST']}:{facts['PORT'] or 5432}"
    options = quote(facts["OPTIONS"].get("options", ""))
    return f"postgres://{facts['USER']}{password}@{host}/{facts['NAME']}?options={options}"


def surroundings(**more: str) -> dict[str, str]:
    """The environment of a process that shares this test's database and files."""
    return {
        **os.environ,
        "DATABASE_URL": database_url(),
        "ATOM_DATA_DIR": str(settings.MEDIA_ROOT.parent),
        "PYTHONUNBUFFERED": "1",
        **more,
    }


@contextmanager
def program(name: str, *arguments: object, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A running `python -m tests.programs.{name}`, killed at the end if it still runs."""
    command = [sys.executable, "-m", f"tests.programs.{name}", *map(str, arguments)]
    process = leftovers.start(
        command,
        env=surroundings(**environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ended(process: subprocess.Popen[Any], *, within: float = 60) -> tuple[int, str]:
    """Wait for the end of a program; its exit code and what it wrote to stderr."""
    _, errors = process.communicate(timeout=within)
    return process.returncode, errors
