"""What tests start and make goes with them, also when they are ended by force.

Servers die with the process that started them (Linux). Folders bear the number of that process:
the next run removes those of processes that are gone.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

PREFIX = "atom-of-"
PR_SET_PDEATHSIG = 1  # prctl(2)

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def start(command: Any, **options: Any) -> subprocess.Popen[Any]:
    """A process that the kernel ends when this one ends, however that happens."""
    return subprocess.Popen(command, preexec_fn=partial(_die_with, os.getpid()), **options)


def _die_with(parent: int) -> None:
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)  # The parent died before the kernel knew.


def folder(kind: str) -> Path:
    """A temporary folder, removed at the end of this process or at the start of another."""
    made = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-{kind}-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def sweep() -> None:
    """Remove the folders of processes that were ended by force."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = re.match(rf"{PREFIX}(\d+)-", path.name)
        if owner and not Path(f"/proc/{owner[1]}").exists() and Path("/proc/self").exists():
            shutil.rmtree(path, ignore_errors=True)
