"""Whether a file may name glyphs by the letters they spell (f_i, uni00660069), by its bytes alone.

Reading the names takes a child of its own, and most files with marked glyphs have none to read.
Doubt counts as yes: escapes in names, and objects packed in a way that is not looked through.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from .glyphs import MARKED
from .large_file import LargeFile
from .limits import Message

MAX_STREAMS = 50_000
MAX_UNPACKED = 50_000_000  # bytes, of all streams of objects together

# As `glyph_names` reads them, in an array without strings: addresses have underscores, too. AGL's
# names are letters and digits; #5F and the like are escapes.
_NAME = re.compile(
    rb"\[[^\[\]()<>]*/[A-Za-z0-9]{1,60}_[A-Za-z0-9]"
    rb"|/uni[0-9A-Fa-f]{4}[0-9A-Fa-f.]"
    rb"|/[A-Za-z0-9_]{0,60}#[3-7][0-9A-Fa-f]"
)
_STREAM = re.compile(rb"stream[\r\n]")
_DEFLATED = re.compile(rb"/Filter\s*(?:/FlateDecode|\[\s*/FlateDecode\s*\])")
_CHANGED = re.compile(rb"/(?:DecodeParms|DP|F)\b")
_PACKED = b"/ObjStm"


class _Doubt(Exception):
    """What may hold names cannot be looked through."""


def told(pages: Iterator[Message], data: bytes | LargeFile) -> Iterator[Message]:
    """The pages, and before the first with a marked glyph whether its name may be worth asking."""
    is_told = False
    for page in pages:
        if not is_told and MARKED.search(page.get("text", "")):
            is_told = True
            yield {"spelled_names": may_be_in(data)}
        yield page


def may_be_in(data: bytes | LargeFile) -> bool:
    if isinstance(data, LargeFile):
        return True  # Looking through all of it takes longer than asking.
    try:
        return any(_NAME.search(part) for part in _objects(data))
    except (_Doubt, zlib.error):
        return True


def _objects(data: bytes) -> Iterator[bytes]:
    """All that is outside of streams, and what streams of objects hold."""
    end, allowed = 0, MAX_UNPACKED
    for _ in range(MAX_STREAMS):
        found = _STREAM.search(data, end)
        if found is None:
            yield data[end:]
            return
        before = data[end : found.start()]
        yield before
        end = data.find(b"endstream", found.end())
        if end < 0:
            raise _Doubt
        entries = before[before.rfind(b"obj") :]
        if _PACKED in entries:
            unpacked = _unpacked(entries, data[found.end() : end].lstrip(b"\n"), allowed)
            allowed -= len(unpacked)
            yield unpacked
        end += len(b"endstream")
    raise _Doubt


def _unpacked(entries: bytes, packed: bytes, allowed: int) -> bytes:
    if not _DEFLATED.search(entries) or _CHANGED.search(entries):
        raise _Doubt
    unpack = zlib.decompressobj()
    unpacked = unpack.decompress(packed, max(1, allowed))
    if not unpack.eof:
        raise _Doubt
    return unpacked
