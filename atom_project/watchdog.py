"""The watchdog's other end: a process says that it lives, and ends when its interpreter hangs."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import signal
import socket
import threading
import time

INTERVAL = 3.0  # seconds between two signs of life


def is_heard() -> bool:
    """Whether somebody supervises this process by its signs."""
    ours = str(os.getpid())
    return bool(os.environ.get("NOTIFY_SOCKET")) and os.environ.get("WATCHDOG_PID", ours) == ours


def notify(words: str) -> None:
    """Tell whoever supervises this process, systemd or `manage.py up`; nobody else is told.

    As sd_notify(3) has it: a datagram to the socket that NOTIFY_SOCKET names, `@` for an abstract
    one. Lost where the socket is full or gone.
    """
    if not is_heard():
        return
    address = os.environ["NOTIFY_SOCKET"]
    if address.startswith("@"):
        address = "\0" + address[1:]
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        sender.sendto(words.encode(), address)


def start(limit: float) -> None:
    """Give signs of life from now on, and let the kernel end a process that cannot.

    Code that keeps the interpreter lock, such as a regular expression without an end, keeps the
    thread of the signs from running. After `limit` seconds of processor time without a sign the
    process writes where each thread is, names of files and lines only, and dies of SIGPROF. Time
    in which the whole process was stopped or frozen does not count: it uses no processor.
    """
    # A handler of C: it needs no interpreter lock. `chain`: then the default, which is to die.
    faulthandler.register(signal.SIGPROF, all_threads=True, chain=True)
    notify("WATCHDOG=1")  # From now on silence counts.
    threading.Thread(target=_give_signs, args=(limit,), name="watchdog", daemon=True).start()


def _give_signs(limit: float) -> None:
    while True:
        signal.setitimer(signal.ITIMER_PROF, limit)
        notify("WATCHDOG=1")
        time.sleep(INTERVAL)
