"""Disguises: a text as its reader sees it, whatever its characters are (confusables, hyphens)."""

from __future__ import annotations

import re
import unicodedata
from array import array

_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef"
)
# Letters of other scripts that nobody tells from Latin ones (Unicode's confusables, the common).
_LOOKS_LIKE = dict(
    zip(
        "АВЕЅІЈКМНОРСТХҮаеѕіјорсухԁԛԝһӏгѵ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαιορνυκτε",
        "ABESIJKMHOPCTXYaesijopcyxdqwhlrv" + "ABEZHIKMNOPTYXaiopvukte",
        strict=True,
    )
)
_ALIKE = "".join(_LOOKS_LIKE)
_DISGUISE = re.compile(f"[{_UNSEEN}\u2100-\u214f\u2460-\u24ff\uff01-\uff5e\U0001d400-\U0001d7ff’İ]")
_UNSEEN_ONE = re.compile(f"[{_UNSEEN}]")
# No word of any language mixes the two.
_MIXED = re.compile(f"[A-Za-z][{_ALIKE}]|[{_ALIKE}][A-Za-z]")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z]")
_HYPHEN = re.compile(r"[-\u2010\u00ad](?<=[^\W\d_].)[^\S\n]*\n[^\S\n]*(?=[^\W\d_])")


def undisguised(text: str) -> tuple[str, array[int] | None]:
    """The text in small letters as its reader sees it, and where its characters came from."""
    if not text.isascii() and _MIXED.search(text):
        text = _WORD.sub(lambda word: _in_one_script(word[0]), text)
    gaps = [(found.start(), found.end()) for found in _HYPHEN.finditer(text)]
    is_plain = not _DISGUISE.search(text)
    if is_plain and not gaps:
        return text.lower(), None
    seen: list[str] = []
    offsets = array("I")
    place = 0
    for start, end in [*gaps, (len(text), len(text))]:
        if is_plain:
            # Small letters are as many as the capitals; "İ" alone is not, and no plain text has it.
            seen.append(text[place:start].lower())
            offsets.extend(range(place, start))
        else:
            _unmask(text, place, start, seen, offsets)
        place = end
    return "".join(seen), offsets


def _unmask(text: str, start: int, end: int, seen: list[str], offsets: array[int]) -> None:
    for at in range(start, end):
        shown = _shown(text[at])
        seen.append(shown)
        offsets.extend([at] * len(shown))


def _in_one_script(word: str) -> str:
    """A Latin word with letters of another script in it; as many letters as before."""
    if not _LATIN.search(word):
        return word
    return "".join(_LOOKS_LIKE.get(letter, letter) for letter in word)


def _shown(character: str) -> str:
    if _UNSEEN_ONE.match(character):
        return ""
    return unicodedata.normalize("NFKC", character).replace("’", "'").lower()
