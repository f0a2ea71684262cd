"""The SQLite file itself: made for its owner only; noticed when another lies in its place."""

from __future__ import annotations

import os
from pathlib import Path

from django.db import connection

Identity = tuple[int, int]  # device and inode

_opened: dict[Path, Identity] = {}  # What this process has opened first under each path.


def create(path: Path) -> None:
    """Make an empty file, which is an empty database, unless there is one. Raises `OSError`.

    SQLite gives the files beside it, `-wal` and `-shm`, the mode of this one.
    """
    os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))


def note(path: Path) -> None:
    """Remember what was opened, if it is the first of this path."""
    if path not in _opened and (found := identity(path)):
        _opened[path] = found


def accept() -> None:
    """Take what lies there now for ours: this process has put it there, or begins anew with it."""
    for path in list(_opened):
        del _opened[path]
        note(path)


def is_lost() -> bool:
    """Whether what this process has opened is not at its path any more: what it writes is lost."""
    return any(identity(path) != opened for path, opened in _ours())


def was_replaced() -> bool:
    """Whether another file lies at the path of the one this process has opened."""
    return any(identity(path) not in (None, opened) for path, opened in _ours())


def path_in_use() -> str:
    """Of the SQLite file; blank where there is none."""
    if connection.vendor != "sqlite":
        return ""
    return str(Path(connection.settings_dict["NAME"]).absolute())


def _ours() -> list[tuple[Path, Identity]]:
    if connection.vendor != "sqlite":
        return []
    path = Path(connection.settings_dict["NAME"]).absolute()
    return [(path, _opened[path])] if path in _opened else []


def identity(path: Path) -> Identity | None:
    """None: nothing lies there."""
    try:
        facts = path.stat()
    except FileNotFoundError:
        return None
    return facts.st_dev, facts.st_ino
