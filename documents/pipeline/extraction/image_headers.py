"""Headers of picture files: kind, size and pages, told without decoding anything (bombs)."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

PNG, JPEG, TIFF = "image/png", "image/jpeg", "image/tiff"
# Five times a page of A4 at 300 dots per inch; decoded in color they take 170 MB.
MOST_DOTS = 45_000_000
LONGEST_SIDE = 20_000
MOST_PAGES = 500

_STARTS = {PNG: (b"\x89PNG\r\n\x1a\n",), JPEG: (b"\xff\xd8\xff",), TIFF: (b"II*\0", b"MM\0*")}
# Frames of JPEG, all ways to press them: SOF0 to SOF15 without DHT, JPG and DAC.
_FRAME = re.compile(b"[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]")
_WIDTH, _HEIGHT = 256, 257  # tags of TIFF


class Size(NamedTuple):
    width: int
    height: int

    @property
    def is_decodable(self) -> bool:
        """Whether a picture of this size is one, and not made to fill the memory."""
        is_seen = 0 < self.width <= LONGEST_SIDE and 0 < self.height <= LONGEST_SIDE
        return is_seen and self.width * self.height <= MOST_DOTS


def kind_of(data: bytes) -> str | None:
    """The media type by the first bytes."""
    return next((kind for kind, starts in _STARTS.items() if data.startswith(starts)), None)


def sizes(data: bytes) -> list[Size]:
    """The size of each page; empty where the header tells none, or of too many pages."""
    readers = {PNG: _of_png, JPEG: _of_jpeg, TIFF: _of_tiff}
    reader = readers.get(kind_of(data) or "")
    try:
        found = list(reader(data)) if reader else []
    except (struct.error, IndexError):
        return []
    return found if len(found) <= MOST_PAGES else []


def _of_png(data: bytes) -> Iterator[Size]:
    if data[12:16] == b"IHDR":
        yield Size(*struct.unpack_from(">II", data, 16))


def _of_jpeg(data: bytes) -> Iterator[Size]:
    """From segment to segment, as what lies in one may look like another."""
    position = 2
    while data[position] == 0xFF:
        marker = data[position + 1 : position + 2]
        if _FRAME.match(marker):
            height, width = struct.unpack_from(">HH", data, position + 5)
            yield Size(width, height)
            return
        # Filling bytes stand alone; every other segment before the frame tells its length.
        length = struct.unpack_from(">H", data, position + 2)[0] + 1 if marker != b"\xff" else 0
        position += 1 + length


def _of_tiff(data: bytes) -> Iterator[Size]:
    """Each page points to the next; one that points back would never end."""
    order = "<" if data[:2] == b"II" else ">"
    position = struct.unpack_from(f"{order}I", data, 4)[0]
    seen: set[int] = set()
    while position and position not in seen and len(seen) <= MOST_PAGES:
        seen.add(position)
        count = struct.unpack_from(f"{order}H", data, position)[0]
        tags = dict(_tags(data, order, position + 2, count))
        yield Size(tags.get(_WIDTH, 0), tags.get(_HEIGHT, 0))
        position = struct.unpack_from(f"{order}I", data, position + 2 + 12 * count)[0]


def _tags(data: bytes, order: str, start: int, count: int) -> Iterator[tuple[int, int]]:
    for place in range(start, start + 12 * count, 12):
        tag, kind = struct.unpack_from(f"{order}HH", data, place)
        # Whole numbers of two or four bytes; others say nothing of a size.
        if form := {3: "H", 4: "I"}.get(kind):
            yield tag, struct.unpack_from(f"{order}{form}", data, place + 8)[0]
