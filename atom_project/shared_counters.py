"""Shared counters: a table in memory that all web processes of one supervisor see together.

Rate limits, bodies on their way, open streams and connections are counted here, so that a limit
holds however many processes answer, without a server for it. The supervisor makes the memory and
hands it on; a process that was given none has a table of its own.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import math
import mmap
import os
import struct
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

ENVIRONMENT = "ATOM_SHARED_COUNTERS"  # the descriptor, in the environment of a web process

SALT = 16  # bytes before the table: nobody outside can tell which keys share a bucket
# Digest of the key, the process it belongs to (0: to none), value, and the time it ends.
SLOT = struct.Struct("<16sQdd")
# Set-associative, as a cache of a processor: a key has one bucket, and in it any slot.
SLOTS = 16
BUCKET = SLOTS * SLOT.size
BUCKETS = 8192
SIZE = SALT + BUCKETS * BUCKET

FOR_EVER = math.inf
LOCK_WAITS = 200  # of a millisecond each, for another process that holds the lock
NOBODY = 0


@dataclass(frozen=True)
class Hold:
    """So much of something that is limited, held until it is given back."""

    key: str
    amount: float = 1
    most: float = math.inf  # of all holds with this key together


class SharedCounters:
    """Counters and holds by key. Any thread of any process may use them, the event loop too."""

    def __init__(self, descriptor: int | None = None) -> None:
        self._descriptor = descriptor
        self._memory = mmap.mmap(-1 if descriptor is None else descriptor, SIZE)
        if not any(self._memory[:SALT]):
            self._memory[:SALT] = os.urandom(SALT)
        self._salt = self._memory[:SALT]
        self._threads = threading.Lock()
        self._process = os.getpid()

    # Counters, which end at their time.

    def get(self, key: str) -> float | None:
        with self._alone():
            _, value, ends_at = self._read(self._digest(key), NOBODY)
            return value if ends_at > time.time() else None

    def put(self, key: str, value: float, seconds: float) -> None:
        with self._alone():
            place, _, _ = self._read(self._digest(key), NOBODY)
            self._write(place, self._digest(key), NOBODY, value, time.time() + seconds)

    def begin(self, key: str, value: float, seconds: float) -> bool:
        """Put it where there is none; says whether there was none."""
        with self._alone():
            place, _, ends_at = self._read(self._digest(key), NOBODY)
            if ends_at > time.time():
                return False
            self._write(place, self._digest(key), NOBODY, value, time.time() + seconds)
            return True

    def add(self, key: str, delta: float, seconds: float = FOR_EVER) -> float:
        """What it is now; one that is new or has ended begins at zero, and has so many seconds."""
        with self._alone():
            place, value, ends_at = self._read(self._digest(key), NOBODY)
            if ends_at <= time.time():
                value, ends_at = 0.0, time.time() + seconds
            self._write(place, self._digest(key), NOBODY, value + delta, ends_at)
            return value + delta

    def add_all(self, deltas: Mapping[str, float]) -> None:
        """To several at once; they have no end."""
        with self._alone():
            for key, delta in deltas.items():
                place, value, _ = self._read(self._digest(key), NOBODY)
                self._write(place, self._digest(key), NOBODY, value + delta, FOR_EVER)

    def raise_to(self, key: str, value: float, seconds: float) -> None:
        """Put it where there is none, or a lower one, which keeps its end."""
        with self._alone():
            place, former, ends_at = self._read(self._digest(key), NOBODY)
            if ends_at <= time.time():
                former, ends_at = 0.0, time.time() + seconds
            self._write(place, self._digest(key), NOBODY, max(former, value), ends_at)

    def clear(self) -> None:
        with self._alone():
            self._memory[SALT:] = bytes(SIZE - SALT)

    # Holds, which end with their process at the latest.

    def take(self, *holds: Hold) -> bool:
        """Hold all of these, or none where that would be too much of one."""
        with self._alone():
            if any(self._total(hold.key) + hold.amount > hold.most for hold in holds):
                return False
            for hold in holds:
                self._change(hold.key, hold.amount)
            return True

    def give_back(self, *holds: Hold) -> None:
        with self._alone():
            for hold in holds:
                self._change(hold.key, -hold.amount)

    def held(self, key: str) -> float:
        """By all processes together."""
        with self._alone():
            return self._total(key)

    def forget(self, process: int) -> None:
        """End the holds of a process that has died."""
        with self._alone():
            for place in range(SALT, SIZE, SLOT.size):
                if SLOT.unpack_from(self._memory, place)[1] == process:
                    self._memory[place : place + SLOT.size] = bytes(SLOT.size)

    # The table.

    def _digest(self, key: str) -> bytes:
        return hashlib.blake2b(key.encode(), digest_size=16, key=self._salt).digest()

    def _bucket(self, digest: bytes) -> Iterator[tuple[int, tuple[bytes, int, float, float]]]:
        start = SALT + int.from_bytes(digest[:4], "little") % BUCKETS * BUCKET
        content = SLOT.iter_unpack(self._memory[start : start + BUCKET])
        yield from zip(range(start, start + BUCKET, SLOT.size), content, strict=True)

    def _read(self, digest: bytes, process: int) -> tuple[int, float, float]:
        """Its place, value and end; where it is not there, the place for it, zero and no end.

        That place is an empty slot, or of those in the bucket the one that ends first.
        """
        room, room_ends_at = 0, math.inf
        for place, (found, whose, value, ends_at) in self._bucket(digest):
            if found == digest and whose == process:
                return place, value, ends_at
            if not room or ends_at < room_ends_at:
                room, room_ends_at = place, ends_at
        return room, 0.0, 0.0

    def _total(self, key: str) -> float:
        digest = self._digest(key)
        slots = (slot for _, slot in self._bucket(digest))
        return sum(value for found, whose, value, _ in slots if found == digest and whose)

    def _change(self, key: str, amount: float) -> None:
        digest = self._digest(key)
        place, value, _ = self._read(digest, self._process)
        if value + amount > 0:
            self._write(place, digest, self._process, value + amount, FOR_EVER)
        elif value:
            self._memory[place : place + SLOT.size] = bytes(SLOT.size)

    def _write(self, place: int, digest: bytes, whose: int, value: float, ends_at: float) -> None:
        SLOT.pack_into(self._memory, place, digest, whose, value, ends_at)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._threads:
            self._lock()
            try:
                yield
            finally:
                if self._descriptor is not None:
                    fcntl.lockf(self._descriptor, fcntl.LOCK_UN)

    def _lock(self) -> None:
        """Lock out other processes; the kernel unlocks what a killed one held.

        One that was stopped at this moment must not stop the others: then a count may be wrong.
        """
        if self._descriptor is None:
            return
        for _ in range(LOCK_WAITS):
            try:
                fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except (BlockingIOError, PermissionError):
                time.sleep(0.001)
            else:
                return


def make_memory() -> int:
    """Memory for a table, as a descriptor that children may be given."""
    descriptor = anonymous_file("atom-counters")
    os.ftruncate(descriptor, SIZE)
    os.pwrite(descriptor, os.urandom(SALT), 0)
    return descriptor


def anonymous_file(name: str) -> int:
    """A file without a path, gone with its last descriptor; in memory where the system can."""
    if sys.platform == "linux":
        return os.memfd_create(name)
    import tempfile  # It brings more with it than a supervisor is made of.

    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


@functools.cache
def of_this_service() -> SharedCounters:
    """Those that the supervisor handed on, or this process's own."""
    given = os.environ.get(ENVIRONMENT, "")
    if given.isdigit():
        descriptor = int(given)
        try:
            if os.fstat(descriptor).st_size == SIZE:
                return SharedCounters(descriptor)
        except OSError:
            pass  # Of an environment that was copied without its descriptors.
    return SharedCounters()
