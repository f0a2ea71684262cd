"""Glyph names of ligatures that PDFium does not take apart: f_i, T_h, uni00660069.

Read from the dictionaries of a page's fonts alone: no page is laid out and no font opened, which
would take pdfminer.six seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from pdfminer.encodingdb import name2unicode
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1
from pdfminer.psparser import PSLiteral

from .large_file import LargeFile, as_file
from .limits import Message

_MAX_FONTS = 200  # of one page, with those of the forms on it
_MAX_DEPTH = 4
_MAX_NAMES = 256


def read_pages(data: bytes | LargeFile, job: Message) -> Iterator[Message]:
    """For each wanted page, what numbers of its fonts stand for: {"page": 1, "letters": {…}}."""
    try:
        document = PDFDocument(PDFParser(as_file(data)), caching=isinstance(data, bytes))
        pages = islice(PDFPage.create_pages(document), max(job["only"], default=0))
        for number, page in enumerate(pages, 1):
            if number in job["only"]:
                yield {"page": number, "letters": _letters(page.resources)}
    except Exception:  # Seventeen types were seen, half of them not the library's own.
        return


def _letters(resources: Any) -> dict[str, str]:
    """Only where all fonts of the page that name a number agree."""
    found: dict[str, set[str]] = {}
    for font in islice(_fonts(resources, 0), _MAX_FONTS):
        for number, name in _differences(font):
            if _has_parts(name) and (letters := _spelled(name)):
                found.setdefault(str(number), set()).add(letters)
    return {number: letters.pop() for number, letters in found.items() if len(letters) == 1}


def _fonts(resources: Any, depth: int) -> Iterator[Any]:
    held = resolve1(resources)
    if not isinstance(held, dict) or depth > _MAX_DEPTH:
        return
    yield from _values(held.get("Font"))
    for drawn in islice(_values(held.get("XObject")), _MAX_FONTS):
        yield from _fonts(getattr(drawn, "attrs", {}).get("Resources"), depth + 1)


def _values(thing: Any) -> Iterator[Any]:
    held = resolve1(thing)
    if isinstance(held, dict):
        yield from map(resolve1, held.values())


def _differences(font: Any) -> Iterator[tuple[int, str]]:
    encoding = resolve1(font.get("Encoding")) if isinstance(font, dict) else None
    listed = resolve1(encoding.get("Differences")) if isinstance(encoding, dict) else None
    number = 0
    for entry in islice(listed if isinstance(listed, list) else [], 2 * _MAX_NAMES):
        if isinstance(entry, int):
            number = entry
        elif isinstance(entry, PSLiteral):
            yield number, str(entry.name)
            number += 1


def _has_parts(name: str) -> bool:
    return len(name) < 60 and ("_" in name or (name.startswith("uni") and len(name) > 7))


def _spelled(name: str) -> str:
    try:
        return name2unicode(name)
    except (KeyError, ValueError, OverflowError):
        return ""
