"""TIFF pages in the words of a PDF: each strip is a picture of its own, pressed as it was.

What TIFF calls LZW, PackBits, Deflate, fax and JPEG are filters of PDF as well. Tiles, planes and
odd depths are not told; such a page has no picture.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

WIDTH, HEIGHT, BITS, PRESSED, INK = 256, 257, 258, 259, 262
FILL, OFFSETS, SAMPLES, ROWS, LENGTHS, PLANES = 266, 273, 277, 278, 279, 284
FAX_OPTIONS, PREDICTOR, COLORS, JPEG_TABLES = 292, 317, 320, 347
MOST_STRIPS = 5_000
_FORMS = {1: "B", 2: "B", 3: "H", 4: "I", 7: "B"}  # kinds of values that are whole numbers
_FILTERS = {1: b"", 5: b"/LZWDecode", 8: b"/FlateDecode", 32946: b"/FlateDecode",
            32773: b"/RunLengthDecode", 7: b"/DCTDecode",
            2: b"/CCITTFaxDecode", 3: b"/CCITTFaxDecode", 4: b"/CCITTFaxDecode"}  # fmt: skip
_FAX = (2, 3, 4)
_WHITE_IS_0, _BLACK_IS_0, _RGB, _PALETTE, _CMYK, _YCBCR = 0, 1, 2, 3, 5, 6
_SPACES = {
    _WHITE_IS_0: (1, b"/DeviceGray"),
    _BLACK_IS_0: (1, b"/DeviceGray"),
    _RGB: (3, b"/DeviceRGB"),
    _CMYK: (4, b"/DeviceCMYK"),
    _YCBCR: (3, b"/DeviceRGB"),
}
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))

Tags = dict[int, tuple[int, ...]]


class Strip(NamedTuple):
    rows: int
    entries: bytes  # of the dictionary of a picture in a PDF
    content: bytes


def strips(data: bytes, number: int) -> tuple[int, int, list[Strip]] | None:
    """Width, height and strips of a page, from the top; None where PDF has no words for it.

    Raises `struct.error`, `KeyError` or `IndexError` for what is damaged.
    """
    order = "<" if data[:2] == b"II" else ">"
    tags = _page(data, order, number)
    if tags is None or OFFSETS not in tags or tags.get(PLANES, (1,))[0] != 1:
        return None
    width, height = tags[WIDTH][0], tags[HEIGHT][0]
    entries = _entries(tags)
    if entries is None or len(tags[OFFSETS]) > MOST_STRIPS:
        return None
    rows = max(1, min(height, tags.get(ROWS, (height,))[0]))
    found = []
    for at, (offset, length) in enumerate(zip(tags[OFFSETS], tags[LENGTHS], strict=True)):
        high = min(rows, height - at * rows)
        if high > 0:
            content = _content(tags, data[offset : offset + length])
            found.append(Strip(high, entries % {b"rows": high}, content))
    return width, height, found


def _page(data: bytes, order: str, number: int) -> Tags | None:
    position = struct.unpack_from(f"{order}I", data, 4)[0]
    for _ in range(number):
        count = struct.unpack_from(f"{order}H", data, position)[0]
        position = struct.unpack_from(f"{order}I", data, position + 2 + 12 * count)[0]
        if not position:
            return None
    count = struct.unpack_from(f"{order}H", data, position)[0]
    return dict(_tags(data, order, position + 2, count))


def _tags(data: bytes, order: str, start: int, count: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    for place in range(start, start + 12 * count, 12):
        tag, kind, many = struct.unpack_from(f"{order}HHI", data, place)
        if (form := _FORMS.get(kind)) and many <= len(data):
            values = struct.Struct(f"{order}{many}{form}")
            at = place + 8
            if values.size > 4:
                at = struct.unpack_from(f"{order}I", data, at)[0]
            yield tag, values.unpack_from(data, at)


def _entries(tags: Tags) -> bytes | None:
    """What all strips have in common, with a place for how many rows each has."""
    pressed, ink, bits = (tags.get(tag, (1,))[0] for tag in (PRESSED, INK, BITS))
    samples, space = _SPACES.get(ink, (1, b""))
    if ink == _PALETTE and COLORS in tags:
        third = len(tags[COLORS]) // 3
        levels = (
            tags[COLORS][at + third * color] >> 8 for at in range(third) for color in range(3)
        )
        space = b"[/Indexed /DeviceRGB %d <%s>]" % (third - 1, bytes(levels).hex().encode())
    is_told = pressed in _FILTERS and space and tags.get(SAMPLES, (1,))[0] == samples
    # Only within a JPEG are these three red, green and blue when they are unpacked.
    if not is_told or bits > 8 or (ink == _YCBCR and pressed != 7):
        return None
    name = _FILTERS[pressed]
    return b"/Width %d /Height %%(rows)d /BitsPerComponent %d /ColorSpace %s%s%s%s" % (
        tags[WIDTH][0],
        bits,
        space,
        b" /Filter " + name if name else b"",
        _parameters(tags, pressed, samples, bits),
        b" /Decode [1 0]" if ink == _WHITE_IS_0 and pressed not in _FAX else b"",
    )


def _palette(colors: tuple[int, ...]) -> bytes:
    """All reds, then all greens, then all blues, of 16 bits each."""
    many = len(colors) // 3
    levels = (colors[at + many * color] >> 8 for at in range(many) for color in range(3))
    return b"[/Indexed /DeviceRGB %d <%s>]" % (many - 1, bytes(levels).hex().encode())


def _parameters(tags: Tags, pressed: int, samples: int, bits: int) -> bytes:
    width = tags[WIDTH][0]
    if pressed in _FAX:
        two_ways = tags.get(FAX_OPTIONS, (0,))[0] & 1
        kind = {2: b"0 /EncodedByteAlign true", 3: b"%d" % two_ways, 4: b"-1"}[pressed]
        black = b"true" if tags.get(INK, (0,))[0] == _BLACK_IS_0 else b"false"
        return b" /DecodeParms << /K %s /Columns %d /Rows %%(rows)d /BlackIs1 %s >>" % (
            kind,
            width,
            black,
        )
    if tags.get(PREDICTOR, (1,))[0] == 2:
        return b" /DecodeParms << /Predictor 2 /Colors %d /BitsPerComponent %d /Columns %d >>" % (
            samples,
            bits,
            width,
        )
    return b""


def _content(tags: Tags, content: bytes) -> bytes:
    pressed = tags.get(PRESSED, (1,))[0]
    if pressed in _FAX and tags.get(FILL, (1,))[0] == 2:
        return content.translate(_MIRRORED)
    if pressed == 7 and JPEG_TABLES in tags:
        # Tables end, and the picture begins, with a marker of its own.
        return bytes(tags[JPEG_TABLES])[:-2] + content[2:]
    return content
