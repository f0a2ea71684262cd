"""Which characters the bytes of a text file stand for, from the surest sign to the least sure."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from documents.failures import FailureCode

from ..letters.characters import cleaned
from ..reading import UnreadableFile
from . import detect, ebcdic, escapes, mixed

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
# Where ISO 8859 has no letters; as control characters they would be dropped without a mark.
_NO_LETTERS = re.compile("[\x80-\x84\x86-\x9f]")
_SAMPLE = 65_536


@dataclass(frozen=True)
class Decoded:
    """The text, with LF line ends and without control characters, and how it was encoded.

    It is unsure where another encoding makes other words that are about as likely.
    """

    text: str
    encoding: str
    is_unsure: bool = False


def looks_like_text(data: bytes) -> bool:
    """Whether `decode` will accept the bytes; takes milliseconds."""
    if _is_other_format(data):
        return False
    if bom := _bom(data):
        return _is_clean(data[len(bom[0]) :], bom[1])
    return (
        _has_few_controls(data)
        or _utf_16(data) is not None
        or escapes.is_korean_mail(data)
        or ebcdic.detect(data) is not None
    )


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


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """The text of a plain text file. Raises `UnreadableFile` for anything else.

    With an encoding, whoever chose it is obeyed; what it has no letter for becomes U+FFFD.
    """
    if encoding is not None:
        return Decoded(tidy(_as_chosen(data, encoding)), encoding)
    if not looks_like_text(data):
        raise UnreadableFile(FailureCode.NOT_TEXT)
    found = _decoded(data)
    return Decoded(tidy(found.text), found.encoding, found.is_unsure)


def _as_chosen(data: bytes, encoding: str) -> str:
    # A mark at the beginning is no part of the text, whichever way it is read.
    return data.decode(encoding, "replace").removeprefix("\ufeff")


def tidy(text: str) -> str:
    """Clean text, form feeds kept: they tell where pages end."""
    return "\f".join(cleaned(form) for form in text.split("\f"))


def decode_body(data: bytes) -> str:
    """The text of a part of a mail whose label does not fit."""
    return _decoded(data).text


def _decoded(data: bytes) -> Decoded:
    if bom := _bom(data):
        return Decoded(data[len(bom[0]) :].decode(bom[1], "replace"), bom[1])
    # Before UTF-8: English in UTF-16 is valid UTF-8 too, with a NUL beside each letter.
    if encoding := _utf_16(data):
        return Decoded(data.decode(encoding, "replace"), encoding)
    if data.isascii() and (found := escapes.decoded(data)):
        return Decoded(*found)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _old(data)


def _old(data: bytes) -> Decoded:
    """What is neither Unicode nor made of ASCII bytes alone."""
    if encoding := ebcdic.detect(data):
        return Decoded(data.decode(encoding, "replace"), encoding)
    if found := mixed.decoded(data):
        return Decoded(*found)
    guess = detect(data)
    text = data.decode(guess.encoding, "replace")
    if _may_have_controls(data, guess.encoding):
        text = _NO_LETTERS.sub("\ufffd", text)
    return Decoded(text, guess.encoding, guess.is_unsure)


def _may_have_controls(data: bytes, encoding: str) -> bool:
    """Whether `_NO_LETTERS`, a slow search, may find something: told by bytes where each is one."""
    table = bytes(range(256)).decode(encoding, "replace")
    if len(table) != 256:
        return True
    controls = bytes(byte for byte, sign in enumerate(table) if _NO_LETTERS.match(sign))
    return len(data.translate(None, controls)) < len(data)


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
