"""Lost letters: glyphs that their font does not name, read by other means or left as U+FFFD.

The child marks each with its number in the font (`child/glyphs.py`). The font may have a name for
it that spells letters, TeX's fonts have their ligatures at numbers of their own, and where nothing
is known the text says that a letter is missing instead of closing the gap.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial

from . import ligatures
from .characters import LOST, neighbors
from .glyph_names import Letters

_FIRST_MARK = 0xF0000
_MARK = re.compile("[\U000f0000-\U000fffff]")
# Where many fonts, among them those of the Liberation family, keep their ligatures.
_PRIVATE_LETTERS = {"\uf001": "fi", "\uf002": "fl"}
_PRIVATE = re.compile("(?<=[^\\W\\d_])[\uf001\uf002]|[\uf001\uf002](?=[^\\W\\d_])")
_OPENING, _CLOSING = "“„«", "”»"


def are_missing(text: str) -> bool:
    """Whether the child marked glyphs whose letter it does not know."""
    return _MARK.search(text) is not None


def settled(texts: Sequence[str], named: Mapping[int, Letters]) -> list[str]:
    """The texts of a document's pages without marks: a letter for each, or U+FFFD.

    `named` tells for some texts, by their place, what the numbers in its fonts stand for.
    """
    texts = list(map(_with_private_letters, texts))
    if not any(map(are_missing, texts)):
        return texts
    texts = [
        _MARK.sub(partial(_by_name, names=named.get(place, {})), text)
        for place, text in enumerate(texts)
    ]
    numbers = ligatures.read(texts)
    return [_MARK.sub(partial(_by_number, numbers=numbers), text) for text in texts]


def _with_private_letters(text: str) -> str:
    # Nearly no text holds any, and looking for what is around them takes long.
    if not any(letter in text for letter in _PRIVATE_LETTERS):
        return text
    return _PRIVATE.sub(lambda found: _PRIVATE_LETTERS[found.group()], text)


def _by_name(found: re.Match[str], *, names: Letters) -> str:
    letters = names.get(ord(found.group()) - _FIRST_MARK, "")
    return letters if _fits(letters, found) else found.group()


def _by_number(found: re.Match[str], *, numbers: Letters) -> str:
    number = ord(found.group()) - _FIRST_MARK
    letters = numbers.get(number, "")
    if _fits(letters, found):
        return letters
    # PDFium's guess: fonts of scanners and of old TeX number their glyphs by ASCII, without names.
    # Higher numbers are those of glyphs in large fonts, in whatever order these have them.
    return chr(number) if 0x20 <= number < 0x7F else LOST


def _fits(letters: str, found: re.Match[str]) -> bool:
    """Whether its neighbors are those of a ligature, quotation mark or dash."""
    before, after = neighbors(found)
    if not letters or letters.isalpha():
        return bool(letters) and (before.isalpha() or after.isalpha())
    if letters in _OPENING:
        return after.isalnum() and not before.isalnum()
    if letters in _CLOSING:
        return bool(before.strip()) and not after.isalnum()
    return bool(before and after)
