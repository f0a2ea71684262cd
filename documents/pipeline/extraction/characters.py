"""Characters: which ones the database can hold, which a reader sees, and which no one writes."""

from __future__ import annotations

import re

GARBLED_SHARE = 0.1

_INVISIBLE = r"\s\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
_RUN_OF_VISIBLE = re.compile(f"[^{_INVISIBLE}]+")
# Replacement, private use and control characters, but not the line ends and tabs among them.
_BAD = re.compile(
    "[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f\x7f-\x9f\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
)
_LINE_ENDS = re.compile(r"\r\n?|\x0b|\x85|\u2028|\u2029")
_SURROGATES = re.compile("[\ud800-\udfff]")
# NUL is among them, which PostgreSQL takes in no text.
_CONTROLS = re.compile("[\x00-\x08\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def cleaned(text: str) -> str:
    """The text as the database and JSON can hold it: LF line ends, no control characters."""
    text = _LINE_ENDS.sub("\n", text)
    return _CONTROLS.sub("", _SURROGATES.sub("\ufffd", text))


def visible_characters(text: str) -> int:
    return len("".join(_RUN_OF_VISIBLE.findall(text)))


def is_blank(text: str) -> bool:
    return _RUN_OF_VISIBLE.search(text) is None


def is_garbled(text: str) -> bool:
    """Whether more than a tenth of it are characters that no one writes."""
    bad = len(_BAD.findall(text))
    return bad > 0 and bad > GARBLED_SHARE * visible_characters(text)
