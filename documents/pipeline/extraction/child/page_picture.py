"""Pages as a person sees them: drawn in color by PDFium, and where each of their letters stands."""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Iterator
from math import sqrt
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from . import picture_files
from .forms import allow_forms
from .glyphs import unbounded
from .large_file import LargeFile, as_file
from .letter_boxes import boxes_of
from .limits import Message

# PDFium's own letters are smoothed either way; this one looks the same on every screen.
_FLAGS = raw.FPDF_ANNOT | raw.FPDF_REVERSE_BYTE_ORDER
_WHITE = 0xFFFFFFFF
_BYTES = 3  # a pixel: red, green, blue


def draw(data: bytes | LargeFile, job: Message) -> Iterator[Message]:
    """One page, so many pixels wide: fewer where it is so long that they would be too many."""
    with_page = _opened(data, job)
    if isinstance(with_page, str):
        yield {"error": with_page}
        return
    pdf, page = with_page
    width, height = _size(page, job["width"], job["pixels"])
    pixels, channels = _without_color(_pixels(pdf, page, width, height))
    # Paper is mostly white: a tenth of the bytes goes through the pipe, and through JSON.
    packed = zlib.compress(pixels, 1)
    yield {
        "width": width,
        "height": height,
        "channels": channels,
        "pixels": b64encode(packed).decode(),
    }


def locate(data: bytes | LargeFile, job: Message) -> Iterator[Message]:
    """The letters of one page, and where each of them stands on its picture."""
    with_page = _opened(data, job)
    if isinstance(with_page, str):
        yield {"error": with_page}
        return
    _, page = with_page
    width, height = page.get_size()
    # What was filled in is drawn by the forms; flattened, it is text of the page as well.
    if raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS:
        pdf, number = with_page[0], job["page"] - 1
        page.close()
        page = pdf[number]
    textpage = page.get_textpage()
    text = unbounded(textpage)[: job["characters"]]
    boxes = boxes_of(page, textpage, len(text))
    yield {"width": width, "height": height, "text": text, "boxes": boxes}


def _opened(data: bytes | LargeFile, job: Message) -> tuple[Any, Any] | str:
    """The document and its page, or the one reason why there is none to be seen."""
    number = job["page"] - 1
    if job["is_picture"] and isinstance(data, bytes):
        wrapped = picture_files.as_pdf(data, number)
        if wrapped is None:
            return "unsupported"
        data, number = wrapped, 0
    try:
        pdf = pdfium.PdfDocument(data if isinstance(data, bytes) else as_file(data))
        allow_forms(pdf)
        return (pdf, pdf[number]) if 0 <= number < len(pdf) else "no_such_page"
    except pdfium.PdfiumError:
        return "unreadable"


def _size(page: Any, wanted: int, most_pixels: int) -> tuple[int, int]:
    width, height = (max(side, 0.01) for side in page.get_size())
    scale = min(wanted / width, sqrt(most_pixels / (width * height)))
    # A page one point high is a line; one that is all length has to stay within the pixels.
    across, down = max(1, round(scale * width)), max(1, round(scale * height))
    return min(across, most_pixels), min(down, most_pixels // across)


def _pixels(pdf: Any, page: Any, width: int, height: int) -> bytes:
    stride = _BYTES * width
    buffer = bytearray(stride * height)
    place = (raw.c_ubyte * len(buffer)).from_buffer(buffer)
    bitmap = raw.FPDFBitmap_CreateEx(width, height, raw.FPDFBitmap_BGR, place, stride)
    if not bitmap:
        raise MemoryError
    raw.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, _WHITE)
    raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, _FLAGS)
    if pdf.formenv:
        raw.FPDF_FFLDraw(pdf.formenv, bitmap, page, 0, 0, width, height, 0, _FLAGS)
    raw.FPDFBitmap_Destroy(bitmap)
    return bytes(buffer)


def _without_color(pixels: bytes) -> tuple[bytes, int]:
    """A third of the bytes where all is gray; how many there are for a pixel."""
    red = pixels[0::_BYTES]
    is_gray = red == pixels[1::_BYTES] == pixels[2::_BYTES]
    return (red, 1) if is_gray else (pixels, _BYTES)
