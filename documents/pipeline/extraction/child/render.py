"""Pages drawn by PDFium as gray pictures, for text recognition (OCR, rendering)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium

from .forms import allow_forms
from .large_file import LargeFile, as_file
from .limits import Message
from .rulings import without_rulings

# More tells the engine nothing (6 points come out as well), takes twice the memory, and keeps the
# noise of a scan that fewer dots average out.
_DOTS_PER_POINT = 200 / 72
# Gray as pale, or as dark, as that cannot be told from paper or ink by a person, and is not told
# by the recognition either: nobody reads what nobody sees.
_PAPER = 235
_INK = 20
_AS_SEEN = bytes(0 if tone < _INK else 255 if tone >= _PAPER else tone for tone in range(256))


def render_pages(data: bytes | LargeFile, job: Message) -> Iterator[Message]:
    """The pages in `only` as pictures, none longer than `side` pixels."""
    pdf = pdfium.PdfDocument(data if isinstance(data, bytes) else as_file(data))
    allow_forms(pdf)
    for number in job["only"]:
        yield {"page": number, **_drawn(pdf[number - 1], job["side"])}


def _drawn(page: Any, side: int) -> Message:
    longest = max(page.get_size())
    bitmap = page.render(scale=_scale(longest, side), grayscale=True)
    width, height, stride = bitmap.width, bitmap.height, bitmap.stride
    # PDFium may round each row up to a multiple of four bytes.
    whole = bytes(bitmap.buffer).translate(_AS_SEEN)
    rows = whole if stride == width else _cut(whole, width, height, stride)
    pixels = without_rulings(rows, width, height)
    return {"width": width, "height": height, "pixels": b64encode(pixels).decode()}


def _scale(longest: float, side: int) -> float:
    """200 dots per inch; less of a poster, and more of what a scanner calls a stamp."""
    least = side / 2
    return min(max(_DOTS_PER_POINT, least / longest), (side - 1) / longest)


def _cut(whole: bytes, width: int, height: int, stride: int) -> bytes:
    return b"".join(whole[row * stride : row * stride + width] for row in range(height))
