"""Survivors: processes that the child of a document left behind, found and ended (Linux).

The filter of the child allows no fork. This is for kernels without it, and for what nobody
thought of: a process that forks twice and opens a session of its own escapes every signal to
its group.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from .child import linux

logger = logging.getLogger(__name__)

PATIENCE = 5.0  # seconds; only a process in the middle of a dead disk takes any

_PR_SET_CHILD_SUBREAPER = 36

# Held while a child is started, so that nobody takes one for a survivor before it is in `_ours`.
_starting = threading.Lock()
_ours: set[int] = set()
_adopts = False


def adopt_orphans() -> None:
    """Become the parent of whatever outlives a child of this process; see prctl(2)."""
    global _adopts
    if sys.platform == "linux":
        linux.prctl(_PR_SET_CHILD_SUBREAPER, 1)
        _adopts = True


@contextlib.contextmanager
def starting() -> Iterator[set[int]]:
    """Start a child in a session of its own within this, and add its number to the set."""
    with _starting:
        yield _ours


def end_after(child: int) -> None:
    """End what this child, which was waited for, left behind; needs `adopt_orphans`."""
    with _starting:
        _ours.discard(child)
        if _adopts and (found := _survivors()):
            logger.warning("A reader left processes behind, which are ended (%s)", len(found))
            _end(found)


def _end(found: list[int]) -> None:
    deadline = time.monotonic() + PATIENCE
    # Again and again: what a survivor had started is an orphan once it is dead itself.
    while found and time.monotonic() < deadline:
        for process_id in found:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(process_id, signal.SIGKILL)
                os.waitpid(process_id, os.WNOHANG)
        time.sleep(0.005)
        found = _survivors()


def _survivors() -> list[int]:
    """Children in a session that is neither this process's nor one that it opened.

    No process can enter the session of another, so libraries may start programs here unharmed.
    """
    found = []
    for listed in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(word) for word in listed.read_text().split()]
    return [each for each in found if each not in _ours and _is_elsewhere(each)]


def _is_elsewhere(process_id: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        return os.getsid(process_id) != os.getsid(0)
    return False
