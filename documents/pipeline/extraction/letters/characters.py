"""Characters: which ones the database can hold, which a reader sees, and which no one writes."""

from __future__ import annotations

import re
import unicodedata

from . import terminal

GARBLED_SHARE = 0.1
LOST = "\ufffd"  # stands for a letter that could not be read

_INVISIBLE = r"\s\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
_RUN_OF_VISIBLE = re.compile(f"[^{_INVISIBLE}]+")
# Replacement, private use and control characters, but not the line ends and tabs among them.
_BAD = re.compile(
    "[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f\x7f-\x9f\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
)
_LINE_ENDS = re.compile(r"\x0b|\x85|\u2028|\u2029")
_SURROGATES = re.compile("[\ud800-\udfff]")
# NUL is among them, which PostgreSQL takes in no text.
_CONTROLS = re.compile("[\x00-\x08\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")

# A letter with the marks that follow it, and the parts of a Hangul syllable. Only so many marks:
# putting them in order takes time with the square of their number.
_MARKS = "[^\\w\\s\x00-\u02ff\u2000-\u302f\uff00-\U0001ffff]{1,30}"
_APART = re.compile(
    f"[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|[\uac00-\ud7a3][\u11a8-\u11c2]|\\S{_MARKS}"
)
# What all of these have in common; most texts hold none, and one look at each character is enough.
_MAY_BE_APART = re.compile("[\u0300-\u1fff\u3030-\ufeff\U00020000-\U0010ffff]")
_SOFT_BREAK = re.compile("\u00ad[ \t]*\n[ \t]*(?=[^\\W\\d_])")
_JOINERS = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]+")
# Latin, Greek and Cyrillic need no joiners; Arabic, the scripts of India and emoji do.
_WITHOUT_JOINERS = re.compile(
    "[\\s!-\u058f\u1c80-\u1c8f\u1d00-\u206f\u20a0-\u20cf\u2c60-\u2c7f\u2de0-\u2dff\ua640-\ua69f\ua720-\ua7ff\uab30-\uab6f\ufb00-\ufb06]"
)


def cleaned(text: str) -> str:
    """The text as the database and JSON can hold it and as a reader would type it.

    LF line ends; no control characters; letters composed with their accents (but no others
    replaced, as NFC would); no invisible characters inside words, unless the script needs them.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _is_plain(text):
        return _composed(text)
    text = terminal.as_shown(_LINE_ENDS.sub("\n", text))
    text = _CONTROLS.sub("", _SURROGATES.sub(LOST, text))
    return _without_joiners(_composed(text))


def _is_plain(text: str) -> bool:
    """Whether it has no control, joiner, private or unknown character, as most texts."""
    for blank in "\r\n\t\xa0":
        text = text.replace(blank, "")
    return text.isprintable()


def _composed(text: str) -> str:
    if text.isascii() or unicodedata.is_normalized("NFC", text) or not _MAY_BE_APART.search(text):
        return text
    return _APART.sub(lambda found: unicodedata.normalize("NFC", found.group()), text)


def _without_joiners(text: str) -> str:
    if text.isascii() or not _JOINERS.search(text):
        return text
    return _JOINERS.sub(_needed, _SOFT_BREAK.sub("", text))


def _needed(found: re.Match[str]) -> str:
    """Those joiners that change how their neighbors look, or part words that have no spaces."""
    before, after = neighbors(found)
    if all(not side or _WITHOUT_JOINERS.match(side) for side in (before, after)):
        return ""
    return found.group().translate({0xAD: None, 0x2060: None, 0xFEFF: None})


def neighbors(found: re.Match[str]) -> tuple[str, str]:
    """The characters before and behind, empty at the ends."""
    start, end = found.span()
    return found.string[max(0, start - 1) : start], found.string[end : end + 1]


def visible_characters(text: str) -> int:
    inked = "".join(text.split())
    # What else is invisible is not printable; most texts hold none.
    return len(inked if inked.isprintable() else "".join(_RUN_OF_VISIBLE.findall(inked)))


def is_blank(text: str) -> bool:
    return _RUN_OF_VISIBLE.search(text) is None


def is_garbled(text: str) -> bool:
    """Whether more than a tenth of it are characters that no one writes."""
    if _is_plain(text) and LOST not in text:
        return False
    bad = len(_BAD.findall(text))
    return bad > 0 and bad > GARBLED_SHARE * visible_characters(text)
