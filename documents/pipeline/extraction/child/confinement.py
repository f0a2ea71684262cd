"""The sandbox from inside: what the child takes from itself, as its parent has threads."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
from typing import NamedTuple

from . import landlock, linux, seccomp

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38


def die_with(parent: int) -> None:
    """Have the kernel kill this process when the thread that started it ends.

    That thread waits for this process, so it ends early only when the whole worker does. A
    parent that died before the call could not be noticed by the kernel: hence the second look.
    """
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


class Held(NamedTuple):
    """What this kernel gave: the version of Landlock (0: none), and whether calls are filtered."""

    landlock: int
    seccomp: bool


class Confinement(NamedTuple):
    """What a process may still do once it has entered; there is no way out again.

    It keeps its open files. `memory` is in bytes. Below `readable` it may read, nowhere may it
    write. With `may_exec` it may turn into a program that lies below `readable`, which is confined
    like it, and may have threads but no children.
    """

    memory: int
    cpu_seconds: int
    readable: tuple[str, ...] = ()
    may_exec: bool = False

    def enter(self) -> Held:
        """Draw all limits that this machine knows; call it when everything is imported."""
        self._limit_resources()
        _prctl(_PR_SET_DUMPABLE, 0)
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)
        # Landlock first: the filter allows none of its calls.
        return Held(
            landlock.restrict(self.readable, may_exec=self.may_exec),
            seccomp.restrict(may_exec=self.may_exec),
        )

    def _limit_resources(self) -> None:
        _limit(resource.RLIMIT_CORE, 0)
        # It answers through a pipe: a file would be the work of whoever made the PDF.
        _limit(resource.RLIMIT_FSIZE, 0)
        _limit(resource.RLIMIT_NOFILE, 64)
        if not self.may_exec:
            # No child and no thread, where no filter says so. It does not hold for root.
            _limit(resource.RLIMIT_NPROC, 0)
        # At the soft limit the process ends by SIGXCPU, which tells "took too long" from a crash.
        _limit(resource.RLIMIT_CPU, self.cpu_seconds, self.cpu_seconds + 1)
        # macOS knows this limit but refuses to set it.
        is_linux = sys.platform == "linux"
        with contextlib.nullcontext() if is_linux else contextlib.suppress(ValueError):
            _limit(resource.RLIMIT_AS, self.memory)


def _limit(what: int, soft: int, hard: int | None = None) -> None:
    """Lower a limit; one that is stricter already stays."""
    wanted = soft if hard is None else hard
    _, present = resource.getrlimit(what)
    ceiling = wanted if present == resource.RLIM_INFINITY else min(wanted, present)
    resource.setrlimit(what, (min(soft, ceiling), ceiling))


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        linux.prctl(option, value)
