"""A file too large to be held: standard input, read at the places that are asked for."""

from __future__ import annotations

import ctypes
import io
import os
from typing import Any

from . import pdfium as raw

_EDGE = 8 * 1024 * 1024  # bytes at the beginning, and at the end


class LargeFile(io.RawIOBase):
    """Reads by place, as the position of the descriptor is its parent's as well."""

    def __init__(self, descriptor: int, start: int, size: int) -> None:
        super().__init__()
        self.bytes_read = 0
        self._descriptor = descriptor
        self._start = start
        self._size = size
        self._place = 0
        self.access = raw.FileAccess(size, raw.FileAccess.GET_BLOCK(self._get_block), None)

    def __len__(self) -> int:
        return self._size

    def edges(self) -> bytes:
        """Its beginning and its end, where files say what they are."""
        end = max(_EDGE, self._size - _EDGE)
        return self.at(0, _EDGE) + self.at(end, _EDGE)

    def at(self, place: int, size: int) -> bytes:
        left = max(0, self._size - place)
        return os.pread(self._descriptor, min(size, left), self._start + place)

    def _get_block(self, _: Any, place: int, buffer: int, size: int) -> int:
        """What PDFium calls; 0 is a failure to it."""
        data = self.at(place, size) if place + size <= self._size else b""
        ctypes.memmove(buffer, data, len(data))
        self.bytes_read += len(data)
        return int(len(data) == size)

    # As a file, for libraries that want one.

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}[whence]
        self._place = max(0, base + offset)
        return self._place

    def readinto(self, buffer: Any) -> int:
        data = self.at(self._place, len(buffer)) if self._place < self._size else b""
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)


def as_file(data: bytes | LargeFile) -> Any:
    return io.BytesIO(data) if isinstance(data, bytes) else io.BufferedReader(data)


def edges(data: bytes | LargeFile) -> bytes:
    """All of it, unless it is large: what looks for damage looks there only then."""
    return data if isinstance(data, bytes) else data.edges()
