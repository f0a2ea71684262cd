"""Presence: whoever serves or works holds a shared lock (flock(2)); a restore wants it alone.

The kernel lets go of it when a process ends, however that happens. It tells of the processes of
one machine, containers that share the folder included; other hosts are seen by their heartbeats.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

_held: list[int] = []  # Descriptors of this process, open until it ends.


class Present(Exception):
    """A web server or a worker of this machine is at work on the same data."""


def hold() -> None:
    """Be present until this process ends; raises `ImproperlyConfigured` during a restore."""
    try:
        descriptor = _open()
    except OSError:
        return  # Data in a database and a store elsewhere, and a folder nobody may write to.
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise ImproperlyConfigured(
            "A backup is being restored here. Start again when that is done."
        ) from None
    _held.append(descriptor)


def outlive() -> None:
    """Stay present as whatever this process turns into (exec)."""
    for descriptor in _held:
        os.set_inheritable(descriptor, True)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Nobody of this machine begins to serve or work meanwhile; raises `Present`, `OSError`."""
    descriptor = _open()
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Present from None
    finally:
        os.close(descriptor)


def _open() -> int:
    path = _path()
    if not path.parent.is_dir():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _path() -> Path:
    """Beside the database file, which several data folders may name; else in the data folder."""
    if connection.vendor == "sqlite":
        return Path(f"{connection.settings_dict['NAME']}-in-use")
    return Path(settings.VAR_DIR) / "in-use"
