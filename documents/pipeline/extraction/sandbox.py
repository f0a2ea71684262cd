"""The sandbox: a child process opens PDFs, watched, limited, and killed if it misbehaves."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from . import survivors

Message = dict[str, Any]
Take = Callable[[Message], None]

# PDFium gave the same of 5,332 public files with 384 MB; one took pdfminer.six 462 MB.
MEMORY_BYTES = 1 << 30
# Below the 25 s of wall clock: the kernel ends a child that is busy, `_end` one that sleeps.
CPU_SECONDS = 20
# More than five million characters take as JSON, however they are written.
OUTPUT_BYTES = 60_000_000

_CHILD = Path(__file__).parent / "child"
_PIPE_BYTES = 65_536


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# More children than cores would only take time from each other and from the heartbeats.
_free_cores = threading.BoundedSemaphore(_cores())


class ChildTimedOut(Exception):
    """The child used up its seconds; what it had sent was taken already."""


class ChildCrashed(Exception):
    """The child died, ran out of memory or spoke nonsense."""


class _Deadline:
    """Seconds that run only while the child is waited for, not while a page is being handled."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def seconds_left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise ChildTimedOut
        return left

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._end += time.monotonic() - began


def run(job: Message, data: bytes, *, seconds: float, take: Take) -> None:
    """Give the data to a fresh child and hand each message of it to `take`, in this thread.

    Waits for a free core first. Raises `ChildTimedOut` or `ChildCrashed`, or whatever `take`
    raises. In every case the child is gone then, and in a worker whatever it has started.
    """
    limits = {"parent": os.getpid(), "memory": MEMORY_BYTES, "cpu_seconds": CPU_SECONDS}
    with _free_cores, _child({**job, **limits}) as child:
        # Only now: the file is not to blame for the wait for a core.
        deadline = _Deadline(seconds)
        ended = _converse(child, data, deadline, take)
        _leave(child, deadline, ended)


@contextlib.contextmanager
def _child(job: Message) -> Iterator[subprocess.Popen[bytes]]:
    """A child in a process group of its own, with no environment and no way to the project."""
    with survivors.starting() as ours:
        child = subprocess.Popen(
            [sys.executable, "-I", str(_CHILD), json.dumps(job)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Libraries complain there of what they read, and may quote it.
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd="/",
            # The worker's own holds the keys of the database and of the model server.
            env={},
            start_new_session=True,
        )
        ours.add(child.pid)
    try:
        yield child
    finally:
        _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        # Not waited for yet, so the number of the group cannot belong to anybody else.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.kill()
    child.wait()
    survivors.end_after(child.pid)
    for pipe in (child.stdin, child.stdout):
        if pipe:
            pipe.close()


def _converse(child: subprocess.Popen[bytes], data: bytes, deadline: _Deadline, take: Take) -> bool:
    """Write and read as the pipes allow; returns whether the child said that it sent everything."""
    into, out = _pipes(child)
    os.set_blocking(into.fileno(), False)
    unsent, lines = memoryview(data), _Lines()
    with selectors.DefaultSelector() as ready:
        ready.register(into, selectors.EVENT_WRITE)
        ready.register(out, selectors.EVENT_READ)
        while True:
            for key, _ in ready.select(deadline.seconds_left()):
                if key.fileobj is into:
                    unsent = _send(into, unsent)
                    if not unsent:
                        ready.unregister(into)
                        into.close()
                elif not (received := os.read(out.fileno(), _PIPE_BYTES)):
                    return lines.ended
                else:
                    with deadline.paused():
                        lines.take_all(received, take)


def _pipes(child: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if child.stdin is None or child.stdout is None:
        raise ValueError("The child was started without pipes")
    return child.stdin, child.stdout


def _send(into: IO[bytes], unsent: memoryview) -> memoryview:
    """Write what fits; a child that stopped listening gets nothing more."""
    try:
        return unsent[os.write(into.fileno(), unsent[:_PIPE_BYTES]) :]
    except BlockingIOError:
        return unsent
    except BrokenPipeError:
        return unsent[:0]


class _Lines:
    """Puts the child's output together again, trusting nothing about it."""

    def __init__(self) -> None:
        self.ended = False
        self._pieces: list[bytes] = []
        self._received = 0

    def take_all(self, received: bytes, take: Take) -> None:
        self._received += len(received)
        if self._received > OUTPUT_BYTES:
            raise ChildCrashed("It sent more than any document holds")
        *complete, rest = received.split(b"\n")
        for line in complete:
            self._take(b"".join([*self._pieces, line]), take)
            self._pieces = []
        self._pieces.append(rest)

    def _take(self, line: bytes, take: Take) -> None:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            raise ChildCrashed("It sent something that is not JSON") from None
        if not isinstance(message, dict) or self.ended:
            raise ChildCrashed("It sent something that is no message")
        if "end" in message:
            self.ended = True
        else:
            take(message)


def _leave(child: subprocess.Popen[bytes], deadline: _Deadline, ended: bool) -> None:
    try:
        code = child.wait(deadline.seconds_left())
    except subprocess.TimeoutExpired:
        raise ChildTimedOut from None
    if code == -signal.SIGXCPU:
        raise ChildTimedOut
    if code or not ended:
        raise ChildCrashed(f"It ended with {code}")
