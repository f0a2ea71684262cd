"""Encodings that are made of ASCII bytes alone: ISO-2022, HZ and UTF-7.

Every other reading of them succeeds too, so these are asked first, and believed only where the
letters behind the escapes are likelier than the escapes as letters.
"""

from __future__ import annotations

import re

from .likelihood import Likelihood

_ISO_2022_JP = re.compile(rb"\x1b\$[@B]|\x1b\$\([DOPQ]|\x1b\(I")
_ISO_2022_KR = b"\x1b$)C"
_HZ = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e]){1,500}~\}")
_UTF_7 = re.compile(rb"\+[A-Za-z0-9+/]{2,500}")
_SAMPLE = 3_000
_SURE = 10.0  # nats


def is_korean_mail(data: bytes) -> bool:
    """ISO-2022-KR announces itself, and then shifts by control characters."""
    return data.isascii() and _ISO_2022_KR in data


def decoded(data: bytes) -> tuple[str, str] | None:
    """The text and its encoding, where escapes are found; `data` is ASCII."""
    if is_korean_mail(data):
        return _strictly(data, "iso2022_kr")
    if _ISO_2022_JP.search(data):
        return _strictly(data, "iso2022_jp") or _strictly(data, "iso2022_jp_ext")
    if _HZ.search(data):
        return _if_likelier(data, _HZ, "hz")
    if _UTF_7.search(data):
        return _if_likelier(data, _UTF_7, "utf-7")
    return None


def _strictly(data: bytes, encoding: str) -> tuple[str, str] | None:
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError:
        return None


def _if_likelier(data: bytes, escape: re.Pattern[bytes], encoding: str) -> tuple[str, str] | None:
    # All of it must decode: `1+1` and the shifts of Lisp's format are no such escapes.
    found = _strictly(data, encoding)
    if found is None:
        return None
    sample = _lines_with(escape, data)
    likelihood = Likelihood()
    as_it_stands = likelihood.cost(sample.decode("ascii"))
    read = likelihood.cost(sample.decode(encoding, "replace"))
    return found if read + _SURE < as_it_stands else None


def _lines_with(escape: re.Pattern[bytes], data: bytes) -> bytes:
    pieces, length = [], 0
    for match in escape.finditer(data):
        start = max(data.rfind(b"\n", 0, match.start()) + 1, match.start() - 100)
        piece = data[start : match.end() + 10]
        pieces.append(piece)
        length += len(piece)
        if length > _SAMPLE:
            break
    return b"\n".join(pieces)
