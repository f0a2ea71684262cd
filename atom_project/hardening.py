"""Process hardening: what holds secrets keeps them from other processes of the same user."""

from __future__ import annotations

import ctypes
import sys

_PR_SET_DUMPABLE = 4


def hide_memory() -> None:
    """Let nobody but root read this process's memory, environment and open files (Linux).

    The kernel then gives `/proc/PID` to root, lets no debugger of this user attach, and writes
    no core dump; see PR_SET_DUMPABLE in prctl(2). Ends with exec, so children do it themselves.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
