"""Plain text: which characters the bytes stand for, and where its pages end.

Decoded in the worker itself, not in a child: every step is linear, made of the interpreter's own
decoders and searches, and bounded by the size of an upload. There is nothing to confine.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from documents.failures import FailureCode

from . import rubbish
from .characters import cleaned, is_blank
from .encodings import detect
from .reading import OnPage, Reading, ReadPage, UnreadableFile

PAGE_CHARACTERS = 3_000
LONGEST_FORM = 12_000
MOST_FORMS = 5_000
_SLACK = 600  # a last page may be longer by this, rather than a few lines alone

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Beginnings that no text has by chance; other binaries are known by their control characters.
_MAGIC = re.compile(
    rb"PK\x03\x04|PK\x05\x06|\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|\x7fELF|\x1f\x8b\x08|BZh\d1AY"
    rb"|\xfd7zXZ\x00|7z\xbc\xaf\x27\x1c|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|Rar!\x1a\x07"
    rb"|SQLite format 3\x00|\xca\xfe\xba\xbe|\x00asm|RIFF.{4}(?:WAVE|AVI |WEBP)|II\*\x00|MM\x00\*",
    re.DOTALL,
)
_PDF_HEADER = re.compile(rb"%PDF-\d\.\d")
_TAR_MAGIC_AT = 257
# Control characters that plain text does contain: bell, tab, line ends, page ends, DOS end, escape.
_CONTROLS = bytes(set(range(32)) - set(b"\a\b\t\n\v\f\r\x1a\x1b"))
_CONTROL_SHARE = 0.01
_NUL_SHARE = 0.1
_ODD = re.compile("[\x00-\x06\x0e-\x19\x1c-\x1f\x7f-\x84\x86-\x9f\ue000-\uf8ff\ufffd-\uffff]")
_COMMON = re.compile("[\t\n\r -~\u3000-\u3002\uff01-\uff5e]")
_SAMPLE = 65_536
_RUBBISH = "The letters in the file make no words: its encoding is unknown."


@dataclass(frozen=True)
class Decoded:
    """The text, with LF line ends and without control characters, and how it was encoded."""

    text: str
    encoding: str


def looks_like_text(data: bytes) -> bool:
    """Whether `decode` will accept the bytes; takes milliseconds."""
    if _is_other_format(data):
        return False
    if bom := _bom(data):
        return _is_clean(data[len(bom[0]) :], bom[1])
    return _has_few_controls(data) or _utf_16(data) is not None


def _is_other_format(data: bytes) -> bool:
    if _MAGIC.match(data) or data[_TAR_MAGIC_AT : _TAR_MAGIC_AT + 5] == b"ustar":
        return True
    header = _PDF_HEADER.search(data, 0, 1_029)
    # A text may speak of PDF; only a PDF also has objects, or begins like one.
    return header is not None and (not data[: header.start()].strip() or b"endobj" in data)


def _bom(data: bytes) -> tuple[bytes, str] | None:
    return next((bom for bom in _BOMS if data.startswith(bom[0])), None)


def _is_clean(data: bytes, encoding: str) -> bool:
    """Whether hardly any character of it is broken, unassigned to writing, or a control."""
    text = data.decode(encoding, "replace")
    return len(_ODD.findall(text)) <= max(1, len(text) * _CONTROL_SHARE)


def _has_few_controls(data: bytes) -> bool:
    """Some programs pad fields with NUL; other control characters are far rarer in text."""
    nuls = data.count(0)
    others = _controls_in(data) - nuls
    return nuls <= len(data) * _NUL_SHARE and others <= len(data) * _CONTROL_SHARE


def _controls_in(data: bytes) -> int:
    return len(data) - len(data.translate(None, _CONTROLS))


def decode(data: bytes) -> Decoded:
    """The text of a plain text file. Raises `UnreadableFile` for anything else."""
    if not looks_like_text(data):
        raise UnreadableFile(FailureCode.NOT_TEXT)
    text, encoding = _decoded(data)
    return Decoded(_cleaned_forms(text), encoding)


def _cleaned_forms(text: str) -> str:
    """Clean text, form feeds kept: they tell where pages end."""
    return "\f".join(cleaned(form) for form in text.split("\f"))


def _decoded(data: bytes) -> tuple[str, str]:
    """From the surest sign of an encoding to the least sure."""
    if bom := _bom(data):
        return data[len(bom[0]) :].decode(bom[1], "replace"), bom[1]
    # Before UTF-8: English in UTF-16 is valid UTF-8 too, with a NUL beside each letter.
    if encoding := _utf_16(data):
        return data.decode(encoding, "replace"), encoding
    if text := _japanese_mail(data):
        return text, "iso-2022-jp"
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        tolerant = data.decode("utf-8", "replace")
    if _is_mostly_utf_8(data, tolerant):
        return tolerant, "utf-8"
    encoding = detect(data)
    return data.decode(encoding, "replace"), encoding


def _utf_16(data: bytes) -> str | None:
    """UTF-16 without a mark: one of the two readings is made of common characters.

    Only asked of data with control bytes: UTF-16 cannot write a space or a line end without
    one, while two-byte encodings of East Asia would pass for it.
    """
    sample = data[:_SAMPLE]
    if len(data) % 2 or not _controls_in(sample):
        return None
    scores = {encoding: _commonness(sample, encoding) for encoding in ("utf-16-le", "utf-16-be")}
    best = max(scores, key=lambda encoding: scores[encoding])
    return best if scores[best] > 2 * min(scores.values()) and _is_clean(data, best) else None


def _commonness(sample: bytes, encoding: str) -> float:
    text = sample.decode(encoding, "replace")
    return len(_COMMON.findall(text)) / max(1, len(text))


def _japanese_mail(data: bytes) -> str | None:
    """ISO-2022-JP is made of ASCII bytes alone, so that every other reading succeeds too."""
    if not re.search(rb"\x1b\$[@B]", data):
        return None
    try:
        return data.decode("iso2022_jp")
    except UnicodeDecodeError:
        return None


def _is_mostly_utf_8(data: bytes, tolerant: str) -> bool:
    """A few broken bytes among many characters that only UTF-8 would spell that way."""
    broken = tolerant.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    ascii_only = len(tolerant.encode("ascii", "ignore"))
    # With these bounds, none of 389 texts in older encodings passed for UTF-8.
    return broken < len(data) / 100 and len(tolerant) - ascii_only - broken >= 5 * broken


def read_text(data: bytes, *, on_page: OnPage) -> Reading:
    """Read a plain text file; `read_document` tells the promises."""
    decoded = decode(data)
    if is_blank(decoded.text):
        raise UnreadableFile(FailureCode.EMPTY, detail="The file contains nothing but white space.")
    texts = list(_pages(decoded.text))
    if rubbish.is_rubbish_throughout(texts):
        raise UnreadableFile(FailureCode.NOT_TEXT, detail=_RUBBISH)
    pages = []
    for number, text in enumerate(texts, 1):
        pages.append(ReadPage(number, text, "empty" if is_blank(text) else "read", "text"))
        on_page(number, len(texts))
    return Reading(pages, len(pages), decoded.encoding)


def _pages(text: str) -> Iterator[str]:
    """By form feeds where there are sensible ones; a form of the old printers has 9,000 letters."""
    forms = text.rstrip("\f").split("\f")
    if len(forms) > MOST_FORMS:
        forms = ["\n".join(forms)]
    for form in forms:
        if len(form) <= LONGEST_FORM and len(forms) > 1:
            yield form
        else:
            yield from _in_pieces(form)


def _in_pieces(text: str) -> Iterator[str]:
    """Pieces of about a page; joined they are the text again, to the letter."""
    start = 0
    while len(text) - start > PAGE_CHARACTERS + _SLACK:
        end = _end_of_page(text, start)
        yield text[start:end]
        start = end
    yield text[start:]


_SENTENCE_END = re.compile(r"[.!?…]['\"”’»)\]]*\s+|[。！？]")


def _end_of_page(text: str, start: int) -> int:
    """Behind the last paragraph that fits, else the last line, sentence, word or character."""
    earliest, latest = start + PAGE_CHARACTERS // 2, start + PAGE_CHARACTERS
    for mark in ("\n\n", "\n"):
        if (found := text.rfind(mark, earliest, latest)) >= 0:
            return found + len(mark)
    sentences = [match.end() for match in _SENTENCE_END.finditer(text, earliest, latest)]
    if sentences:
        return sentences[-1]
    if (found := text.rfind(" ", earliest, latest)) >= 0:
        return found + 1
    return _between_characters(text, latest)


def _between_characters(text: str, end: int) -> int:
    """Not between a letter and its accents, nor inside an emoji made of several."""
    for place in range(end, end - 50, -1):
        if not (_joins(text[place]) or text[place - 1] == "\u200d"):
            return place
    return end


def _joins(character: str) -> bool:
    return (
        character in "\u200d\ufe0f"
        or bool(unicodedata.combining(character))
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )
