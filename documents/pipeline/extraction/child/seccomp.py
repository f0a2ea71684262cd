"""seccomp: a filter in the kernel that refuses every system call that is not listed.

https://docs.kernel.org/userspace-api/seccomp_filter.html; the numbers are those of linux/filter.h,
linux/seccomp.h and linux/audit.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Iterable

from . import linux, syscalls
from .syscalls import Call

_PR_SET_SECCOMP = 22
_FILTER = 2
_MACHINES = {"x86_64": (syscalls.X86_64, 0xC000003E), "aarch64": (syscalls.AARCH64, 0xC00000B7)}

_LOAD, _AND, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x54, 0x15, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16  # in `struct seccomp_data`

_ALLOW = 0x7FFF0000
_KILL = 0x80000000
_ERROR = 0x00050000
# Refused, not killed: a library that only tries something (a newer libc, a codec) goes on without,
# and its document is read; one that was taken over reaches as little either way.
_REFUSE = _ERROR | errno.EPERM
_UNKNOWN = _ERROR | errno.ENOSYS

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, value


def restrict(*, may_exec: bool) -> bool:
    """Allow what computing takes, and one exec and threads if `may_exec`; it takes `no_new_privs`.

    For good, for this thread and all that it starts. Returns False where the kernel has no
    filters, or this architecture no list.
    """
    if not (machine := _machine()):
        return False
    program = b"".join(
        struct.pack("=HBBI", *each) for each in _program(*machine, may_exec=may_exec)
    )
    code = ctypes.create_string_buffer(program)
    # struct sock_fprog: how many instructions, and where they are.
    whole = struct.pack("HP", len(program) // 8, ctypes.addressof(code))
    try:
        linux.prctl(_PR_SET_SECCOMP, _FILTER, whole)
    except OSError:
        return False
    return True


def _machine() -> tuple[int, int] | None:
    # A 32-bit Python on a 64-bit kernel makes other calls. Not `platform`: it imports for 5 ms.
    if sys.platform != "linux" or sys.maxsize < 1 << 32:
        return None
    return _MACHINES.get(os.uname().machine)


def _program(column: int, architecture: int, *, may_exec: bool) -> list[Instruction]:
    calls = syscalls.to_compute(os.getpid())
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_IF_EQUAL, 1, 0, architecture),
        # The numbers of another architecture mean other calls.
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
    ]
    if may_exec:
        calls += syscalls.to_exec()
        program += [(_JUMP_IF_EQUAL, 0, 1, syscalls.CLONE3), (_RETURN, 0, 0, _UNKNOWN)]
    return [*program, *_allow(calls, column), (_RETURN, 0, 0, _REFUSE)]


def _allow(calls: Iterable[Call], column: int) -> Iterable[Instruction]:
    for call in calls:
        number = call.numbers[column]
        if number is not None:
            body = [*_conditions(call), (_RETURN, 0, 0, _ALLOW)]
            yield _JUMP_IF_EQUAL, 0, len(body), number
            yield from body


def _conditions(call: Call) -> Iterable[Instruction]:
    for condition in call.conditions:
        yield _LOAD, 0, 0, _ARGUMENTS_AT + 4 * condition.word
        yield _AND, 0, 0, condition.mask
        for left in range(len(condition.values), 0, -1):
            # Past the values that are left and the refusal behind them.
            yield _JUMP_IF_EQUAL, left, 0, condition.values[-left]
        yield _RETURN, 0, 0, _REFUSE
