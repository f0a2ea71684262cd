"""Glyphs without a letter: what PDFium could not map to Unicode is marked, not handed on as text.

For such a glyph PDFium gives its number in the font: a control code, which whoever cleans text
deletes, or a letter that is not on the page. A mark is a character of plane 15 with that number;
the parent asks for a better letter or says that one is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ctypes import c_ushort
from itertools import chain, islice
from typing import Any

import pypdfium2.raw as raw

from . import accents
from .accents import Character

MARKS = 0xF0000
HYPHEN = "\x02"  # PDFium's own mark, at a line's end, with the rest of the word behind it
_SAMPLE = 32  # one character in so many is asked whether it has a letter
_MAX_CHARACTERS = 50_000
_MOST_GUESSES = 0.2
_LOOK_AHEAD = 2_000

_CODES = re.compile("[\x00\x01\x03-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)|(?<!\r)\n")
# A capital, digit or sign inside a word is where a ligature of an unknown name shows.
_ODD = re.compile("(?<=[a-z])[^\\sa-z'’\x02-](?=[a-z])")


def mended(textpage: Any, text: str) -> str:
    """The text with marks for lost letters, and accents on their letters."""
    text = _with_codes_marked(text.replace("\ufffe", HYPHEN))
    has_accents = accents.ARE_LOOSE.search(text) is not None
    if not (has_accents or HYPHEN in text or textpage.count_chars()):
        return text
    everything = _with_codes_marked(unbounded(textpage))
    has_guesses = _has_guesses(textpage, everything)
    has_false_hyphens = HYPHEN in text and _has_false_hyphens(textpage, everything)
    if not (has_accents or has_guesses or has_false_hyphens) or len(everything) > _MAX_CHARACTERS:
        return text
    characters = list(_characters(textpage, everything))
    edits = _marked(textpage, characters) if has_guesses or has_false_hyphens else {}
    if has_accents:
        edits |= accents.composed(textpage, characters)
    return accents.closed_up(_applied(edits, characters, text)) if edits else text


def _with_codes_marked(text: str) -> str:
    return _CODES.sub(lambda found: chr(MARKS + ord(found.group())), text)


def unbounded(textpage: Any) -> str:
    """All text of the page, wherever it stands, one character for each in PDFium's list."""
    count = textpage.count_chars()
    buffer = (c_ushort * (2 * count + 1))()
    raw.FPDFText_GetText(textpage, 0, count, buffer)
    text = bytes(buffer).decode("utf-16-le", "replace").rstrip("\x00")
    return text if len(text) == count else "".join(_one_by_one(textpage, count))


def _one_by_one(textpage: Any, count: int) -> Iterator[str]:
    """Slower, but right where a character is none or takes two units of UTF-16."""
    for index in range(count):
        yield chr(raw.FPDFText_GetUnicode(textpage, index))


def _has_guesses(textpage: Any, everything: str) -> bool:
    """Whether PDFium has guessed letters by their number: asked of a sample, and where one shows."""
    odd = [found.start() for found in islice(_ODD.finditer(everything), _SAMPLE)]
    sample = chain(range(0, len(everything), _SAMPLE), odd)
    return any(raw.FPDFText_HasUnicodeMapError(textpage, index) == 1 for index in sample)


def _has_false_hyphens(textpage: Any, everything: str) -> bool:
    """Whether a glyph with the number of PDFium's mark is among the hyphens."""
    places = (found.start() for found in re.finditer(HYPHEN, everything))
    return any(raw.FPDFText_IsHyphen(textpage, index) != 1 for index in places)


def _characters(textpage: Any, everything: str) -> Iterator[Character]:
    """Everything that has ink, in PDFium's order; line ends and spaces differ between its calls."""
    for index, text in enumerate(everything):
        if "\ud800" <= text <= "\udbff":
            text = (text + everything[index + 1 : index + 2]).encode("utf-16", "surrogatepass")
            yield Character(index, text.decode("utf-16", "replace")[:1])
        elif text not in " \r\n\0":
            yield Character(index, text)


def _marked(textpage: Any, characters: list[Character]) -> dict[int, str]:
    """What to write in place of guesses; few at a time, else the text is of nothing but numbers."""
    false = {
        place: chr(MARKS + 2)
        for place, (index, text) in enumerate(characters)
        if text == HYPHEN and raw.FPDFText_IsHyphen(textpage, index) != 1
    }
    guesses = {
        place: chr(MARKS + ord(text))
        for place, (index, text) in enumerate(characters)
        if text != HYPHEN
        and text < chr(MARKS)
        and raw.FPDFText_HasUnicodeMapError(textpage, index) == 1
    }
    return false if len(guesses) > _MOST_GUESSES * len(characters) else false | guesses


def _applied(edits: dict[int, str], characters: list[Character], text: str) -> str:
    """The text with the edits; it has the same characters but for those beyond the page."""
    out, place = list(text), 0
    for at, character in enumerate(text):
        if character in " \r\n":
            continue
        ahead = range(place, min(len(characters), place + _LOOK_AHEAD))
        found = next((near for near in ahead if characters[near].text == character), None)
        if found is not None:
            out[at] = edits.get(found, character)
            place = found + 1
    return "".join(out)
