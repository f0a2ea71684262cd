"""Pages read by PDFium: fast, complete, and the engine asked first."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from .hidden_text import Inspector
from .limits import Message, within_limits

# Annotations whose words are printed on the page, unlike notes that open on a click.
_PRINTED = {raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_WIDGET}
_MAX_ANNOTATIONS = 1_000
_ERRORS = {raw.FPDF_ERR_PASSWORD: "encrypted", raw.FPDF_ERR_SECURITY: "unsupported_encryption"}


def read_pages(data: bytes, job: Message) -> Iterator[Message]:
    """Say how many pages there are, then each page; or the one reason why none can be read."""
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        yield {"error": _ERRORS.get(error.err_code, "invalid")}
        return
    # Before the length is asked and a page is opened: PDFium draws no form that it learns of later.
    _allow_forms(pdf)
    total = len(pdf)
    if not total:
        yield {"error": "invalid"}
        return
    yield {"pages_total": total}
    yield from within_limits(_texts(pdf, min(total, job["pages"])), job)
    if total > job["pages"]:
        yield {"cut": {"from_page": job["pages"] + 1, "to_page": total, "reason": "page_limit"}}


def _allow_forms(pdf: Any) -> None:
    try:
        pdf.init_forms()  # Runs no scripts: the library is built without a JavaScript engine.
    except pdfium.PdfiumError:
        return  # A broken form is not a broken document.


def _texts(pdf: Any, count: int) -> Iterator[Message]:
    inspector = Inspector()
    for index in range(count):
        try:
            yield {"page": index + 1, **_read(pdf, index, inspector)}
        except pdfium.PdfiumError:
            yield {"page": index + 1, "failed": True}


def _read(pdf: Any, index: int, inspector: Inspector) -> Message:
    """One page, closed again at once: left open, 900 pages cost half a gigabyte."""
    page = pdf[index]
    try:
        # What was filled in is annotations: without this, one form gave 165 of 813 characters.
        if _has_printed_annotations(page) and raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY):
            # The page in hand does not show what flattening drew into it.
            page.close()
            page = pdf[index]
        found = inspector.inspect(page)
        text, off_page = _text(page)
        hidden = off_page
        if found.hidden:
            everything = text
            found.leave_out_hidden()
            text, _ = _text(page)
            hidden = hidden or len(text) < len(everything)
        return {
            "text": text,
            "hidden": hidden,
            "has_text_objects": found.has_text,
            "image_share": found.image_share,
            "blank": found.is_blank,
        }
    finally:
        page.close()


def _has_printed_annotations(page: Any) -> bool:
    """Whether form fields or annotations show text that is not part of the page itself."""
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MAX_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        subtype = raw.FPDFAnnot_GetSubtype(annotation)
        raw.FPDFPage_CloseAnnot(annotation)
        if subtype in _PRINTED:
            return True
    return False


def _text(page: Any) -> tuple[str, bool]:
    """What stands inside the page's visible box, and whether more stands outside of it.

    U+0002 and U+FFFE are PDFium's marks for a hyphen at a line end: without them the word is
    whole again. Printers' marks outside the box are a few characters; a sentence is more.
    """
    textpage = page.get_textpage()
    try:
        # Not `get_text_range`: that takes in what lies outside the box, and knows UCS-2 only.
        text: str = textpage.get_text_bounded()
        off_page = _inked(_unbounded(textpage)) - _inked(text) > 20
    finally:
        textpage.close()
    return text.replace("\x02", "").replace("\ufffe", ""), off_page


def _unbounded(textpage: Any) -> str:
    """All text of the page, wherever it stands: only good for counting."""
    count = textpage.count_chars()
    buffer = (ctypes.c_ushort * (count + 1))()
    raw.FPDFText_GetText(textpage, 0, count, buffer)
    return bytes(buffer).decode("utf-16-le", "ignore").rstrip("\x00")


def _inked(text: str) -> int:
    return len("".join(text.split()))
