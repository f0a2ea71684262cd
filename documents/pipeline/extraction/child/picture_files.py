"""Picture files put into a PDF as they are, so that PDFium decodes them, in its confinement.

A PDF takes the very bytes of a JPEG and of a PNG that is not interlaced: there they are called
DCTDecode, and FlateDecode with predictors. TIFF has strips, see `tiff_files`.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from . import tiff_files

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
TIFFS = (b"II*\0", b"MM\0*")
_POINTS = 1_000  # of the longer side of the page
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by PNG's kind of color
_SPACES = {1: b"/DeviceGray", 3: b"/DeviceRGB", 4: b"/DeviceCMYK"}
_FRAME = re.compile(b"[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]")
# What is not opaque lies on white paper; the last number of each pixel says how opaque it is.
_ON_WHITE_GRAY = b"{ dup 1 exch sub 3 1 roll mul add }"
_ON_WHITE = (
    b"{ dup 1 exch sub 5 1 roll"  # paper r g b opacity
    b" dup 5 -1 roll mul 4 index add"  # paper g b opacity R
    b" 4 -1 roll 2 index mul 4 index add"  # paper b opacity R G
    b" 4 -1 roll 3 index mul 4 index add"  # paper opacity R G B
    b" 5 -2 roll pop pop }"
)


def as_pdf(data: bytes, number: int) -> bytes | None:
    """One page with the picture on it; None where it cannot be told in the words of a PDF."""
    try:
        if data.startswith(TIFFS):
            return _of_tiff(data, number)
        if number:
            return None
        if data.startswith(PNG):
            return _of_png(data)
        return _of_jpeg(data) if data.startswith(JPEG) else None
    except (struct.error, IndexError, KeyError, ValueError):
        return None


def _of_png(data: bytes) -> bytes | None:
    width, height, bits, kind, _, _, interlaced = struct.unpack_from(">IIBBBBB", data, 16)
    if interlaced:
        return None
    chunks = list(_chunks(data))
    channels = _CHANNELS[kind]
    palette = next((content for name, content in chunks if name == b"PLTE"), b"")
    entries = (
        b"/Filter /FlateDecode /BitsPerComponent %d /ColorSpace %s /DecodeParms "
        b"<< /Predictor 15 /Colors %d /BitsPerComponent %d /Columns %d >>"
        % (bits, _space(kind, palette), channels, bits, width)
    )
    content = b"".join(content for name, content in chunks if name == b"IDAT")
    function = {4: _ON_WHITE_GRAY, 6: _ON_WHITE}.get(kind, b"{ }")
    return _pdf(width, height, entries, content, function, 2 if kind == 4 else 4)


def _space(kind: int, palette: bytes) -> bytes:
    if kind == 3:
        return b"[/Indexed /DeviceRGB %d <%s>]" % (len(palette) // 3 - 1, palette.hex().encode())
    if kind == 4:
        return b"[/DeviceN [/Tone /Opacity] /DeviceGray 6 0 R]"
    if kind == 6:
        return b"[/DeviceN [/Red1 /Green1 /Blue1 /Opacity] /DeviceRGB 6 0 R]"
    return _SPACES[_CHANNELS[kind]]


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(PNG)
    while position + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, position)
        yield name, data[position + 8 : position + 8 + length]
        position += 12 + length


def _of_jpeg(data: bytes) -> bytes:
    position, turn = 2, 1
    while not _FRAME.match(data[position + 1 : position + 2]):
        if data[position + 1] == 0xFF:  # Filling stands alone.
            position += 1
            continue
        length = struct.unpack_from(">H", data, position + 2)[0]
        if data[position + 1] == 0xE1 and data[position + 4 : position + 10] == b"Exif\0\0":
            turn = _orientation(data[position + 10 : position + 2 + length])
        position += 2 + length
    height, width, channels = struct.unpack_from(">HHB", data, position + 5)
    # Programs of photographers write four channels inverted.
    decode = b"/Decode [1 0 1 0 1 0 1 0]" if channels == 4 else b""
    entries = b"/Filter /DCTDecode /BitsPerComponent 8 /ColorSpace %s %s" % (
        _SPACES[channels],
        decode,
    )
    return _pdf(width, height, entries, data, b"{ }", 1, turn)


def _orientation(exif: bytes) -> int:
    """How a camera was held, 1 to 8; 1 where it does not say."""
    order = "<" if exif[:2] == b"II" else ">"
    try:
        start = struct.unpack_from(f"{order}I", exif, 4)[0]
        for number in range(struct.unpack_from(f"{order}H", exif, start)[0]):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", exif, start + 2 + 12 * number)
            if tag == 0x112:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1


def _of_tiff(data: bytes, number: int) -> bytes | None:
    found = tiff_files.strips(data, number)
    if found is None:
        return None
    width, height, strips = found
    below, paint, pictures = float(height), b"", []
    for at, strip in enumerate(strips):
        below -= strip.rows
        paint += b"q %d 0 0 %d 0 %d cm /I%d Do Q\n" % (width, strip.rows, below, at)
        entries = b"/Type /XObject /Subtype /Image " + strip.entries
        pictures.append(_stream(strip.content, entries))
    names = b" ".join(b"/I%d %d 0 R" % (at, at + 5) for at in range(len(pictures)))
    return _file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R "
            b"/Resources << /XObject << %s >> >> >>" % (width, height, names),
            _stream(paint, b""),
            *pictures,
        ]
    )


_TURNS = {3: 180, 6: 90, 8: 270}  # mirrored ones are shown as they lie


def _pdf(
    width: int,
    height: int,
    entries: bytes,
    content: bytes,
    function: bytes,
    inputs: int,
    turn: int = 1,
) -> bytes:
    scale = _POINTS / max(width, height)
    across, down = max(1.0, scale * width), max(1.0, scale * height)
    paint = b"q %f 0 0 %f 0 0 cm /I Do Q" % (across, down)
    outputs = b"[0 1]" if inputs == 2 else b"[0 1 0 1 0 1]"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %f %f] /Rotate %d /Contents 4 0 R "
        b"/Resources << /XObject << /I 5 0 R >> >> >>" % (across, down, _TURNS.get(turn, 0)),
        _stream(paint, b""),
        _stream(
            content,
            b"/Type /XObject /Subtype /Image /Width %d /Height %d %s" % (width, height, entries),
        ),
        _stream(function, b"/FunctionType 4 /Domain [%s] /Range %s" % (b"0 1 " * inputs, outputs)),
    ]
    return _file(objects)


def _stream(content: bytes, entries: bytes) -> bytes:
    return b"<< /Length %d %s >>\nstream\n%b\nendstream" % (len(content), entries, content)


def _file(objects: list[bytes]) -> bytes:
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)
