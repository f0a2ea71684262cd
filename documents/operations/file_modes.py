"""Whether other users of this machine could read what is secret: settings and the database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection
from dotenv import dotenv_values

from atom_project.environment import PLACEHOLDERS
from documents.operations.checks import CheckResult, broken, good

OTHERS = 0o077
ENTER = 0o011  # of a folder, for its group and for others
# Addresses among them may hold a name and password.
SECRETS = (
    *("SECRET_KEY", "JWT_SECRET_KEY", "OPENAI_API_KEY", "ATOM_METRICS_TOKEN"),
    *("DATABASE_URL", "REDIS_URL", "ATOM_MEDIA_URL"),
)


def examine() -> Iterator[CheckResult]:
    """One result for each file that is there and holds something secret."""
    if holds_secrets(settings.ENV_FILE):
        yield examine_mode(settings.ENV_FILE)
    if connection.vendor == "sqlite":
        database = str(connection.settings_dict["NAME"])
        # The log holds rows as well.
        files = [Path(f"{database}{ending}") for ending in ("", "-wal", "-shm")]
        yield from (examine_mode(file) for file in files if file.is_file())


def holds_secrets(path: Path) -> bool:
    try:
        given = dotenv_values(path) if path.is_file() else {}
    except OSError:
        return False  # Then it is no use to anybody, and ATOM says so by what it misses.
    return any((given.get(name) or "") not in {"", *PLACEHOLDERS} for name in SECRETS)


def examine_mode(path: Path) -> CheckResult:
    """Broken where others could read it; a folder that lets nobody in protects what is inside."""
    path = path.absolute()
    mode = path.stat().st_mode & 0o777
    is_open = all(folder.stat().st_mode & ENTER for folder in path.parents)
    if mode & OTHERS and is_open:
        return broken(f"{path} can be read by others ({mode:o}).", f"Run `chmod 600 {path}`.")
    return good(f"{path} can be read by its owner only.")
