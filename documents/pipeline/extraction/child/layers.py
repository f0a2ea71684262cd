"""Layers (optional content): whether a file has any, as what is on one may be switched off."""

from __future__ import annotations

import re
import zlib

MAX_STREAMS = 2_000
MAX_PACKED, MAX_UNPACKED = 500_000, 1_000_000  # bytes of one stream
MAX_UNPACKED_TOTAL = 50_000_000

_NAME = b"/OCProperties"
_OBJECT_STREAM = re.compile(rb"/ObjStm\b")


def may_be_in(data: bytes) -> bool:
    """Whether the catalog names layers; it may be packed in a stream of objects."""
    if _NAME in data or b"/Encrypt" in data:
        return True
    allowed = MAX_UNPACKED_TOTAL
    for count, found in enumerate(_OBJECT_STREAM.finditer(data)):
        unpacked = _unpacked(data, found.end())
        allowed -= len(unpacked)
        if _NAME in unpacked or count >= MAX_STREAMS or allowed <= 0:
            return True
    return False


def _unpacked(data: bytes, place: int) -> bytes:
    """The stream that begins behind this place; one that cannot be unpacked might name some."""
    begin = data.find(b"stream", place, place + 1_000) + len(b"stream")
    begin += 2 if data[begin : begin + 2] == b"\r\n" else 1
    packed = memoryview(data)[begin : begin + MAX_PACKED]
    try:
        return zlib.decompressobj().decompress(packed, MAX_UNPACKED)
    except zlib.error:
        return _NAME
