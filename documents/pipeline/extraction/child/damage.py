"""Damage that no library tells of: compressed contents that cannot be unpacked.

A file that went through a transfer in text mode still opens; its pages are blank, or end early.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from .limits import Message

MAX_STREAMS = 20_000
MAX_UNPACKED = 20_000_000  # bytes, of all streams together
_PIECE = 65_536
_LONGEST_ENTRIES = 1_000

_STREAM = re.compile(rb">>[\s\x00]{0,8}stream(?:\r\n|\n|\r)")
_DEFLATED = re.compile(rb"/Filter[\s\x00]*\[?[\s\x00]*/(?:FlateDecode|Fl)[\s\x00]*(?:\]|/|>|$)")
# What pages draw has no type; pictures, fonts and tables have one of these.
_OTHER = re.compile(rb"/(?:Type|Subtype|Length1|Length2|N|FunctionType|PatternType|ShadingType)\b")


def look(data: bytes) -> Iterator[Message]:
    """Say how many streams that may be the contents of pages hold no sound compressed data."""
    if b"/Encrypt" in data:
        return
    left = [MAX_UNPACKED]
    if broken := sum(_is_broken(data, start, left) for start in _contents(data)):
        yield {"broken_contents": broken}


def _contents(data: bytes) -> Iterator[int]:
    for count, found in enumerate(_STREAM.finditer(data)):
        if count >= MAX_STREAMS:
            return
        before = data[max(0, found.start() - _LONGEST_ENTRIES) : found.start()]
        entries = before[before.rfind(b"obj") + 1 :]
        if _DEFLATED.search(entries) and not _OTHER.search(entries):
            yield found.end()


def _is_broken(data: bytes, start: int, left: list[int]) -> bool:
    """Whether unpacking fails; a wrong checksum is common and harms nobody."""
    unpack = zlib.decompressobj()
    while left[0] > 0 and start < len(data) and not unpack.eof:
        piece = unpack.unconsumed_tail or data[start : start + _PIECE]
        start += 0 if unpack.unconsumed_tail else _PIECE
        try:
            left[0] -= len(unpack.decompress(piece, _PIECE)) + 1
        except zlib.error as error:
            return "incorrect data check" not in str(error)
    return False
