"""Single instance: a second start of the same service in the same data folder is told of the first.

The supervisor holds an exclusive lock (flock(2)) on a file that says where it is found. The kernel
lets go of it when the process ends, however that happens.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from django.conf import settings


class Running(Exception):
    """It runs already; `address` is empty while it is still starting."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class Place:
    """What one supervisor holds. Known by the port that was asked for, which may be taken."""

    def __init__(self, descriptor: int | None) -> None:
        self.descriptor = descriptor  # Of the file to write the address to.

    def outlive(self) -> None:
        """Let whatever this process turns into (exec) hold it."""
        if self.descriptor is not None:
            os.set_inheritable(self.descriptor, True)


def claim(*, no_worker: bool) -> Place:
    """Raises `Running` where the same service runs. Who runs without a worker is another one."""
    path = _path(no_worker=no_worker)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return Place(None)  # A folder nobody may write to; the port decides alone.
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        address = os.pread(descriptor, 1024, 0).decode(errors="replace").strip()
        os.close(descriptor)
        raise Running(address) from None
    os.ftruncate(descriptor, 0)
    return Place(descriptor)


def _path(*, no_worker: bool) -> Path:
    kind = "pages" if no_worker else "all"
    return Path(settings.VAR_DIR) / f"running-{settings.ATOM_PORT}-{kind}"
