"""The bytes of a document: at hand, or in an open file where they are too many to be held."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from typing import TypeAlias

PIECE = 1024 * 1024
HEADER_WITHIN = 16 * 1024 * 1024  # bytes of a large file in which its header is looked for
_HEADER = b"%PDF-"


class LargeFile:
    """An open file, read at places and never whole; a child gets its descriptor.

    Nobody moves its position, which all who have the descriptor share.
    """

    def __init__(self, descriptor: int, size: int, start: int = 0) -> None:
        self.descriptor = descriptor
        self.start = start
        self._size = size

    def __len__(self) -> int:
        return self._size - self.start

    def from_header(self) -> LargeFile:
        """Without what stands before `%PDF-`."""
        for start in range(0, HEADER_WITHIN, PIECE):
            # With what a header may reach into the next piece.
            place = os.pread(self.descriptor, PIECE + len(_HEADER), start).find(_HEADER)
            if place >= 0:
                return LargeFile(self.descriptor, self._size, start + place)
        return LargeFile(self.descriptor, self._size)

    def count(self, pattern: re.Pattern[bytes], begin: bytes, longest: int) -> int:
        """How often a pattern that begins with these bytes, and is this long at most, is in it."""
        found, place, rest = 0, self.start, b""
        while piece := os.pread(self.descriptor, PIECE, place):
            window = rest + piece
            # What begins too late to be seen whole is looked for again with the next piece.
            is_last = place + len(piece) >= self._size
            until = len(window) if is_last else max(0, len(window) - longest)
            starts = _places(window, begin, until)
            found += sum(pattern.match(window, start) is not None for start in starts)
            place, rest = place + len(piece), window[until:]
        return found

    def read_only(self) -> int:
        """A descriptor of the same file that nobody can write by; the caller closes it."""
        mode = fcntl.fcntl(self.descriptor, fcntl.F_GETFL) & os.O_ACCMODE
        # What an object store sent is a file without a name, open for both.
        name = f"/proc/self/fd/{self.descriptor}"
        if mode == os.O_RDONLY or not os.path.exists(name):
            return os.dup(self.descriptor)
        return os.open(name, os.O_RDONLY)


Content: TypeAlias = bytes | LargeFile


def _places(window: bytes, begin: bytes, until: int) -> Iterator[int]:
    place = window.find(begin)
    while 0 <= place < until:
        yield place
        place = window.find(begin, place + 1)
