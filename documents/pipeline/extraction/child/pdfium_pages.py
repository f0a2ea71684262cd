"""Pages read by PDFium: fast, complete, and the engine asked first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import coverings, damage, layers, shells, spelled_names, strikes
from . import pdfium as raw
from .form_fields import fields_of
from .large_file import LargeFile, edges
from .limits import Message, within_limits
from .page_text import PageTexts
from .pdf_document import Document, PdfiumError
from .pinboard import Pinboard
from .visible_text import Viewer

# Annotations whose words are printed on the page, unlike notes that open on a click.
_PRINTED = {raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_WIDGET}
_MAX_ANNOTATIONS = 1_000
_FLATTENED = raw.FLATTEN_SUCCESS
_ERRORS = {raw.FPDF_ERR_PASSWORD: "encrypted", raw.FPDF_ERR_SECURITY: "unsupported_encryption"}


def read_pages(data: bytes | LargeFile, job: Message) -> Iterator[Message]:
    """Say how many pages there are, then each page; or the one reason why none can be read."""
    try:
        pdf = Document(data)
    except PdfiumError as error:
        yield {"error": _ERRORS.get(error.code, "invalid")}
        return
    # Before the length is asked and a page is opened: PDFium draws no form that it learns of later.
    pdf.init_forms()
    total = len(pdf)
    if not total:
        yield {"error": "invalid"}
        return
    yield {"pages_total": total}
    yield from shells.look(pdf)
    yield from damage.look(edges(data))
    texts = _texts(pdf, min(total, job["pages"]), data)
    yield from within_limits(spelled_names.told(texts, data), job)
    if total > job["pages"]:
        yield {"cut": {"from_page": job["pages"] + 1, "to_page": total, "reason": "page_limit"}}


def _texts(pdf: Any, count: int, data: bytes | LargeFile) -> Iterator[Message]:
    # Of a large file nobody looks at all bytes: it may have them, which costs a look at each page.
    has_layers = isinstance(data, LargeFile) or layers.may_be_in(data)
    viewer, pinboard = Viewer(PageTexts(pdf), may_have_layers=has_layers), Pinboard()
    for index in range(count):
        try:
            pdf.free_memory()
            page = _read(pdf, index, viewer, pinboard)
        except PdfiumError:
            yield {"page": index + 1, "failed": True}
            continue
        yield {"page": index + 1, **page}
        if page["dropped"] > len(page["text"]):
            yield {"cut": {"page": index + 1, "reason": "mostly_hidden"}}


def _read(pdf: Any, index: int, viewer: Viewer, pinboard: Pinboard) -> Message:
    """One page, closed again at once: left open, 900 pages cost half a gigabyte."""
    page = pdf[index]
    try:
        pinned, fields = pinboard.read(page), fields_of(page)
        marked = strikes.of_annotations(page)
        # What was filled in is annotations: without this, one form gave 165 of 813 characters.
        is_filled = _has_printed_annotations(page)
        if is_filled and raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == _FLATTENED:
            # The page in hand does not show what flattening drew into it.
            page.close()
            page = pdf[index]
        else:
            fields = []
        visible = viewer.read(page, fields, has_fields=is_filled)
        found = visible.found
        return {
            "text": visible.text,
            "hidden": visible.off_page or visible.dropped > 0,
            "dropped": visible.dropped,
            "has_text_objects": found.has_text,
            "image_share": found.image_share,
            "blank": found.is_blank,
            "struck_out": strikes.count(page, found, marked),
            **coverings.look(page, visible.text, is_scan=found.is_scan),
            **pinned.as_message(),
        }
    finally:
        page.close()


def _has_printed_annotations(page: Any) -> bool:
    """Whether form fields or annotations show text that is not part of the page itself."""
    if page.has_only_links:
        return False
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MAX_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        subtype = raw.FPDFAnnot_GetSubtype(annotation)
        raw.FPDFPage_CloseAnnot(annotation)
        if subtype in _PRINTED:
            return True
    return False
