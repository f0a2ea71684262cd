"""The client programs of PostgreSQL: found, told where the database is, and run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg.conninfo import conninfo_to_dict

# How libpq's programs are told where the database is; a password among them is in no `ps`.
LIBPQ = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "options": "PGOPTIONS",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}


class ProgramFailed(Exception):
    """The message says why, and what to do."""


def find(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise ProgramFailed(
            f"{name} is not installed here. Install the client programs of PostgreSQL, in the "
            "server's version or newer (Debian and Ubuntu: apt install postgresql-client)."
        )
    return found


def run(command: list[str]) -> None:
    """Raises `ProgramFailed` with the last words of a program that fails."""
    ended = subprocess.run(
        command, env=_surroundings(), capture_output=True, text=True, check=False
    )
    if ended.returncode:
        why = ended.stderr.strip().splitlines() or [f"exit code {ended.returncode}"]
        raise ProgramFailed(f"{Path(command[0]).name} failed: {' '.join(why[-3:])}")


def major_version(program: str) -> int:
    """Of an installed program, such as 17 for `pg_dump (PostgreSQL) 17.2`; 0 if it says none."""
    said = subprocess.run([find(program), "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\) (\d+)", said.stdout)
    return int(found[1]) if found else 0


def _surroundings() -> dict[str, str]:
    parameters = _parameters()
    given = {
        variable: str(parameters[name]) for name, variable in LIBPQ.items() if parameters.get(name)
    }
    return {**os.environ, **given}


def _parameters() -> Mapping[str, Any]:
    # Past a pooler: what these programs set for their session would stay on its connections.
    if settings.ATOM_LISTEN_URL:
        return conninfo_to_dict(settings.ATOM_LISTEN_URL)
    return connection.get_connection_params()
