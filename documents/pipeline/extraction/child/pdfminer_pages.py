"""Pages read by pdfminer.six: slower and easier to upset, asked where PDFium falls short."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import (
    LAParams,
    LTChar,
    LTContainer,
    LTFigure,
    LTPage,
    LTTextContainer,
    LTTextLineHorizontal,
)
from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFTextSeq
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdffont import PDFType3Font
from pdfminer.pdfinterp import (
    PDFGraphicState,
    PDFPageInterpreter,
    PDFResourceManager,
    PDFTextState,
)
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.utils import mult_matrix

from . import bidi
from .large_file import LargeFile, as_file
from .limits import Message, within_limits
from .positions import Glyph

_MAX_COUNTED_PAGES = 100_000
_UNKNOWN_GLYPH = re.compile(r"\(cid:\d+\)")
_UNPAINTED_MODES = {3, 7}  # text render modes of PDF: invisible, and for clipping only
_WHITES = {
    "DeviceGray": (1,),
    "CalGray": (1,),
    "DeviceRGB": (1, 1, 1),
    "CalRGB": (1, 1, 1),
    "DeviceCMYK": (0, 0, 0, 0),
}


class VisibleText(PDFPageAggregator):
    """Lays out a page without the text that nobody would see, and remembers there was some."""

    has_hidden = False

    def begin_page(self, page: PDFPage, ctm: tuple[float, ...]) -> None:
        self.has_hidden = False
        super().begin_page(page, ctm)  # type: ignore[arg-type]

    def render_string(
        self,
        textstate: PDFTextState,
        seq: PDFTextSeq,
        ncs: PDFColorSpace,
        graphicstate: PDFGraphicState,
    ) -> None:
        # White letters on a dark ground are left out too: what lies below them is not known here.
        if (
            textstate.render in _UNPAINTED_MODES
            or _is_white(ncs, graphicstate.ncolor)
            or self._is_minute(textstate)
        ):
            self.has_hidden = True
            return
        super().render_string(textstate, seq, ncs, graphicstate)

    def _is_minute(self, textstate: PDFTextState) -> bool:
        if self.ctm is None or isinstance(textstate.font, PDFType3Font):
            return False
        matrix = mult_matrix(textstate.matrix, self.ctm)
        return abs(textstate.fontsize) * max(abs(value) for value in matrix[:4]) < 1.0


def _is_white(space: PDFColorSpace, color: object) -> bool:
    parts = tuple(color) if isinstance(color, (tuple, list)) else (color,)
    return parts == _WHITES.get(space.name)


def read_pages(data: bytes | LargeFile, job: Message) -> Iterator[Message]:
    """Like PDFium's pages; with `only` in the job, just the pages of these numbers."""
    try:
        # Without its caches: on 923 pages they took 89 MB instead of 45, and saved no time.
        document = PDFDocument(PDFParser(as_file(data)), caching=False)
        pages = list(islice(PDFPage.create_pages(document), _MAX_COUNTED_PAGES))
    except (PDFPasswordIncorrect, PDFEncryptionError):
        yield {"error": "encrypted"}
        return
    except Exception:  # Seventeen types were seen, half of them not the library's own.
        pages = []
    if not pages:
        yield {"error": "invalid"}
        return
    yield {"pages_total": len(pages)}
    wanted = job.get("only") or range(1, min(len(pages), job["pages"]) + 1)
    yield from within_limits(_texts(pages, wanted), job)
    if len(pages) > job["pages"] and not job.get("only"):
        first_left = job["pages"] + 1
        yield {"cut": {"from_page": first_left, "to_page": len(pages), "reason": "page_limit"}}


def _texts(pages: list[PDFPage], wanted: list[int] | range) -> Iterator[Message]:
    resources = PDFResourceManager(caching=False)
    # `all_texts` looks into figures: without it, 113 public files with text looked empty.
    device = VisibleText(resources, laparams=LAParams(all_texts=True))
    interpreter = PDFPageInterpreter(resources, device)
    for number in wanted:
        if number > len(pages):
            return
        try:
            interpreter.process_page(pages[number - 1])
            yield {"page": number, **_text(device.get_result(), device.has_hidden)}
        except Exception:
            yield {"page": number, "failed": True}


def _text(page: LTPage, has_hidden: bool) -> Message:
    boxes = list(_boxes(page))
    shown = [box for box in boxes if _is_on_page(box, page)]
    text = "\n".join(map(_told, shown))
    return {
        # A glyph without a letter is what PDFium would show as a replacement character.
        "text": _UNKNOWN_GLYPH.sub("\ufffd", text),
        "hidden": has_hidden or len(shown) < len(boxes),
        "has_text_objects": bool(boxes),
        "image_share": 0.0,
        "blank": not len(page),
    }


def _told(box: LTTextContainer[Any]) -> str:
    text = box.get_text()
    lines = list(box)
    is_level = all(isinstance(line, LTTextLineHorizontal) for line in lines)
    if not is_level or not bidi.MAY_BE_IN.search(text):
        return text
    glyphs = bidi.reordered(glyph for line in lines for glyph in _glyphs(line))
    return "".join(glyph.separator + glyph.char for glyph in glyphs).strip("\n") + "\n"


def _glyphs(line: Any) -> Iterator[Glyph]:
    """The letters of a line, told from the left, whichever way it is read."""
    separator = "\n"
    for char in line:
        text = char.get_text()
        if not isinstance(char, LTChar) or text.isspace():
            separator = separator or " "
            continue
        yield Glyph(text, separator, char.x0, char.y0, char.x1, char.y1)
        separator = ""


def _boxes(container: LTContainer[Any]) -> Iterator[LTTextContainer[Any]]:
    for element in container:
        if isinstance(element, LTTextContainer):
            yield element
        elif isinstance(element, LTFigure):
            yield from _boxes(element)


def _is_on_page(box: LTTextContainer[Any], page: LTPage) -> bool:
    return box.x1 > page.x0 and box.x0 < page.x1 and box.y1 > page.y0 and box.y0 < page.y1
