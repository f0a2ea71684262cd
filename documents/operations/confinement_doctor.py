"""Health check of the confinement of readers: what this kernel gives, tried in a child."""

from __future__ import annotations

import sys
from typing import Any

from documents.operations.checks import CheckResult, good, warning
from documents.pipeline.extraction import sandbox

SECONDS = 20.0
SCOPING = 6  # the version of Landlock that keeps signals in as well

_REMEDY = (
    "Run a kernel that has Landlock and seccomp (Linux 6.12 does), and let the container engine "
    "allow them; see docs/deployment.md."
)


def examine() -> CheckResult:
    """As the user and in the surroundings of this command, which may differ from the worker's."""
    told: list[dict[str, Any]] = []
    try:
        sandbox.run({"engine": "none"}, b"", seconds=SECONDS, take=told.append)
    except (OSError, sandbox.ChildCrashed, sandbox.ChildTimedOut) as error:
        return warning(
            f"The confined reader of PDFs does not start ({type(error).__name__}).",
            "See that this Python runs with `python -I -c pass`, and that 1 GiB of memory is free.",
        )
    [held] = told
    return judge(landlock=held["landlock"], seccomp=held["seccomp"])


def judge(*, landlock: int, seccomp: bool) -> CheckResult:
    """What the version of Landlock (0: none) and the filter of system calls mean together."""
    if landlock and seccomp:
        return good(
            f"Readers of PDFs are confined by Landlock (version {landlock}) and seccomp: "
            "no file, no network, no other process."
        )
    if landlock:
        signals = "" if landlock >= SCOPING else ", signals"
        return warning(
            f"Readers of PDFs are confined by Landlock (version {landlock}) only: a hostile file "
            f"that takes one over reaches no file, but UDP{signals} and further processes.",
            _REMEDY,
        )
    if seccomp:
        return warning(
            "Readers of PDFs are confined by seccomp only: a hostile file that takes one over "
            "reaches no network and no process, but reads what ATOM's user may read.",
            _REMEDY,
        )
    system = "" if sys.platform == "linux" else f" on {sys.platform}"
    return warning(
        f"Readers of PDFs have limits of time and memory only{system}: a hostile file that takes "
        "one over reaches whatever ATOM's user does.",
        _REMEDY,
    )
