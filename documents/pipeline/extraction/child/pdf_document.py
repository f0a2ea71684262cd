"""A PDF that PDFium has open, its pages, and the text that it collects of each."""

from __future__ import annotations

from ctypes import byref, c_int, create_string_buffer
from functools import cached_property
from itertools import repeat

from . import pdfium as raw
from .large_file import LargeFile

Box = tuple[float, float, float, float]  # left, bottom, right, top


_LINKS = {raw.FPDF_ANNOT_UNKNOWN, raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP}
_PAGES_AT_ONCE = 25
_BYTES_AT_ONCE = 32 * 1024 * 1024
_MOST_ANNOTATIONS = 5_000  # nobody looks at more of them


class PdfiumError(Exception):
    """PDFium cannot open it; `code` is its own, of a document."""

    def __init__(self, code: int = 0) -> None:
        super().__init__(code)
        self.code = code


class _Held:
    """Something of PDFium; it stands for its handle in calls."""

    raw: int | None

    @property
    def _as_parameter_(self) -> int | None:
        return self.raw


class Document(_Held):
    """Not closed in the end: the child ends with its document."""

    def __init__(self, data: bytes | LargeFile) -> None:
        self._data = data  # PDFium reads from it as long as the document is open.
        self.formenv: int | None = None
        self._open()

    def _open(self) -> None:
        self._pages_since = 0
        if isinstance(self._data, LargeFile):
            self._data.bytes_read = 0
            self.raw = raw.FPDF_LoadCustomDocument(byref(self._data.access), None)
        else:
            self.raw = raw.FPDF_LoadMemDocument64(self._data, len(self._data), None)
        if len(self) < 1:
            raise PdfiumError(raw.FPDF_GetLastError())

    def free_memory(self) -> None:
        """Open a large file anew now and then; no page may be open.

        PDFium keeps the pictures of all pages it has read. Of 286 MB they took 309 MB of memory,
        and 44 MB this way, in the same time.
        """
        self._pages_since += 1
        if not isinstance(self._data, LargeFile):
            return
        if self._pages_since <= _PAGES_AT_ONCE and self._data.bytes_read <= _BYTES_AT_ONCE:
            return
        if self.formenv:
            raw.FPDFDOC_ExitFormFillEnvironment(self.formenv)
            self.formenv = None
        raw.FPDF_CloseDocument(self.raw)
        self._open()
        self.init_forms()

    def __len__(self) -> int:
        count: int = raw.FPDF_GetPageCount(self.raw)
        return max(0, count)

    def __getitem__(self, index: int) -> Page:
        return Page(self, index)

    def init_forms(self) -> None:
        """Have PDFium show what was filled in. Before the length is asked and a page is opened.

        It runs no scripts, as the library is built without a JavaScript engine.
        """
        if raw.FPDF_GetFormType(self.raw) == raw.FORMTYPE_NONE:
            return
        # Version 2; all else is zero: nobody is told of anything.
        self._form_info = (c_int * 128)(2)
        # None for a broken form, which is not a broken document.
        self.formenv = raw.FPDFDOC_InitFormFillEnvironment(self.raw, self._form_info)

    def metadata(self, key: bytes) -> str:
        size = raw.FPDF_GetMetaText(self.raw, key, None, 0)
        buffer = create_string_buffer(size)
        raw.FPDF_GetMetaText(self.raw, key, buffer, size)
        return buffer.raw[: size - 2].decode("utf-16-le", "replace")


class Page(_Held):
    def __init__(self, document: Document, index: int) -> None:
        self.raw = raw.FPDF_LoadPage(document.raw, index)
        if not self.raw:
            raise PdfiumError
        self.formenv = document.formenv
        self._textpage: TextPage | None = None
        if self.formenv:
            raw.FORM_OnAfterLoadPage(self.raw, self.formenv)

    def close(self) -> None:
        if self.raw is None:
            return
        self.forget_text()
        if self.formenv:
            raw.FORM_OnBeforeClosePage(self.raw, self.formenv)
        raw.FPDF_ClosePage(self.raw)
        self.raw = None

    @cached_property
    def has_only_links(self) -> bool:
        """Whether no annotation shows, says or covers anything, as on most pages."""
        count = min(raw.FPDFPage_GetAnnotCount(self.raw), _MOST_ANNOTATIONS)
        handles = list(map(raw.FPDFPage_GetAnnot, repeat(self.raw), range(count)))
        kinds = set(map(raw.FPDFAnnot_GetSubtype, handles))
        for handle in filter(None, handles):
            raw.FPDFPage_CloseAnnot(handle)
        return kinds <= _LINKS

    def get_bbox(self) -> Box:
        """The part of the page that is shown."""
        box = raw.Rectangle()
        if not raw.FPDF_GetPageBoundingBox(self.raw, byref(box)):
            raise PdfiumError
        return box.left, box.bottom, box.right, box.top

    def get_rotation(self) -> int:
        """Degrees, clockwise."""
        quarters = raw.FPDFPage_GetRotation(self.raw)
        if quarters < 0:
            raise PdfiumError
        return int(90 * quarters)

    def get_textpage(self) -> TextPage:
        """Its characters, collected once for all who ask; the page closes what it handed out."""
        if self._textpage is None:
            self._textpage = TextPage(self)
        return self._textpage

    def forget_text(self) -> None:
        """Have the characters collected anew, as objects were switched off since."""
        if self._textpage is not None:
            self._textpage.close()
            self._textpage = None


class TextPage(_Held):
    """The characters of a page as it was when they were collected."""

    def __init__(self, page: Page) -> None:
        self.raw = raw.FPDFText_LoadPage(page.raw)
        if not self.raw:
            raise PdfiumError

    def count_chars(self) -> int:
        count = raw.FPDFText_CountChars(self.raw)
        if count < 0:
            raise PdfiumError
        return int(count)

    def close(self) -> None:
        raw.FPDFText_ClosePage(self.raw)
        self.raw = None
