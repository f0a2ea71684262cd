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
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, NamedTuple

from . import survivors
from .child_deadline import GLANCE, Deadline
from .child_deadline import ChildStopped as ChildStopped
from .child_deadline import ChildTimedOut as ChildTimedOut
from .child_output import ChildCrashed as ChildCrashed
from .child_output import Lines, Message, Output, Whole
from .content import Content, LargeFile

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
CORES = _cores()
_free_cores = threading.BoundedSemaphore(CORES)


def run(
    job: Message,
    data: Content,
    *,
    seconds: float,
    take: Take,
    stop: threading.Event | None = None,
    has_core: bool = False,
) -> float:
    """Give the data to a fresh child; hand each message of it to `take`, in this thread.

    Returns the seconds that it took, those in `take` and the wait for a core left out. Waits for
    a free core first, unless the caller has one. Raises `ChildTimedOut` or `ChildCrashed`,
    `ChildStopped` soon after `stop` is set, or whatever `take` raises. In every case the child is
    gone then, and in a worker whatever it has started.
    """
    with contextlib.nullcontext() if has_core else free_core(stop):
        return _run(job, data, Lines(take, OUTPUT_BYTES), _Limits(seconds, CPU_SECONDS, stop))


def output_of(
    job: Message,
    data: Content,
    *,
    seconds: float,
    at_most: int,
    stop: threading.Event | None = None,
) -> bytes:
    """What a child says that turns into a program, for a caller that has a core; raises alike."""
    output = Whole(at_most)
    # The program computes all the time, so both clocks say the same.
    _run(job, data, output, _Limits(seconds, int(seconds), stop))
    return output.content


@contextlib.contextmanager
def free_core(stop: threading.Event | None = None) -> Iterator[None]:
    """Wait for a core that no other child has; raises `ChildStopped` soon after `stop` is set."""
    while not _free_cores.acquire(timeout=GLANCE if stop else None):
        if stop and stop.is_set():
            raise ChildStopped
    try:
        yield
    finally:
        _free_cores.release()


class _Limits(NamedTuple):
    seconds: float
    cpu_seconds: int
    stop: threading.Event | None


def _run(job: Message, data: Content, output: Output, limits: _Limits) -> float:
    own = {"parent": os.getpid(), "memory": MEMORY_BYTES, "cpu_seconds": limits.cpu_seconds}
    with _child({**job, **own}, data) as child:
        # Only now: the file is not to blame for the wait for a core.
        deadline = Deadline(limits.seconds, limits.stop)
        _converse(child, data, deadline, output)
        _leave(child, deadline, output)
        return deadline.spent


@contextlib.contextmanager
def _child(job: Message, data: Content) -> Iterator[subprocess.Popen[bytes]]:
    """A child in a process group of its own, with no environment and no way to the project."""
    if isinstance(data, LargeFile):
        job = {**job, "file": {"start": data.start, "size": len(data)}}
    with _input(data) as stdin, survivors.starting() as ours:
        child = subprocess.Popen(
            [sys.executable, "-I", str(_CHILD), json.dumps(job)],
            stdin=stdin,
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


@contextlib.contextmanager
def _input(data: Content) -> Iterator[int]:
    """What the child has for standard input: a pipe, or the file itself, to read it only."""
    if not isinstance(data, LargeFile):
        yield subprocess.PIPE
        return
    descriptor = data.read_only()
    try:
        yield descriptor
    finally:
        os.close(descriptor)


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


def _converse(
    child: subprocess.Popen[bytes], data: Content, deadline: Deadline, output: Output
) -> None:
    """Write and read as the pipes allow, until the child has closed its end."""
    into, out = child.stdin, child.stdout
    if out is None:
        raise ValueError("The child was started without a pipe")
    unsent = memoryview(data if isinstance(data, bytes) else b"")
    with selectors.DefaultSelector() as ready:
        if into is not None:
            os.set_blocking(into.fileno(), False)
            ready.register(into, selectors.EVENT_WRITE)
        ready.register(out, selectors.EVENT_READ)
        while True:
            for key, _ in ready.select(deadline.patience()):
                if into is not None and key.fileobj is into:
                    unsent = _send(into, unsent)
                    if not unsent:
                        ready.unregister(into)
                        into.close()
                elif not (received := os.read(out.fileno(), _PIPE_BYTES)):
                    return
                else:
                    with deadline.paused():
                        output.take_all(received)


def _send(into: IO[bytes], unsent: memoryview) -> memoryview:
    """Write what fits; a child that stopped listening gets nothing more."""
    try:
        return unsent[os.write(into.fileno(), unsent[:_PIPE_BYTES]) :]
    except BlockingIOError:
        return unsent
    except BrokenPipeError:
        return unsent[:0]


def _leave(child: subprocess.Popen[bytes], deadline: Deadline, output: Output) -> None:
    code = None
    while code is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = child.wait(deadline.patience())
    if code == -signal.SIGXCPU:
        raise ChildTimedOut
    if code or not output.is_whole:
        raise ChildCrashed(f"It ended with {code}")
