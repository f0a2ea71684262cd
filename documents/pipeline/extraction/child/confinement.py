"""The sandbox from inside: limits the child draws itself, as its parent has threads."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


def die_with(parent: int) -> None:
    """Have the kernel kill this process when the thread that started it ends.

    That thread waits for this process, so it ends early only when the whole worker does. A
    parent that died before the call could not be noticed by the kernel: hence the second look.
    """
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def apply(*, memory: int, cpu_seconds: int) -> None:
    """Limit memory (bytes) and processor time; forbid files to grow, cores and new privileges."""
    _limit(resource.RLIMIT_CORE, 0)
    # It answers through a pipe: a file would be the work of whoever made the PDF.
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, 64)
    # At the soft limit the process ends by SIGXCPU, which tells "took too long" from a crash.
    _limit(resource.RLIMIT_CPU, cpu_seconds, cpu_seconds + 1)
    # macOS knows this limit but refuses to set it.
    with contextlib.nullcontext() if sys.platform == "linux" else contextlib.suppress(ValueError):
        _limit(resource.RLIMIT_AS, memory)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def _limit(what: int, soft: int, hard: int | None = None) -> None:
    """Lower a limit; one that is stricter already stays."""
    wanted = soft if hard is None else hard
    _, present = resource.getrlimit(what)
    ceiling = wanted if present == resource.RLIM_INFINITY else min(wanted, present)
    resource.setrlimit(what, (min(soft, ceiling), ceiling))


def _prctl(option: int, value: int) -> None:
    if sys.platform != "linux":
        return
    if ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0):
        raise OSError(ctypes.get_errno(), f"prctl({option}) was refused")
