"""System calls that Python has no function for (Linux); elsewhere they are refused as unknown."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from typing import Any


def prctl(option: int, *values: Any) -> None:
    """prctl(2); raises OSError."""
    _check(_libc().prctl(option, *_as_arguments(values, 4)), f"prctl({option})")


def syscall(number: int, *values: Any) -> int:
    """syscall(2) with up to six arguments; raises OSError."""
    return _check(_libc().syscall(ctypes.c_long(number), *_as_arguments(values, 6)), str(number))


def _libc() -> ctypes.CDLL:
    if sys.platform != "linux":
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    return library


def _as_arguments(values: tuple[Any, ...], count: int) -> list[Any]:
    """As whole words: a variadic function would leave the upper half of an int to chance."""
    words = [*values, *[0] * (count - len(values))]
    return [ctypes.c_ulong(word) if isinstance(word, int) else word for word in words]


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result
