"""Landlock: the kernel's lock on files, TCP and signals, which a process puts on itself.

https://docs.kernel.org/userspace-api/landlock.html; the numbers are those of linux/landlock.h.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable

from . import linux

# Alike on every architecture that Linux added calls to at the same time.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1

_EXECUTE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 2, 1 << 3
_BIND_AND_CONNECT_TCP = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11


def version() -> int:
    """Which version (ABI) the kernel has; 0 where there is none, or it may not be used."""
    try:
        return linux.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)
    except OSError:
        return 0


def restrict(readable: Iterable[str], *, may_exec: bool) -> int:
    """Leave nothing but reading below these paths, and running what lies there if `may_exec`.

    For good, and for all children to come; it takes `no_new_privs`. Files that are open stay so.
    Returns the version that holds from now on; 0 if none does.
    """
    abi = version()
    if not abi:
        return 0
    try:
        rules = linux.syscall(_CREATE_RULESET, _handled(abi), 24, 0)
    except OSError:
        return 0
    try:
        for path in readable:
            _allow(rules, path, may_exec=may_exec)
        linux.syscall(_RESTRICT_SELF, rules, 0)
    except OSError:
        return 0  # Such as in a service that is itself sixteen rulesets deep.
    finally:
        os.close(rules)
    return abi


def _handled(abi: int) -> bytes:
    """Everything this version can refuse. Fields it does not know have to be zero."""
    # 13 kinds of access to files, then: linking elsewhere, truncating, ioctl of devices.
    kinds = 13 + (abi >= 2) + (abi >= 3) + (abi >= 5)
    return struct.pack(
        "=QQQ",
        (1 << kinds) - 1,
        _BIND_AND_CONNECT_TCP if abi >= 4 else 0,
        _ABSTRACT_SOCKETS_AND_SIGNALS if abi >= 6 else 0,
    )


def _allow(rules: int, path: str, *, may_exec: bool) -> None:
    try:
        # Only a name for it: what lies there is not opened.
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # Machines differ in what they have, and what is not there needs no right.
    try:
        access = _READ_FILE | (_EXECUTE if may_exec else 0)
        if os.path.isdir(path):
            access |= _READ_DIR
        linux.syscall(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", access, place), 0)
    finally:
        os.close(place)
