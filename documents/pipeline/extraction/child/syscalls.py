"""The system calls a confined process may make, and their numbers on two architectures.

Whatever is not listed is refused: sockets, forks, signals to others, writing, mounting, tracing,
io_uring, and what later kernels will bring. Numbers: asm/unistd_64.h and asm-generic/unistd.h.
"""

from __future__ import annotations

import fcntl
import os
from typing import NamedTuple

X86_64, AARCH64 = 0, 1


class Condition(NamedTuple):
    """Of one 32-bit word of the arguments (two each, the lower first), these bits have a value."""

    word: int
    values: tuple[int, ...]
    mask: int = 0xFFFFFFFF


class Call(NamedTuple):
    """A system call that is allowed where all its conditions hold; None: not on this machine."""

    numbers: tuple[int | None, int | None]
    conditions: tuple[Condition, ...] = ()


_TO_READ = (
    os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | getattr(os, "O_TMPFILE", 0)
) & ~os.O_DIRECTORY  # O_TMPFILE has that bit as well, and a folder may be read.
# Not F_SETOWN: it has the kernel send signals to others.
_TELLING = (fcntl.F_GETFD, fcntl.F_SETFD, fcntl.F_GETFL, fcntl.F_DUPFD_CLOEXEC)
_HARMLESS = (0x5401, 0x5451)  # TCGETS and FIOCLEX: what Python asks of each file it opens
_CLONE_THREAD = 0x00010000
# CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET; CLONE_NEWTIME is for clone3 alone
_CLONE_NAMESPACES = 0x7E020000
_A_THREAD = Condition(0, (_CLONE_THREAD,), _CLONE_THREAD | _CLONE_NAMESPACES)


_PLAINLY_TO_COMPUTE: list[tuple[int | None, int | None]] = [
    (0, 63),  # read
    (1, 64),  # write
    (19, 65),  # readv
    (20, 66),  # writev
    (17, 67),  # pread64
    (8, 62),  # lseek
    (3, 57),  # close
    (5, 80),  # fstat
    (4, None),  # stat
    (6, None),  # lstat
    (262, 79),  # newfstatat
    (332, 291),  # statx
    (21, None),  # access
    (269, 48),  # faccessat
    (439, 439),  # faccessat2
    (89, None),  # readlink
    (267, 78),  # readlinkat
    (217, 61),  # getdents64
    (79, 17),  # getcwd
    (9, 222),  # mmap
    (11, 215),  # munmap
    (10, 226),  # mprotect
    (25, 216),  # mremap
    (28, 233),  # madvise
    (12, 214),  # brk
    (202, 98),  # futex
    (13, 134),  # rt_sigaction
    (14, 135),  # rt_sigprocmask
    (15, 139),  # rt_sigreturn
    (131, 132),  # sigaltstack
    (219, 128),  # restart_syscall
    (228, 113),  # clock_gettime
    (229, 114),  # clock_getres
    (230, 115),  # clock_nanosleep
    (35, 101),  # nanosleep
    (96, 169),  # gettimeofday
    (201, None),  # time
    (318, 278),  # getrandom
    (39, 172),  # getpid
    (186, 178),  # gettid
    (102, 174),  # getuid
    (107, 175),  # geteuid
    (104, 176),  # getgid
    (108, 177),  # getegid
    (110, 173),  # getppid
    (24, 124),  # sched_yield
    (204, 123),  # sched_getaffinity
    (98, 165),  # getrusage
    (99, 179),  # sysinfo
    (324, 283),  # membarrier
    (334, 293),  # rseq
    (60, 93),  # exit
    (231, 94),  # exit_group
]


def to_compute(own_id: int) -> list[Call]:
    """To read what may be read, answer through what is open, take memory, and end."""
    return [
        *(Call(numbers) for numbers in _PLAINLY_TO_COMPUTE),
        Call((2, None), (Condition(2, (0,), _TO_READ),)),  # open
        Call((257, 56), (Condition(4, (0,), _TO_READ),)),  # openat
        Call((72, 25), (Condition(2, _TELLING),)),  # fcntl
        Call((16, 29), (Condition(2, _HARMLESS),)),  # ioctl
        # Its own limits may be asked for, not set: the pointer to the new one is null.
        Call((302, 261), (Condition(0, (0,)), Condition(4, (0,)), Condition(5, (0,)))),  # prlimit64
        Call((234, 131), (Condition(0, (own_id,)),)),  # tgkill, by which abort(3) ends
    ]


def to_exec() -> list[Call]:
    """What it takes on top to become another program once, and for that one to have threads."""
    plain: list[tuple[int | None, int | None]] = [
        (59, 221),  # execve
        (158, None),  # arch_prctl
        (218, 96),  # set_tid_address
        (273, 99),  # set_robust_list
        (22, None),  # pipe
        (293, 59),  # pipe2
        (32, 23),  # dup
        (33, None),  # dup2
        (292, 24),  # dup3
        (7, None),  # poll
        (271, 73),  # ppoll
        (63, 160),  # uname
        (221, 223),  # fadvise64
    ]
    return [
        *(Call(numbers) for numbers in plain),
        Call((56, 220), (_A_THREAD,)),  # clone
    ]


# Its flags lie in memory, where no filter can look; a C library that is told it does not exist
# takes clone instead.
CLONE3 = 435
