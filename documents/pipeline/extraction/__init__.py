"""From the bytes of a file to the text of its pages."""

from __future__ import annotations

from documents.failures import FailureCode

from . import image_headers
from .content import Content, LargeFile
from .ocr import OcrOptions, read_image
from .pdf import read_pdf
from .reading import OnPage, Reading, ReadPage, UnreadableFile
from .text import read_text

__all__ = [
    "Content",
    "LargeFile",
    "OcrOptions",
    "ReadPage",
    "Reading",
    "UnreadableFile",
    "read_document",
]


_ONLY_PDF = "Only a PDF can be read in pieces; this file is too large to be read at once."


def read_document(
    data: Content,
    content_type: str,
    *,
    on_page: OnPage,
    pdf_engine: str = "auto",
    ocr: OcrOptions | None = None,
    encoding: str | None = None,
) -> Reading:
    """Read a PDF, a text or a picture file; blocks until done.

    That takes about 40 seconds at most, and with `ocr` what its options allow beside.

    `on_page(done, total)` is called in this thread as pages arrive. What it raises ends the
    reading, its child process included, and goes through to the caller. Raises `UnreadableFile`
    for every file that cannot be read. `pdf_engine` is `auto` or `pdfminer`;
    `encoding` is that of a text file, where its owner chose one.
    """
    if content_type == "application/pdf":
        return read_pdf(data, on_page=on_page, pdf_engine=pdf_engine, ocr=ocr)
    if isinstance(data, LargeFile):
        # Never stored, as long as their limit is that of one request.
        raise UnreadableFile(FailureCode.TOO_LARGE, detail=_ONLY_PDF)
    if content_type in ("text/plain", "text/markdown"):
        return read_text(data, on_page=on_page, encoding=encoding)
    if content_type in (image_headers.PNG, image_headers.JPEG, image_headers.TIFF):
        return read_image(data, on_page=on_page, ocr=ocr)
    raise ValueError(f"Documents of type {content_type} are never stored")
